# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""S1, Werne: on Saturday at 21:52 the Ordnungsamt finds a child of seven alone in a flat.

§ 4 Abs. 2 LKiSchG NRW: what may endanger a child is taken in and worked on „zu jeder Zeit“.
"""

from datetime import datetime
from pathlib import Path
from typing import Any, Final

import pytest

from hub.client import Message, Refused
from hub.client.erasing import settle
from hub.errors import ContentInvalid
from specs.vectors.sl1.forge import Parts, Spoiled
from tests.greedy import Greedy, seal_anyway
from tests.journeys.networks.werne import (
    ASD,
    HEAD,
    LUENEN,
    MONDAY,
    PATROL,
    SATURDAY,
    SERVICE,
    SERVICE_OF_LUENEN,
    at,
    content,
    duty,
    entries,
    fetch,
    fetches,
    files,
    pass_time,
    travel,
)
from tests.journeys.receipts import words_of
from tests.world import World

pytestmark = pytest.mark.anyio

HANDOVER: Final = "krisendienst-uebergabe"
WITHIN: Final = 60
"""Seconds."""


def handover() -> dict[str, Any]:
    return content(HANDOVER, "uebergabe")


async def the_night(world: World, folder: Path) -> tuple[str, str]:
    """Tell the night until the handover is sent; returns the ids of notice and handover."""
    await travel(world, SATURDAY)
    notice = await files(world)
    async with world.hub(SERVICE) as service:
        [message] = await fetch_keeping(world, SERVICE, folder)
        await service.acknowledge(message, "bereitschaft")
        await pass_time(world, 98)
        onward = await service.hand_over(message, to=ASD, content=handover())
    assert message == notice.id
    return notice.id, onward.id


async def fetch_keeping(world: World, unit: str, folder: Path) -> list[str]:
    """Fetch what waits for a unit and put it down, remembered before it is written."""
    async with world.hub(unit) as hub:
        leased = await hub.lease(limit=20)
        for message in leased:
            said = await message.open()
            file = folder / f"{message.id}.json"
            hub.copies.note(message, file)
            file.write_text(str(said), "utf-8")
            await message.take()
            await settle(hub, message)
    return [message.id for message in leased]


async def takes_over(message: Message, said: dict[str, Any] | None = None) -> None:
    """Have the desk by day take over, by name unless somebody says otherwise."""
    by_name = content(HANDOVER, "uebernahme", "minimal")
    await message.answer("uebernahme", said or by_name, "unverzueglich")


def seconds_until(world: World, message: str, word: str) -> float:
    """Return how long it took from acceptance to a word, as the log says."""
    [accepted] = entries(world, message, "message.accepted")
    [said] = entries(world, message, f"message.{word}")
    return (datetime.fromisoformat(said["t"]) - datetime.fromisoformat(accepted["t"])).seconds


def one_leaf_more(body: Parts) -> None:
    """Seal an assessment as everything else is sealed; the hub cannot read it, and sees it."""
    body["einschaetzung"] = body["hinweise"]["auskunftssperre"]


async def test_on_saturday_at_21_52_the_contracted_service_has_it_within_a_minute(
    night: World,
) -> None:
    await travel(night, SATURDAY)
    notice = await files(night)

    assert await fetches(night, ASD) == []
    assert await fetches(night, SERVICE) == [notice.id]
    assert seconds_until(night, notice.id, "taken") <= WITHIN
    [accepted] = entries(night, notice.id, "message.accepted")
    assert accepted["rcp"] == [ASD], "the addressee is the Jugendamt at any hour"


async def test_within_office_hours_the_jugendamt_has_it_and_the_service_nothing(
    night: World,
) -> None:
    await travel(night, at(2026, 10, 12, 10, 0))
    notice = await files(night)

    assert await fetches(night, SERVICE) == []
    assert await fetches(night, ASD) == [notice.id]
    assert seconds_until(night, notice.id, "taken") <= WITHIN


async def test_what_nobody_acknowledged_in_ten_minutes_goes_to_the_head_as_well(
    night: World,
) -> None:
    await travel(night, SATURDAY)
    notice = await files(night)
    await fetches(night, SERVICE)
    assert await fetches(night, HEAD) == []

    await pass_time(night, 10)

    assert await fetches(night, HEAD) == [notice.id]
    assert len(entries(night, notice.id, "message.escalated")) == 1
    async with night.hub(PATROL) as patrol:
        seen = words_of(await patrol.state(notice.id))
    assert seen == ["accepted", "taken", "overdue"], "who was asked after whom is no one's business"


async def test_once_a_person_has_taken_note_nobody_else_is_asked(night: World) -> None:
    await travel(night, SATURDAY)
    notice = await files(night)
    await fetches(night, SERVICE)
    await pass_time(night, 2)
    async with night.hub(SERVICE) as service:
        await service.acknowledge(notice.id, "bereitschaft")

    for minutes in (8, 10, 60):
        await pass_time(night, minutes)

    assert await fetches(night, HEAD) == []
    assert entries(night, notice.id, "message.escalated", "message.overdue") == []


async def test_next_morning_the_jugendamt_has_the_notice_and_the_complete_handover(
    night: World, tmp_path: Path
) -> None:
    notice, onward = await the_night(night, tmp_path)

    await travel(night, MONDAY)
    async with night.hub(ASD) as office:
        got: dict[str, Message] = {message.id: message for message in await fetch(office)}

    assert got.keys() == {notice, onward}
    assert got[onward].content == handover()
    assert got[notice].content == content("ordnungsamt-mitteilung", "mitteilung")
    assert not got[notice].partial


async def test_until_monday_the_notice_is_the_services_and_the_handover_waits_at_the_desk(
    night: World, tmp_path: Path
) -> None:
    """Nobody else stands in for what was handed over: its clocks run in office hours."""
    notice, onward = await the_night(night, tmp_path)
    await travel(night, at(2026, 10, 11, 15, 0))

    assert await fetches(night, ASD) == [onward]
    assert entries(night, onward, "message.escalated", "message.overdue") == []
    await travel(night, MONDAY)
    assert await fetches(night, ASD) == [notice]


async def test_until_somebody_takes_over_the_jugendamt_is_reminded(
    night: World, tmp_path: Path
) -> None:
    notice, _ = await the_night(night, tmp_path)
    await travel(night, MONDAY)
    before = len(entries(night, notice, "reminder.sent"))

    await pass_time(night, 30)
    await pass_time(night, 30)

    assert len(entries(night, notice, "reminder.sent")) == before + 2


async def test_after_the_takeover_the_service_has_nothing_and_signs_that_its_copy_is_gone(
    night: World, tmp_path: Path
) -> None:
    notice, onward = await the_night(night, tmp_path)
    copy = tmp_path / f"{notice}.json"
    assert copy.exists()
    await travel(night, MONDAY)
    async with night.hub(ASD) as office:
        got = {message.id: message for message in await fetch(office)}
        for message in got.values():
            await message.acknowledge("fachkraft")
        await takes_over(got[onward])

    assert len(await fetch_keeping(night, SERVICE, tmp_path)) == 1, "the takeover, and nothing else"

    assert not copy.exists()
    gone = entries(night, notice, "content.erased")
    assert [entry["act"]["org"] for entry in gone] == [SERVICE]
    async with night.hub(SERVICE) as service:
        with pytest.raises(Refused) as refused:
            await service.state(notice)
        assert await service.lease() == []
    assert refused.value.code == "not-found"


async def test_a_named_person_of_the_day_desk_takes_over(night: World, tmp_path: Path) -> None:
    _, onward = await the_night(night, tmp_path)
    await travel(night, MONDAY)
    async with night.hub(ASD) as office:
        got = {message.id: message for message in await fetch(office)}
        nobody = content(HANDOVER, "uebernahme", "minimal")
        del nobody["uebernommen_von"]["name"]
        with pytest.raises(ContentInvalid) as invalid:
            await takes_over(got[onward], nobody)

    assert invalid.value.pointers == ("/uebernommen_von",)


async def test_the_service_opens_the_handover_itself_from_a_telephone_call(night: World) -> None:
    """Nothing was notified: somebody rang, so it is the service that begins."""
    await travel(night, SATURDAY)
    async with night.hub(SERVICE) as service:
        await service.directory()
        onward = await service.hand_over(None, to=ASD, content=handover())
    assert onward.conversation == onward.id

    await travel(night, MONDAY)
    async with night.hub(ASD) as office:
        [got] = await fetch(office)
        await got.acknowledge("fachkraft")
        await takes_over(got)

    assert got.content == handover()
    async with night.hub(SERVICE) as service:
        [over] = await fetch(service)
    assert over.envelope.step == "uebernahme"


async def test_a_service_of_two_towns_reads_for_each_with_other_keys(night: World) -> None:
    await travel(night, SATURDAY)
    of_luenen = await files(night, to=LUENEN)

    assert await fetches(night, SERVICE) == []
    assert await fetches(night, SERVICE_OF_LUENEN) == [of_luenen.id]
    async with night.hub(SERVICE) as service:
        with pytest.raises(Refused) as refused:
            await service.state(of_luenen.id)
    assert refused.value.code == "not-found"


async def test_it_reads_inside_its_shift_only(night: World) -> None:
    """Lünen has it until 22 o'clock: what it had not fetched by then stays away from it."""
    await travel(night, SATURDAY)
    notice = await files(night, to=LUENEN)
    await pass_time(night, 8)

    assert duty(night, LUENEN).first == "jugendamt:05978024.bereitschaft"
    assert await fetches(night, SERVICE_OF_LUENEN) == []
    assert await fetches(night, "jugendamt:05978024.bereitschaft") == [notice.id]


