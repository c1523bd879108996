# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Tokens made and read by the libraries of others, because clients will not use ours."""

import json

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from joserfc import jwk as joserfc_jwk
from joserfc import jws as joserfc_jws

from hub.model.json import JsonObject
from hub.model.participant import Algorithm
from hub.trust.keys import PrivateSigningKey, jwk_members
from hub.trust.kinds import CLIENT_ASSERTION, DPOP_PROOF, RECEIPT, TokenKind
from tests.unit.trust.builders import a_key, a_token, claims_of, verify

# RFC 9864 has a second name for it; ours is the older one, which is registered with the key.
pytestmark = pytest.mark.filterwarnings("ignore:EdDSA is deprecated")
ALGORITHMS: tuple[Algorithm, ...] = ("EdDSA", "ES256")


def pem(key: PrivateSigningKey) -> bytes:
    return key._private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@pytest.mark.parametrize("alg", ALGORITHMS)
@pytest.mark.parametrize("kind", [CLIENT_ASSERTION, DPOP_PROOF], ids=lambda kind: kind.typ)
def test_what_pyjwt_signs_holds_here(alg: Algorithm, kind: TokenKind) -> None:
    key = a_key(alg=alg)
    own = {"jwk": jwk_members(key.jwk)} if kind is DPOP_PROOF else {"kid": key.kid}
    claims = claims_of(kind)

    private = load_pem_private_key(pem(key), None)
    token = jwt.encode(claims, private, alg, headers={"typ": kind.typ, **own})  # type: ignore[arg-type]

    assert verify(token, kind, key) == claims


@pytest.mark.parametrize("alg", ALGORITHMS)
def test_what_joserfc_signs_holds_here(alg: Algorithm) -> None:
    key = a_key(alg=alg)
    header = {"alg": alg, "kid": key.kid, "typ": CLIENT_ASSERTION.typ}
    claims = claims_of(CLIENT_ASSERTION)
    foreign = joserfc_jwk.import_key(pem(key), "OKP" if alg == "EdDSA" else "EC")

    token = joserfc_jws.serialize_compact(header, json.dumps(claims), foreign, [alg])

    assert verify(token, CLIENT_ASSERTION, key) == claims


@pytest.mark.parametrize("alg", ALGORITHMS)
def test_a_receipt_is_read_by_others(alg: Algorithm) -> None:
    key = a_key(alg=alg)
    token = a_token(RECEIPT, key)
    members: JsonObject = jwk_members(key.jwk)
    foreign: dict[str, str | list[str]] = {name: str(part) for name, part in members.items()}

    by_pyjwt = jwt.decode(
        token, jwt.PyJWK({**members, "alg": alg}), [alg], options={"verify_aud": False}
    )
    by_joserfc = joserfc_jws.deserialize_compact(
        token,
        joserfc_jwk.import_key(foreign, "OKP" if alg == "EdDSA" else "EC"),
        [alg],
    )

    assert by_pyjwt == claims_of(RECEIPT)
    assert by_joserfc.headers() == {"alg": alg, "kid": key.kid, "typ": RECEIPT.typ}


@pytest.mark.parametrize("alg", ALGORITHMS)
def test_the_key_id_is_the_thumbprint_of_others(alg: Algorithm) -> None:
    key = a_key(alg=alg)

    foreign = joserfc_jwk.import_key(pem(key), "OKP" if alg == "EdDSA" else "EC")

    assert foreign.thumbprint() == key.kid
