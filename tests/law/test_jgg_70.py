# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""§§ 38, 70 JGG: in time for the first interrogation, and at once where somebody is held."""

from typing import Any

import pytest

from tests.law.breaking import an_example, breaks, changed, keeps
from tests.law.holds import holds

STEPS = ["mitteilung", "unterrichtung"]
DATED = "ladung-oder-vernehmung"
AFTER = "ohne-ladung-unverzueglich"
HELD = "haftsache-ist-sofort"


def a_notice(step: str, **changes: Any) -> dict[str, Any]:
    """Return a notice of the stage in which the first interrogation is."""
    stage = {"stand": "ermittlungen"} if step == "unterrichtung" else {}
    return changed(
        an_example("jugendgerichtshilfe", step, "vollstaendig"),
        lambda it: it.update(haft=False, **stage, **changes),
    )


@holds("rule:ladung-oder-vernehmung")
@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize(
    ("hearing", "where"),
    [
        ({"geladen": True, "am": "2026-03-20"}, "/vernehmung/ladung_am"),
        ({"geladen": False}, "/vernehmung/am"),
        (
            {"geladen": True, "ladung_am": "2026-03-21", "am": "2026-03-20"},
            "/vernehmung/ladung_am",
        ),
    ],
    ids=["no day of the summons", "no day of the interrogation", "summoned afterwards"],
)
def test_abs_2_the_summons_or_the_interrogation_has_its_day(
    step: str, hearing: dict[str, Any], where: str
) -> None:
    """„spätestens zum Zeitpunkt der Ladung“."""
    content = a_notice(step, vernehmung=hearing)

    assert breaks(DATED, "jugendgerichtshilfe", step, content) == (where,)


@holds("rule:ohne-ladung-unverzueglich")
@pytest.mark.parametrize("step", STEPS)
def test_abs_2_without_a_summons_it_is_told_at_once(step: str) -> None:
    """„unverzüglich nach der Vernehmung“."""
    content = a_notice(step, vernehmung={"geladen": False, "am": "2026-03-20"})

    assert breaks(AFTER, "jugendgerichtshilfe", step, content, urgency="planbar") == (
        "/vernehmung/geladen",
    )
    keeps(AFTER, "jugendgerichtshilfe", step, content, urgency="unverzueglich")


@holds("rule:haftsache-ist-sofort")
@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("urgency", ["unverzueglich", "planbar"])
def test_where_somebody_is_held_nothing_waits(step: str, urgency: str) -> None:
    content = changed(a_notice(step), lambda it: it.update(haft=True))

    assert breaks(HELD, "jugendgerichtshilfe", step, content, urgency=urgency) == ("/haft",)
