# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The envelope's signature holds for the sender's key at the time it names, or not at all."""

from dataclasses import replace

import pytest

from hub.errors import SignatureInvalid
from hub.model.json import Json
from hub.model.message import ParsedMessage
from hub.model.participant import Algorithm
from hub.sealing.canonical import b64, jcs
from hub.trust.jose import sign_compact
from hub.trust.kinds import ENVELOPE, RECEIPT
from hub.trust.signatures import verify_signature
from tests.unit.trust.builders import NOW, SCHOOL, a_key, a_token, claims_of, header_of, public

CHANGES: list[dict[str, Json]] = [
    {"alg": "ES256"},
    {"alg": "none"},
    {"alg": "HS256"},
    {"kid": a_key("fremd").kid},
    {"typ": RECEIPT.typ},
    {"typ": "JWT"},
    {"crit": ["b64"]},
    {"jwk": {}},
]


def a_message(alg: Algorithm = "EdDSA") -> ParsedMessage:
    key = a_key(alg=alg)
    return ParsedMessage(
        raw=b"",
        env=a_token(ENVELOPE, key),
        header=header_of(ENVELOPE, key),
        payload=jcs(claims_of(ENVELOPE)),
        iss=SCHOOL,
        iat=NOW,
        body={},
        body_bytes=b"{}",
        keys=(),
    )


@pytest.mark.parametrize("alg", ["EdDSA", "ES256"])
def test_the_senders_signature_is_evidence(alg: Algorithm) -> None:
    message, key = a_message(alg), public(a_key(alg=alg))

    assert verify_signature(message, key).key == key
    assert verify_signature(message, key).message == message


def test_an_unknown_key_and_a_wrong_signature_look_alike() -> None:
    message = a_message()

    with pytest.raises(SignatureInvalid) as unknown:
        verify_signature(message, None)
    with pytest.raises(SignatureInvalid) as wrong:
        verify_signature(replace(message, env=message.env[:-4] + "AAAA"), public(a_key()))

    assert (unknown.value.detail, unknown.value.pointers) == (
        wrong.value.detail,
        wrong.value.pointers,
    )


@pytest.mark.parametrize(("not_before", "not_after"), [(NOW + 1, None), (0, NOW - 1)])
def test_the_key_was_valid_when_the_envelope_was_signed(
    not_before: int, not_after: int | None
) -> None:
    with pytest.raises(SignatureInvalid):
        verify_signature(a_message(), public(a_key(), not_before, not_after))


def test_a_key_that_ended_since_is_still_good_for_what_it_signed() -> None:
    key = public(a_key(), NOW, NOW)

    assert verify_signature(a_message(), key).key == key


@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_the_header_says_what_is_stored_and_no_more(change: dict[str, Json]) -> None:
    message = a_message()

    with pytest.raises(SignatureInvalid):
        verify_signature(replace(message, header=message.header | change), public(a_key()))


def test_the_stored_algorithm_decides() -> None:
    key = public(a_key()).model_copy(update={"alg": "ES256"})

    with pytest.raises(SignatureInvalid):
        verify_signature(a_message(), key)


def test_another_units_key_does_not_hold() -> None:
    other = public(a_key("fremd")).model_copy(update={"kid": a_key().kid})

    with pytest.raises(SignatureInvalid):
        verify_signature(a_message(), other)


def test_what_is_read_is_what_was_signed() -> None:
    """The payload that the rest of the house reads is the one under the signature."""
    message = a_message()
    other = jcs(claims_of(ENVELOPE, aud="jugendamt:05978040.anders"))

    with pytest.raises(SignatureInvalid):
        verify_signature(replace(message, payload=other), public(a_key()))


def test_what_is_kept_is_what_was_verified() -> None:
    """Receipts carry the digest of ``env``, so it must not differ from what was read."""
    message = a_message()
    other = a_token(ENVELOPE, a_key("fremd"))
    env = f"{other.rpartition('.')[0]}.{message.env.rpartition('.')[2]}"

    with pytest.raises(SignatureInvalid):
        verify_signature(replace(message, env=env), public(a_key()))


@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_a_header_that_was_really_signed_is_refused_all_the_same(change: dict[str, Json]) -> None:
    header = header_of(ENVELOPE, a_key()) | change
    env = sign_compact(a_key(), header, claims_of(ENVELOPE))

    with pytest.raises(SignatureInvalid):
        verify_signature(replace(a_message(), header=header, env=env), public(a_key()))


@pytest.mark.parametrize("signature", ["", "A", "=", "++++", "ä", b64(bytes(63)), b64(bytes(64))])
def test_a_signature_that_is_none_is_refused_like_all_others(signature: str) -> None:
    message = a_message()
    env = f"{message.env.rpartition('.')[0]}.{signature}"

    with pytest.raises(SignatureInvalid):
        verify_signature(replace(message, env=env), public(a_key()))


def test_every_bit_under_the_signature_counts() -> None:
    message = a_message()
    payload = bytearray(message.payload)
    for place in range(0, len(payload), 7):
        payload[place] ^= 1
        changed = replace(message, payload=bytes(payload))
        with pytest.raises(SignatureInvalid):
            verify_signature(changed, public(a_key()))
        payload[place] ^= 1
