# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every way to make a token count for what it is not, each tried once.

The forger has more than he should have: he signs with the very key that the verifier expects, so
only the form, the algorithm, the kind and the times stand between him and his aim.
"""

import base64
import hashlib
import hmac
import socket
from collections.abc import Callable

import pytest

from hub.errors import EnvelopeInvalid, SignatureInvalid, TokenInvalid
from hub.model.json import Json, JsonObject
from hub.sealing.canonical import b64, jcs
from hub.trust.jose import parse_token, sign_compact, verify_token
from hub.trust.keys import jwk_members
from hub.trust.kinds import (
    ACCESS_TOKEN,
    ADOPTION,
    CLIENT_ASSERTION,
    DPOP_PROOF,
    ENVELOPE,
    KINDS,
    RECEIPT,
    TokenKind,
)
from tests.unit.trust.builders import (
    NOW,
    OFFICE,
    Change,
    a_digest,
    a_key,
    a_token,
    as_bytes,
    canonical,
    changed,
    claims_of,
    header_of,
    public,
    signed,
    verify,
    verify_with,
)

KEY = a_key()
Forgery = Callable[[TokenKind], str]
# A credential in any spelling, a credential and a document in the one spelling.
TARGETS = (CLIENT_ASSERTION, ACCESS_TOKEN, ADOPTION)


def with_header(**changes: Change) -> Forgery:
    return lambda kind: sign_compact(KEY, changed(header_of(kind, KEY), changes), claims_of(kind))


def with_claims(**changes: Change) -> Forgery:
    return lambda kind: a_token(kind, KEY, **changes)


def with_bytes(header: Callable[[bytes], bytes], payload: Callable[[bytes], bytes]) -> Forgery:
    def forge(kind: TokenKind) -> str:
        good_header, good_payload = canonical(kind, KEY)
        return signed(header(good_header), payload(good_payload), KEY)

    return forge


def with_text(change: Callable[[str], str]) -> Forgery:
    return lambda kind: change(a_token(kind, KEY))


def same(raw: bytes) -> bytes:
    return raw


def signed_with_the_public_key(kind: TokenKind) -> str:
    """RFC 8725 § 2.1: a verifier that lets the header choose takes the public key as a secret."""
    header = header_of(kind, KEY) | {"alg": "HS256"}
    head = f"{b64(jcs(header))}.{b64(jcs(claims_of(kind)))}"
    secret = base64.urlsafe_b64decode(KEY.jwk.x + "=")
    return f"{head}.{b64(hmac.digest(secret, head.encode(), hashlib.sha256))}"


def unsigned(kind: TokenKind) -> str:
    header = header_of(kind, KEY) | {"alg": "none"}
    return f"{b64(jcs(header))}.{b64(jcs(claims_of(kind)))}."


def signed_with_another_key(kind: TokenKind) -> str:
    return sign_compact(a_key("fremd"), header_of(kind, KEY), claims_of(kind))


def signed_for_another_token(kind: TokenKind) -> str:
    other = a_token(kind, KEY, iat=NOW - 1)
    return f"{a_token(kind, KEY).rpartition('.')[0]}.{other.rpartition('.')[2]}"


def with_its_own_key_in_the_header(kind: TokenKind) -> str:
    forger = a_key("fremd")
    header = header_of(kind, KEY) | {"jwk": jwk_members(forger.jwk)}
    return sign_compact(forger, header, claims_of(kind))


def with_trailing_bits(token: str) -> str:
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return token[:-1] + alphabet[alphabet.index(token[-1]) + 1]


def with_padding(token: str) -> str:
    return f"{token}=="


def in_the_other_alphabet(token: str) -> str:
    head, _, signature = token.rpartition(".")
    return f"{head}.{signature[:10]}+/{signature[12:]}"


def twice(name: bytes, value: bytes) -> Callable[[bytes], bytes]:
    """Put a name in a second time; most parsers let the last one win."""
    return lambda raw: raw[:-1] + b',"' + name + b'":' + value + b"}"


HEADERS: dict[str, Forgery] = {
    "alg none, without a signature": unsigned,
    "alg none, with a signature": with_header(alg="none"),
    "alg None": with_header(alg="None"),
    "alg empty": with_header(alg=""),
    "alg missing": with_header(alg=...),
    "alg null": with_header(alg=None),
    "alg as a list": with_header(alg=["EdDSA"]),
    "alg in lower case": with_header(alg="eddsa"),
    "alg of another key": with_header(alg="ES256"),
    "alg RS256": with_header(alg="RS256"),
    "HS256 with the public key as the secret": signed_with_the_public_key,
    "typ missing": with_header(typ=...),
    "typ JWT": with_header(typ="JWT"),
    "typ with application/": lambda kind: with_header(typ=f"application/{kind.typ}")(kind),
    "typ in upper case": lambda kind: with_header(typ=kind.typ.upper())(kind),
    "typ as a list": lambda kind: with_header(typ=[kind.typ])(kind),
    "crit": with_header(crit=["exp"]),
    "crit empty": with_header(crit=[]),
    "crit b64, and b64 true": with_header(crit=["b64"], b64=True),
    "b64 false": with_header(b64=False),
    "cty": with_header(cty="JWT"),
    "zip": with_header(zip="DEF"),
    "enc": with_header(enc="A256GCM"),
    "jku": with_header(jku="https://anderswo.invalid/keys"),
    "x5u": with_header(x5u="https://anderswo.invalid/chain"),
    "x5c": with_header(x5c=["MIIB"]),
    "x5t#S256": with_header(**{"x5t#S256": a_digest()}),
    "jwk of the forger": with_its_own_key_in_the_header,
    "a member that nobody knows": with_header(notiz="Kind"),
    "kid missing": with_header(kid=...),
    "kid empty": with_header(kid=""),
    "kid null": with_header(kid=None),
    "kid as a number": with_header(kid=4711),
    "kid of another key": with_header(kid=a_key("fremd").kid),
    "kid as a path": with_header(kid="../../etc/passwd"),
    "kid as a query": with_header(kid="x' OR '1'='1"),
    "kid with a NUL": with_header(kid="abcd\u0000efgh"),
    "kid without end": with_header(kid="k" * 129),
}
SPELLINGS: dict[str, Forgery] = {
    "two segments": with_text(lambda token: token.rpartition(".")[0]),
    "four segments": with_text(lambda token: f"{token}.AAAA"),
    "five segments, as a JWE": with_text(lambda token: f"{token}.AAAA.AAAA"),
    "nothing": with_text(lambda _: ""),
    "two dots": with_text(lambda _: ".."),
    "empty header": with_text(lambda token: "." + token.partition(".")[2]),
    "empty payload": with_text(lambda token: f"{token.split('.')[0]}..{token.split('.')[2]}"),
    "JSON serialisation": with_text(lambda token: f'{{"payload":"{token}"}}'),
    "padded base64": with_text(with_padding),
    "the alphabet with + and /": with_text(in_the_other_alphabet),
    "trailing bits that are not zero": with_text(with_trailing_bits),
    "a space before it": with_text(lambda token: f" {token}"),
    "a line feed after it": with_text(lambda token: f"{token}\n"),
    "a line feed within": with_text(lambda token: token.replace(".", ".\n", 1)),
    "a letter that is not ASCII": with_text(lambda token: f"{token[:-1]}ä"),
    "a NUL": with_text(lambda token: f"{token}\x00"),
    "a name twice in the header": with_bytes(twice(b"alg", b'"EdDSA"'), same),
    "a name twice, once escaped": with_bytes(twice(b"\\u0061lg", b'"EdDSA"'), same),
    "a name twice in the payload": with_bytes(same, twice(b"iat", str(NOW).encode())),
    "header in UTF-16": with_bytes(lambda raw: raw.decode().encode("utf-16"), same),
    "payload in UTF-16": with_bytes(same, lambda raw: raw.decode().encode("utf-16-le")),
    "header with a byte order mark": with_bytes(lambda raw: b"\xef\xbb\xbf" + raw, same),
    "payload that is no UTF-8": with_bytes(same, lambda raw: raw.replace(b'"iat"', b'"i\xe4t"')),
    "header as a list": with_bytes(lambda raw: b"[" + raw + b"]", same),
    "payload as a list": with_bytes(same, lambda raw: b"[" + raw + b"]"),
    "payload as a string": with_bytes(same, lambda _: b'"iat"'),
    "payload null": with_bytes(same, lambda _: b"null"),
    "payload that is no JSON": with_bytes(same, lambda raw: raw[:-1]),
    "something after the payload": with_bytes(same, lambda raw: raw + b"{}"),
    "iat in exponents": with_bytes(same, lambda raw: raw.replace(str(NOW).encode(), b"1795e6", 1)),
    "iat with a fraction": with_bytes(
        same, lambda raw: raw.replace(str(NOW).encode(), str(NOW).encode() + b".0", 1)
    ),
    "iat not a number": with_bytes(same, lambda raw: raw.replace(str(NOW).encode(), b"NaN", 1)),
    "a number without end": with_bytes(
        same, lambda raw: raw.replace(str(NOW).encode(), b"9" * 5000, 1)
    ),
    "nested without end": with_bytes(
        same, lambda raw: raw[:-1] + b',"x":' + b"[" * 2900 + b"]" * 2900 + b"}"
    ),
    "oversize": lambda kind: a_token(kind, KEY, jti="j" * kind.max_bytes),
}
SIGNATURES: dict[str, Forgery] = {
    "no signature": with_text(lambda token: token.rpartition(".")[0] + "."),
    "one byte less": with_text(lambda token: f"{token.rpartition('.')[0]}.{b64(bytes(63))}"),
    "zeros": with_text(lambda token: f"{token.rpartition('.')[0]}.{b64(bytes(64))}"),
    "of another token": signed_for_another_token,
    "of another key": signed_with_another_key,
    "over another payload": with_text(
        lambda token: ".".join([token.split(".")[0], b64(b'{"iat":1}'), token.split(".")[2]])
    ),
}
CLAIMS: dict[str, Forgery] = {
    "iat missing": with_claims(iat=...),
    "iat null": with_claims(iat=None),
    "iat true": with_claims(iat=True),
    "iat as text": with_claims(iat=str(NOW)),
    "iat negative": with_claims(iat=-1),
    "iat as a list": with_claims(iat=[NOW]),
    "iss missing": with_claims(iss=...),
    "iss as a list": with_claims(iss=["schule:999001"]),
    "iss as an object": with_claims(iss={}),
    "iss with a control character": with_claims(iss="schule:\u0007"),
    "a claim that nobody knows": with_claims(notiz="Kind"),
}
FORGERIES = HEADERS | SPELLINGS | SIGNATURES | CLAIMS

TIMES: dict[str, dict[str, Change]] = {
    "exp missing": {"exp": ...},
    "exp null": {"exp": None},
    "exp as text": {"exp": str(NOW + 60)},
    "exp true": {"exp": True},
    "exp before iat": {"exp": NOW - 1},
    "expired just now": {"iat": NOW - 60, "exp": NOW},
    "expired long ago": {"iat": NOW - 7200, "exp": NOW - 7140},
    "from the future": {"iat": NOW + 11, "exp": NOW + 61},
    "from another century": {"iat": NOW * 2, "exp": NOW * 2 + 60},
    "lives too long": {"exp": NOW + 100_000},
    "lives for ever": {"exp": 2**53 - 1},
}
ASSERTION_CLAIMS: dict[str, dict[str, Change]] = {
    "aud as a list": {"aud": ["https://hub.meldeweg.invalid"]},
    "aud missing": {"aud": ...},
    "jti missing": {"jti": ...},
    "jti too short": {"jti": "1"},
    "jti too long": {"jti": "j" * 129},
    "jti with a space": {"jti": "assertion 0001"},
    "jti as a number": {"jti": 12345678},
    "jti not ASCII": {"jti": "Mitteilung-ä"},
    "sub missing": {"sub": ...},
    "sub as a number": {"sub": 999001},
    "sub that is no party": {"sub": "irgendwer"},
    "nbf in the future": {"nbf": NOW + 11},
    "nbf as text": {"nbf": "0"},
    "one second too long": {"exp": NOW + 61},
}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.typ)
@pytest.mark.parametrize("alg", ["EdDSA", "ES256"])
def test_a_good_token_of_each_kind_is_good(kind: TokenKind, alg: str) -> None:
    """Otherwise all that follows would be refused for the wrong reason."""
    key = a_key(alg="ES256" if alg == "ES256" else "EdDSA")

    assert verify(a_token(kind, key), kind, key) == claims_of(kind)


@pytest.mark.parametrize("kind", TARGETS, ids=lambda kind: kind.typ)
@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES.keys())
def test_a_forged_token_is_refused(kind: TokenKind, forge: Forgery) -> None:
    refusals = {kind.malformed, kind.refusal}

    with pytest.raises((TokenInvalid, SignatureInvalid, EnvelopeInvalid)) as refused:
        verify(forge(kind), kind, KEY)

    assert type(refused.value) in refusals
    assert "Kind" not in refused.value.detail
    assert refused.value.pointers == ()


def test_there_are_more_than_sixty_forgeries() -> None:
    assert len(FORGERIES) + len(TIMES) + len(ASSERTION_CLAIMS) > 100


@pytest.mark.parametrize("changes", TIMES.values(), ids=TIMES.keys())
@pytest.mark.parametrize("kind", [CLIENT_ASSERTION, ACCESS_TOKEN], ids=["assertion", "token"])
def test_a_credential_lives_in_its_minutes(kind: TokenKind, changes: dict[str, Change]) -> None:
    with pytest.raises(TokenInvalid):
        verify(a_token(kind, KEY, **changes), kind)


@pytest.mark.parametrize("changes", ASSERTION_CLAIMS.values(), ids=ASSERTION_CLAIMS.keys())
def test_an_assertion_says_what_it_has_to(changes: dict[str, Change]) -> None:
    with pytest.raises(TokenInvalid):
        verify(a_token(CLIENT_ASSERTION, KEY, **changes), CLIENT_ASSERTION)


@pytest.mark.parametrize(
    "cnf",
    [..., None, {}, "jkt", {"jkt": 7}, {"jkt": "kurz"}, {"jkt": a_digest(), "x5t#S256": "x"}],
)
def test_an_access_token_is_bound_to_one_key(cnf: Change) -> None:
    with pytest.raises(TokenInvalid):
        verify(a_token(ACCESS_TOKEN, KEY, cnf=cnf), ACCESS_TOKEN)


def test_a_clock_may_be_ten_seconds_ahead() -> None:
    """FAPI 2.0 asks to accept that much; a second more is refused."""
    ahead = a_token(CLIENT_ASSERTION, KEY, iat=NOW + 10, exp=NOW + 70)

    assert verify(ahead, CLIENT_ASSERTION)["iat"] == NOW + 10
    with pytest.raises(TokenInvalid):
        verify(ahead, CLIENT_ASSERTION, now=NOW - 1)


def test_a_credential_ends_at_its_second() -> None:
    token = a_token(ACCESS_TOKEN, KEY)

    assert verify(token, ACCESS_TOKEN, now=NOW + 299)
    with pytest.raises(TokenInvalid):
        verify(token, ACCESS_TOKEN, now=NOW + 300)


def test_a_credential_is_refused_where_nobody_says_what_time_it_is() -> None:
    with pytest.raises(TokenInvalid):
        verify_token(a_token(ACCESS_TOKEN, KEY), kind=ACCESS_TOKEN, key_for=lambda _: public(KEY))


@pytest.mark.parametrize("given", KINDS, ids=lambda kind: kind.typ)
@pytest.mark.parametrize("wanted", KINDS, ids=lambda kind: kind.typ)
def test_a_token_of_one_kind_is_none_of_another(given: TokenKind, wanted: TokenKind) -> None:
    """RFC 8725 § 2.8; the key is the right one, so ``typ`` and header have to do it."""
    token = a_token(given, KEY)

    if given is wanted:
        verify(token, wanted)
    else:
        with pytest.raises(wanted.malformed):
            verify(token, wanted)


@pytest.mark.parametrize("given", KINDS, ids=lambda kind: kind.typ)
@pytest.mark.parametrize("wanted", KINDS, ids=lambda kind: kind.typ)
def test_claims_of_another_kind_do_not_count_under_the_right_typ(
    given: TokenKind, wanted: TokenKind
) -> None:
    if given is wanted or wanted.is_open:
        return
    token = sign_compact(KEY, header_of(wanted, KEY), claims_of(given))

    with pytest.raises((wanted.malformed, wanted.refusal)):
        verify(token, wanted)


@pytest.mark.parametrize("kind", TARGETS, ids=lambda kind: kind.typ)
def test_an_unknown_key_looks_like_a_wrong_signature(kind: TokenKind) -> None:
    token = a_token(kind, KEY)

    with pytest.raises(kind.refusal) as unknown:
        verify_token(token, kind=kind, key_for=lambda _: None, now=NOW)
    with pytest.raises(kind.refusal) as wrong:
        verify(signed_with_another_key(kind), kind, KEY)

    assert unknown.value.detail == wrong.value.detail


def test_a_document_is_judged_at_the_second_it_names() -> None:
    """A key that ended stays good for what it signed before; decades later it is evidence."""
    token = a_token(ADOPTION, KEY)

    for good in (public(KEY, NOW), public(KEY, 0, NOW), public(KEY, NOW, NOW)):
        assert verify_with(good, token, ADOPTION, now=NOW * 2)
    for bad in (public(KEY, NOW + 1), public(KEY, 0, NOW - 1)):
        with pytest.raises(SignatureInvalid):
            verify_with(bad, token, ADOPTION, now=NOW)


def test_a_credential_is_judged_now() -> None:
    token = a_token(CLIENT_ASSERTION, KEY, iat=NOW - 10, exp=NOW + 50)

    with pytest.raises(TokenInvalid):
        verify_with(public(KEY, 0, NOW - 1), token, CLIENT_ASSERTION, now=NOW)


def test_a_token_may_be_as_long_as_its_kind_allows() -> None:
    shortest = len(a_token(ENVELOPE, KEY, filling=""))
    longest = (ENVELOPE.max_bytes - shortest) // 4 * 3

    assert verify(a_token(ENVELOPE, KEY, filling="x" * longest), ENVELOPE)
    with pytest.raises(EnvelopeInvalid):
        verify(a_token(ENVELOPE, KEY, filling="x" * (longest + 4)), ENVELOPE)


def test_the_key_is_asked_for_before_anything_is_believed() -> None:
    asked = []

    def key_for(token: object) -> None:
        asked.append(token)

    with pytest.raises(SignatureInvalid):
        verify_token(a_token(RECEIPT, KEY), kind=RECEIPT, key_for=key_for)

    [token] = asked
    assert getattr(token, "kid", None) == KEY.kid
    assert getattr(token, "claims", {})["iss"] == OFFICE


def test_the_key_is_not_asked_for_where_the_form_is_wrong() -> None:
    with pytest.raises(EnvelopeInvalid):
        verify_token("a.b.c", kind=ADOPTION, key_for=lambda _: pytest.fail("asked"))


def test_a_stock_client_need_not_sort_its_members() -> None:
    header: JsonObject = {"typ": CLIENT_ASSERTION.typ, "kid": KEY.kid, "alg": KEY.alg}
    claims: JsonObject = dict(reversed(claims_of(CLIENT_ASSERTION).items()))
    token = signed(as_bytes(header), as_bytes(claims), KEY)

    assert verify(token, CLIENT_ASSERTION) == claims


@pytest.mark.parametrize("kind", [ACCESS_TOKEN, ADOPTION, RECEIPT], ids=lambda kind: kind.typ)
def test_what_is_kept_has_one_spelling(kind: TokenKind) -> None:
    """Two spellings of the same claims would be two digests of the same statement."""
    spaced = signed(as_bytes(header_of(kind, KEY)), as_bytes(claims_of(kind)), KEY)

    with pytest.raises(kind.malformed):
        verify(spaced, kind)


@pytest.mark.parametrize("jwk", [None, "text", {}, {"kty": "oct", "k": "AAAA"}])
def test_parsing_a_proof_establishes_nothing_about_its_key(jwk: Json) -> None:
    token = sign_compact(
        KEY, {"alg": "EdDSA", "jwk": jwk, "typ": DPOP_PROOF.typ}, claims_of(DPOP_PROOF)
    )

    assert parse_token(token, DPOP_PROOF).jwk == jwk


def test_nothing_that_a_token_names_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        pytest.fail("a connection was opened")

    for name in ("socket", "create_connection", "getaddrinfo", "gethostbyname"):
        monkeypatch.setattr(socket, name, refuse)

    for forge in FORGERIES.values():
        for kind in TARGETS:
            with pytest.raises((TokenInvalid, SignatureInvalid, EnvelopeInvalid)):
                verify(forge(kind), kind, KEY)
