# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who stands in neither ends what others have in hand, nor leaves the desk without it."""

import pytest

from hub.client import Draft, Refused
from hub.main.work import turn
from hub.model.roster import Roster
from tests.journeys.networks.test_handing_over import HANDOVER, a_night, hands_over, says
from tests.journeys.networks.werne import (
    ASD,
    HEAD,
    PATROL,
    SATURDAY,
    SERVICE,
    at,
    content,
    entries,
    fetch,
    fetches,
    files,
    pass_time,
    publish,
    travel,
)
from tests.journeys.receipts import words_of
from tests.world import World

pytestmark = pytest.mark.anyio
MORE_THAN_A_DAY = 25 * 60
"""Minutes."""


async def test_the_desk_still_gets_what_it_takes_over_a_day_after_the_service_took_note(
    night: World,
) -> None:
    """The 24 hours after a person took note are over; those of the desk have not begun."""
    notice = await a_night(night)
    handover = await hands_over(night, ASD)
    await says(night, notice, handover)
    await pass_time(night, MORE_THAN_A_DAY)
    async with night.hub(ASD) as office:
        [got] = await fetch(office)
        by_name = content(HANDOVER, "uebernahme", "minimal")
        await got.answer("uebernahme", by_name, "unverzueglich")
    await turn(night.node, night.clock())

    assert await fetches(night, ASD) == [notice.id]
    assert await _has_content(night, notice)
    async with night.hub(ASD) as office:
        await office.acknowledge(notice.id, "fachkraft")
    await pass_time(night, MORE_THAN_A_DAY)
    assert not await _has_content(night, notice)


async def test_a_person_of_the_desk_who_was_rung_up_gets_it_as_well(night: World) -> None:
    """It says that it knows before its software has ever been given the notice."""
    notice = await a_night(night)
    async with night.hub(ASD) as office:
        await office.acknowledge(notice.id, "leitung")
    await pass_time(night, MORE_THAN_A_DAY)

    assert await fetches(night, ASD) == [notice.id]


async def test_who_cannot_read_is_called_once_and_the_next_one_is_asked_after_him(
    night: World,
) -> None:
    """Whoever joined the roster after sealing has no wrap; he must not stand before who has."""
    await travel(night, SATURDAY)
    with_head, without = _rosters(night)
    publish(night, ASD, roster=without)
    notice = await files(night)
    publish(night, ASD, roster=with_head)
    await pass_time(night, 2.1)
    assert [await fetches(night, unit) for unit in (HEAD, ASD)] == [[], []]
    await pass_time(night, 10)
    assert await fetches(night, ASD) == [notice.id]
    for _ in range(3):
        await pass_time(night, 11)

    assert len(entries(night, notice.id, "message.escalated")) == 2
    async with night.hub(HEAD) as head:
        with pytest.raises(Refused) as refused:
            await head.state(notice.id)
    assert refused.value.code == "not-found", "what he cannot read he need not know of"


async def test_the_second_clock_runs_out_when_it_says_and_not_later(night: World) -> None:
    """Two minutes to be taken, ten to be acknowledged; an escalation moves neither."""
    await travel(night, SATURDAY)
    notice = await files(night)
    await pass_time(night, 2.1)
    await pass_time(night, 8)

    assert len(entries(night, notice.id, "message.escalated")) == 2


async def test_after_days_without_a_hub_the_next_are_asked_as_quickly_as_ever(
    night: World,
) -> None:
    """Once a day is for whom it reminded often, and not for whom it never asked."""
    await travel(night, SATURDAY)
    notice = await files(night)
    await pass_time(night, 3 * 24 * 60)
    await pass_time(night, 11)

    assert len(entries(night, notice.id, "message.escalated")) == 2


async def test_who_has_duty_at_eight_is_asked_at_eight(night: World) -> None:
    """Whom the night has asked in vain is reminded in two hours; the desk need not wait for it."""
    await travel(night, at(2026, 10, 12, 6, 30))
    notice = await files(night, urgency="unverzueglich")
    for minutes in (16, 74):
        assert await fetches(night, ASD) == []
        await pass_time(night, minutes)

    assert await fetches(night, ASD) == [notice.id]


async def test_who_was_asked_first_rejects_nothing_that_another_has_in_hand(night: World) -> None:
    """Its own wrap may be all that is wrong, and the other is on the way to the child."""
    await travel(night, SATURDAY)
    notice = await files(night)
    async with night.hub(SERVICE) as service:
        [message] = await service.lease()
        await pass_time(night, 3)
        assert await fetches(night, HEAD) == [notice.id]
        with pytest.raises(Refused) as refused:
            await message.reject([{"code": "wrap-unopenable", "pointers": ["/readers/0"]}])

    assert refused.value.code == "not-permitted"


async def test_what_was_taken_back_is_nothing_to_whoever_was_asked(night: World) -> None:
    await travel(night, SATURDAY)
    notice = await files(night)
    async with night.hub(PATROL) as patrol, night.hub(SERVICE) as service:
        await patrol.withdraw(notice.id)
        with pytest.raises(Refused) as refused:
            await service.state(notice.id)

    assert refused.value.code == "not-found"


async def test_what_was_signed_before_the_roster_changed_is_still_heard(night: World) -> None:
    """Else one contract that ends would stop everything that its sender is still to hear."""
    await travel(night, SATURDAY)
    notice = await files(night)
    await fetches(night, SERVICE)
    _without_the_service(night)
    async with night.hub(PATROL) as patrol:
        await patrol.events()
        shown = [each.word for each in await patrol.sender_view(notice.id)]

    assert shown == ["accepted", "taken"]


def _rosters(world: World) -> tuple[Roster, Roster]:
    """Return a roster with the head behind the service, and one without; the desk comes last."""
    unit = world.node.directory.unit(ASD)
    assert unit is not None
    assert unit.roster is not None
    service, head, desk = (
        next(line for line in unit.roster.lines if line.unit == each)
        for each in (SERVICE, HEAD, ASD)
    )
    desk = desk.model_copy(update={"order": 4, "when": "always"})
    one, other = (service, head, desk), (service, desk)
    return (
        unit.roster.model_copy(update={"lines": one}),
        unit.roster.model_copy(update={"lines": other}),
    )


def _without_the_service(world: World) -> None:
    unit = world.node.directory.unit(ASD)
    assert unit is not None
    assert unit.roster is not None
    lines = tuple(line for line in unit.roster.lines if line.unit != SERVICE)
    publish(world, ASD, roster=unit.roster.model_copy(update={"lines": lines}))


async def _has_content(world: World, notice: Draft) -> bool:
    async with world.hub(ASD) as office:
        state = await office.state(notice.id)
    assert "accepted" in words_of(state)
    return bool(state["content"])
