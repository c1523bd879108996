# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A key that proves nothing is not registered, and a secret key stays with its owner."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed448, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from hub.errors import EnvelopeInvalid, SignatureInvalid
from hub.model.json import Json
from hub.model.participant import Algorithm, PublicJwk
from hub.sealing.canonical import b64, digest, jcs, unb64
from hub.trust.edwards import check_point
from hub.trust.keys import (
    PrivateSigningKey,
    check_public_key,
    check_signing_key,
    jwk_members,
    parse_jwk,
    thumbprint,
    verify_raw,
)
from tests.unit.trust.builders import a_key

P = 2**255 - 19
P256_FIELD = 2**256 - 2**224 + 2**192 + 2**96 - 1
P256_B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
ALGORITHMS: tuple[Algorithm, ...] = ("EdDSA", "ES256")

# The y of two points of order eight; adding the point of order two turns its sign around.
ORDER_EIGHT = int.from_bytes(
    bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"), "little"
)
SMALL_ORDER = {
    "the neutral element": 1,
    "the neutral element, with a sign": 1 | 1 << 255,
    "order two": P - 1,
    "order two, with a sign": (P - 1) | 1 << 255,
    "order four": 0,
    "order four, other sign": 1 << 255,
    "order eight": ORDER_EIGHT,
    "order eight, other sign": ORDER_EIGHT | 1 << 255,
    "order eight, mirrored": P - ORDER_EIGHT,
    "order eight, mirrored, other sign": (P - ORDER_EIGHT) | 1 << 255,
}
SECOND_SPELLINGS = {
    "zero as the field's size": P,
    "one more than the field's size": P + 1,
    "all bits": (1 << 255) - 1,
}


def an_ed25519_jwk(number: int) -> PublicJwk:
    return PublicJwk(kty="OKP", crv="Ed25519", x=b64(number.to_bytes(32, "little")))


def a_p256_jwk(x: int, y: int) -> PublicJwk:
    return PublicJwk(
        kty="EC", crv="P-256", x=b64(x.to_bytes(32, "big")), y=b64(y.to_bytes(32, "big"))
    )


@pytest.mark.parametrize("alg", ALGORITHMS)
def test_what_a_key_signs_holds_under_it(alg: Algorithm) -> None:
    key = a_key(alg=alg)

    signature = key.sign(b"Mitteilung")

    assert len(signature) == 64
    verify_raw(key.jwk, alg, signature, b"Mitteilung")


