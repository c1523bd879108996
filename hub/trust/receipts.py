# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What exactly does a receipt say, and who has signed it?

A receipt is a Security Event Token (RFC 8417) with one event, whose name ends in the word. Each
word has its members and no others: what a receipt cannot say, it cannot give away.
"""

import re
from collections.abc import Callable, Mapping
from typing import Final, TypeAlias, get_args

from hub.errors import EnvelopeInvalid
from hub.model.json import Json, JsonObject
from hub.model.participant import SigningKey
from hub.model.receipt import EVENT_URN, HIDDEN, Receipt, Word
from hub.trust.jose import sign_token, verify_token
from hub.trust.keys import PrivateSigningKey
from hub.trust.kinds import RECEIPT, Claim, digest_claim, is_second, party, text

KeyOf: TypeAlias = Callable[[str, str], SigningKey | None]
"""The key with this id, if it is one of this issuer: a unit or a hub."""

WORDS: Final[tuple[Word, ...]] = get_args(Word)
REJECTIONS: Final = frozenset(
    {
        "wrap-unopenable",
        "secret-mismatch",
        "leaf-unopenable",
        "leaf-mismatch",
        "leaf-malformed",
        "content-invalid",
        "attachment-refused",
        "not-addressed",
    }
)
"""Why a reader can say "nicht verwertbar"; everything else gives the lease back.

``not-addressed`` is what a person says of a message that came to the wrong office; a program that
cannot read a message as one of its own gives it back (SL1 § 7).
"""

_DUE: Final = frozenset({"acknowledged", "overdue", "taken"})
_MOST_CLASSES: Final = 8
_MOST_PROBLEMS: Final = 16
_MOST_POINTERS: Final = 160
_class_name: Final = text(16, re.compile(r"[a-z][a-z0-9-]*"))
# Names of a sealable schema and slots (SL1 § 3); so a pointer is no place for free text.
_pointer: Final = text(128, re.compile(r"(/([a-z][A-Za-z0-9_-]{0,39}|[0-9]{1,2}))*"), least=0)


def make_receipt(
    key: PrivateSigningKey,
    word: Word,
    *,
    iss: str,
    aud: str,
    message_id: str,
    receipt_id: str,
    iat: int,
    members: JsonObject,
) -> str:
    """Sign one word about a message; ``members`` has ``env``, ``prv`` and what the word needs."""
    check_members(word, members)
    claims: JsonObject = {
        "iss": iss,
        "aud": aud,
        "jti": receipt_id,
        "iat": iat,
        "txn": message_id,
        "events": {EVENT_URN + word: members},
    }
    return sign_token(key, RECEIPT.typ, claims)


def verify_receipt(jws: str, key_of: KeyOf) -> Receipt:
    """Return what a receipt says, once its signature and its form have held.

    Who may say which word, and whether ``prv`` is the end of the chain, is for those to decide
    who know the message.
    """
    claims = verify_token(
        jws,
        kind=RECEIPT,
        key_for=lambda token: key_of(str(token.claims.get("iss")), token.kid),
    )
    word, members = _event(claims["events"])
    check_members(word, members)
    prv, iat = members.get("prv"), claims["iat"]
    assert isinstance(iat, int)  # noqa: S101  the kind has established it
    return Receipt(
        word=word,
        id=str(claims["jti"]),
        iss=str(claims["iss"]),
        aud=str(claims["aud"]),
        message_id=str(claims["txn"]),
        iat=iat,
        env=str(members["env"]),
        prv=None if prv is None else str(prv),
        members={name: member for name, member in members.items() if name not in {"env", "prv"}},
        jws=jws,
    )


def check_members(word: Word, members: JsonObject) -> None:
    """Refuse an event that does not have exactly the members of its word, each of its type.

    ``accepted`` opens the visible chain and so has no ``prv``; ``opened`` and ``escalated`` may
    open the hidden one; every other word follows another.
    """
    event = f"/events/{EVENT_URN}{word}"
    claims = {"env": digest_claim, **_SAYS.get(word, {})}
    if word != "accepted" and (word not in HIDDEN or "prv" in members):
        claims["prv"] = digest_claim
    if members.keys() != claims.keys():
        # A name that nobody knows is a place to write in; so the event is pointed at, not it.
        raise EnvelopeInvalid(pointers=(event,))
    wrong = [name for name, may_be in claims.items() if not may_be(members[name])]
    if wrong:
        raise EnvelopeInvalid(pointers=[f"{event}/{name}" for name in wrong])


def _event(events: Json) -> tuple[Word, JsonObject]:
    if isinstance(events, dict) and len(events) == 1:
        for word in WORDS:
            members = events.get(EVENT_URN + word)
            if isinstance(members, dict):
                return word, members
    raise EnvelopeInvalid(pointers=("/events",))


def _is_due(value: Json) -> bool:
    return (
        isinstance(value, dict)
        and len(value) > 0
        and value.keys() <= _DUE
        and all(map(is_second, value.values()))
    )


def _are_classes(value: Json) -> bool:
    if not isinstance(value, list) or not 0 < len(value) <= _MOST_CLASSES:
        return False
    names = [name for name in value if isinstance(name, str) and _class_name(name)]
    return len(names) == len(value) and names == sorted(set(names))


def _are_problems(value: Json) -> bool:
    return (
        isinstance(value, list)
        and 0 < len(value) <= _MOST_PROBLEMS
        and all(map(_is_problem, value))
    )


def _is_problem(value: Json) -> bool:
    if not isinstance(value, dict) or value.keys() != {"code", "pointers"}:
        return False
    code, pointers = value["code"], value["pointers"]
    return (
        isinstance(code, str)
        and code in REJECTIONS
        and isinstance(pointers, list)
        and len(pointers) <= _MOST_POINTERS
        and all(map(_pointer, pointers))
    )


_SAYS: Final[Mapping[str, Mapping[str, Claim]]] = {
    "accepted": {"request": digest_claim, "due": _is_due},
    "opened": {"kid": digest_claim, "classes": _are_classes},
    "acknowledged": {"role": digest_claim},
    "rejected": {"problems": _are_problems},
    "passed-on": {"to": party},
    "reader-added": {"statement": digest_claim},
}
