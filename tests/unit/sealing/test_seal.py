# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a sender can be sure of once a content is sealed."""

import re

import pytest

from hub.errors import ContentInvalid, EnvelopeInvalid, ReadersInvalid, TooLarge
from hub.sealing.canonical import b64
from hub.sealing.seal import ReaderChoice, seal
from hub.sealing.sealable import parse_sealable
from specs.vectors.sl1.actors import CLERK, DESK, DUTY, SCHOOL, SCHOOL_P256
from specs.vectors.sl1.contents import CONFIRMED, FULL, SMALLEST
from specs.vectors.sl1.schemas import LARGE, SMALL, text, wide
from tests.unit.sealing.builders import a_letter, opening_claims, some_claims


def test_every_attempt_is_sealed_with_fresh_randomness() -> None:
    one, other = a_letter().sealed, a_letter().sealed

    assert one.secret != other.secret
    assert set(one.disclosures.values()).isdisjoint(other.disclosures.values())
    vectors = [set(re.findall(rb"0\.\.([A-Za-z0-9_-]{16})\.", raw)) for raw in (one.raw, other.raw)]
    assert [len(found) for found in vectors] == [3, 3]
    assert vectors[0].isdisjoint(vectors[1])


def test_no_content_shows_in_the_length_of_its_body() -> None:
    long, short = a_letter(FULL, LARGE), a_letter(SMALLEST, LARGE)

    assert len(long.parsed.body_bytes) == len(short.parsed.body_bytes) == long.schema.body_bytes


def test_a_content_that_does_not_fit_uses_no_randomness() -> None:
    def entropy(_: int) -> bytes:
        raise AssertionError

    with pytest.raises(ContentInvalid) as refused:
        seal(
            parse_sealable(SMALL),
            CONFIRMED | {"taetig": None},
            some_claims(),
            SCHOOL,
            [ReaderChoice(DESK.public, ("main",))],
            entropy=entropy,
        )

    assert refused.value.pointers == ("/taetig",)


def test_what_the_hub_would_refuse_is_not_handed_out() -> None:
    with pytest.raises(EnvelopeInvalid) as refused:
        a_letter(claims=some_claims(pos=0, urg="JETZT"))

    assert refused.value.pointers == ("/pos", "/urg")


@pytest.mark.parametrize(
    "readers",
    [
        [ReaderChoice(DESK.public, ("fremd",))],
        [ReaderChoice(DESK.public, ("main",))],
        [ReaderChoice(DESK.public, ("akte", "main"), "escalation")],
        [ReaderChoice(DESK.public, ("akte", "main"))] * 2,
    ],
    ids=["an unknown class", "nobody reads all", "a deputy alone", "the same reader twice"],
)
def test_readers_that_do_not_fit_are_refused(readers: list[ReaderChoice]) -> None:
    with pytest.raises(ReadersInvalid):
        a_letter(SMALLEST, LARGE, readers, claims=opening_claims())


def test_nine_readers_are_too_many_and_a_hundred_too_large() -> None:
    one = ReaderChoice(DESK.public, ("main",))

    with pytest.raises(EnvelopeInvalid):
        a_letter(readers=[one] * 9)
    with pytest.raises(TooLarge):
        a_letter({}, wide(7, text(maxLength=4000)), [one] * 100)


def test_the_largest_body_with_eight_readers_is_not_too_large() -> None:
    schema = wide(7, text(maxLength=4000))
    readers = [ReaderChoice(key.public, ("main",)) for key in (DESK, CLERK, DUTY)]

    letter = a_letter({"feld0": "\U0001f392" * 4000}, schema, readers)

    assert letter.opened_by(CLERK).content == {"feld0": "\U0001f392" * 4000}


def test_readers_may_be_named_in_any_order() -> None:
    readers = [ReaderChoice(key.public, ("main", "akte")) for key in (DESK, CLERK, DUTY)]

    for chosen in (readers, readers[::-1]):
        letter = a_letter(SMALLEST, LARGE, chosen, claims=opening_claims())
        assert letter.opened_by(DUTY).content == SMALLEST


def test_what_a_sender_keeps_does_not_show_itself() -> None:
    sealed = a_letter().sealed

    shown = repr(sealed)
    assert repr(sealed.secret) not in shown
    assert not any(disclosure in shown for disclosure in sealed.disclosures.values())
    assert b64(sealed.secret) not in sealed.raw.decode()


def test_both_algorithms_sign() -> None:
    for signer in (SCHOOL, SCHOOL_P256):
        letter = a_letter(signer=signer)
        assert letter.parsed.header == {
            "alg": signer.alg,
            "kid": signer.kid,
            "typ": "meldeweg-message+sd-jwt",
        }
        assert letter.opened_by().content == CONFIRMED
