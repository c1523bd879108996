# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Rules of what justice, police and the Jugendamt say to each other."""

import json
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from hub.errors import ContentInvalid
from hub.model.json import JsonObject
from hub.protocols.rules import RULES, Saying, check_rules
from hub.schemas import SCHEMAS, SPECS

OWN = ("justiz-mitteilung", "familiengericht", "jugendgerichtshilfe", "auskunftsersuchen")
VALID = [
    path for name in OWN for path in sorted((SCHEMAS / name / "1.0.0/examples").glob("*.valid.*"))
]
ORDER = {"gericht": "Amtsgericht Soest", "am": "2026-03-10", "aktenzeichen": "ERFUNDEN 7 Gs 12/26"}


def broken(
    rule: str, content: dict[str, Any], basis: str = "sgb10-68", urgency: str = "planbar"
) -> tuple[str, ...]:
    return RULES[rule].check(Saying(content, basis, urgency))


def steps_of(protocol: str) -> list[dict[str, Any]]:
    written = YAML(typ="safe", pure=True).load(
        SPECS / "protocols" / protocol / "1.0.0/protocol.yaml"
    )
    steps: list[dict[str, Any]] = written["steps"]
    return steps


@pytest.mark.parametrize("path", VALID, ids=lambda path: f"{path.parts[-4]}/{path.stem}")
def test_a_valid_example_keeps_the_rules_of_its_step(path: Path) -> None:
    [step] = [
        each for each in steps_of(path.parts[-4]) if each["id"] == path.stem.partition(".")[0]
    ]
    saying = Saying(json.loads(path.read_text("utf-8")), step["basis_sender"][0], "sofort")

    check_rules(step.get("rules", ()), saying, str)


@pytest.mark.parametrize(
    ("informed", "held", "wrong"),
    [
        ("ja", True, ("/informationssperre/gilt",)),
        ("ja", False, ()),
        ("nein-ermittlung", True, ()),
        ("nein-schutz", False, ()),
    ],
)
def test_a_family_that_knows_cannot_be_kept_in_the_dark(
    informed: str, held: bool, wrong: tuple[str, ...]
) -> None:
    content = {
        "information": {"betroffene_informiert": informed},
        "informationssperre": {"gilt": held},
    }

    assert broken("sperre-und-information-widersprechen", content) == wrong


@pytest.mark.parametrize(
    ("hearing", "wrong"),
    [
        ({"geladen": True, "ladung_am": "2026-03-10"}, ()),
        ({"geladen": True, "am": "2026-03-20"}, ("/vernehmung/ladung_am",)),
        ({"geladen": False, "am": "2026-03-08"}, ()),
        ({"geladen": False, "ladung_am": "2026-03-10"}, ("/vernehmung/am",)),
        ({"geladen": True, "ladung_am": "2026-03-20", "am": "2026-03-20"}, ()),
        (
            {"geladen": True, "ladung_am": "2026-03-21", "am": "2026-03-20"},
            ("/vernehmung/ladung_am",),
        ),
    ],
)
def test_whoever_is_summoned_or_was_heard_has_a_day_for_it(
    hearing: dict[str, Any], wrong: tuple[str, ...]
) -> None:
    """§ 70 Abs. 2 JGG: "spätestens zum Zeitpunkt der Ladung"."""
    assert broken("ladung-oder-vernehmung", {"vernehmung": hearing}) == wrong


def test_only_after_the_investigation_the_first_interrogation_may_be_left_out() -> None:
    assert broken("ladung-oder-vernehmung", {"stand": "ermittlungen"}) == ("/vernehmung",)
    assert broken("ladung-oder-vernehmung", {"stand": "anklage"}) == ()


@pytest.mark.parametrize(
    ("content", "urgency", "wrong"),
    [
        ({"vernehmung": {"geladen": False}}, "planbar", ("/vernehmung/geladen",)),
        ({"vernehmung": {"geladen": False}}, "unverzueglich", ()),
        ({"vernehmung": {"geladen": True}}, "planbar", ()),
        ({"vernehmung": {"geladen": False}, "stand": "anklage"}, "planbar", ()),
        ({"stand": "anklage"}, "planbar", ()),
    ],
)
def test_an_interrogation_without_summons_is_told_without_delay(
    content: dict[str, Any], urgency: str, wrong: tuple[str, ...]
) -> None:
    """§ 70 Abs. 2 JGG: "unverzüglich nach der Vernehmung"."""
    assert broken("ohne-ladung-unverzueglich", content, urgency=urgency) == wrong


