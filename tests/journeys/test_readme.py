# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What README.md tells a newcomer to type does what it says, in the order in which it says it."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from hub.audit.verify import verify_evidence
from tests.world import RHEINBERG, World

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
COMMAND = ".venv/bin/meldeweg"


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)


def commands() -> list[list[str]]:
    """Return what is typed after ``meldeweg``, command by command."""
    lines = "\n".join(blocks("sh")).replace("\\\n", " ").splitlines()
    return [shlex.split(line)[1:] for line in lines if line.startswith(COMMAND)]


@pytest.fixture
def checkout(world: World, tmp_path: Path) -> Path:
    """A folder in which everything lies where it does while ``make run`` runs."""
    (tmp_path / "var" / "demo").mkdir(parents=True)
    (tmp_path / "var" / "demo" / "agencies").symlink_to(world.home)
    (tmp_path / "deploy").symlink_to(ROOT / "deploy")
    return tmp_path


def run(checkout: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments], cwd=checkout, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


async def arrive(world: World) -> None:
    """Take what waits for the Jugendamt, as its process does in the demo."""
    async with world.hub(RHEINBERG) as office:
        [notice] = await office.lease()
        await notice.open()
        await notice.take()


@pytest.mark.anyio
async def test_the_first_message_works_as_written(world: World, checkout: Path) -> None:
    responsible, send, acknowledge, answer, receive, evidence = commands()

    assert RHEINBERG in run(checkout, "-m", "hub", *responsible)
    sent = run(checkout, "-m", "hub", *send)
    message = re.findall(r"^Angenommen: (\S+)$", sent, re.MULTILINE)[0]
    await arrive(world)
    for command in (acknowledge, answer, receive, evidence):
        run(checkout, "-m", "hub", *(message if each == "MESSAGE" else each for each in command))

    [received] = [
        each for each in (checkout / "var" / "eingang").iterdir() if "quittungen" not in each.name
    ]
    assert received.read_text("utf-8").count("true") == 2
    assert verify_evidence(checkout / "var" / "beweis.zip", world.node.log.vkey) == []


@pytest.mark.anyio
async def test_the_program_works_as_written(world: World, checkout: Path) -> None:
    [program] = blocks("python")

    said = run(checkout, "-c", program)
    await arrive(world)

    assert "§ 86 SGB VIII" in said
    assert re.search(r"is entry \d+ of the log; receipt and proof verified$", said.strip())


def test_every_file_that_is_named_is_there() -> None:
    """A test may be named without its folder, after one in the same folder."""
    paths = re.findall(r"`((?:specs|hub|deploy|docs|tests)/[\w./-]*)`", README)
    tests = re.findall(r"`(test_\w+\.py)`", README)

    assert len(paths) > 10
    assert [name for name in paths if not (ROOT / name).exists()] == []
    assert [name for name in tests if not list((ROOT / "tests").rglob(name))] == []
