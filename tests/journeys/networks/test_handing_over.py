# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The end of a night's duty: it comes with the takeover, and with nothing else.

§ 4 Abs. 2 LKiSchG NRW asks for somebody at any time; so nobody is out of it before another is in.
"""

from pathlib import Path
from typing import Final

import pytest

from hub.audit.verify import verify_db
from hub.client import Draft, Message, Refused
from tests.databases import sqlite_only
from tests.journeys.copies import copy_of
from tests.journeys.networks.werne import (
    ASD,
    HEAD,
    LUENEN,
    MONDAY,
    SATURDAY,
    SERVICE,
    content,
    entries,
    fetch,
    fetches,
    files,
    pass_time,
    travel,
)
from tests.journeys.receipts import words_of
from tests.journeys.test_passing import Named, state, statement
from tests.world import World

pytestmark = pytest.mark.anyio

HANDOVER: Final = "krisendienst-uebergabe"


async def a_night(world: World) -> Draft:
    """Have the service take note of a notice on Saturday at 21:52."""
    await travel(world, SATURDAY)
    notice = await files(world)
    await fetches(world, SERVICE)
    async with world.hub(SERVICE) as service:
        await service.acknowledge(notice.id, "bereitschaft")
    return notice


async def hands_over(world: World, to: str) -> Draft:
    """Have the service tell a desk what was; the hub does not yet know of what."""
    async with world.hub(SERVICE) as service:
        await service.directory()
        draft = service.compose(
            protocol=HANDOVER,
            step="uebergabe",
            to=to,
            urgency="unverzueglich",
            content=content(HANDOVER, "uebergabe"),
        )
        await service.submit(draft)
    return draft


async def says(world: World, notice: Draft, handover: Draft) -> None:
    """Have the service say, signed, that the notice goes on with the handover."""
    jws = statement(world.agency(SERVICE), Named.of(notice), Named.of(handover))
    await state(world, SERVICE, notice.id, jws)


async def takes_over(world: World, handover: Draft) -> None:
    async with world.hub(ASD) as office:
        got: dict[str, Message] = {message.id: message for message in await fetch(office)}
        for message in got.values():
            await message.acknowledge("fachkraft")
        by_name = content(HANDOVER, "uebernahme", "minimal")
        await got[handover.id].answer("uebernahme", by_name, "unverzueglich")


async def sees(world: World, unit: str, message: str) -> list[str] | None:
    """Return the words that a unit is shown of a message; None where it is told of none."""
    async with world.hub(unit) as hub:
        try:
            return words_of(await hub.state(message))
        except Refused as refused:
            if refused.code != "not-found":
                raise
            return None


async def test_as_long_as_its_turn_lasts_the_service_sees_what_the_addressee_sees(
    night: World,
) -> None:
    notice = await a_night(night)

    seen = await sees(night, SERVICE, notice.id)

    assert seen is not None
    assert {"accepted", "taken", "acknowledged", "opened"} <= set(seen)
    assert seen == await sees(night, ASD, notice.id)
    assert await sees(night, HEAD, notice.id) is None, "whoever was not asked is told of nothing"


async def test_the_desk_that_takes_over_at_night_gets_the_notice_at_once(night: World) -> None:
    """Somebody of the day desk looks in; it does not have to wait until its office opens."""
    notice = await a_night(night)
    handover = await hands_over(night, ASD)
    await says(night, notice, handover)
    assert await fetches(night, SERVICE) == [], "its own handover is not for the service"
    async with night.hub(ASD) as office:
        [got] = await fetch(office)
        by_name = content(HANDOVER, "uebernahme", "minimal")
        await got.answer("uebernahme", by_name, "unverzueglich")

    assert got.id == handover.id
    assert await fetches(night, ASD) == [notice.id]
    assert await sees(night, SERVICE, notice.id) is None


async def test_where_the_desk_was_quicker_than_the_word_the_turn_ends_with_the_word(
    night: World,
) -> None:
    notice = await a_night(night)
    handover = await hands_over(night, ASD)
    await travel(night, MONDAY)
    async with night.hub(ASD) as office:
        got = {message.id: message for message in await fetch(office)}
        by_name = content(HANDOVER, "uebernahme", "minimal")
        await got[handover.id].answer("uebernahme", by_name, "unverzueglich")
    assert await sees(night, SERVICE, notice.id) is not None

    await says(night, notice, handover)

    assert await sees(night, SERVICE, notice.id) is None


async def test_after_the_takeover_nobody_is_reminded_of_the_notice(night: World) -> None:
    notice = await a_night(night)
    handover = await hands_over(night, ASD)
    await says(night, notice, handover)
    await travel(night, MONDAY)
    await takes_over(night, handover)
    before = len(entries(night, notice.id, "reminder.sent"))

    for _ in range(4):
        await pass_time(night, 30)

    assert len(entries(night, notice.id, "reminder.sent")) == before


async def test_a_night_is_handed_over_to_the_town_whose_night_it_was(night: World) -> None:
    notice = await a_night(night)
    elsewhere = await hands_over(night, LUENEN)

    with pytest.raises(Refused) as refused:
        await says(night, notice, elsewhere)

    assert (refused.value.code, refused.value.pointers) == ("step-not-allowed", ("/by/id",))


async def test_who_has_not_taken_note_itself_hands_nothing_over(night: World) -> None:
    await travel(night, SATURDAY)
    notice = await files(night)
    await fetches(night, SERVICE)
    handover = await hands_over(night, ASD)

    with pytest.raises(Refused) as refused:
        await says(night, notice, handover)

    assert (refused.value.code, refused.value.pointers) == ("step-not-allowed", ("/sub",))


@sqlite_only
async def test_the_auditor_finds_nothing_in_a_night_that_was_handed_over(
    night: World, tmp_path: Path
) -> None:
    notice = await a_night(night)
    handover = await hands_over(night, ASD)
    await says(night, notice, handover)
    await travel(night, MONDAY)
    await takes_over(night, handover)

    copy = copy_of(night.data, tmp_path / "kopie.sqlite")

    assert verify_db(copy, night.node.log.vkey) == []
    [entry] = entries(night, notice.id, "message.passing")
    assert (entry["act"]["org"], entry["rcp"], entry["law"]) == (SERVICE, [ASD], ["sgb8-8a-1"])
