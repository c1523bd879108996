# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A signer as it runs beside a hub: a process of its own, with a folder that only it writes to."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection, func, select
from typer.testing import CliRunner, Result

from hub.audit import tables
from hub.audit.checkpoint import Checkpoint, parse_text
from hub.audit.note import parse_note
from hub.audit.signing.strict import STATE
from hub.audit.tree import read_checkpoint
from hub.audit.verify import Finding, verify_db
from hub.main.assembly import create_hub
from hub.main.cli import app_for
from hub.main.folder import DataDir
from hub.store.engine import open_database
from tests.databases import a_data_dir
from tests.journeys.copies import copy_of
from tests.world import HUB_ID

SOON = 30
"""Seconds within which something happens, on a machine that has other things to do."""


@dataclass
class Signed:
    """A hub whose log is signed elsewhere, and where."""

    data: DataDir
    state: Path
    socket: Path
    environment: dict[str, str] = field(default_factory=dict)

    def meldeweg(self, *words: str | Path) -> Result:
        """Run a command of the operator."""
        typed = [str(word) for word in words]
        environment = {
            "MELDEWEG_DATA_DIR": str(self.data.path),
            "MELDEWEG_DATABASE_URL": self.data.url,
            "MELDEWEG_SIGNER": str(self.socket),
            **self.environment,
        }
        return CliRunner().invoke(app_for(typed), typed, env=environment)

    def did(self, *words: str | Path) -> str:
        """Run a command that has to succeed; returns what it said."""
        done = self.meldeweg(*words)
        assert done.exit_code == 0, done.output
        return done.output.strip()

    @property
    def reached(self) -> Checkpoint:
        """What the signer signed last."""
        note = (self.state / STATE).read_text("utf-8")
        return parse_text(parse_note(note).text)

    def stored(self) -> tuple[int, int]:
        """Return how many leaves the database has, and how many are signed."""
        database = open_database(self.data.place)
        try:
            with database.reading.connect() as connection:
                return _sizes(connection)
        finally:
            database.dispose()

    def verified(self, home: Path) -> list[Finding]:
        copy = copy_of(self.data, home / f"copy-{time.monotonic_ns()}.sqlite")
        return verify_db(copy)


def adopted(home: Path) -> Signed:
    """Found a hub, and give the key of its log to a signer."""
    data = a_data_dir(home / "hub")
    create_hub(data, HUB_ID, ())
    signed = Signed(data, home / "signer", home / "signer.sock")
    signed.environment["MELDEWEG_SIGNER"] = ""
    signed.did("signer", "adopt", "--state", signed.state)
    signed.environment.clear()
    return signed


@contextmanager
def signing(signed: Signed) -> Iterator["subprocess.Popen[bytes]"]:
    """Run the signer until the block ends."""
    where = ("--state", str(signed.state), "--socket", str(signed.socket))
    process = subprocess.Popen([sys.executable, "-m", "hub", "signer", "serve", *where])
    try:
        until(signed.socket.exists)
        yield process
    finally:
        if process.poll() is None:
            os.kill(process.pid, signal.SIGCONT)
            process.terminate()
        process.wait(SOON)


def killed(process: "subprocess.Popen[bytes]", signed: Signed) -> None:
    """End a signer as a power cut does."""
    process.kill()
    process.wait(SOON)
    signed.socket.unlink()


def until(holds: Callable[[], bool]) -> None:
    """Wait for something that another process does."""
    deadline = time.monotonic() + SOON
    while not holds():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


def set_aside(signed: Signed, copy: Path) -> Callable[[], None]:
    """Copy a database file; returns what puts it back, as somebody does who owns the machine."""
    shutil.copyfile(signed.data.database, copy)

    def back() -> None:
        shutil.copyfile(copy, signed.data.database)

    return back


def _sizes(connection: Connection) -> tuple[int, int]:
    leaves = connection.execute(select(func.count()).select_from(tables.audit_leaf)).scalar_one()
    head = read_checkpoint(connection)
    return leaves, 0 if head is None else head[0].size
