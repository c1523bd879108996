# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Rules of taking a child into care, and of calling first."""

from typing import Any

import pytest

from hub.protocols.rules import RULES, Saying


def broken(rule: str, **content: Any) -> tuple[str, ...]:
    return RULES[rule].check(Saying(content, "sgb8-42", "sofort"))


def test_a_call_leaves_its_time_where_only_one_office_can_be_called() -> None:
    rule = "anruf-mit-zeit"

    assert broken(rule, anruf={"erfolgt": False}) == ()
    assert broken(rule, anruf={"erfolgt": True, "zeitpunkt": "2026-03-13T22:10:00+01:00"}) == ()
    assert broken(rule, anruf={"erfolgt": True}) == ("/anruf/zeitpunkt",)


@pytest.mark.parametrize(
    ("information", "place"),
    [
        ({"betroffene_informiert": "ja", "zeitpunkt": "2026-03-13T22:10:00+01:00"}, ""),
        ({"betroffene_informiert": "nein-schutz"}, ""),
        ({"nicht_erreicht": True}, ""),
        ({"betroffene_informiert": "nein-schutz", "nicht_erreicht": False}, ""),
        ({"betroffene_informiert": "ja"}, "zeitpunkt"),
        ({}, "betroffene_informiert"),
        ({"nicht_erreicht": False}, "betroffene_informiert"),
        ({"betroffene_informiert": "ja", "nicht_erreicht": True}, "betroffene_informiert"),
    ],
)
def test_parents_have_been_told_or_were_not_yet_reached(
    information: dict[str, Any], place: str
) -> None:
    pointers = broken("unterrichtet-oder-nicht-erreicht", information=information)

    assert pointers == ((f"/information/{place}",) if place else ())


def test_an_objection_has_its_time() -> None:
    rule = "widerspruch-mit-zeitpunkt"

    assert broken(rule, widerspruch={"erhoben": False}) == ()
    assert broken(rule, widerspruch={"erhoben": True}) == ("/widerspruch/zeitpunkt",)
    assert (
        broken(rule, widerspruch={"erhoben": True, "zeitpunkt": "2026-03-14T08:10:00+01:00"}) == ()
    )


@pytest.mark.parametrize(
    ("until", "is_fine"),
    [
        ("2026-03-14T23:59:59+01:00", True),
        ("2026-03-14T22:59:59Z", True),
        ("2026-03-13T23:00:00+01:00", True),
        ("2026-03-15T00:00:00+01:00", False),
        ("2026-03-14T23:30:00Z", False),
        ("2026-03-13T20:00:00+01:00", False),
        (None, False),
    ],
)
def test_nobody_is_held_beyond_the_following_day(until: str | None, is_fine: bool) -> None:
    held: dict[str, Any] = {"besteht": True, "seit": "2026-03-13T21:40:00+01:00"}
    if until:
        held["endet"] = until

    pointers = broken("freiheitsentziehung-bis-zum-folgetag", freiheitsentziehung=held)

    assert pointers == (() if is_fine else ("/freiheitsentziehung/endet",))


def test_a_court_may_decide_otherwise() -> None:
    held: dict[str, Any] = {"besteht": True, "gericht_hat_entschieden": True}
    rule = "freiheitsentziehung-bis-zum-folgetag"

    assert broken(rule, freiheitsentziehung=held) == ("/freiheitsentziehung/seit",)
    held |= {"seit": "2026-03-13T21:40:00+01:00", "endet": "2026-03-27T12:00:00+01:00"}
    assert broken(rule, freiheitsentziehung=held) == ()


def test_who_is_free_is_not_asked_for_times() -> None:
    rule = "freiheitsentziehung-bis-zum-folgetag"

    assert broken(rule, freiheitsentziehung={"besteht": False}) == ()
    assert broken(rule) == ()


def test_a_correction_holds_what_belongs_to_the_corrected_message() -> None:
    rule = "stand-nur-zum-berichtigten"
    time = "2026-03-13T22:55:00+01:00"

    assert broken(rule, berichtigt="uebernahme", uebernommen_um=time) == ()
    assert broken(rule, berichtigt="ende", beendet_um=time) == ()
    assert broken(rule, berichtigt="ende", uebernommen_um=time) == ("/uebernommen_um",)
    assert broken(rule, berichtigt="uebernahme", beendet_um=time) == ("/beendet_um",)
