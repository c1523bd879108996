# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What one side holds and the other lacks is found, by both, and the log says that it was."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection
from typer.testing import CliRunner, Result

from hub import clock
from hub.client import Refused
from hub.client.ledger import Ledger, day_of
from hub.client.reconciling import DONE, differing_days, due_days, reconcile, reconcile_due
from hub.main.cli import app_for
from hub.main.reconciling import DIFFERS
from hub.sealing.canonical import digest
from hub.store.reconciliations import StoredReconciliation, read_reconciliations
from tests.databases import given_back
from tests.journeys.books import entries
from tests.world import RHEINBERG, SCHOOL, World, a_world, example

pytestmark = pytest.mark.anyio
DAY = 86_400


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A hub of its own: its days go by."""
    home = tmp_path_factory.mktemp("world")
    with given_back(), a_world(home, "schule:999001", "jugendamt:05170032") as made:
        yield made


async def a_day(world: World) -> str:
    """Let a school tell the office, which takes it; both hear of it, and the day ends."""
    day = day_of(int(clock.now()))
    async with world.hub(SCHOOL) as school, world.hub(RHEINBERG) as office:
        await school.directory()
        draft = school.compose(
            protocol="schule-mitteilung",
            step="mitteilung",
            to=RHEINBERG,
            urgency="planbar",
            content=example("schule-mitteilung", "mitteilung"),
        )
        await school.submit(draft)
        await office.directory()
        [message] = await office.lease()
        await message.open()
        await message.take()
        await school.events(tuple(await school.events()))
    world.hands.ahead += DAY
    return day


def held(world: World, unit: str, day: str) -> list[str]:
    return [each.word for each in Ledger(world.agency(unit)).of_day(day).values()]


def hub_side(world: World) -> tuple[StoredReconciliation, ...]:
    def read(connection: Connection) -> tuple[StoredReconciliation, ...]:
        return read_reconciliations(connection, with_differences=True)

    return world.node.readers.run_now(read)


def lose(world: World, unit: str, day: str) -> None:
    """Take one receipt out of what a unit holds."""
    path = world.agency(unit).path / "state" / "receipts" / f"{day}.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[1:]), encoding="utf-8")


async def test_both_sides_hold_the_same_of_a_day(world: World) -> None:
    day = await a_day(world)
    before = world.node.log.size

    async with world.hub(SCHOOL) as school, world.hub(RHEINBERG) as office:
        told, heard = await reconcile(school, day), await reconcile(office, day)

    assert held(world, SCHOOL, day) == ["accepted", "taken"]
    assert held(world, RHEINBERG, day) == ["opened", "taken"]
    assert told.agrees
    assert heard.agrees
    kinds = [entry["k"] for entry in entries(world, before)]
    assert kinds.count("reconcile.done") == 2


async def test_the_same_again_is_entered_once(world: World) -> None:
    day = await a_day(world)
    async with world.hub(SCHOOL) as school:
        first = await reconcile(school, day)
        before = world.node.log.size
        again = await reconcile(school, day)

    assert again == first
    assert "reconcile.done" not in [entry["k"] for entry in entries(world, before)]


async def test_what_a_unit_lost_is_found_on_both_sides(world: World) -> None:
    day = await a_day(world)
    lose(world, SCHOOL, day)

    async with world.hub(SCHOOL) as school:
        found = await reconcile(school, day)

    assert [each["word"] for each in found.only_there] == ["accepted"]
    assert found.only_here == ()
    assert differing_days(world.agency(SCHOOL)) == (day,)
    [row] = [each for each in hub_side(world) if each.day == day]
    assert row.differences == 1


async def test_what_the_hub_does_not_know_is_found_on_both_sides(world: World) -> None:
    """A hub whose database was set back, or that never entered what it has signed."""
    day = await a_day(world)
    strange = digest("a receipt that this hub does not have")
    path = world.agency(SCHOOL).path / "state" / "receipts" / f"{day}.jsonl"
    line = {"digest": strange, "message_id": "m", "word": "accepted", "jws": "j", "answer": "a"}
    path.write_text(path.read_text(encoding="utf-8") + json.dumps(line) + "\n", encoding="utf-8")
    before = world.node.log.size

    async with world.hub(SCHOOL) as school:
        found = await reconcile(school, day)

    assert [each.digest for each in found.only_here] == [strange]
    [entry] = [each for each in entries(world, before) if each["k"] == "reconcile.done"]
    [row] = [each for each in hub_side(world) if each.day == day]
    assert (entry["obj"]["n"], entry["obj"]["d"]) == (1, digest(row.result))


async def test_a_day_that_goes_on_is_not_compared(world: World) -> None:
    async with world.hub(SCHOOL) as school:
        with pytest.raises(Refused) as refused:
            await reconcile(school, day_of(int(clock.now())))

    assert refused.value.code == "issued-outside-window"


async def test_the_command_says_what_differs_and_goes_on_where_it_ended(world: World) -> None:
    day = await a_day(world)
    lose(world, RHEINBERG, day)
    arguments = ["reconcile", "--agency", str(world.folders[RHEINBERG]), "--json"]

    def run() -> Result:
        return CliRunner().invoke(app_for(arguments), arguments)

    first, second = await asyncio.to_thread(run), await asyncio.to_thread(run)

    assert first.exit_code == DIFFERS, first.output
    [found] = [each for each in json.loads(first.stdout) if each["day"] == day]
    assert [each["word"] for each in found["only_there"]] == ["opened"]
    assert (second.exit_code, json.loads(second.stdout)) == (0, [])


async def test_who_has_just_begun_asks_for_nothing(world: World, tmp_path: Path) -> None:
    async with world.hub(SCHOOL) as school:
        school.agency.revise(DONE, lambda _: {})
        folder = school.agency.path / "state" / "receipts"
        folder.rename(tmp_path / "aside")

        assert await reconcile_due(school) == []

        (tmp_path / "aside").rename(folder)


def test_no_day_is_left_out_after_a_while_without_comparing() -> None:
    today = clock.today()

    assert len(due_days("", today)) == 1
    assert len(due_days("2020-01-01", today)) == 35
    assert due_days(today.isoformat(), today) == []
