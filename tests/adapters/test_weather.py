# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A receiver on its bad days: the connector lives on, says what is wrong, and hands over once.

Slow, answering with an error, cutting the line, without room, saying yes and keeping nothing, or
not there: whatever of it the target can do, whoever asks for the status reads it.
"""

import asyncio
from pathlib import Path

import pytest
from typer.testing import CliRunner

from hub.adapters.connector.keeping import HUB
from hub.adapters.connector.status import TargetStatus, status_of
from hub.adapters.stand import SPOILINGS, MakeStand, Spoiling, surroundings_in
from hub.main.cli import app_for
from tests.adapters import stands
from tests.adapters.stands import FolderStand, HttpsStand, MailStand, SftpStand
from tests.adapters.world import MEMORY, QUICK, Office, an_office, notices, until, words
from tests.world import RHEINBERG, World

STANDS: dict[MakeStand, tuple[Spoiling, ...]] = {
    stands.folder_stand: SPOILINGS,
    stands.small_folder_stand: SPOILINGS,
    stands.sftp_stand: SPOILINGS,
    stands.https_stand: SPOILINGS,
    # Where it is asked what was kept; in all else it is the one above.
    stands.asking_https_stand: ("lying",),
    stands.mail_stand: SPOILINGS,
}
Real = FolderStand | SftpStand | HttpsStand | MailStand
PATIENCE = 1
"""Seconds until a slow target is given up on; long enough for a quick one on a busy machine."""


def status(office: Office, name: str) -> TargetStatus:
    said = status_of(office.house.books, RHEINBERG, (name,))
    return next(each for each in said.targets if each.name == name)


async def survived(how: Spoiling, stand: Real, office: Office, world: World) -> None:
    """Send while the target behaves badly, read what the status says, and let it be well again."""
    name = stand.settings.called
    with stand.spoiled(how):
        (notice,) = await notices(world)
        await until(lambda: status(office, name).failing == 1, how)
        seen = status(office, name)
        assert seen.reason, how
        assert (seen.waiting, seen.quarantine, seen.is_well) == (1, 0, False), how
        assert stand.effects(notice.id) in {-1, 0, 1}, how
    await until(lambda: office.state(notice.id) == ("handed-over", True), how)
    assert stand.effects(notice.id) == 1, how
    assert status(office, name).failing == 0, how


@pytest.mark.parametrize("make_stand", STANDS, ids=lambda each: each.__name__)
def test_a_receiver_on_a_bad_day_is_survived_and_visible(
    make_stand: MakeStand, world: World, tmp_path: Path
) -> None:
    async def go() -> None:
        async with make_stand(tmp_path, surroundings_in(tmp_path, world.catalogue)) as stand:
            assert isinstance(stand, Real)
            own = {"patience": PATIENCE, "attempts": 1000, "name": "ziel"}
            settings = stand.settings = stand.settings.model_copy(update=own)
            async with an_office(world, tmp_path, QUICK, targets=(settings,)) as office:
                for how in (each for each in STANDS[make_stand] if each in stand.spoilings):
                    await survived(how, stand, office, world)

    try:
        asyncio.run(go())
    except PermissionError:
        pytest.skip("nothing may be mounted here")


def test_the_command_says_what_was_tried_in_vain_and_why(world: World, tmp_path: Path) -> None:
    async def go() -> None:
        text = f'{QUICK}[[target]]\nkind = "folder"\npath = "eingang"\nattempts = 1000\n'
        async with an_office(world, tmp_path, text) as office:
            await notices(world)
            await until(lambda: status(office, "folder").failing == 1)
            config = tmp_path / "anbindung.toml"
            config.write_text(f'data_dir = "{tmp_path}"\n{text}', "utf-8")
            folder = str(world.folders[RHEINBERG])
            said = ("connector", "--config", str(config), "--agency", folder, "status")
            answer = await asyncio.to_thread(CliRunner().invoke, app_for(said), said)
            assert answer.exit_code == 1
            assert "Vergeblich versucht: 1" in answer.stdout
            assert "Den Zielordner gibt es nicht" in answer.stdout

    asyncio.run(go())


def test_a_full_disk_of_its_own_stops_nothing_for_good(world: World, tmp_path: Path) -> None:
    """Nothing is taken that cannot be kept; once there is room again it goes on by itself."""

    async def go() -> None:
        state = tmp_path / "zustand"
        state.mkdir()
        with stands.a_small_disk(state, "4m"):
            async with an_office(world, state, MEMORY) as office:
                await until(lambda: office.house.heard.get(HUB, (0, "x"))[1] == "")
                with stands.filled(state):
                    (notice,) = await notices(world)
                    await until(lambda: "Datenträger" in office.house.heard[HUB][1])
                    assert notice.id not in office.target.held
                    assert "taken" not in await words(world, notice.id)
                await until(lambda: office.state(notice.id) == ("handed-over", True))
                await until(lambda: office.house.heard[HUB][1] == "")

    try:
        asyncio.run(go())
    except PermissionError:
        pytest.skip("nothing may be mounted here")
