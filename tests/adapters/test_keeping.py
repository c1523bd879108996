# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How long a content lies in this house: until its end, or until the office is done with it."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2

from hub import clock
from hub.adapters.connector.house import a_house
from hub.adapters.connector.keeping import HUB
from hub.adapters.connector.worker import Connector
from hub.client import Hub
from tests.adapters.world import MEMORY, Office, an_office, configured, notices, until, words
from tests.receivers import free_port
from tests.world import RHEINBERG, World

DAYS = 3
RESTING = f"{MEMORY}\n[keeping]\ndays = {DAYS}\n"


def has_content(office: Office, message: str) -> bool:
    row = office.row(message)
    return row is not None and row.has_content


def pass_days(world: World, days: float) -> None:
    world.travel(datetime.fromtimestamp(clock.now(), UTC) + timedelta(days=days))


def test_a_conversation_that_rests_goes_as_soon_as_a_person_has_taken_note(
    world: World, tmp_path: Path
) -> None:
    """What nobody has taken note of stays, however long it lies there."""

    async def go() -> None:
        async with an_office(world, tmp_path, RESTING) as office:
            noted, unnoted = await notices(world, 2)
            for each in (noted, unnoted):
                await until(lambda each=each: office.state(each.id) == ("handed-over", True))  # type: ignore[misc]
            async with world.hub(RHEINBERG) as line:
                await line.acknowledge(noted.id, "fachkraft")
        pass_days(world, DAYS + 1)
        async with an_office(world, tmp_path, RESTING) as office:
            await until(lambda: not has_content(office, noted.id))
            assert not office.house.spool.file(noted.id).exists()
            assert has_content(office, unnoted.id)
            assert office.state(noted.id) == ("handed-over", True), "what became of it stays known"
        assert "erased" in await words(world, noted.id)
        assert "erased" not in await words(world, unnoted.id)

    asyncio.run(go())


def test_after_the_end_that_its_sender_has_signed_no_content_is_left(
    world: World, tmp_path: Path
) -> None:
    async def go() -> None:
        async with an_office(world, tmp_path) as office:
            (notice,) = await notices(world)
            await until(lambda: office.state(notice.id) == ("handed-over", True))
            row = office.row(notice.id)
            assert row is not None
        pass_days(world, (row.ends_at - clock.now()) / 86_400 + 1)
        async with an_office(world, tmp_path) as office:
            await until(lambda: not has_content(office, notice.id))
            assert not office.house.spool.file(notice.id).exists()

    asyncio.run(go())


def test_what_has_ended_goes_also_while_the_hub_is_away(world: World, tmp_path: Path) -> None:
    async def go() -> None:
        async with an_office(world, tmp_path) as office:
            (notice,) = await notices(world)
            await until(lambda: office.state(notice.id) == ("handed-over", True))
            row = office.row(notice.id)
            assert row is not None
        pass_days(world, (row.ends_at - clock.now()) / 86_400 + 1)
        nowhere = httpx2.AsyncClient(proxy=f"http://127.0.0.1:{free_port()}")
        agency, catalogue = world.agency(RHEINBERG), world.catalogue
        configuration = configured(f'data_dir = "{tmp_path}"\n{MEMORY}', tmp_path)
        async with Hub(world.url, agency, catalogue=catalogue, client=nowhere) as hub:
            with a_house(configuration, agency, catalogue, hub) as house:
                office = Office(house, Connector(house))
                running = asyncio.create_task(office.connector.run())
                await until(lambda: not has_content(office, notice.id))
                await until(lambda: "antwortet nicht" in house.heard.get(HUB, (0, ""))[1])
                assert not house.spool.file(notice.id).exists()
                office.connector.stop()
                await running

    asyncio.run(go())
