# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What ``docs/betrieb.md`` says of findings, exit codes and limits is what the program does."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from hub.main import lastresort, starting
from hub.main.serving import LONGEST_STOP
from hub.main.space import RESERVE
from hub.web.connection import Patience
from hub.web.crowd import MIB, Room

ROOT = Path(__file__).parents[3]
MAIN = ROOT / "hub" / "main"
PAPER = (ROOT / "docs" / "betrieb.md").read_text("utf-8")
FINDING = re.compile(r"\b(?:good|hint|bad)\(\s*\"([a-z-]+)\"")


def rows(first: str) -> dict[str, str]:
    """Return the table whose head begins so, by the first cell of each row."""
    lines = PAPER[PAPER.index(f"| {first} |") :].split("\n\n", 1)[0].splitlines()[2:]
    cells = [line.strip("| ").split(" | ", 1) for line in lines]
    return {cell[0]: cell[1] for cell in cells}


def test_each_finding_is_in_the_table_and_no_other() -> None:
    told = {name for cell in rows("Kennung") for name in re.findall(r"`([a-z-]+)`", cell)}
    # What `connector check` finds stands in its own guide (tests/guide).
    hubs = (each for each in MAIN.glob("*.py") if not each.name.startswith("connector_"))
    sources = [path.read_text("utf-8") for path in hubs]

    assert told == {name for source in sources for name in FINDING.findall(source)}


def test_each_exit_code_is_in_the_table() -> None:
    codes = {
        0,
        starting.NOT_STARTED,
        starting.SET_BACK,
        starting.DISK_FAILED,
        starting.FORBIDDEN,
        lastresort.CUT_OFF,
    }

    assert {int(code) for code in rows("Endet mit")} == codes
    assert f"RestartPreventExitStatus={starting.SET_BACK} {starting.FORBIDDEN}" in PAPER


def test_the_numbers_are_those_of_the_program() -> None:
    patience, room = Patience(), Room()
    for said in (
        f"höchstens {patience.connections_per_address} Verbindungen",
        f"alle zusammen {patience.connections};",
        f"Köpfe haben {patience.head_seconds} Sekunden, Körper {patience.body_seconds}",
        f"höchstens {room.known // MIB} MiB zugleich",
        f"von einer Adresse {room.of_one // MIB}, von Unbekannten {room.strangers // MIB};",
        f"(höchstens {patience.stop_seconds} Sekunden)",
        f"unter {RESERVE} MiB ein Hinweis",
    ):
        assert said in PAPER.replace("\n", " "), said
    assert patience.stop_seconds < LONGEST_STOP < 30


# A container has no systemd; the paper's unit is examined wherever its own judge is installed.
@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
def test_the_service_is_one_that_systemd_understands(tmp_path: Path) -> None:
    [unit] = re.findall(r"^```ini\n(.*?)^```$", PAPER, re.DOTALL | re.MULTILINE)
    path = tmp_path / "meldeweg.service"
    path.write_text(unit.replace("/opt/meldeweg/.venv/bin/meldeweg", "/bin/true"), "utf-8")

    ran = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", path],
        capture_output=True,
        text=True,
        check=False,
    )

    assert [line for line in ran.stderr.splitlines() if path.name in line] == []
