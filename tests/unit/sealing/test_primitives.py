# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Keys, leaves and wraps are those of the RFCs, as others understand them."""

import hmac
from typing import Final

import pytest
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from joserfc import jwe
from joserfc.jwk import OctKey

from hub.errors import LeafUnopenable, ReaderKeyInvalid, WrapUnopenable
from hub.sealing.canonical import b64, jcs
from hub.sealing.keys import class_key, commitment, derive, leaf_key
from hub.sealing.leaf import disclose, open_leaf, parse_disclosure, seal_leaf
from hub.sealing.reader import ReaderPrivateKey, ReaderPublicKey
from hub.sealing.wrap import WrapContext, unwrap, wrap, wrap_length
from specs.vectors.sl1 import wrapping
from specs.vectors.sl1.actors import DESK, DUTY
from tests.unit.sealing.builders import a_letter

KEY: Final = bytes(range(32))
CONTEXT: Final = WrapContext("0193504f-7c2a-7d41-8e5b-000000000002", "schule:1x", "jugendamt:1x")


def test_expanding_is_one_block_of_hmac() -> None:
    """RFC 5869 § 2.3 for 32 bytes."""
    info = jcs(["sl1", "leaf", "id", "/a"])

    assert derive(KEY, "leaf", "id", "/a") == hmac.digest(KEY, info + b"\x01", "sha256")


def test_every_purpose_message_and_place_has_a_key_of_its_own() -> None:
    keys = {
        class_key(KEY, "id", "a"),
        commitment(KEY, "id", "a"),
        leaf_key(KEY, "id", "a"),
        leaf_key(KEY, "id", "/a"),
        leaf_key(KEY, "id", "/b"),
        leaf_key(KEY, "other", "/a"),
        derive(KEY, "leaf", "id/a"),
    }

    assert len(keys) == 7


def test_any_library_for_jose_opens_a_leaf() -> None:
    leaf = a_letter().schema.pointers["/taetig"]
    plaintext = disclose(leaf, bytes(16), value=True)
    sealed = seal_leaf(KEY, bytes(12), plaintext)

    opened = jwe.decrypt_compact(sealed, OctKey.import_key(KEY))

    assert opened.plaintext == plaintext
    assert opened.protected == {"alg": "dir", "enc": "A256GCM"}
    assert open_leaf(KEY, sealed, leaf.pointer) == plaintext
    assert parse_disclosure(plaintext).value is True


def test_a_leaf_that_any_library_sealed_is_opened() -> None:
    sealed = jwe.encrypt_compact({"alg": "dir", "enc": "A256GCM"}, b"text", OctKey.import_key(KEY))

    assert open_leaf(KEY, sealed, "/a") == b"text"


@pytest.mark.parametrize("sealed", ["", "a.b.c.d.e", "....", "a..AAAA.AA.AA"])
def test_what_is_no_leaf_does_not_open(sealed: str) -> None:
    with pytest.raises(LeafUnopenable) as refused:
        open_leaf(KEY, sealed, "/a")

    assert refused.value.pointers == ("/a",)


def test_a_generated_key_is_another_one_each_time() -> None:
    one, other = ReaderPrivateKey.generate(), ReaderPrivateKey.generate()

    assert one.kid != other.kid
    assert ReaderPublicKey.from_b64(one.public.b64) == one.public
    assert ReaderPrivateKey.from_seed(one.seed).kid == one.kid


def test_the_kid_is_the_thumbprint_of_the_jwk() -> None:
    assert DESK.public.jwk == {"alg": "X-Wing", "kty": "AKP", "pub": DESK.public.b64}


def test_a_key_does_not_show_itself() -> None:
    key = ReaderPrivateKey.from_seed(b"\xab" * 32)

    assert "xab" not in repr(key)
    assert b64(key.seed) not in repr(key)


def test_a_seed_has_32_bytes() -> None:
    with pytest.raises(ReaderKeyInvalid):
        ReaderPrivateKey.from_seed(bytes(31))


def test_an_independent_implementation_wraps_the_same_way() -> None:
    """One follows the standards step by step, the other is the library's."""
    info = CONTEXT.info(DESK.kid)
    wrapped = wrapping.wrap(DESK.public.raw, KEY, info, bytes(64))

    assert unwrap(DESK, b64(wrapped), CONTEXT) == KEY
    assert len(wrapped) == len(wrap(DESK.public, KEY, info)) == wrap_length(1) == 1168
    assert wrap_length(8) == 1136 + 32 * 8


def test_the_suite_is_the_one_of_the_specification() -> None:
    suite = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
    wrapped = wrap(DESK.public, KEY, b"info")

    assert suite.decrypt(wrapped, DESK.as_kem(), b"info") == KEY
    assert wrapping.SUITE_ID == b"HPKE\x64\x7a\x00\x01\x00\x02"


@pytest.mark.parametrize("wrapped", ["", "AA", "not base64url", b64(bytes(1168))])
def test_what_is_no_wrap_does_not_open(wrapped: str) -> None:
    with pytest.raises(WrapUnopenable):
        unwrap(DESK, wrapped, CONTEXT)


def test_a_wrap_opens_for_its_own_key_only() -> None:
    wrapped = b64(wrap(DESK.public, KEY, CONTEXT.info(DESK.kid)))

    with pytest.raises(WrapUnopenable):
        unwrap(DUTY, wrapped, CONTEXT)
