# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Rules of advice without names, of consent, and of what precedes a compulsory measure."""

import json
from pathlib import Path
from typing import Any

import pytest

from hub.errors import ContentInvalid
from hub.protocols.identifiers import SCANNED, find_identifiers
from hub.protocols.rules import RULES, Saying, check_rules
from hub.schemas import SCHEMAS

CONSENT = {
    "erteilt_von": "beide",
    "erteilt_am": "2026-04-01",
    "gilt_bis": "2026-06-30",
    "umfang": ["sachstand", "termine"],
    "gegenueber": ["schule"],
}


def broken(rule: str, content: dict[str, Any], basis: str = "kkg-4-2") -> tuple[str, ...]:
    return RULES[rule].check(Saying(content, basis, "planbar"))


def a_measure(art: str = "zufuehrung", **warning: Any) -> dict[str, Any]:
    return {"massnahme": {"art": art, "ab": "2026-03-23"}, "mahnung": warning}


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("Das Kind schweigt.", ()),
        ("Rufen Sie die Mutter an: 0221 4710123.", ("/frage",)),
        ("Die Adresse ist mutter@erfunden.example.", ("/frage",)),
        ("Er heißt Max und wohnt in der Goethestraße 12.", ()),
    ],
)
def test_only_what_cannot_be_meant_otherwise_is_refused(text: str, places: tuple[str, ...]) -> None:
    """A name may be none, so at that the sender is asked and not refused."""
    assert broken(SCANNED, {"frage": text}) == places


def test_a_place_is_told_once_however_much_is_wrong_with_it() -> None:
    content = {"frage": "0221 4710123 oder 0221 4710124 oder a@erfunden.example"}

    assert broken(SCANNED, content) == ("/frage",)


def test_the_refusal_cites_the_law_and_not_the_number() -> None:
    saying = Saying({"frage": "Anruf unter 0221 4710123"}, "kkg-4-2", "planbar")

    with pytest.raises(ContentInvalid) as refused:
        check_rules((SCANNED,), saying, lambda code: f"<{code}>")

    assert refused.value.basis == "<kkg-4-2>"
    assert "4710123" not in str(refused.value)


@pytest.mark.parametrize(
    "path",
    sorted(SCHEMAS.glob("fachberatung/1.0.0/examples/*.valid.*.json")),
    ids=lambda path: str(path.stem),
)
def test_the_examples_of_advice_name_nobody(path: Path) -> None:
    assert find_identifiers(json.loads(path.read_text("utf-8"))) == ()


@pytest.mark.parametrize(
    ("content", "places"),
    [
        (a_measure(schriftlich=True, am="2026-03-02"), ()),
        (a_measure(schriftlich=False), ("/mahnung/schriftlich",)),
        (a_measure(schriftlich=False, am="2026-03-02"), ("/mahnung/schriftlich",)),
        (a_measure(schriftlich=True), ("/mahnung/am",)),
        (a_measure(schriftlich=True, am="2026-03-23"), ("/mahnung/am",)),
        (a_measure("bussgeldverfahren", schriftlich=False), ()),
        ({"massnahme": {"art": "zufuehrung"}, "mahnung": {"schriftlich": True, "am": "2026"}}, ()),
        ({"massnahme": {"art": "zufuehrung"}}, ("/mahnung/schriftlich",)),
    ],
)
def test_nobody_is_fetched_to_school_without_a_written_warning_before(
    content: dict[str, Any], places: tuple[str, ...]
) -> None:
    assert broken("zufuehrung-nur-nach-mahnung", content, "schulgnrw-41-4") == places


@pytest.mark.parametrize(
    ("content", "places"),
    [
        ({"ergebnis": "zur-kenntnis"}, ()),
        ({"ergebnis": "abgelehnt"}, ("/ergebnis",)),
        ({"ergebnis": "zur-kenntnis", "am": "2026-03-25"}, ("/am",)),
    ],
)
def test_the_jugendamt_tells_a_school_no_more_than_that_it_has_taken_note(
    content: dict[str, Any], places: tuple[str, ...]
) -> None:
    """§ 35 SGB I; the Ordnungsamt speaks on another basis and says what came of it."""
    assert broken("jugendamt-nimmt-nur-zur-kenntnis", content, "sgb8-64-1") == places
    assert broken("jugendamt-nimmt-nur-zur-kenntnis", content, "schulgnrw-41-4") == ()


@pytest.mark.parametrize(
    ("content", "places"),
    [
        ({"angaben": ["sachstand"], "einwilligung": CONSENT}, ()),
        ({"angaben": ["sachstand"]}, ("/einwilligung",)),
        ({"angaben": ["termine", "auflagen"], "einwilligung": CONSENT}, ("/angaben/1",)),
        (
            {"angaben": ["termine"], "einwilligung": CONSENT | {"gilt_bis": "2026-03-31"}},
            ("/einwilligung/gilt_bis",),
        ),
        ({"angaben": ["termine"], "einwilligung": {"umfang": "?"}}, ("/einwilligung/umfang",)),
    ],
)
def test_whoever_relies_on_consent_keeps_to_what_it_covers(
    content: dict[str, Any], places: tuple[str, ...]
) -> None:
    assert broken("einwilligung-mit-umfang-und-frist", content, "dsgvo-7") == places


def test_a_basis_of_its_own_needs_no_consent_but_a_consent_has_its_time() -> None:
    rule = "einwilligung-mit-umfang-und-frist"
    outlived = CONSENT | {"gilt_bis": "2026-03-31"}

    assert broken(rule, {"angaben": ["auflagen"]}, "sgb10-69-1") == ()
    assert broken(rule, {"angaben": ["auflagen"], "einwilligung": CONSENT}, "sgb10-69-1") == ()
    assert broken(rule, {"einwilligung": outlived}, "sgb10-69-1") == ("/einwilligung/gilt_bis",)
