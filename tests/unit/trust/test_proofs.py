# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A proof of possession is for one request, one token, one minute and one key."""

import pytest

from hub.errors import TokenInvalid
from hub.model.json import Json, JsonObject
from hub.sealing.canonical import b64, digest, jcs
from hub.trust.jose import sign_compact, sign_token
from hub.trust.keys import jwk_members
from hub.trust.kinds import DPOP_PROOF
from hub.trust.proofs import (
    NonceRequired,
    Nonces,
    Proof,
    Request,
    make_dpop_proof,
    normal_url,
    verify_proof,
)
from tests.unit.trust.builders import ISSUER, NOW, Change, a_key, a_token, changed

REQUEST = Request("POST", f"{ISSUER}/v1/leases")
KEY = a_key("dpop")
TOKEN = "ein.zugangs.token"


def a_proof(key_name: str = "dpop", /, **changes: Change) -> str:
    claims: JsonObject = {
        "jti": "proof-00001",
        "htm": "POST",
        "htu": REQUEST.url,
        "iat": NOW,
        "ath": digest(TOKEN),
    }
    key = a_key(key_name)
    header: JsonObject = {"alg": key.alg, "jwk": jwk_members(key.jwk), "typ": DPOP_PROOF.typ}
    return sign_compact(key, header, changed(claims, changes))


def with_header(**changes: Change) -> str:
    header: JsonObject = {"alg": "EdDSA", "jwk": jwk_members(KEY.jwk), "typ": DPOP_PROOF.typ}
    return sign_compact(KEY, changed(header, changes), _claims())


def _claims() -> JsonObject:
    return {
        "jti": "proof-00001",
        "htm": "POST",
        "htu": REQUEST.url,
        "iat": NOW,
        "ath": digest(TOKEN),
    }


def verify(proof: str, now: int = NOW, request: Request = REQUEST) -> Proof:
    return verify_proof(proof, request, now, access_token=TOKEN, jkt=KEY.kid)


def test_a_good_proof_names_its_key_and_its_id() -> None:
    assert verify(a_proof()) == Proof(KEY.kid, "proof-00001", NOW + 70)


@pytest.mark.parametrize("alg", ["EdDSA", "ES256"])
def test_the_sdk_makes_proofs_that_hold(alg: str) -> None:
    key = a_key(alg="ES256" if alg == "ES256" else "EdDSA")
    proof = make_dpop_proof(key, REQUEST, NOW, access_token=TOKEN)

    assert verify_proof(proof, REQUEST, NOW, access_token=TOKEN, jkt=key.kid).jkt == key.kid


def test_two_proofs_of_one_second_differ() -> None:
    assert make_dpop_proof(KEY, REQUEST, NOW) != make_dpop_proof(KEY, REQUEST, NOW)


@pytest.mark.parametrize(
    "changes",
    [
        {"htm": "GET"},
        {"htm": "post"},
        {"htm": "POST "},
        {"htm": ...},
        {"htm": ["POST"]},
        {"htu": f"{ISSUER}/v1/messages"},
        {"htu": f"{ISSUER}/v1/leases/"},
        {"htu": f"{ISSUER}/v1/LEASES"},
        {"htu": f"{ISSUER}/v1/lea%2Fses"},
        {"htu": f"{ISSUER}:8443/v1/leases"},
        {"htu": "http://hub.meldeweg.invalid/v1/leases"},
        {"htu": "https://hub.meldeweg.invalid.anderswo.invalid/v1/leases"},
        {"htu": "https://hub.meldeweg.invalid@anderswo.invalid/v1/leases"},
        {"htu": "https://wer:was@hub.meldeweg.invalid/v1/leases"},
        {"htu": "/v1/leases"},
        {"htu": "//hub.meldeweg.invalid/v1/leases"},
        {"htu": "https://[::1/v1/leases"},
        {"htu": f"{ISSUER}:port/v1/leases"},
        {"htu": ""},
        {"htu": ...},
        {"htu": None},
        {"ath": digest("ein anderes Token")},
        {"ath": TOKEN},
        {"ath": ...},
        {"ath": None},
        {"iat": NOW - 60},
        {"iat": NOW - 3600},
        {"iat": NOW + 11},
        {"iat": NOW + 3600},
        {"iat": ...},
        {"iat": str(NOW)},
        {"iat": True},
        {"exp": NOW},
        {"exp": NOW + 61},
        {"exp": "bald"},
        {"nbf": NOW + 11},
        {"jti": ...},
        {"jti": ""},
        {"jti": "kurz"},
        {"jti": 12345678},
        {"jti": "j" * 129},
        {"nonce": 7},
        {"nonce": ""},
        {"cnf": {}},
    ],
    ids=str,
)
def test_a_proof_for_anything_else_is_refused(changes: dict[str, Change]) -> None:
    with pytest.raises(TokenInvalid):
        verify(a_proof(**changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"typ": "JWT"},
        {"typ": "dpop"},
        {"typ": "DPOP+JWT"},
        {"typ": ...},
        {"alg": "none"},
        {"alg": "HS256"},
        {"alg": "ES256"},
        {"alg": "RS256"},
        {"alg": ...},
        {"jwk": ...},
        {"jwk": None},
        {"jwk": []},
        {"jwk": jwk_members(a_key("fremd").jwk)},
        {"jwk": jwk_members(a_key(alg="ES256").jwk)},
        {"jwk": jwk_members(KEY.jwk) | {"d": b64(bytes(32))}},
        {"jwk": {"kty": "oct", "k": b64(bytes(32))}},
        {"jwk": {"kty": "OKP", "crv": "Ed25519", "x": b64(b"\x01" + bytes(31))}},
        {"jwk": {"kty": "OKP", "crv": "Ed25519"}},
        {"kid": KEY.kid},
        {"crit": ["exp"]},
        {"jku": "https://anderswo.invalid/"},
        {"x5c": []},
    ],
    ids=str,
)
def test_a_proof_with_another_header_is_refused(changes: dict[str, Change]) -> None:
    with pytest.raises(TokenInvalid):
        verify(with_header(**changes))


