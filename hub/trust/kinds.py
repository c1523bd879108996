# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which kinds of tokens are there, and what has each to say?

A **credential** opens a door now: it is short, ends soon and is judged by our clock. A
**document** is evidence: it has no end, and its key is judged at the second it names itself.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from hub.errors import EnvelopeInvalid, Refusal, SignatureInvalid, TokenInvalid
from hub.model.ids import DIGEST, PARTY, UUID
from hub.model.json import Json, JsonObject
from hub.model.receipt import RECEIPT_TYP
from hub.sealing.canonical import MAX_INTEGER
from hub.sealing.jws import MESSAGE_TYP, READER_TYP

Claim: TypeAlias = Callable[[Json], bool]
"""May this value stand in the claim?"""

_HEADER: Final = frozenset({"alg", "kid", "typ"})
_PRINTABLE: Final = re.compile(r"[\x21-\x7e]+")
_HUB: Final = re.compile(r"[a-z0-9][a-z0-9.:/-]{2,127}")
_AGREEMENT: Final = re.compile(r"[a-z0-9-]{3,60}")
_DAY: Final = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])")
_NOTE: Final = re.compile(r"[^\x00-\x09\x0b-\x1f\x7f]+")
_PROTOCOL: Final = re.compile(r"[a-z][a-z0-9-]{2,39}/[0-9]{1,4}\.[0-9]{1,4}\.[0-9]{1,4}")


@dataclass(frozen=True)
class TokenKind:
    """What a token of one kind must be, from its length to its claims."""

    typ: str
    required: Mapping[str, Claim]
    optional: Mapping[str, Claim] = field(default_factory=dict)
    is_open: bool = False
    """Other claims may stand beside these; somebody else reads them strictly."""
    header: frozenset[str] = _HEADER
    """Exactly these members; hence no ``crit``, ``b64``, ``jku``, ``x5c``, ``zip``."""
    lifetime: int = 0
    """Seconds; zero for a document."""
    max_bytes: int = 8192
    is_canonical: bool = True
    """Header and payload have the one spelling of SL1 § 1."""
    malformed: type[Refusal] = EnvelopeInvalid
    refusal: type[Refusal] = SignatureInvalid

    @property
    def is_credential(self) -> bool:
        return self.lifetime > 0

    def admits(self, claims: JsonObject) -> bool:
        """Return whether all claims are there, none too many, each of its type."""
        if not claims.keys() >= self.required.keys():
            return False
        known = {**self.required, **self.optional}
        if not self.is_open and not claims.keys() <= known.keys():
            return False
        return all(may_be(claims[name]) for name, may_be in known.items() if name in claims)


def text(most: int, pattern: re.Pattern[str] = _PRINTABLE, least: int = 1) -> Claim:
    """Return a claim that is one string of printable ASCII characters, or of a pattern."""

    def may_be(value: Json) -> bool:
        return (
            isinstance(value, str)
            and least <= len(value) <= most
            and pattern.fullmatch(value) is not None
        )

    return may_be


def is_true(value: Json) -> bool:
    return value is True


def is_second(value: Json) -> bool:
    """Return whether the value counts seconds since 1970; true and false do not."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MAX_INTEGER


def is_positive(value: Json) -> bool:
    return is_second(value) and value != 0


def is_object(value: Json) -> bool:
    return isinstance(value, dict)


def is_list(value: Json) -> bool:
    return isinstance(value, list)


def is_digests(value: Json) -> bool:
    """Return whether the value lists digests, no more than a proof can have."""
    return isinstance(value, list) and len(value) <= 64 and all(map(digest_claim, value))  # noqa: PLR2004  as in RFC 6962: one for each level


def is_named_message(value: Json) -> bool:
    """Return whether the value names a message by its id and by the digest of its envelope."""
    return (
        isinstance(value, dict)
        and value.keys() == {"id", "env"}
        and uuid(value["id"])
        and digest_claim(value["env"])
    )


def is_confirmation(value: Json) -> bool:
    """Return whether the value binds a token to one key (RFC 9449 § 6.1)."""
    return isinstance(value, dict) and value.keys() == {"jkt"} and digest_claim(value["jkt"])


def is_name(value: Json) -> bool:
    return isinstance(value, str) and 1 <= len(value) <= 200  # noqa: PLR2004  as in the directory


digest_claim: Final = text(43, DIGEST)
party: Final = text(70, PARTY)
uuid: Final = text(36, UUID)
hub_id: Final = text(128, _HUB)
protocol: Final = text(56, _PROTOCOL)
scope: Final = text(1024, re.compile(r"[\x20-\x7e]*"), least=0)


def is_signer(value: Json) -> bool:
    """Return whether the value names somebody who signs receipts: a unit or a hub."""
    return party(value) or hub_id(value)


CLIENT_ASSERTION: Final = TokenKind(
    typ="client-authentication+jwt",
    required={
        "iss": party,
        "sub": party,
        "aud": text(512),
        "jti": text(128, least=8),
        "iat": is_second,
        "exp": is_second,
    },
    optional={"nbf": is_second},
    lifetime=60,
    is_canonical=False,
    malformed=TokenInvalid,
    refusal=TokenInvalid,
)
"""Who asks for a token (RFC 7523; its ``aud`` is the issuer, as one string)."""

DPOP_PROOF: Final = TokenKind(
    typ="dpop+jwt",
    required={
        "jti": text(128, least=8),
        "htm": text(16),
        "htu": text(2048),
        "iat": is_second,
    },
    optional={
        "ath": digest_claim,
        "nonce": text(128),
        "exp": is_second,
        "nbf": is_second,
    },
    header=frozenset({"alg", "jwk", "typ"}),
    lifetime=60,
    is_canonical=False,
    malformed=TokenInvalid,
    refusal=TokenInvalid,
)
"""Who sends this request holds the key that the token is bound to (RFC 9449)."""

ACCESS_TOKEN: Final = TokenKind(
    typ="at+jwt",
    required={
        "iss": text(512),
        "aud": text(512),
        "sub": party,
        "client_id": party,
        "iat": is_second,
        "exp": is_second,
        "jti": text(64),
        "cnf": is_confirmation,
        "scope": scope,
        "key": digest_claim,
    },
    lifetime=300,
    malformed=TokenInvalid,
    refusal=TokenInvalid,
)
"""What the hub gave (RFC 9068); ``key`` is the client's key, whose end is the token's end."""

ENVELOPE: Final = TokenKind(
    typ=MESSAGE_TYP,
    required={"iss": party, "iat": is_second},
    is_open=True,
    max_bytes=262_144,
)
"""The envelope of a message; its claims are read by ``hub.sealing`` (SL1 § 6)."""

READER_STATEMENT: Final = TokenKind(
    typ=READER_TYP,
    required={
        "suite": text(8),
        "iss": party,
        "aud": party,
        "sub": uuid,
        "jti": uuid,
        "iat": is_second,
        "env": digest_claim,
        "reader": is_object,
    },
)
"""The sender adds a reader to an accepted message (SL1 § 8)."""

RECEIPT: Final = TokenKind(
    typ=RECEIPT_TYP,
    required={
        "iss": is_signer,
        "aud": is_signer,
        "jti": uuid,
        "iat": is_second,
        "txn": uuid,
        "events": is_object,
    },
    max_bytes=65_536,
)
"""Somebody says what became of a message (RFC 8417)."""

DIRECTORY_ENTRY: Final = TokenKind(
    typ="meldeweg-directory+jwt",
    required={
        "hub": hub_id,
        "organisation": party,
        "name": is_name,
        "version": is_positive,
        "iat": is_second,
        "root": is_object,
        "units": is_list,
    },
    optional={"prv": digest_claim},
    max_bytes=262_144,
)
"""What an organisation says of itself, signed with its root key."""

DIRECTORY_LIST: Final = TokenKind(
    typ="meldeweg-directory-list+jwt",
    required={"hub": hub_id, "iat": is_second},
    is_open=True,
    max_bytes=4_194_304,
)
"""What the hub publishes whole: who takes part, who is responsible where."""

ADOPTION: Final = TokenKind(
    typ="meldeweg-adoption+jwt",
    required={
        "iss": party,
        "hub": hub_id,
        "iat": is_second,
        "proto": protocol,
        "digest": digest_claim,
    },
    optional={"draft": is_true},
)
"""A controller adopts one version of a protocol, signed with its root key.

