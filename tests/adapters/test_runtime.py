# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A connector takes in what waits, hands it over, and says ``taken`` afterwards."""

import asyncio
from pathlib import Path

import httpx2
import pytest

from hub.adapters.base import TargetTrouble
from hub.adapters.connector.house import InUse, a_house
from hub.adapters.connector.status import status_of
from hub.client import Hub
from hub.store.leases import waiting_ids
from tests.adapters.world import MEMORY, QUICK, an_office, configured, notices, until, words
from tests.world import RHEINBERG, SCHOOL, World, example


def test_a_notice_is_opened_handed_over_and_only_then_taken(world: World, tmp_path: Path) -> None:
    seen: list[str] = []

    async def go() -> None:
        async with an_office(
            world, tmp_path, watch=lambda moment, _: seen.append(moment)
        ) as office:
            (notice,) = await notices(world)
            await until(lambda: office.state(notice.id) == ("handed-over", True))
            delivery = office.target.held[notice.id]
            kept = office.house.spool.read(notice.id)
            name = office.house.spool.file(notice.id)
            raw = name.read_bytes()
        assert sorted(await words(world, notice.id)) == ["accepted", "opened", "taken"]
        expected = example("schule-mitteilung", "mitteilung")
        assert delivery.content | expected == delivery.content
        assert (delivery.protocol, delivery.is_demo) == ("schule-mitteilung/1.0.0", True)
        assert delivery.sender_name
        assert kept.delivery == delivery
        assert b"Erfunden" not in raw

    asyncio.run(go())
    assert seen == [
        "leased", "opened", "spooled", "written", "handing", "handed", "noted", "taken", "done",
    ]  # fmt: skip


def test_a_target_that_is_away_for_a_while_gets_everything_once(
    world: World, tmp_path: Path
) -> None:
    async def go() -> None:
        async with an_office(world, tmp_path) as office:
            away = TargetTrouble("target-down", "Das Ziel antwortet nicht.")
            office.target.weather.extend([away, away])
            sent = await notices(world, 3)
            await until(lambda: {office.state(each.id) for each in sent} == {("handed-over", True)})
            assert office.target.held.keys() == {each.id for each in sent}

    asyncio.run(go())


def test_a_connector_that_is_told_to_stop_gives_back_what_it_has_not_handed_over(
    world: World, tmp_path: Path
) -> None:
    """Somebody else can have it at once, and nobody waits for a lease to end."""

    async def go() -> None:
        away = TargetTrouble("target-down", "Das Ziel antwortet nicht.", retry_after=600)
        text = QUICK.replace("longest = 1", "longest = 600") + '[[target]]\nkind = "memory"\n'
        async with an_office(world, tmp_path, text) as office:
            office.target.weather.append(away)
            (notice,) = await notices(world)
            await until(lambda: not office.target.weather)
            assert office.state(notice.id) == ("waiting", False)
        offered = world.node.readers.run_now(
            lambda connection: waiting_ids(connection, RHEINBERG, int(world.clock()), 10, ())
        )
        assert notice.id in offered
        async with an_office(world, tmp_path) as again:
            again.house.books.write_now(
                lambda connection: connection.exec_driver_sql("UPDATE delivery SET next_at = 0")
            )
            await until(lambda: again.state(notice.id) == ("handed-over", True))
            assert list(again.target.held) == [notice.id]

    asyncio.run(go())


def test_two_connectors_by_protocol_share_nothing_but_the_leases(
    world: World, tmp_path: Path
) -> None:
    async def go() -> None:
        schools = QUICK + '[[target]]\nkind = "memory"\nprotocols = ["schule-*"]\n'
        police = QUICK + '[[target]]\nkind = "memory"\nprotocols = ["polizei-*"]\n'
        async with (
            an_office(world, tmp_path / "a", schools) as first,
            an_office(world, tmp_path / "b", police) as second,
        ):
            sent = await notices(world, 4)
            await until(lambda: {first.state(each.id) for each in sent} == {("handed-over", True)})
            assert not second.target.held

    asyncio.run(go())


def test_a_second_connector_is_refused_the_folder_of_the_first(
    world: World, tmp_path: Path
) -> None:
    async def go() -> None:
        async with an_office(world, tmp_path), world.hub(RHEINBERG) as hub:
            configuration = configured(f'data_dir = "{tmp_path}"\n{MEMORY}', tmp_path)
            agency = world.agency(RHEINBERG)
            with pytest.raises(InUse), a_house(configuration, agency, world.catalogue, hub):
                pass

    asyncio.run(go())


def test_the_status_says_what_waits_and_whether_anybody_is_there(
    world: World, tmp_path: Path
) -> None:
    async def go() -> None:
        async with an_office(world, tmp_path) as office:
            (notice,) = await notices(world)
            await until(lambda: office.state(notice.id) == ("handed-over", True))
            await until(lambda: bool(office.house.heard.get("ziel:memory")))
            now = office.house.second
            said = status_of(office.house.books, RHEINBERG, ("memory",))
        assert said.is_well(now)
        assert not said.is_well(now + 3600)
        assert [(each.name, each.handed_over, each.waiting) for each in said.targets] == [
            ("memory", 1, 0)
        ]

    asyncio.run(go())


def test_a_list_of_participants_that_did_not_change_is_not_sent_anew(world: World) -> None:
    """A connector looks at it for each message that it opens."""
    seen: list[tuple[str, int]] = []

    async def note(answer: httpx2.Response) -> None:
        seen.append((answer.request.url.path, answer.status_code))

    async def go() -> None:
        client = httpx2.AsyncClient(event_hooks={"response": [note]})
        agency = world.agency(RHEINBERG)
        async with Hub(world.url, agency, catalogue=world.catalogue, client=client) as hub:
            first = await hub.directory_with(SCHOOL)
            again = await hub.directory_with(SCHOOL)
            assert again.unit(SCHOOL) == first.unit(SCHOOL)

    asyncio.run(go())
    assert [code for path, code in seen if path == "/v1/directory"] == [200, 304]
