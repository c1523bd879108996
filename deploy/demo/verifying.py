# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Somebody who verifies: a copy of the auditor's program, the log's key, and copies of the data.

The program runs isolated (``-I -S``) in a process of its own: it finds the standard library of
Python and nothing else, so nothing of the hub either.
"""

import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from deploy.demo.log_witness import policy_of
from deploy.demo.place import ROOT, Place
from deploy.demo.processes import Processes, run
from deploy.demo.tell import Failed

VERIFIER: Final = ROOT / "hub" / "audit" / "verify.py"
DATABASE: Final = "meldeweg.sqlite"


@dataclass(frozen=True)
class Auditor:
    """What somebody has who believes nobody."""

    processes: Processes
    log_key: str

    @property
    def place(self) -> Place:
        return self.processes.place

    @property
    def folder(self) -> Path:
        """Where everything lies that is verified, and with what."""
        return ROOT / self.place.check

    @property
    def database(self) -> Path:
        """The database of the hub, of which copies are made."""
        return ROOT / self.place.hub / DATABASE

    @property
    def policy(self) -> Path:
        return ROOT / policy_of(self.place)

    def take_program(self) -> None:
        """Copy the program out of the hub."""
        shutil.copyfile(VERIFIER, self.folder / "verify.py")

    async def verify(
        self, kind: str, file: Path, *more: str | Path, program: Path | None = None
    ) -> tuple[int, str]:
        """Run the copied program, or another copy; returns its exit code and what it said."""
        taken = program or self.folder / "verify.py"
        arguments = ("-I", "-S", taken, kind, file, "--vkey", self.log_key)
        code, out, err = await run(*arguments, *more, environment={"PYTHONUTF8": "1"})
        if err:
            raise Failed(f"Das Prüfprogramm ist gescheitert:\n{err}")
        return code, out.strip()


def back_up(source: Path, target: Path) -> None:
    """Copy the database of a hub that runs, as a backup does; the source is only read."""
    with (
        closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as reading,
        closing(sqlite3.connect(target)) as writing,
    ):
        reading.backup(writing)
