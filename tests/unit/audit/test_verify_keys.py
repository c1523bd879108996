# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The auditor's program verifies signatures with and without a library, and alike."""

from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.audit import verify
from hub.audit.verify import (
    Jws,
    Keys,
    Version,
    Wrong,
    ed25519_in_python,
    es256_in_python,
    read_jws,
    verify_ed25519,
    verify_es256,
)
from hub.sealing.canonical import b64, jcs, unb64
from tests.unit.audit.network import NOW, Key, ed25519, p256

RFC_8032: Final = (
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        (
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
            "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        ),
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        (
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
            "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        ),
    ),
)
"""Public key, message and signature of RFC 8032 § 7.1."""


def public(key: Key) -> bytes:
    return unb64(key.jwk["x"]) + (unb64(key.jwk["y"]) if key.alg == "ES256" else b"")


@pytest.mark.parametrize("vector", RFC_8032)
def test_the_published_signatures_hold(vector: tuple[str, str, str]) -> None:
    key, message, signature = map(bytes.fromhex, vector)

    assert ed25519_in_python(key, signature, message)
    assert verify_ed25519(key, signature, message)
    assert not ed25519_in_python(key, signature, message + b"x")


@settings(max_examples=20)
@given(st.binary(max_size=80), st.integers(0, 63), st.integers(0, 7), st.integers(1, 9))
def test_both_ways_say_the_same_of_a_signature(
    message: bytes, at: int, bit: int, number: int
) -> None:
    for key, slow, fast in (
        (ed25519(str(number)), ed25519_in_python, verify_ed25519),
        (p256(number), es256_in_python, verify_es256),
    ):
        good = key.sign(message)
        bad = good[:at] + bytes([good[at] ^ 1 << bit]) + good[at + 1 :]

        for verifies in (slow, fast):
            assert verifies(public(key), good, message)
            assert not verifies(public(key), bad, message)
            assert not verifies(public(key), good, message + b"x")


ED25519: Final = ed25519("one")
P256: Final = p256(7)
ORDER: Final = 2**252 + 27742317777372353535851937790883648493
CURVE: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def second_spelling() -> bytes:
    """Return a signature whose second half is one order larger, as some libraries accept."""
    good = ED25519.sign(b"m")
    larger = int.from_bytes(good[32:], "little") + ORDER
    return good[:32] + larger.to_bytes(32, "little")


@pytest.mark.parametrize(
    ("key", "signature"),
    [
        (public(ED25519), b""),
        (public(ED25519), bytes(63)),
        (public(ED25519), ED25519.sign(b"m") + b"\x00"),
        (public(ED25519), second_spelling()),
        (b"\xff" * 32, ED25519.sign(b"m")),
        (b"\x02" + bytes(31), ED25519.sign(b"m")),
        (bytes(31), ED25519.sign(b"m")),
    ],
    ids=["none", "short", "long", "second spelling", "key too large", "no point", "short key"],
)
def test_what_is_no_ed25519_signature_is_refused_both_ways(key: bytes, signature: bytes) -> None:
    assert not ed25519_in_python(key, signature, b"m")
    assert not verify_ed25519(key, signature, b"m")


def spoiled(r: int | None = None, s: int | None = None) -> bytes:
    good = P256.sign(b"m")
    return (good[:32] if r is None else r.to_bytes(32)) + (
        good[32:] if s is None else s.to_bytes(32)
    )


@pytest.mark.parametrize(
    ("key", "signature"),
    [
        (public(P256), b""),
        (public(P256), P256.sign(b"m")[:-1]),
        (public(P256), P256.sign(b"m") + b"\x00"),
        (public(P256), spoiled(r=0)),
        (public(P256), spoiled(s=0)),
        (public(P256), spoiled(r=0, s=0)),
        (public(P256), spoiled(r=CURVE)),
        (public(P256), spoiled(s=CURVE)),
        (public(P256)[:-1] + b"\x00", P256.sign(b"m")),
        (bytes(64), P256.sign(b"m")),
        (public(P256)[:63], P256.sign(b"m")),
        (b"\xff" * 64, P256.sign(b"m")),
    ],
)
def test_what_is_no_es256_signature_is_refused_both_ways(key: bytes, signature: bytes) -> None:
    assert not es256_in_python(key, signature, b"m")
    assert not verify_es256(key, signature, b"m")


def test_without_a_library_the_program_computes_for_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify, "HAS_LIBRARY", False)

    for key, verifies in ((ED25519, verify_ed25519), (P256, verify_es256)):
        assert verifies(public(key), key.sign(b"m"), b"m")
        assert not verifies(public(key), key.sign(b"m"), b"n")


TYP: Final = "secevent+jwt"


