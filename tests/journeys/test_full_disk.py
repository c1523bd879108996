# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Before the disk is full the hub takes nothing new, and brings what it has to its end.

``tests/faults`` shows what a disk does that is really full; here the hub only believes so.
"""

from collections.abc import Iterator

import httpx2
import pytest

from hub.client import Hub
from hub.client.answers import Unreachable
from hub.main.work import turn
from hub.store.messages import read_content
from tests.journeys.books import books
from tests.world import RHEINBERG, SCHOOL, Clock, World, example

pytestmark = pytest.mark.anyio
DAY = 86_400


@pytest.fixture
def full(world: World) -> Iterator[None]:
    world.node.is_short_of_space = lambda: True
    yield
    world.node.is_short_of_space = lambda: False


async def notify(school: Hub) -> str:
    await school.directory()
    draft = school.compose(
        protocol="schule-mitteilung",
        step="mitteilung",
        to=RHEINBERG,
        urgency="planbar",
        content=example("schule-mitteilung", "mitteilung"),
    )
    await school.submit(draft)
    return draft.id


def put(world: World) -> httpx2.Response:
    return httpx2.put(
        f"{world.url}/v1/messages/0193504f-7c2a-7d41-8e5b-00000000000f", content=b"{}"
    )


@pytest.mark.usefixtures("full")
def test_a_new_message_is_told_to_come_later_and_leaves_nothing(world: World) -> None:
    before = books(world)

    answer = put(world)

    assert (answer.status_code, answer.json()["code"]) == (503, "storage-full")
    assert int(answer.headers["retry-after"]) > 0
    assert books(world) == before
    assert httpx2.get(f"{world.url}/health/ready").status_code == 503
    assert httpx2.get(f"{world.url}/health/live").status_code == 200


async def test_what_is_there_is_fetched_acknowledged_and_erased(world: World, clock: Clock) -> None:
    async with world.hub(SCHOOL) as school, world.hub(RHEINBERG) as office:
        sent = await notify(school)
        world.node.is_short_of_space = lambda: True
        try:
            [message] = await office.lease()
            await message.open()
            await message.take()
            await office.acknowledge(sent, "fachkraft")
            assert len(await school.events()) == 2
            clock.ahead = DAY + 60
            await turn(world.node, clock())
        finally:
            world.node.is_short_of_space = lambda: False
            clock.ahead = 0
    view = world.node.readers.run_now(lambda connection: read_content(connection, sent))
    assert view is None


async def test_once_there_is_room_all_is_as_before(world: World) -> None:
    world.node.is_short_of_space = lambda: True
    assert put(world).status_code == 503
    world.node.is_short_of_space = lambda: False

    assert put(world).status_code == 401
    assert httpx2.get(f"{world.url}/health/ready").status_code == 200
    async with world.hub(SCHOOL) as school:
        await notify(school)


@pytest.mark.usefixtures("full")
async def test_a_client_keeps_what_it_could_not_hand_in(world: World) -> None:
    async with world.hub(SCHOOL) as school:
        with pytest.raises(Unreachable):
            await notify(school)
        [kept] = school.outbox
        world.node.is_short_of_space = lambda: False
        await school.submit(kept)
