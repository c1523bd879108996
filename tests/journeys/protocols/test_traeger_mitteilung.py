# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""P18a: a Träger tells; where the person is one of § 4 Abs. 1 KKG, it hears three facts."""

import pytest

from hub.errors import ReaderKeyStale
from tests.journeys.protocols.cast import ASD, TRAEGER
from tests.journeys.protocols.notices import comes_back_as_three_facts
from tests.journeys.protocols.telling import telling
from tests.world import World

pytestmark = pytest.mark.anyio


async def test_a_notice_of_a_traeger_comes_back_as_three_facts(everybody: World) -> None:
    async with telling(everybody, "traeger-mitteilung", TRAEGER, ASD) as tale:
        await comes_back_as_three_facts(tale, "vollstaendig")


async def test_another_profession_is_owed_a_receipt_and_no_rueckmeldung(everybody: World) -> None:
    """Whoever is none of § 4 Abs. 1 KKG names no key, and without one nothing can be sealed."""
    async with telling(everybody, "traeger-mitteilung", TRAEGER, ASD) as tale:
        teller, office = tale.sides
        notice = await teller.says("mitteilung", "minimal", urgency="unverzueglich")

        with pytest.raises(ReaderKeyStale):
            await office.composes("rueckmeldung", about=notice)
