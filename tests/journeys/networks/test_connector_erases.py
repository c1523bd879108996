# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""S1 with a connector at the crisis service: what the desk by day has taken over leaves its house.

The row stays and says what became of it; its content is gone before ``erased`` is signed.
"""

from pathlib import Path
from typing import Final

import pytest

from hub.client.copies import Copies
from tests.adapters.world import Office, an_office, until
from tests.journeys.networks.werne import (
    ASD,
    MONDAY,
    SATURDAY,
    SERVICE,
    content,
    entries,
    fetch,
    files,
    pass_time,
    travel,
)
from tests.world import World

pytestmark = pytest.mark.anyio

HANDOVER: Final = "krisendienst-uebergabe"


async def the_night(world: World, home: Path) -> tuple[str, str]:
    """Let the connector take a notice in and a person hand it over; returns both ids."""
    await travel(world, SATURDAY)
    notice = await files(world)
    async with an_office(world, home, unit=SERVICE) as service:
        await until(lambda: service.state(notice.id) == ("handed-over", True))
    async with world.hub(SERVICE) as line:
        await line.acknowledge(notice.id, "bereitschaft")
        await pass_time(world, 98)
        onward = await line.hand_over(notice.id, to=ASD, content=content(HANDOVER, "uebergabe"))
    return notice.id, onward.id


async def the_morning(world: World, handover: str) -> None:
    """Let a person of the desk by day take over by name."""
    await travel(world, MONDAY)
    async with world.hub(ASD) as office:
        got = {message.id: message for message in await fetch(office)}
        for message in got.values():
            await message.acknowledge("fachkraft")
        by_name = content(HANDOVER, "uebernahme", "minimal")
        await got[handover].answer("uebernahme", by_name, "unverzueglich")


def has_content(office: Office, message: str) -> bool:
    row = office.row(message)
    return row is not None and row.has_content


async def test_once_the_desk_by_day_has_taken_over_the_connector_deletes_and_signs(
    night: World, tmp_path: Path
) -> None:
    notice, handover = await the_night(night, tmp_path)
    async with an_office(night, tmp_path, unit=SERVICE) as service:
        assert service.house.spool.read(notice).delivery.content
    await the_morning(night, handover)

    async with an_office(night, tmp_path, unit=SERVICE) as service:
        await until(lambda: bool(entries(night, notice, "content.erased")))
        await until(lambda: not has_content(service, notice))
        assert not service.house.spool.file(notice).exists()
        assert Copies(service.house.agency).find(notice) is None, "there is nothing left to sign"

    [erased] = entries(night, notice, "content.erased")
    assert erased["act"]["org"] == SERVICE


async def test_a_connector_that_ended_between_deleting_and_signing_signs_when_it_begins(
    night: World, tmp_path: Path
) -> None:
    notice, handover = await the_night(night, tmp_path)
    await the_morning(night, handover)
    copies = Copies(night.agency(SERVICE))
    copy = copies.find(notice)
    assert copy is not None
    copies.delete(copy)
    assert entries(night, notice, "content.erased") == []

    async with an_office(night, tmp_path, unit=SERVICE) as service:
        await until(lambda: bool(entries(night, notice, "content.erased")))
        await until(lambda: not has_content(service, notice))
