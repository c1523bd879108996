# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a target does not take stays in the agency, is seen by people, and finds a way back."""

import asyncio
import json
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from hub.adapters.base import TargetRefused, TargetTrouble
from hub.client.copies import Copies
from hub.main.cli import app_for
from tests.adapters.world import MEMORY, Office, an_office, notices, until, words
from tests.world import RHEINBERG, World

REASON = "Das Feld fehlt im Fachverfahren."


def refused() -> TargetRefused:
    return TargetRefused("field-missing", REASON, pointers=("/kind/name",))


def command(world: World, home: Path, *words: str) -> tuple[int, str]:
    """Run a command about the connector of the office, as its operator does."""
    config = home / "anbindung.toml"
    config.write_text(f'data_dir = "{home}"\n{MEMORY}', "utf-8")
    head = ("connector", "--config", str(config), "--agency", str(world.folders[RHEINBERG]))
    said = CliRunner().invoke(app_for(head), [*head, *words])
    return said.exit_code, said.stdout


def test_what_a_target_refuses_is_taken_all_the_same_and_shown_to_people(
    world: World, tmp_path: Path
) -> None:
    """The sender has done its part; from here on people of this office have to look."""

    async def go() -> tuple[str, dict[str, Any]]:
        async with an_office(world, tmp_path) as office:
            office.target.weather.append(refused())
            first, second = await notices(world, 2)
            await until(lambda: office.state(first.id) == ("quarantine", True))
            await until(lambda: office.state(second.id) == ("handed-over", True))
            assert "taken" in await words(world, first.id)
            kept = office.house.spool.read(first.id)
            assert kept.delivery.content
            code, text = command(world, tmp_path, "quarantine", "list", "--json")
            assert code == 0
            assert command(world, tmp_path, "status")[0] == 1
            await _retried(world, tmp_path, office, first.id)
        return first.id, json.loads(text)[0]

    message, shown = asyncio.run(go())
    assert (shown["id"], shown["code"], shown["reason"]) == (message, "field-missing", REASON)
    assert shown["pointers"] == ["/kind/name"]


async def _retried(world: World, home: Path, office: Office, message: str) -> None:
    done = await asyncio.to_thread(command, world, home, "quarantine", "retry", message)
    assert done[0] == 0
    await until(lambda: office.state(message) == ("handed-over", True))
    assert office.target.held[message].id == message


def test_a_trouble_that_lasts_goes_to_people_and_ends_by_itself(
    world: World, tmp_path: Path
) -> None:
    async def go() -> None:
        text = MEMORY.replace("[retries]", "[retries]\nagain = 1")
        async with an_office(world, tmp_path, text) as office:
            away = [TargetTrouble("target-down", "Das Ziel antwortet nicht.") for _ in range(3)]
            office.target.weather.extend(away)
            (notice,) = await notices(world)
            await until(lambda: office.state(notice.id) == ("quarantine", True))
            await until(lambda: office.state(notice.id) == ("handed-over", True))

    asyncio.run(go())


def test_what_a_person_has_seen_to_never_reaches_the_target(world: World, tmp_path: Path) -> None:
    async def go() -> None:
        async with an_office(world, tmp_path) as office:
            office.target.weather.append(refused())
            (notice,) = await notices(world)
            await until(lambda: office.state(notice.id) == ("quarantine", True))
            done = await asyncio.to_thread(
                command, world, tmp_path, "quarantine", "release", notice.id
            )
            assert done[0] == 0
            again = await asyncio.to_thread(
                command, world, tmp_path, "quarantine", "retry", notice.id
            )
            assert again[0] == 1
            assert office.state(notice.id) == ("released", True)
            assert notice.id not in office.target.held

    asyncio.run(go())


def test_an_adapter_that_fails_by_itself_loses_nothing(world: World, tmp_path: Path) -> None:
    async def go() -> None:
        async with an_office(world, tmp_path) as office:
            target: Any = office.target
            target.weather.extend([KeyError("Erfunden-Beispiel")] * 3)
            (notice,) = await notices(world)
            await until(lambda: office.state(notice.id) == ("quarantine", True))
            row = office.row(notice.id)
            assert row is not None
            assert row.code == "adapter-failed"
            assert "Erfunden" not in f"{row}"

    asyncio.run(go())


def test_a_notice_withdrawn_while_the_target_was_away_leaves_this_house(
    world: World, tmp_path: Path
) -> None:
    async def go() -> None:
        text = MEMORY.replace("attempts = 3", "attempts = 99")
        async with an_office(world, tmp_path, text) as office:
            troubles = [TargetTrouble("target-down", "Weg.") for _ in range(4)]
            office.target.weather.extend(troubles)
            (notice,) = await notices(world)
            await until(lambda: office.state(notice.id) == ("waiting", False))
            async with world.hub("schule:999001") as school:
                await school.withdraw(notice.id)
            await until(lambda: office.state(notice.id)[0] == "over")
            assert not office.house.spool.file(notice.id).exists()
            await until(lambda: Copies(office.house.agency).find(notice.id) is None)
            assert "erased" in await words(world, notice.id)

    asyncio.run(go())
