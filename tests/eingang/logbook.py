# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A log of reading by itself, and somebody who owns the file it lies in."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hub.adapters.reading.checking import Verdict, check
from hub.adapters.reading.log import DATABASE, ReadingLog
from hub.adapters.reading.reading import Reading
from hub.adapters.reading.words import SHOWN
from hub.audit.note import Signer

UNIT: Final = "jugendamt:05170032.asd"
ORIGIN: Final = f"meldeweg.invalid/test/lesebuch/{UNIT}"
MESSAGE: Final = "019a6a5e-7c2a-7d41-8e5b-000000000001"
MATTER: Final = "019a6a5e-7c2a-7d41-8e5b-000000000002"
SIGNER: Final = Signer(ORIGIN, Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
LOOK: Final = Reading(
    "person-1", "fachkraft", SHOWN, MESSAGE, MATTER, "schule-mitteilung/1.0.0", ("main", "akte")
)


@contextmanager
def a_log(folder: Path, signer: Signer = SIGNER) -> Iterator[ReadingLog]:
    folder.mkdir(exist_ok=True)
    log = ReadingLog(folder, UNIT, signer)
    try:
        yield log
    finally:
        log.close()


def filled(folder: Path, count: int) -> Path:
    """Make a log with some looks in it."""

    async def look(log: ReadingLog) -> None:
        await asyncio.gather(*(log.note(LOOK) for _ in range(count)))

    with a_log(folder) as log:
        asyncio.run(look(log))
    return folder


def examined(folder: Path) -> Verdict:
    """Compute the log in a folder anew."""
    with a_log(folder) as log:
        return examined_by(log)


def examined_by(log: ReadingLog) -> Verdict:
    return log.read_now(partial(check, verifier=log.verifier, answers=log.answers))


@contextmanager
def opened(folder: Path) -> Iterator[sqlite3.Connection]:
    """Open the file without its triggers; they stand again afterwards, as if nothing had been."""
    with closing(sqlite3.connect(folder / DATABASE, isolation_level=None)) as connection:
        query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
        triggers: list[Any] = connection.execute(query).fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        yield connection
        for _, statement in triggers:
            connection.execute(statement)


def head_changed(folder: Path) -> None:
    """Write another root into the newest head; its signature is of the old one."""
    with opened(folder) as connection:
        note, size = connection.execute(
            "SELECT note, size FROM checkpoint ORDER BY size DESC LIMIT 1"
        ).fetchone()
        lines = note.split("\n")
        lines[2] = lines[2].swapcase()
        said = ("\n".join(lines), size)
        connection.execute("UPDATE checkpoint SET note = ? WHERE size = ?", said)
