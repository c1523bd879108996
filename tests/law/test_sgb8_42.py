# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""§ 42 SGB VIII: who has to know at once, and how long a child may be held."""

from typing import Any

import pytest

from tests.law.breaking import an_example, breaks, changed, keeps
from tests.law.holds import holds

STEPS = ["uebergabe", "unterbringung", "unterrichtung"]
TOLD = "unterrichtet-oder-nicht-erreicht"
HELD = "freiheitsentziehung-bis-zum-folgetag"
OBJECTION = "widerspruch-mit-zeitpunkt"


@holds("rule:unterrichtet-oder-nicht-erreicht")
@pytest.mark.parametrize("step", STEPS)
def test_abs_2_parents_were_told_and_when_or_nobody_was_reached(step: str) -> None:
    content = changed(
        an_example("inobhutnahme", step),
        lambda it: it.update(information={"betroffene_informiert": "ja"}),
    )

    pointers = breaks(TOLD, "inobhutnahme", step, content)

    assert pointers == ("/information/zeitpunkt",)


def test_abs_2_nobody_reached_is_not_told_either() -> None:
    both: dict[str, Any] = {
        "betroffene_informiert": "ja",
        "zeitpunkt": "2026-03-13T22:30:00+01:00",
        "nicht_erreicht": True,
    }
    content = changed(
        an_example("inobhutnahme", "uebergabe"), lambda it: it.update(information=both)
    )

    pointers = breaks(TOLD, "inobhutnahme", "uebergabe", content)

    assert pointers == ("/information/betroffene_informiert",)


@holds("rule:widerspruch-mit-zeitpunkt")
def test_abs_3_an_objection_has_its_time() -> None:
    """From then on the Jugendamt has to act „unverzüglich“."""
    content = changed(
        an_example("inobhutnahme", "unterrichtung", "vollstaendig"),
        lambda it: it.update(widerspruch={"erhoben": True}),
    )

    pointers = breaks(OBJECTION, "inobhutnahme", "unterrichtung", content)

    assert pointers == ("/widerspruch/zeitpunkt",)


def held(since: str, until: str, **more: Any) -> dict[str, Any]:
    return changed(
        an_example("inobhutnahme", "uebergabe"),
        lambda it: it.update(
            freiheitsentziehung={"besteht": True, "seit": since, "endet": until, **more}
        ),
    )


@holds("rule:freiheitsentziehung-bis-zum-folgetag")
@pytest.mark.parametrize(
    "until", ["2026-03-15T00:00:00+01:00", "2026-03-14T23:30:00Z", "2026-03-13T21:00:00+01:00"]
)
def test_abs_5_nobody_is_held_beyond_the_day_after(until: str) -> None:
    """„mit Ablauf des Tages nach ihrem Beginn“, whatever zone the clock is written in."""
    content = held("2026-03-13T21:40:00+01:00", until)

    pointers = breaks(HELD, "inobhutnahme", "uebergabe", content)

    assert pointers == ("/freiheitsentziehung/endet",)


def test_abs_5_until_then_it_is_lawful() -> None:
    content = held("2026-03-13T21:40:00+01:00", "2026-03-14T23:59:59+01:00")

    keeps(HELD, "inobhutnahme", "uebergabe", content)
