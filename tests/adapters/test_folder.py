# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The watched folder: killed anywhere, linked elsewhere, waited for a receipt."""

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import Any

import pytest

from hub.adapters.base import HandedOver, TargetRefused, TargetTrouble
from hub.adapters.folder import FolderAdapter
from hub.adapters.registry import SettingsUnfit, make_adapter, read_target
from hub.adapters.stand import a_delivery, surroundings_in
from hub.protocols.compiled import load_compiled

CATALOGUE = load_compiled()
EVENTS = {"open", "os.rename", "os.remove", "os.mkdir"}
ID = a_delivery().id


def an_adapter(home: Path, **said: Any) -> FolderAdapter:
    (home / "eingang").mkdir(mode=0o750, exist_ok=True)
    settings = read_target({"kind": "folder", "path": "eingang", "forms": ["xml", "json"], **said})
    made = make_adapter(settings, surroundings_in(home, CATALOGUE))
    assert isinstance(made, FolderAdapter)
    return made


async def handed(adapter: FolderAdapter) -> HandedOver:
    delivery = a_delivery()
    try:
        return await adapter.already_there(delivery) or await adapter.hand_over(delivery)
    finally:
        await adapter.close()


def killed_at(number: int, home: Path) -> bool:
    """Hand over in another process that dies at its so-manieth step; False once it gets through."""
    child = os.fork()
    if not child:
        left = [number]

        def dies(event: str, said: tuple[object, ...]) -> None:
            if event in EVENTS and said and (ID in str(said[0]) or "state" in str(said[0])):
                left[0] -= 1
                if not left[0]:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(dies)
        try:
            asyncio.run(handed(an_adapter(home)))
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("is_fetched", [False, True])
def test_killed_at_any_step_it_is_there_once(tmp_path: Path, is_fetched: bool) -> None:
    """With a reader who takes away what lies there between the death and the next attempt."""
    steps = 0
    for number in range(1, 60):
        home = tmp_path / str(number)
        home.mkdir()
        was_killed = killed_at(number, home)
        fetched: list[str] = []
        if is_fetched:
            fetched = take_away(home)
        asyncio.run(handed(an_adapter(home)))
        assert sorted(fetched + take_away(home)) == [f"{ID}.json", f"{ID}.xml"], number
        assert list((home / "eingang").iterdir()) == []
        steps += 1
        if not was_killed:
            break

    assert steps > 6
    assert not was_killed


def take_away(home: Path) -> list[str]:
    found = list((home / "eingang").glob("[!.]*"))
    for each in found:
        each.unlink()
    return [each.name for each in found]


def test_a_link_in_place_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "woanders").mkdir()
    (tmp_path / "eingang").symlink_to(tmp_path / "woanders")

    with pytest.raises(TargetTrouble, match="no-folder"):
        asyncio.run(handed(an_adapter(tmp_path)))
    assert list((tmp_path / "woanders").iterdir()) == []


def test_a_link_under_our_name_is_replaced_and_not_written_through(tmp_path: Path) -> None:
    adapter = an_adapter(tmp_path)
    victim = tmp_path / "opfer"
    victim.write_text("unberührt", "utf-8")
    (tmp_path / "eingang" / f".{ID}.json.part").symlink_to(victim)
    (tmp_path / "eingang" / f"{ID}.json").symlink_to(victim)
    asyncio.run(handed(adapter))

    assert victim.read_text("utf-8") == "unberührt"
    assert not (tmp_path / "eingang" / f"{ID}.json").is_symlink()


def test_what_lies_there_is_for_owner_and_group_alone(tmp_path: Path) -> None:
    asyncio.run(handed(an_adapter(tmp_path)))

    assert (tmp_path / "eingang" / f"{ID}.json").stat().st_mode & 0o7777 == 0o640 & ~umask()


def umask() -> int:
    known = os.umask(0)
    os.umask(known)
    return known


@pytest.mark.parametrize(("ending", "error"), [("quittung", None), ("ablehnung", TargetRefused)])
def test_a_reader_says_by_a_file_that_it_has_it(
    tmp_path: Path, ending: str, error: type[Exception] | None
) -> None:
    with pytest.raises(TargetTrouble, match="no-receipt"):
        asyncio.run(handed(an_adapter(tmp_path, done="receipt")))
    (tmp_path / "eingang" / f"{ID}.{ending}").touch()

    if error is None:
        assert asyncio.run(handed(an_adapter(tmp_path, done="receipt"))).was_there
    else:
        with pytest.raises(error, match="declined"):
            asyncio.run(handed(an_adapter(tmp_path, done="receipt")))


def test_done_may_mean_that_somebody_fetched_it(tmp_path: Path) -> None:
    with pytest.raises(TargetTrouble, match="not-fetched"):
        asyncio.run(handed(an_adapter(tmp_path, done="fetched")))
    take_away(tmp_path)

    assert asyncio.run(handed(an_adapter(tmp_path, done="fetched"))).was_there


def test_an_empty_mount_point_is_not_mistaken_for_the_drive(tmp_path: Path) -> None:
    with pytest.raises(TargetTrouble, match="drive-gone"):
        asyncio.run(handed(an_adapter(tmp_path, landmark="kenndatei")))
    assert not list((tmp_path / "eingang").iterdir())


def test_settings_that_do_not_fit_are_refused_without_their_value(tmp_path: Path) -> None:
    for said in ({"forms": ["docx"]}, {"forms": ["json", "json"]}, {"passwort": "geheim"}):
        with pytest.raises(SettingsUnfit) as unfit:
            an_adapter(tmp_path, **said)
        assert "geheim" not in str(unfit.value)
    with pytest.raises(SettingsUnfit, match="Zuordnung"):
        an_adapter(tmp_path, forms=["mapped"], mapping="gibt-es-nicht.yaml")