``draft`` says that it knows the version for a draft, whose law nobody has verified.
"""

AGREEMENT: Final = TokenKind(
    typ="meldeweg-agreement+jwt",
    required={
        "iss": party,
        "hub": hub_id,
        "iat": is_second,
        "agreement": text(60, _AGREEMENT, least=3),
        "version": is_positive,
        "digest": digest_claim,
    },
    optional={"ends": text(10, _DAY)},
)
"""A party agrees to one version of an agreement, or gives notice; signed with its root key.

``ends`` makes it a notice: the last day on which the agreement is to bind.
"""

PASSING: Final = TokenKind(
    typ="meldeweg-passing+jwt",
    required={
        "iss": party,
        "hub": hub_id,
        "sub": uuid,
        "jti": uuid,
        "iat": is_second,
        "env": digest_claim,
        "by": is_named_message,
    },
    optional={"reader": digest_claim},
    max_bytes=4096,
)
"""Who was addressed says that a message goes on with another one (§ 8a Abs. 6 SGB VIII).

``sub`` is the message, ``by`` the one it goes on with, each with the digest of its envelope.
``reader`` is the key of the person who reported, to which alone a Rückmeldung may be sealed: the
first office has read it in the content, the hub cannot.
"""

CONNECTOR_CHECKPOINT: Final = TokenKind(
    typ="meldeweg-connector-checkpoint+jwt",
    required={
        "iss": party,
        "hub": hub_id,
        "iat": is_second,
        "vkey": text(512),
        "note": text(2048, _NOTE),
    },
    optional={"since": is_second, "proof": is_digests, "replaces": text(512)},
)
"""A unit says how far its own log of reading is: ``note`` is the signed head, ``vkey`` its key.

``since`` is the size that was said last, ``proof`` shows that the log has only grown since then.
``replaces`` names the key that was known before, where the unit has to begin a new log.
"""

MOST_RECEIPTS: Final = 4000
"""Receipts that one statement names: a busy unit has some hundred a day."""


def is_ordered_list(value: Json) -> bool:
    """Return whether the value lists digests in order, none twice: a set has one spelling."""
    return (
        isinstance(value, list)
        and len(value) <= MOST_RECEIPTS
        and all(map(digest_claim, value))
        and value == sorted({str(each) for each in value})
    )


RECONCILIATION: Final = TokenKind(
    typ="meldeweg-reconciliation+jwt",
    required={
        "iss": party,
        "hub": hub_id,
        "iat": is_second,
        "day": text(10, _DAY),
        "receipts": is_ordered_list,
    },
    max_bytes=262_144,
)
"""A unit says which receipts of one day it holds, by their digests."""

KINDS: Final = (
    CLIENT_ASSERTION,
    DPOP_PROOF,
    ACCESS_TOKEN,
    ENVELOPE,
    READER_STATEMENT,
    RECEIPT,
    DIRECTORY_ENTRY,
    DIRECTORY_LIST,
    ADOPTION,
    AGREEMENT,
    PASSING,
    CONNECTOR_CHECKPOINT,
    RECONCILIATION,
)
