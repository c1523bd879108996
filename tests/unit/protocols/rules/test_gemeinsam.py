# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Rules that hold in many protocols alike, and how a rule refuses."""

from typing import Any

import pytest

from hub.errors import ContentInvalid
from hub.protocols.rules import RULES, Saying, check_rules


def broken(rule: str, content: dict[str, Any], urgency: str = "planbar") -> tuple[str, ...]:
    return RULES[rule].check(Saying(content, "kkg-4-3", urgency))


def test_whoever_did_not_inform_says_why() -> None:
    rule = "ohne-hinweis-nur-mit-grund"

    assert broken(rule, {"information": {"betroffene_informiert": "ja"}}) == ()
    assert broken(rule, {"information": {"betroffene_informiert": "nicht-vorgesehen"}}) == ()
    assert (
        broken(rule, {"information": {"betroffene_informiert": "nein-schutz", "grund": "Weil"}})
        == ()
    )
    assert broken(rule, {"information": {"betroffene_informiert": "nein-schutz"}}) == (
        "/information/grund",
    )


@pytest.mark.parametrize(
    ("birth", "is_fine"),
    [
        ({"jahr": 2015}, True),
        ({"jahr": 2015, "monat": 2}, True),
        ({"jahr": 2016, "monat": 2, "tag": 29}, True),
        ({"jahr": 2015, "monat": 2, "tag": 29}, False),
        ({"jahr": 2015, "tag": 3}, False),
        ({"jahr": 2015, "monat": 4, "tag": 31}, False),
    ],
)
def test_a_birthday_exists(birth: dict[str, int], is_fine: bool) -> None:
    pointers = broken("geburtstag-nur-mit-monat", {"kind": {"geburt": birth}})

    assert pointers == (() if is_fine else ("/kind/geburt/tag",))


def test_a_call_leaves_its_time_and_its_office() -> None:
    rule = "anruf-mit-zeit-und-stelle"

    assert broken(rule, {"anruf": {"erfolgt": False}}) == ()
    assert broken(rule, {"anruf": {"erfolgt": True}}) == ("/anruf/zeitpunkt", "/anruf/stelle")


def test_where_a_shelter_is_stands_in_no_message() -> None:
    rule = "schutzunterkunft-ohne-anschrift"

    assert broken(rule, {"aufenthalt": {"art": "zuhause", "angabe": "bei der Tante"}}) == ()
    assert broken(rule, {"aufenthalt": {"art": "schutzunterkunft"}}) == ()
    assert broken(rule, {"kind": {"aufenthalt": {"art": "schutzunterkunft", "angabe": "da"}}}) == (
        "/kind/aufenthalt/angabe",
    )


def test_a_rule_refuses_with_its_sentence_its_law_and_no_value() -> None:
    content: dict[str, Any] = {"information": {"betroffene_informiert": "nein-schutz"}}
    saying = Saying(content, "kkg-4-3", "planbar")

    with pytest.raises(ContentInvalid) as refused:
        check_rules(("ohne-hinweis-nur-mit-grund",), saying, lambda code: f"§ {code}")

    assert refused.value.basis == "§ sgb10-82a-3"
    assert refused.value.pointers == ("/information/grund",)
    assert "nein-schutz" not in str(refused.value)
    assert "nein-schutz" not in repr(saying)


def test_every_rule_has_a_sentence_and_is_called_what_it_is_filed_under() -> None:
    assert all(name == rule.id for name, rule in RULES.items())
    assert all(rule.says.endswith(".") for rule in RULES.values())


def test_whoever_did_not_talk_says_why() -> None:
    rule = "gespraech-oder-warum-nicht"
    open_end = {"schritte": {"gespraech_kind": {"erfolgt": False}}}

    assert broken(rule, {"schritte": {"gespraech_eltern": {"erfolgt": True}}}) == ()
    assert broken(rule, open_end) == ("/schritte/gespraech_kind/ergebnis",)


def test_feedback_is_for_the_professions_that_the_law_names() -> None:
    rule = "rueckmeldung-nur-fuer-berufe-des-abs-1"

    def said_by(profession: str) -> dict[str, Any]:
        return {"absender": {"berufsgruppe": profession}, "rueckmeldung_an": "kid"}

    assert broken(rule, said_by("lehrkraft")) == ()
    assert broken(rule, said_by("sonstige")) == ("/rueckmeldung_an",)
    assert broken(rule, {"absender": {"berufsgruppe": "sonstige"}}) == ()


def test_nobody_is_still_active_who_never_became_it() -> None:
    rule = "noch-taetig-nur-nach-taetig-geworden"

    assert broken(rule, {"taetig_geworden": True, "noch_taetig": True}) == ()
    assert broken(rule, {"taetig_geworden": False, "noch_taetig": False}) == ()
    assert broken(rule, {"taetig_geworden": False, "noch_taetig": True}) == ("/noch_taetig",)