def a_jws(key: Key = ED25519, **header: Any) -> str:
    members: dict[str, Any] = {"alg": key.alg, "kid": key.kid, "typ": TYP} | header
    members = {name: member for name, member in members.items() if member is not None}
    signed = f"{b64(jcs(members))}.{b64(jcs({'iat': NOW}))}"
    return f"{signed}.{b64(key.sign(signed.encode()))}"


def entry_of(key: Key, **members: Any) -> dict[str, Any]:
    return {**key.signing(), **members}


@pytest.mark.parametrize("key", [ED25519, P256], ids=["EdDSA", "ES256"])
def test_a_jws_is_verified_with_the_algorithm_of_its_key(key: Key) -> None:
    jws = read_jws(a_jws(key), TYP)

    assert jws.is_signed_by(entry_of(key))
    other = "ES256" if key.alg == "EdDSA" else "EdDSA"
    assert not jws.is_signed_by(None)
    assert not jws.is_signed_by(entry_of(key, alg=other))
    assert not jws.is_signed_by(entry_of(key, kid="other"))
    assert not jws.is_signed_by(entry_of(key, jwk={}))
    assert not jws.is_signed_by(entry_of(key, jwk=None))
    assert not jws.is_signed_by(entry_of(key, jwk=ed25519("two").jwk))
    assert not read_jws(a_jws(key, alg=other), TYP).is_signed_by(entry_of(key, alg=other))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a.b",
        a_jws() + ".x",
        a_jws() + "=",
        a_jws(typ="JWT"),
        a_jws(kid=None),
        a_jws(crit=["b64"]),
        a_jws(jwk=ED25519.jwk),
        f"{b64(b'[]')}.{b64(b'{}')}.AA",
        f"{b64(b'{ }')}.{b64(b'{}')}.AA",
        a_jws().replace(".", "..", 1),
    ],
)
def test_a_jws_of_another_form_is_refused(text: str) -> None:
    with pytest.raises(Wrong):
        read_jws(text, TYP)


def test_the_none_algorithm_signs_nothing() -> None:
    unsigned = Jws({"alg": "none", "kid": "k", "typ": TYP}, {}, b"a.b", b"")

    assert not unsigned.is_signed_by({"alg": "none", "kid": "k", "jwk": ED25519.jwk})


def versions(*named: tuple[int, int, str], **key: Any) -> Keys:
    """Return the keys of a school whose versions are given by index, second and key."""
    keys = Keys()
    for number, (index, second, seed) in enumerate(named, start=1):
        unit = {"id": "schule:999001", "signing": [entry_of(ed25519(seed), **key)]}
        claims = {"version": number, "iat": second, "units": [unit]}
        keys.add("schule:999001", Version(claims, index))
    return keys


def find(keys: Keys, seed: str, second: int = NOW, index: int = 10) -> bool:
    return keys.of_unit("schule:999001", ed25519(seed).kid, second, index) is not None


def test_a_key_counts_from_its_entry_in_the_log_on() -> None:
    """Otherwise whoever runs the hub could add a key afterwards and sign with it."""
    keys = versions((5, NOW - 50, "one"))

    assert find(keys, "one", index=6)
    assert not find(keys, "one", index=5)
    assert not find(keys, "two")
    assert not find(versions(), "one")


def test_a_key_that_was_replaced_counts_for_what_was_on_its_way() -> None:
    keys = versions((1, NOW - 1_000, "one"), (5, NOW - 500, "two"), not_before=0)

    assert find(keys, "two")
    assert not find(keys, "one")
    assert find(keys, "one", second=NOW - 250)


def test_a_key_counts_within_its_own_time() -> None:
    keys = versions((1, NOW - 1_000, "one"), not_before=NOW, not_after=NOW + 10)

    assert [find(keys, "one", second=NOW + shift) for shift in (-1, 0, 10, 11)] == [
        False,
        True,
        True,
        False,
    ]


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers(-(2**53) + 1, 2**53 - 1)
        | st.text(st.characters(exclude_categories=["Cs"])),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(
                st.text(st.characters(exclude_categories=["Cs"]), max_size=4), inner, max_size=4
            )
        ),
        max_leaves=12,
    )
)
def test_canonical_json_is_that_of_the_house(value: Any) -> None:
    """Two independent writers of RFC 8785, one result."""
    assert verify.canonical(value) == jcs(value)
    assert verify.read_strict(jcs(value)) == value


@pytest.mark.parametrize(
    "data",
    [b'{"a":1,"a":1}', b"1.0", b"NaN", b"[1, 2]", b"9007199254740992", b'"\\ud800"', b"\xff"],
)
def test_a_second_spelling_is_not_read(data: bytes) -> None:
    with pytest.raises(Wrong):
        verify.read_strict(data)
