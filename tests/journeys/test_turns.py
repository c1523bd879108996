# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""One after the other is asked about a message: what each may do in its turn, and when that ends.

The desk of Rheinberg is always on duty, its Bereitschaft is asked after it.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.client import Draft, Hub, Message, Refused
from hub.remind import remind
from hub.retain import AFTER_NOTE, retain
from tests.journeys.receipts import word_of, words_of
from tests.journeys.stories import SCHOOL_NOTICE, fetch, notify, take
from tests.world import RHEINBERG, SCHOOL, World, a_world

pytestmark = pytest.mark.anyio
STANDBY = "jugendamt:05170032.bereitschaft"
LATE = 11 * 60
"""Seconds after which an urgent notice that no person took note of has gone to the next."""


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A hub of its own for each test: time goes on for a whole hub, and only forward."""
    with a_world(tmp_path, "schule:999001", "jugendamt:05170032") as made:
        yield made


async def urgent(world: World) -> Draft:
    async with world.hub(SCHOOL) as school:
        return await notify(school, SCHOOL_NOTICE, "sofort")


async def pass_time(world: World, seconds: float) -> None:
    """Let so much time pass for everybody, and the hub do what is due then."""
    world.hands.ahead += seconds
    await remind(world.node, world.clock())


async def waiting(hub: Hub) -> list[Message]:
    found = await hub.lease(limit=20)
    for message in found:
        await message.give_back()
    return found


async def test_the_next_one_gets_nothing_before_his_turn(world: World) -> None:
    notice = await urgent(world)
    async with world.hub(STANDBY) as standby:
        assert await waiting(standby) == []
        with pytest.raises(Refused) as refused:
            await standby.state(notice.id)

        await pass_time(world, 121)
        [message] = await waiting(standby)

    assert refused.value.code == "not-found"
    assert (message.id, message.turn, message.taken) == (notice.id, 2, False)


async def test_both_have_it_and_taken_is_said_once(world: World) -> None:
    notice = await urgent(world)
    await pass_time(world, 121)
    async with world.hub(STANDBY) as standby, world.hub(RHEINBERG) as office:
        await take(standby, notice)
        at_office = await fetch(office, notice)
        await at_office.open()
        said = await at_office.take()
        seen = await office.state(notice.id)

        assert await waiting(standby) == []
        assert await waiting(office) == []

    assert (at_office.turn, at_office.taken, said) == (1, True, None)
    assert sorted(words_of(seen)) == ["accepted", "escalated", "opened", "opened", "taken"]


async def test_two_may_hold_it_at_once_and_whoever_is_second_still_keeps_it(world: World) -> None:
    """Neither waits for the other's lease to end: that could be the one who sleeps."""
    notice = await urgent(world)
    await pass_time(world, 121)
    async with world.hub(STANDBY) as standby, world.hub(RHEINBERG) as office:
        at_office, at_standby = await fetch(office, notice), await fetch(standby, notice)
        for message in (at_office, at_standby):
            await message.open()
        first, second = await at_office.take(), await at_standby.take()

        assert await waiting(standby) == []

    assert first is not None
    assert second is None


async def test_nobody_hands_over_what_nobody_has_opened(world: World) -> None:
    notice = await urgent(world)
    await pass_time(world, 121)
    async with world.hub(STANDBY) as standby:
        message = await fetch(standby, notice)
        with pytest.raises(Refused) as refused:
            await standby.line.send("DELETE", f"/v1/leases/{message.lease}?handed-over=true")

    assert refused.value.code == "not-permitted"


async def test_a_persons_note_stops_the_clock_and_ends_the_turns_of_others(world: World) -> None:
    notice = await urgent(world)
    await pass_time(world, 121)
    async with world.hub(STANDBY) as standby, world.hub(RHEINBERG) as office:
        await take(standby, notice)
        await take(office, notice, "fachkraft")
        for _ in range(5):
            await pass_time(world, LATE)
        state = await office.state(notice.id)
        with pytest.raises(Refused) as refused:
            await standby.state(notice.id)

    assert refused.value.code == "not-found"
    assert words_of(state).count("escalated") == 1
    assert "overdue" not in words_of(state)


async def test_whose_turn_is_over_can_still_say_that_the_copy_is_gone(
    world: World, tmp_path: Path
) -> None:
    notice = await urgent(world)
    await pass_time(world, 121)
    file = tmp_path / "inhalt.json"
    async with world.hub(STANDBY) as standby, world.hub(RHEINBERG) as office:
        at_standby = await fetch(standby, notice)
        await at_standby.open()
        standby.copies.note(at_standby, file)
        file.write_text("{}")
        await at_standby.take()
        await take(office, notice, "fachkraft")
        with pytest.raises(Refused) as refused:
            await at_standby.acknowledge("bereitschaft")
        await standby.erase(notice.id)
        state = await office.state(notice.id)

    assert refused.value.code in {"not-permitted", "not-found"}
    assert "erased" in words_of(state)
    assert not file.exists()


async def test_somebody_who_stands_in_rejects_nothing_in_the_desks_name(world: World) -> None:
    notice = await urgent(world)
    await pass_time(world, 121)
    async with world.hub(STANDBY) as standby:
        message = await fetch(standby, notice)
        with pytest.raises(Refused) as refused:
            await message.reject([{"code": "wrap-unopenable", "pointers": ["/readers/0"]}])

    assert refused.value.code == "not-permitted"


async def test_the_desk_gets_back_what_somebody_else_has_acted_on(world: World) -> None:
    """And keeps it at the hub until it has it itself, however long its office is closed."""
    notice = await urgent(world)
    await pass_time(world, 121)
    async with world.hub(STANDBY) as standby, world.hub(RHEINBERG) as office:
        await take(standby, notice, "bereitschaft")
        await pass_time(world, 5 * 86_400)
        await retain(world.node, world.clock())
        at_office = await fetch(office, notice)
        await at_office.open()
        await at_office.take()
        await at_office.acknowledge("fachkraft")
        said = await office.state(notice.id)
        await pass_time(world, AFTER_NOTE + 60)
        await retain(world.node, world.clock())
        gone = await office.state(notice.id)

    visible = [word for word in words_of(said) if word not in {"opened", "escalated"}]
    assert visible == ["accepted", "taken", "acknowledged", "acknowledged"]
    assert said["content"]
    assert not gone["content"]


async def test_the_same_moment_twice_asks_nobody_twice(world: World) -> None:
    notice = await urgent(world)
    world.hands.ahead += LATE
    for _ in range(4):
        await remind(world.node, world.clock())
    async with world.hub(RHEINBERG) as office:
        state = await office.state(notice.id)

    assert sorted(words_of(state)) == ["accepted", "escalated", "overdue"]
    async with world.hub(SCHOOL) as school:
        assert [word_of(jws) for jws in (await school.events()).values()] == ["overdue"]