@pytest.mark.parametrize("alg", ALGORITHMS)
@pytest.mark.parametrize("bit", [0, 255, 256, 511])
def test_one_bit_of_a_signature_decides(alg: Algorithm, bit: int) -> None:
    key = a_key(alg=alg)
    signature = bytearray(key.sign(b"Mitteilung"))
    signature[bit // 8] ^= 1 << bit % 8

    with pytest.raises(SignatureInvalid):
        verify_raw(key.jwk, alg, bytes(signature), b"Mitteilung")


@pytest.mark.parametrize("alg", ALGORITHMS)
def test_a_signature_is_for_its_bytes_alone(alg: Algorithm) -> None:
    key = a_key(alg=alg)

    with pytest.raises(SignatureInvalid):
        verify_raw(key.jwk, alg, key.sign(b"Mitteilung"), b"Mitteilung ")


@pytest.mark.parametrize("length", [0, 63, 65, 128])
def test_a_signature_has_64_bytes(length: int) -> None:
    with pytest.raises(SignatureInvalid):
        verify_raw(a_key().jwk, "EdDSA", bytes(length), b"Mitteilung")


@pytest.mark.parametrize("alg", ["ES256", "HS256", "none", "RS256", "", "eddsa"])
def test_the_algorithm_belongs_to_the_key(alg: str) -> None:
    key = a_key()

    with pytest.raises(SignatureInvalid):
        verify_raw(key.jwk, alg, key.sign(b"Mitteilung"), b"Mitteilung")


def test_a_signature_of_zeros_does_not_hold() -> None:
    """An implementation in wide use accepted r = s = 0 once (CVE-2022-21449)."""
    with pytest.raises(SignatureInvalid):
        verify_raw(a_key(alg="ES256").jwk, "ES256", bytes(64), b"Mitteilung")


def test_the_key_id_is_the_digest_of_the_required_members() -> None:
    """The example is the one of RFC 8037 appendix A.3."""
    jwk = PublicJwk(kty="OKP", crv="Ed25519", x="11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")

    assert thumbprint(jwk) == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


def test_the_key_id_of_p256_covers_both_coordinates() -> None:
    key = a_key(alg="ES256")
    members: Json = {"crv": "P-256", "kty": "EC", "x": key.jwk.x, "y": key.jwk.y or ""}

    assert key.kid == digest(jcs(members))


@pytest.mark.parametrize("number", SMALL_ORDER.values(), ids=SMALL_ORDER.keys())
def test_a_point_of_small_order_is_no_key(number: int) -> None:
    with pytest.raises(ValueError, match="prime order"):
        check_point(number.to_bytes(32, "little"))
    with pytest.raises(EnvelopeInvalid):
        check_public_key(an_ed25519_jwk(number))


def test_that_check_is_needed_because_openssl_accepts_anything_under_such_a_key() -> None:
    neutral = (1).to_bytes(32, "little")
    forged = neutral + bytes(32)

    Ed25519PublicKey.from_public_bytes(neutral).verify(forged, b"was auch immer")

    with pytest.raises(SignatureInvalid):
        verify_raw(an_ed25519_jwk(1), "EdDSA", forged, b"was auch immer")


@pytest.mark.parametrize("number", SECOND_SPELLINGS.values(), ids=SECOND_SPELLINGS.keys())
def test_a_point_has_one_spelling(number: int) -> None:
    with pytest.raises(ValueError, match="one spelling"):
        check_point(number.to_bytes(32, "little"))


def test_a_key_with_a_part_of_small_order_is_no_key() -> None:
    """Implementations disagree about its signatures, so it would prove different things."""
    genuine = unb64(a_key().jwk.x)
    mixed = _sum_with_order_two(genuine)

    check_point(genuine)
    with pytest.raises(ValueError, match="prime order"):
        check_point(mixed)


@pytest.mark.parametrize("number", [2, 7, 2**200 + 4])
def test_a_number_that_is_on_no_point_is_no_key(number: int) -> None:
    with pytest.raises(ValueError, match="prime order"):
        check_point(number.to_bytes(32, "little"))


def test_bytes_of_another_length_are_no_point() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        check_point(bytes(31))


def test_genuine_keys_pass() -> None:
    for number in range(8):
        for alg in ALGORITHMS:
            key = a_key(str(number), alg)
            check_public_key(key.jwk, kid=key.kid)


@pytest.mark.parametrize(("x", "y"), [(0, 0), (5, 5), (1, 2**255)])
def test_a_point_off_p256_is_no_key(x: int, y: int) -> None:
    with pytest.raises(EnvelopeInvalid):
        check_public_key(a_p256_jwk(x, y))


def test_a_coordinate_has_one_spelling_on_p256() -> None:
    """OpenSSL would reduce it, and one key would have two ids."""
    x, y = _a_point_with_small_x()

    check_public_key(a_p256_jwk(x, y))
    with pytest.raises(EnvelopeInvalid):
        check_public_key(a_p256_jwk(x + P256_FIELD, y))


def test_members_of_two_kinds_of_key_are_no_key() -> None:
    edwards, p256 = a_key().jwk, a_key(alg="ES256").jwk
    mixed = [
        edwards.model_copy(update={"crv": "P-256"}),
        edwards.model_copy(update={"kty": "EC"}),
        edwards.model_copy(update={"y": p256.y}),
        p256.model_copy(update={"y": None}),
        p256.model_copy(update={"crv": "Ed25519"}),
    ]

    for jwk in mixed:
        with pytest.raises(EnvelopeInvalid):
            check_public_key(jwk)


def test_a_coordinate_with_trailing_bits_is_no_key() -> None:
    x = a_key().jwk.x
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    other = x[:-1] + alphabet[alphabet.index(x[-1]) + 1]

    with pytest.raises(EnvelopeInvalid):
        check_public_key(PublicJwk(kty="OKP", crv="Ed25519", x=other))


@pytest.mark.parametrize(
    "member",
    [
        {"d": "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"},
        {"k": "AAECAwQFBgcICQoLDA0ODw"},
        {"use": "enc"},
        {"key_ops": ["sign"]},
        {"x5u": "https://anderswo.invalid/"},
        {"kid": "mein-schluessel"},
        {"kty": "oct"},
        {"kty": "RSA", "n": "AQAB", "e": "AQAB"},
        {"crv": "Ed448"},
        {"crv": "secp256k1"},
        {"x": 7},
        {"x": "zu kurz"},
    ],
    ids="-".join,
)
def test_a_jwk_has_the_public_members_and_no_others(member: dict[str, Json]) -> None:
    with pytest.raises(EnvelopeInvalid) as refused:
        parse_jwk(jwk_members(a_key().jwk) | member, at="/root/jwk")

    assert refused.value.pointers == ("/root/jwk",)


@pytest.mark.parametrize("value", [None, [], "text", 7])
def test_what_is_no_object_is_no_jwk(value: Json) -> None:
    with pytest.raises(EnvelopeInvalid):
        parse_jwk(value)


def test_a_registered_key_has_the_id_and_the_algorithm_that_follow_from_it() -> None:
    key = a_key().public(0)
    check_signing_key(key)

    with pytest.raises(EnvelopeInvalid) as foreign:
        check_signing_key(key.model_copy(update={"kid": a_key("andere").kid}), at="/units/0")
    with pytest.raises(EnvelopeInvalid) as other:
        check_signing_key(key.model_copy(update={"alg": "ES256"}), at="/units/0")
    with pytest.raises(EnvelopeInvalid):
        check_public_key(key.jwk, kid=a_key("andere").kid)

    assert foreign.value.pointers == ("/units/0/kid",)
    assert other.value.pointers == ("/units/0/alg",)


@pytest.mark.parametrize("alg", ALGORITHMS)
def test_a_key_file_gives_the_same_key_again(alg: Algorithm, tmp_path: Path) -> None:
    key, path = a_key(alg=alg), tmp_path / "signing.pem"

    key.save(path)

    assert path.stat().st_mode & 0o777 == 0o600
    assert PrivateSigningKey.load(path).kid == key.kid


def test_a_key_file_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "signing.pem"
    a_key().save(path)

    with pytest.raises(FileExistsError):
        a_key("andere").save(path)

    assert PrivateSigningKey.load(path).kid == a_key().kid


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644, 0o601])
def test_a_key_file_that_others_can_reach_is_refused(mode: int, tmp_path: Path) -> None:
    path = tmp_path / "signing.pem"
    a_key().save(path)
    path.chmod(mode)

    with pytest.raises(PermissionError):
        PrivateSigningKey.load(path)


