# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A single field is proven, and the rest stays closed."""

import pytest
from jwcrypto.jwk import JWK  # type: ignore[import-untyped]
from sd_jwt.verifier import SDJWTVerifier

from hub.errors import EnvelopeInvalid, LeafMalformed, LeafMismatch
from hub.sealing.canonical import b64
from hub.sealing.disclosure import parse_presentation, present
from hub.sealing.envelope import parse_message
from specs.vectors.sl1.actors import SCHOOL, SCHOOL_P256, Signing
from specs.vectors.sl1.cases import PARTIAL
from specs.vectors.sl1.contents import SMALLEST
from specs.vectors.sl1.forge import Parts, Spoiled, forge
from specs.vectors.sl1.schemas import LARGE
from specs.vectors.sl1.spoil import states, swap
from tests.unit.sealing.builders import a_letter


@pytest.mark.parametrize("signer", [SCHOOL, SCHOOL_P256], ids=["EdDSA", "ES256"])
def test_any_library_for_sd_jwt_verifies_a_field(signer: Signing) -> None:
    sealed = a_letter(signer=signer).sealed
    text = present(sealed.env, [sealed.disclosures["/taetig"]])

    verified = SDJWTVerifier(text, lambda *_: JWK(**signer.jwk)).get_verified_payload()

    assert verified["/taetig"] is True
    assert "/bestaetigt" not in verified
    assert verified["jti"] == a_letter().envelope.jti


def test_any_library_for_sd_jwt_verifies_two_fields_and_no_third() -> None:
    """A court gets what it asks for, with software that it has chosen itself."""
    sealed = a_letter(SMALLEST, LARGE).sealed
    places = ("/kind/vorname", "/telefon/0")
    text = present(sealed.env, [sealed.disclosures[place] for place in places])

    verified = SDJWTVerifier(text, lambda *_: JWK(**SCHOOL.jwk)).get_verified_payload()

    assert verified["/kind/vorname"] == "Mia-Muster"
    assert {name for name in verified if name.startswith("/")} == set(places)


def test_fields_are_presented_by_their_pointers() -> None:
    sealed = a_letter(SMALLEST, LARGE).sealed
    places = ("/kind/vorname", "/telefon/0")
    text = present(sealed.env, [sealed.disclosures[place] for place in places])

    presented = parse_presentation(text)

    assert presented.values == {"/kind/vorname": "Mia-Muster", "/telefon/0": None}
    assert presented.envelope.iss == "schule:999001"
    assert presented.env == sealed.env


def test_a_presentation_may_disclose_nothing() -> None:
    assert parse_presentation(present(a_letter().sealed.env, [])).values == {}


def test_a_field_of_another_message_is_refused_and_not_dropped() -> None:
    one, other = a_letter().sealed, a_letter().sealed

    with pytest.raises(LeafMismatch):
        parse_presentation(present(one.env, [other.disclosures["/taetig"]]))


def test_a_field_that_was_changed_is_refused() -> None:
    sealed = a_letter().sealed
    other = b64(b'["zaGTuNTl4mVvrADbhFBs_w","/taetig",false]')

    for disclosure in (other, "", "x"):
        with pytest.raises(LeafMismatch):
            parse_presentation(present(sealed.env, [disclosure]))


def test_a_pointer_comes_once() -> None:
    sealed = a_letter().sealed
    twice = [sealed.disclosures["/taetig"]] * 2

    with pytest.raises(LeafMalformed):
        parse_presentation(present(sealed.env, twice))


def test_a_disclosure_that_is_none_is_refused_even_if_it_was_signed() -> None:
    kept: Parts = {}

    def keep(plaintexts: Parts) -> None:
        states("/akte", [1]).plaintexts(plaintexts)
        kept.update(plaintexts)

    env = parse_message(forge(PARTIAL, Spoiled(plaintexts=keep))).env

    assert parse_presentation(present(env, [b64(kept["/name"])])).values == {"/name": "Ab"}
    with pytest.raises(LeafMalformed):
        parse_presentation(present(env, [b64(kept["/akte"])]))


def test_a_sender_who_signs_two_places_for_one_is_found_out() -> None:
    kept: Parts = {}

    def exchange(plaintexts: Parts) -> None:
        swap("/name", "/ort")(plaintexts)
        kept.update(plaintexts)

    env = parse_message(forge(PARTIAL, Spoiled(plaintexts=exchange))).env

    assert parse_presentation(present(env, [b64(kept["/name"])])).values == {"/ort": None}


@pytest.mark.parametrize("end", ["", "x", "~x", "~~x"])
def test_a_presentation_ends_with_a_tilde(end: str) -> None:
    with pytest.raises(EnvelopeInvalid):
        parse_presentation(f"{a_letter().sealed.env}{end}")