@pytest.mark.parametrize(
    ("held", "urgency", "wrong"),
    [
        (True, "unverzueglich", ("/haft",)),
        (True, "planbar", ("/haft",)),
        (True, "sofort", ()),
        (False, "planbar", ()),
    ],
)
def test_somebody_in_custody_does_not_wait(
    held: bool, urgency: str, wrong: tuple[str, ...]
) -> None:
    assert broken("haftsache-ist-sofort", {"haft": held}, urgency=urgency) == wrong


@pytest.mark.parametrize(
    ("order", "basis", "wrong"),
    [
        (None, "sgb10-68", ()),
        (None, "sgb10-73", ("/anordnung",)),
        (ORDER, "sgb10-73", ()),
        (
            {"gericht": "Amtsgericht Soest"},
            "sgb10-73",
            ("/anordnung/am", "/anordnung/aktenzeichen"),
        ),
    ],
)
def test_section_73_needs_the_order_of_a_judge(
    order: dict[str, Any] | None, basis: str, wrong: tuple[str, ...]
) -> None:
    content = {"anordnung": order} if order else {}

    assert broken("anordnung-fuer-73", content, basis) == wrong


@pytest.mark.parametrize(
    ("more", "wrong"),
    [
        ({}, ("/person",)),
        ({"geburt": {"jahr": 1991}}, ()),
        ({"letzte_anschrift": {"ort": "Soest"}}, ()),
    ],
)
def test_a_name_alone_is_not_one_person(more: dict[str, Any], wrong: tuple[str, ...]) -> None:
    """§ 68 SGB X gives in the single case, and half a town can have one name."""
    person = {"familienname": "Musterfrau-Erfunden", "vorname": "Eva", **more}

    assert broken("ersuchen-meint-eine-person", {"person": person}) == wrong


@pytest.mark.parametrize(
    ("results", "values", "wrong"),
    [
        ([("geburtsort", "mitgeteilt")], {"geburtsort": "Soest"}, ()),
        ([("geburtsort", "nicht-bekannt")], {}, ()),
        ([("geburtsort", "mitgeteilt")], {}, ("/angaben/geburtsort",)),
        ([("geburtsort", "nicht-mitgeteilt")], {"geburtsort": "Soest"}, ("/angaben/geburtsort",)),
        (
            [("name", "mitgeteilt")],
            {"familienname": "Musterfrau-Erfunden", "vorname": "Eva"},
            ("/angaben/vorname",),
        ),
        (
            [("vorname", "nicht-bekannt"), ("vorname", "nicht-mitgeteilt")],
            {},
            ("/ergebnisse/1",),
        ),
    ],
)
def test_an_answer_gives_what_it_says_it_gives_and_nothing_unasked(
    results: list[tuple[str, str]], values: dict[str, Any], wrong: tuple[str, ...]
) -> None:
    content = {
        "ergebnisse": [{"angabe": item, "ergebnis": result} for item, result in results],
        "angaben": values,
    }

    assert broken("auskunft-je-angabe", content) == wrong


@pytest.mark.parametrize(
    ("content", "wrong"),
    [
        ({"grund": "irrtum"}, ("",)),
        ({"grund": "irrtum", "teil": "tat", "nummer": 1}, ("",)),
        ({"grund": "irrtum", "angaben": {"geburtsort": "Soest"}}, ()),
    ],
)
def test_a_correction_says_what_is_right(content: dict[str, Any], wrong: tuple[str, ...]) -> None:
    assert broken("berichtigung-nennt-das-richtige", content) == wrong


def test_a_broken_rule_is_refused_with_its_place_in_the_law_and_without_a_value() -> None:
    content: JsonObject = {"person": {"familienname": "Musterfrau-Erfunden", "vorname": "Eva"}}

    with pytest.raises(ContentInvalid) as refused:
        check_rules(["ersuchen-meint-eine-person"], Saying(content, "sgb10-68", "sofort"), str)

    assert refused.value.pointers == ("/person",)
    assert refused.value.basis == "sgb10-68"
    assert "Musterfrau" not in str(refused.value)