async def test_what_can_be_planned_wakes_no_service(night: World) -> None:
    await travel(night, SATURDAY)
    notice = await files(night, urgency="planbar")

    assert await fetches(night, SERVICE) == []
    await travel(night, MONDAY)
    assert await fetches(night, ASD) == [notice.id]


async def test_the_ordnungsamt_has_no_field_for_an_assessment(night: World) -> None:
    """Assessing is the Jugendamt's (§ 8a Abs. 1 SGB VIII); the hub sees the form and refuses."""
    assessed = {**content("ordnungsamt-mitteilung", "mitteilung"), "einschaetzung": "erfunden"}
    wish: dict[str, Any] = {"protocol": "ordnungsamt-mitteilung", "urgency": "planbar", "to": ASD}
    async with night.hub(PATROL) as patrol:
        await patrol.directory()
        with pytest.raises(ContentInvalid) as invalid:
            patrol.compose(**wish, step="mitteilung", content=assessed)
    with Greedy(night, PATROL) as shameless:
        honest = shameless.wish(
            ASD,
            protocol="ordnungsamt-mitteilung/1.0.0",
            content=content("ordnungsamt-mitteilung", "mitteilung"),
        )
        refused = shameless.submit(seal_anyway(honest, Spoiled(body=one_leaf_more)))

    assert invalid.value.pointers == ("",)
    assert refused.json()["code"] == "scope-exceeded"