def test_a_key_of_small_order_signs_nothing() -> None:
    """Under such a key every signature would hold, and the binding would bind nobody."""
    neutral = b"\x01" + bytes(31)
    jwk: Json = {"kty": "OKP", "crv": "Ed25519", "x": b64(neutral)}
    header: Json = {"alg": "EdDSA", "jwk": jwk, "typ": DPOP_PROOF.typ}
    forged = f"{b64(jcs(header))}.{b64(jcs(_claims()))}.{b64(neutral + bytes(32))}"

    with pytest.raises(TokenInvalid):
        verify_proof(forged, REQUEST, NOW, access_token=TOKEN)


def test_a_proof_by_another_key_is_refused_however_good_it_is() -> None:
    other = a_proof("fremd")

    assert verify_proof(other, REQUEST, NOW, access_token=TOKEN).jkt == a_key("fremd").kid
    with pytest.raises(TokenInvalid):
        verify(other)


def test_a_proof_with_the_private_key_in_it_is_refused() -> None:
    jwk = jwk_members(KEY.jwk) | {"d": b64(bytes(32))}

    with pytest.raises(TokenInvalid):
        verify(with_header(jwk=jwk))


def test_an_ordinary_token_is_no_proof() -> None:
    with pytest.raises(TokenInvalid):
        verify(sign_token(KEY, DPOP_PROOF.typ, _claims()))


def test_at_the_token_endpoint_there_is_no_token_to_name() -> None:
    request = Request("POST", f"{ISSUER}/oauth/token")

    assert verify_proof(a_token(DPOP_PROOF, KEY), request, NOW).jkt == KEY.kid
    with pytest.raises(TokenInvalid):
        verify_proof(a_token(DPOP_PROOF, KEY, ath=digest(TOKEN)), request, NOW)


@pytest.mark.parametrize("moment", [NOW - 10, NOW, NOW + 59])
def test_a_proof_counts_for_a_minute(moment: int) -> None:
    assert verify(a_proof(), now=moment).id == "proof-00001"


@pytest.mark.parametrize("moment", [NOW - 11, NOW + 60])
def test_before_and_after_it_does_not(moment: int) -> None:
    with pytest.raises(TokenInvalid):
        verify(a_proof(), now=moment)


@pytest.mark.parametrize(
    "htu",
    [
        "HTTPS://HUB.meldeweg.invalid/v1/leases",
        "https://hub.meldeweg.invalid:443/v1/leases",
        "https://hub.meldeweg.invalid/v1/leases?limit=10",
        "https://hub.meldeweg.invalid/v1/leases#oben",
        "https://hub.meldeweg.invalid/v1/%6Ceases",
    ],
)
def test_an_address_may_be_spelled_in_another_way(htu: str) -> None:
    """RFC 9449 § 4.3 asks for the comparison of RFC 3986 §§ 6.2.2 and 6.2.3."""
    assert verify(a_proof(htu=htu)).jkt == KEY.kid


def test_an_address_has_one_normal_spelling() -> None:
    assert normal_url("http://localhost:8080/") == "http://localhost:8080/"
    assert normal_url("http://localhost:80") == "http://localhost/"
    assert normal_url("http://[::1]:8080/a%2fb%20c") == "http://[::1]:8080/a%2Fb%20c"
    assert normal_url("https://a.invalid/%C3%A4~x") == "https://a.invalid/%C3%A4~x"


def test_a_nonce_holds_for_its_five_minutes_and_the_next() -> None:
    nonces = Nonces(b"geheim" * 6)
    nonce = nonces.current(900)

    assert [nonces.holds(nonce, now) for now in (900, 1199, 1200, 1499)] == [True] * 4
    assert not nonces.holds(nonce, 1500)
    assert not nonces.holds(nonce, 899)
    assert not nonces.holds("", 900)


def test_nodes_that_share_the_secret_know_each_others_nonces() -> None:
    assert Nonces(b"geheim" * 6).holds(Nonces(b"geheim" * 6).current(NOW), NOW)
    assert not Nonces(b"anders" * 6).holds(Nonces(b"geheim" * 6).current(NOW), NOW)
    assert not Nonces().holds(Nonces().current(NOW), NOW)


@pytest.mark.parametrize("nonce", [..., "falsch"])
def test_a_proof_without_the_nonce_learns_which_one_it_needs(nonce: Change) -> None:
    nonces = Nonces(b"geheim" * 6)

    with pytest.raises(NonceRequired) as refused:
        verify_proof(
            a_proof(nonce=nonce), REQUEST, NOW, access_token=TOKEN, jkt=KEY.kid, nonces=nonces
        )

    assert refused.value.nonce == nonces.current(NOW)
