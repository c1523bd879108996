# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Rules of what a Jugendamt passes on, hands over or asks others to do."""

import json
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from hub.errors import ContentInvalid
from hub.protocols.rules import RULES, Saying, check_rules
from hub.schemas import SCHEMAS, SPECS

OWN = ("jugendamt-einschaltung", "jugendamt-mitteilung", "fallabgabe", "krisendienst-uebergabe")
TALK = {"erfolgt": True, "am": "2026-04-07", "beteiligte": ["abgebende-fachkraft"]}
VALID = [
    path for name in OWN for path in sorted((SCHEMAS / name / "1.0.0/examples").glob("*.valid.*"))
]


def broken(rule: str, content: dict[str, Any]) -> tuple[str, ...]:
    return RULES[rule].check(Saying(content, "sgb8-8a-1", "planbar"))


def rules_of(protocol: str, step: str) -> list[str]:
    written = YAML(typ="safe", pure=True).load(
        SPECS / "protocols" / protocol / "1.0.0/protocol.yaml"
    )
    found: list[str] = next(each for each in written["steps"] if each["id"] == step).get(
        "rules", []
    )
    return found


@pytest.mark.parametrize("path", VALID, ids=lambda path: f"{path.parts[-4]}/{path.stem}")
def test_a_valid_example_keeps_the_rules_of_its_step(path: Path) -> None:
    saying = Saying(json.loads(path.read_text("utf-8")), "sgb8-8a-1", "sofort")

    check_rules(rules_of(path.parts[-4], path.stem.split(".")[0]), saying, str)


@pytest.mark.parametrize(
    ("parents", "missing"),
    [
        ({"versucht": True, "ergebnis": "lehnen-ab"}, ()),
        ({"versucht": True, "grund": "Weil"}, ("/eltern/ergebnis",)),
        ({"versucht": False, "grund": "Weil"}, ()),
        ({"versucht": False, "ergebnis": "lehnen-ab"}, ("/eltern/grund",)),
    ],
)
def test_the_parents_are_asked_first_or_it_says_why_not(
    parents: dict[str, Any], missing: tuple[str, ...]
) -> None:
    assert broken("eltern-zuerst-oder-warum-nicht", {"eltern": parents}) == missing


@pytest.mark.parametrize(
    "rule", ["weitergabe-im-gespraech-oder-mit-grund", "gespraech-belegt-oder-begruendet"]
)
def test_a_talk_leaves_its_day_and_who_took_part_or_the_reason_why_it_follows(rule: str) -> None:
    assert broken(rule, {"gespraech": TALK}) == ()
    assert broken(rule, {"gespraech": {"erfolgt": False, "grund": "Folgt morgen."}}) == ()
    assert broken(rule, {"gespraech": {"erfolgt": False}}) == ("/gespraech/grund",)
    assert broken(rule, {"gespraech": {"erfolgt": True, "beteiligte": []}}) == (
        "/gespraech/am",
        "/gespraech/beteiligte",
    )


def test_a_takeover_without_a_talk_breaks_nothing() -> None:
    """In an uebernahme the talk is there only if it took place later."""
    assert broken("weitergabe-im-gespraech-oder-mit-grund", {"ab": "2026-04-07"}) == ()


def test_a_case_with_a_hilfeplan_is_handed_over_in_a_talk() -> None:
    rule = "hilfeplanfall-nur-mit-gespraech"

    assert broken(rule, {"hilfeplanfall": True, "gespraech": TALK}) == ()
    assert broken(
        rule, {"hilfeplanfall": True, "gespraech": {"erfolgt": False, "grund": "Keine Zeit."}}
    ) == ("/gespraech/erfolgt",)
    assert broken(rule, {"hilfeplanfall": True, "gespraech": {"erfolgt": True}}) == (
        "/gespraech/am",
        "/gespraech/beteiligte",
    )


def test_a_case_without_a_hilfeplan_may_do_without_a_talk() -> None:
    content = {"hilfeplanfall": False, "gespraech": {"erfolgt": False, "grund": "Nur Beratung."}}

    assert broken("hilfeplanfall-nur-mit-gespraech", content) == ()


@pytest.mark.parametrize(
    ("content", "pointers"),
    [
        ({"teil": "kind", "richtig": "Neu"}, ()),
        ({"teil": "anvertrautes", "richtig_anvertraut": "Neu"}, ()),
        ({"teil": "kind"}, ("/richtig",)),
        ({"teil": "kind", "richtig": "Neu", "richtig_anvertraut": "x"}, ("/richtig_anvertraut",)),
        ({"teil": "anvertrautes", "richtig": "Neu"}, ("/richtig_anvertraut", "/richtig")),
    ],
)
def test_what_was_entrusted_is_corrected_in_its_own_field(
    content: dict[str, Any], pointers: tuple[str, ...]
) -> None:
    """A correction in the open field would give it to readers who do not have the class."""
    assert broken("anvertrautes-nur-im-eigenen-feld", content) == pointers


def test_whoever_was_promised_confidence_is_not_named() -> None:
    rule = "zugesagte-anonymitaet-ohne-angaben"
    caller = {"name": {"familienname": "Nachbarin-Erfunden"}, "kontakt": {"kanal": "02"}}

    assert broken(rule, {"anrufende_person": {"anonymitaet_zugesagt": True}}) == ()
    assert broken(rule, {"anrufende_person": {"anonymitaet_zugesagt": False, **caller}}) == ()
    assert broken(rule, {"anrufende_person": {"anonymitaet_zugesagt": True, **caller}}) == (
        "/anrufende_person/name",
        "/anrufende_person/kontakt",
    )


def test_the_refusal_cites_the_law_and_names_nobody() -> None:
    content: dict[str, Any] = {
        "anrufende_person": {
            "anonymitaet_zugesagt": True,
            "name": {"familienname": "Nachbarin-Erfunden"},
        }
    }
    saying = Saying(content, "sgb8-8a-1", "sofort")

    with pytest.raises(ContentInvalid) as refused:
        check_rules(rules_of("krisendienst-uebergabe", "uebergabe"), saying, str)

    assert refused.value.basis == "sgb1-35"
    assert refused.value.pointers == ("/anrufende_person/name",)
    assert "Nachbarin" not in str(refused.value)