def test_a_key_file_may_be_read_only(tmp_path: Path) -> None:
    path = tmp_path / "signing.pem"
    a_key().save(path)
    path.chmod(0o400)

    assert PrivateSigningKey.load(path).alg == "EdDSA"


def test_only_the_two_kinds_of_key_are_loaded(tmp_path: Path) -> None:
    others: list[PrivateKeyTypes] = [
        ed448.Ed448PrivateKey.generate(),
        rsa.generate_private_key(65537, 2048),
        ec.generate_private_key(ec.SECP384R1()),
    ]
    for number, private in enumerate(others):
        path = tmp_path / str(number)
        path.touch(0o600)
        path.write_bytes(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        with pytest.raises(ValueError, match="Ed25519 or P-256"):
            PrivateSigningKey.load(path)


def test_what_is_no_key_file_is_refused_without_quoting_it(tmp_path: Path) -> None:
    encrypted = rsa.generate_private_key(65537, 2048).private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"geheim")
    )
    for number, content in enumerate((b"GEHEIMNIS", b"", encrypted)):
        path = tmp_path / str(number)
        path.touch(0o600)
        path.write_bytes(content)
        with pytest.raises(ValueError, match="PEM without a passphrase") as refused:
            PrivateSigningKey.load(path)
        assert "GEHEIMNIS" not in str(refused.value)


@pytest.mark.parametrize("alg", ALGORITHMS)
def test_generated_keys_differ(alg: Algorithm) -> None:
    assert PrivateSigningKey.generate(alg).kid != PrivateSigningKey.generate(alg).kid


def test_a_private_key_shows_its_id_and_nothing_more() -> None:
    key = a_key()

    assert repr(key) == f"PrivateSigningKey(kid={key.kid!r})"


def _a_point_with_small_x() -> tuple[int, int]:
    for x in range(1000):
        square = (x**3 - 3 * x + P256_B) % P256_FIELD
        y = pow(square, (P256_FIELD + 1) // 4, P256_FIELD)
        if y * y % P256_FIELD == square:
            return x, y
    raise AssertionError


def _sum_with_order_two(encoded: bytes) -> bytes:
    # Adding the point (0, -1) turns (x, y) into (-x, -y).
    number = int.from_bytes(encoded, "little")
    y, sign = number & ((1 << 255) - 1), number >> 255
    return ((P - y) | (1 - sign) << 255).to_bytes(32, "little")
