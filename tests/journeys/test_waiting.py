# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Whoever waits is woken: the desk by a notice, the sender by what became of it."""

import asyncio

import pytest

from tests.world import KREIS, SCHOOL, World, example

pytestmark = pytest.mark.anyio


async def somebody_waits(world: World) -> None:
    """Let the loop go on until the request of the desk has come to its wait."""
    async with asyncio.timeout(20):
        while not world.node.waiting.is_expected(KREIS):  # noqa: ASYNC110  another loop tells
            await asyncio.sleep(0)


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

        assert taken is not None
        assert list(said) == [taken.receipt.id]


async def test_a_desk_that_waits_gets_what_another_gives_back(world: World) -> None:
    async with (
        world.hub(SCHOOL) as school,
        world.hub(KREIS) as office,
        world.hub(KREIS) as colleague,
    ):
        for earlier in await office.lease(limit=20):
            await earlier.open()
            await earlier.take()
        await school.directory()
        draft = school.compose(
            protocol="schule-mitteilung",
            step="mitteilung",
            to=KREIS,
            urgency="planbar",
            content=example("schule-mitteilung", "mitteilung"),
        )
        await school.submit(draft)
        [notice] = await colleague.lease()
        waiting = asyncio.create_task(office.lease(wait=30))
        await somebody_waits(world)
        await notice.give_back()

        [again] = await asyncio.wait_for(waiting, 20)

        assert again.id == draft.id


async def test_a_ring_with_nothing_behind_it_does_not_end_the_wait(world: World) -> None:
    """Another worker may have been quicker; then one waits on, and does not ask in circles."""
    async with world.hub(SCHOOL) as school, world.hub(KREIS) as office:
        for earlier in await office.lease(limit=20):
            await earlier.open()
            await earlier.take()
        await school.directory()
        waiting = asyncio.create_task(office.lease(wait=30))
        await somebody_waits(world)
        await world.node.writer.commit(lambda _connection: world.node.waiting.promise(KREIS))
        draft = school.compose(
            protocol="schule-mitteilung",
            step="mitteilung",
            to=KREIS,
            urgency="planbar",
            content=example("schule-mitteilung", "mitteilung"),
        )
        await school.submit(draft)

        [notice] = await asyncio.wait_for(waiting, 20)

        assert notice.id == draft.id
