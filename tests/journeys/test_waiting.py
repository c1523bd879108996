# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Whoever waits is woken: the desk by a notice, the sender by what became of it."""

import asyncio

import pytest

from tests.world import KREIS, SCHOOL, World, example

pytestmark = pytest.mark.anyio


async def test_a_desk_that_waits_gets_a_notice_while_it_waits(world: World) -> None:
    async with world.hub(SCHOOL) as school, world.hub(KREIS) as office:
        await school.directory()
        waiting = asyncio.create_task(office.lease(wait=30))
        draft = school.compose(
            protocol="schule-mitteilung",
            step="mitteilung",
            to=KREIS,
            urgency="sofort",
            content=example("schule-mitteilung", "mitteilung"),
        )
        await school.submit(draft)

        [notice] = await asyncio.wait_for(waiting, 20)

        assert notice.id == draft.id


async def test_a_sender_that_waits_hears_of_the_acknowledgement_while_it_waits(
    world: World,
) -> None:
    async with world.hub(SCHOOL) as school, world.hub(KREIS) as office:
        await school.directory()
        draft = school.compose(
            protocol="schule-mitteilung",
            step="mitteilung",
            to=KREIS,
            urgency="planbar",
            content=example("schule-mitteilung", "mitteilung"),
        )
        await school.submit(draft)
        notice = next(each for each in await office.lease(limit=20) if each.id == draft.id)
        await notice.open()
        known = tuple(await school.events())
        waiting = asyncio.create_task(school.events(known, wait=30))
        taken = await notice.take()

        said = await asyncio.wait_for(waiting, 20)

        assert list(said) == [taken.receipt.id]
