# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What must not go through is stopped with a reason that a person can read, and nothing of it gone.

At the door to the target; what is stopped at the door of the house, where case software puts down
what it wants to send, is in ``test_sending``.
"""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from hub.client import Draft
from tests.adapters.world import QUICK, Office, an_office, until, words
from tests.world import RHEINBERG, SCHOOL, World, example

FOLDER = QUICK + '[[target]]\nkind = "folder"\npath = "eingang"\nforms = ["json", "csv"]\n'
FORMULA = '=HYPERLINK("https://example.invalid";"Erfunden")'


async def a_notice(world: World, **said: Any) -> Draft:
    """Send a notice of a school in which some of it is said otherwise."""
    async with world.hub(SCHOOL) as school:
        await school.directory()
        draft = school.compose(
            protocol="schule-mitteilung",
            step="mitteilung",
            to=RHEINBERG,
            urgency="unverzueglich",
            content=example("schule-mitteilung", "mitteilung") | said,
        )
        await school.submit(draft)
    return draft


def stopped(office: Office, message: str) -> tuple[str | None, str | None, tuple[str, ...]]:
    row = office.row(message)
    assert row is not None
    return row.code, row.reason, row.places


def test_a_formula_that_somebody_typed_reaches_no_file(world: World, tmp_path: Path) -> None:
    """Not even the form before it in the list, in which it would do no harm."""

    async def go() -> None:
        folder = tmp_path / "eingang"
        folder.mkdir(mode=0o750)
        async with an_office(world, tmp_path, FOLDER) as office:
            said = {"auskunftssperre": False, "erlaeuterung": FORMULA}
            notice = await a_notice(world, hinweise=said)
            await until(lambda: office.state(notice.id) == ("quarantine", True))
            code, reason, places = stopped(office, notice.id)
            assert (code, places) == ("formula-in-csv", ("/hinweise/erlaeuterung",))
            assert reason is not None
            assert "Formel" in reason
            assert "HYPERLINK" not in reason
            assert list(folder.iterdir()) == []
        assert "taken" in await words(world, notice.id), "it is in this house, and people look"

    asyncio.run(go())


@pytest.mark.parametrize("what", ["link", "file"])
def test_what_lies_in_place_of_the_folder_gets_nothing(
    world: World, tmp_path: Path, what: str
) -> None:
    async def go() -> None:
        folder, elsewhere = tmp_path / "eingang", tmp_path / "anderswo"
        elsewhere.mkdir()
        if what == "link":
            folder.symlink_to(elsewhere)
        else:
            folder.write_text("unberührt", "utf-8")
        async with an_office(world, tmp_path, f"{FOLDER}attempts = 1\n") as office:
            notice = await a_notice(world)
            await until(lambda: office.state(notice.id) == ("quarantine", True))
            code, reason, _ = stopped(office, notice.id)
            assert code == "no-folder"
            assert reason == "Das Ziel ist kein Ordner oder eine Verknüpfung."
            assert list(elsewhere.iterdir()) == []

    asyncio.run(go())
