# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Keys and tokens for tests; nothing random, so a failure can be seen twice."""

import hashlib
import json
from collections.abc import Mapping
from types import EllipsisType
from typing import TypeAlias

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hub.model.json import Json, JsonObject
from hub.model.participant import Algorithm, SigningKey
from hub.sealing.canonical import b64, digest, jcs
from hub.trust.jose import Unverified, sign_compact, sign_token, verify_token
from hub.trust.keys import PrivateSigningKey, jwk_members
from hub.trust.kinds import (
    ACCESS_TOKEN,
    ADOPTION,
    AGREEMENT,
    CLIENT_ASSERTION,
    CONNECTOR_CHECKPOINT,
    DIRECTORY_ENTRY,
    DIRECTORY_LIST,
    DPOP_PROOF,
    ENVELOPE,
    PASSING,
    READER_STATEMENT,
    RECEIPT,
    RECONCILIATION,
    TokenKind,
)

Change: TypeAlias = Json | EllipsisType
"""Another value for a member; three dots take it away."""

NOW = 1_795_000_000
ISSUER = "https://hub.meldeweg.invalid"
HUB = "meldeweg.invalid/demo"
SCHOOL = "schule:999001"
OFFICE = "jugendamt:05978040.asd"
MESSAGE = "019a6a5e-7c2a-7d41-8e5b-000000000001"
RECEIPT_ID = "019a6a5e-7c2a-7d41-8e5b-000000000002"


def a_key(name: str = "schule", alg: Algorithm = "EdDSA") -> PrivateSigningKey:
    seed = hashlib.sha256(name.encode()).digest()
    if alg == "EdDSA":
        return PrivateSigningKey(Ed25519PrivateKey.from_private_bytes(seed))
    return PrivateSigningKey(ec.derive_private_key(int.from_bytes(seed, "big"), ec.SECP256R1()))


def public(key: PrivateSigningKey, not_before: int = 0, not_after: int | None = None) -> SigningKey:
    return key.public(not_before, not_after)


def a_digest(name: str = "irgendetwas") -> str:
    return digest(name)


def header_of(kind: TokenKind, key: PrivateSigningKey) -> JsonObject:
    if kind is DPOP_PROOF:
        return {"alg": key.alg, "jwk": jwk_members(key.jwk), "typ": kind.typ}
    return {"alg": key.alg, "kid": key.kid, "typ": kind.typ}


def claims_of(kind: TokenKind, **changes: Change) -> JsonObject:
    return changed(_CLAIMS[kind.typ], changes)


def changed(members: JsonObject, changes: Mapping[str, Change]) -> JsonObject:
    kept = {name: value for name, value in members.items() if name not in changes}
    new = {name: value for name, value in changes.items() if not isinstance(value, EllipsisType)}
    return kept | new


def a_token(kind: TokenKind, key: PrivateSigningKey, /, **changes: Change) -> str:
    """Return a good token of a kind, with single claims changed."""
    return sign_compact(key, header_of(kind, key), claims_of(kind, **changes))


def signed(header: bytes, payload: bytes, key: PrivateSigningKey) -> str:
    """Sign whatever bytes there are, as a forger with a real key could."""
    head = f"{b64(header)}.{b64(payload)}"
    return f"{head}.{b64(key.sign(head.encode()))}"


def as_bytes(value: Json) -> bytes:
    return json.dumps(value).encode()


def verify(
    token: str, kind: TokenKind, key: PrivateSigningKey | None = None, now: int = NOW
) -> JsonObject:
    """Verify against a directory that knows one key."""
    return verify_with(public(key or a_key()), token, kind, now)


def verify_with(key: SigningKey, token: str, kind: TokenKind, now: int) -> JsonObject:
    def key_for(_: Unverified) -> SigningKey:
        return key

    return verify_token(token, kind=kind, key_for=key_for, now=now)


def receipt_token(key: PrivateSigningKey, word: str, **members: Json) -> str:
    """Sign a receipt without asking whether it has the members of its word."""
    claims = claims_of(RECEIPT, events={f"urn:meldeweg:receipt:{word}": members})
    return sign_token(key, RECEIPT.typ, claims)


def canonical(kind: TokenKind, key: PrivateSigningKey) -> tuple[bytes, bytes]:
    return jcs(header_of(kind, key)), jcs(claims_of(kind))


_CLAIMS: dict[str, JsonObject] = {
    CLIENT_ASSERTION.typ: {
        "iss": SCHOOL,
        "sub": SCHOOL,
        "aud": ISSUER,
        "jti": "assertion-0001",
        "iat": NOW,
        "exp": NOW + 60,
    },
    DPOP_PROOF.typ: {
        "jti": "proof-00001",
        "htm": "POST",
        "htu": f"{ISSUER}/oauth/token",
        "iat": NOW,
    },
    ACCESS_TOKEN.typ: {
        "iss": ISSUER,
        "aud": ISSUER,
        "sub": SCHOOL,
        "client_id": SCHOOL,
        "iat": NOW,
        "exp": NOW + 300,
        "jti": "token-0001",
        "cnf": {"jkt": a_key().kid},
        "scope": "",
        "key": a_key().kid,
    },
    ENVELOPE.typ: {"iss": SCHOOL, "iat": NOW, "aud": OFFICE},
    READER_STATEMENT.typ: {
        "suite": "SL1",
        "iss": SCHOOL,
        "aud": OFFICE,
        "sub": MESSAGE,
        "jti": RECEIPT_ID,
        "iat": NOW,
        "env": a_digest(),
        "reader": {},
    },
    RECEIPT.typ: {
        "iss": OFFICE,
        "aud": SCHOOL,
        "jti": RECEIPT_ID,
        "iat": NOW,
        "txn": MESSAGE,
        "events": {"urn:meldeweg:receipt:taken": {"env": a_digest("env"), "prv": a_digest("prv")}},
    },
    DIRECTORY_ENTRY.typ: {
        "hub": HUB,
        "organisation": SCHOOL,
        "name": "Übungsschule Nirgendwo",
        "version": 1,
        "iat": NOW,
        "root": {},
        "units": [],
    },
    DIRECTORY_LIST.typ: {"hub": HUB, "iat": NOW, "entries": []},
    AGREEMENT.typ: {
        "iss": "jugendamt:05978040",
        "hub": "hub.invalid/probe",
        "iat": NOW,
        "agreement": "erfundener-kreis",
        "version": 1,
        "digest": digest("agreement"),
    },
    PASSING.typ: {
        "iss": OFFICE,
        "hub": HUB,
        "sub": MESSAGE,
        "jti": RECEIPT_ID,
        "iat": NOW,
        "env": a_digest(),
        "by": {"id": RECEIPT_ID, "env": a_digest()},
    },
    ADOPTION.typ: {
        "iss": SCHOOL,
        "hub": HUB,
        "iat": NOW,
        "proto": "schule-mitteilung/1.0.0",
        "digest": a_digest(),
    },
    CONNECTOR_CHECKPOINT.typ: {
        "iss": OFFICE,
        "hub": HUB,
        "iat": NOW,
        "vkey": f"{HUB}/lesebuch/{OFFICE}+00000000+AQ",
        "note": f"{HUB}/lesebuch/{OFFICE}\n1\nAAAA\n\n\u2014 key AAAA\n",
    },
    RECONCILIATION.typ: {
        "iss": OFFICE,
        "hub": HUB,
        "iat": NOW,
        "day": "2026-11-21",
        "receipts": [a_digest()],
    },
}
