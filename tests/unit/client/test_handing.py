# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A matter goes on with another message, once, and with one word that is said the same way."""

from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from hub.client import Agency
from hub.client.drafts import Wish
from hub.client.handing import Matter, Passing, Passings
from hub.model.json import JsonObject
from hub.sealing.canonical import digest
from hub.trust.jose import verify_token
from hub.trust.kinds import PASSING
from tests.unit.client.test_memory import an_agency

NOTICE: Final = "0193504f-7c2a-7d41-8e5b-000000000002"
GOES_ON: Final = "0193504f-7c2a-7d41-8e5b-000000000003"
MOERS: Final = "jugendamt:05170024.asd"


def a_wish(**content: Any) -> Wish:
    return Wish("jugendamt-mitteilung", "mitteilung", MOERS, "sofort", content)


def a_passing(wish: Wish) -> Passing:
    return Passing(NOTICE, digest("notice"), GOES_ON, digest("on"), MOERS, wish.mark)


def claims(agency: Agency, passing: Passing) -> JsonObject:
    key = agency.signing.public(0)
    return verify_token(str(passing.jws), kind=PASSING, key_for=lambda _: key)


def test_what_broke_off_is_found_by_what_was_asked_for(tmp_path: Path) -> None:
    agency, matter = an_agency(tmp_path), Matter(NOTICE, digest("notice"), NOTICE)
    Passings(agency).keep(a_passing(a_wish(text="A")))

    again = Passings(Agency.load(agency.path))

    assert again.find(matter, a_wish(text="A")) == a_passing(a_wish(text="A"))
    assert again.find(matter, a_wish(text="B")) is None
    assert again.find(replace(matter, id=GOES_ON), a_wish(text="A")) is None


def test_the_word_is_signed_once_and_kept(tmp_path: Path) -> None:
    agency = an_agency(tmp_path)
    signed = a_passing(a_wish()).signed(agency)
    Passings(agency).keep(signed)

    [kept] = Passings(agency)

    assert kept.jws == signed.jws
    assert claims(agency, kept)["by"] == {"id": GOES_ON, "env": digest("on")}


def test_the_person_who_reported_is_named_by_a_key_or_not_at_all(tmp_path: Path) -> None:
    agency, person = an_agency(tmp_path), digest("person")

    assert "reader" not in claims(agency, a_passing(a_wish()).signed(agency))
    named = replace(a_passing(a_wish()), reader=person).signed(agency)
    assert claims(agency, named)["reader"] == person


def test_what_the_hub_has_is_forgotten(tmp_path: Path) -> None:
    agency = an_agency(tmp_path)
    Passings(agency).keep(a_passing(a_wish()))

    Passings(agency).remove(GOES_ON)

    assert list(Passings(agency)) == []
