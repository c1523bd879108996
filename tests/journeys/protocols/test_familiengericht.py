# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""P08: the Familiengericht is called upon, or gives a hint; what it decides is told."""

import pytest

from tests.journeys.protocols.cast import ASD, JUDGE
from tests.journeys.protocols.endings import closes, puts_right_and_takes_back
from tests.journeys.protocols.telling import telling
from tests.world import World

pytestmark = pytest.mark.anyio


async def test_the_court_is_called_upon_hears_decides_and_looks_again(everybody: World) -> None:
    """§ 8a Abs. 2 SGB VIII, § 162 Abs. 3 FamFG; the filing itself goes by the court's channel."""
    async with telling(everybody, "familiengericht", ASD, JUDGE) as tale:
        office, court = tale.sides
        call = await office.says("anrufung", "vollstaendig")
        assert await office.may_say() == set()
        assert await court.may_say() == {"termin", "entscheidung", "abschluss"}

        hearing = await court.says("termin", "eroerterung")
        decision = await court.says("entscheidung", "einstweilig")
        assert "ueberpruefung" in await court.may_say()
        review = await court.says("ueberpruefung", "angesetzt")

        end = await closes(court, "abschluss")
        for said in (call, hearing, decision, review, end):
            await puts_right_and_takes_back(tale, said, "eintrag")


async def test_a_hint_of_the_court_comes_without_being_asked(everybody: World) -> None:
    async with telling(everybody, "familiengericht", JUDGE, ASD) as tale:
        court, office = tale.sides
        hint = await court.says("hinweis", "vollstaendig")
        assert await office.may_say() == set()
        assert await court.may_say() == {"termin", "entscheidung", "ueberpruefung", "abschluss"}

        await closes(court, "abschluss")
        await puts_right_and_takes_back(tale, hint, "eintrag")
