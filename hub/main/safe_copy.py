# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A backup of a hub on SQLite: a folder with a copy of the database and what it has to be.

In it are neither keys nor openings. Whoever had the copy and the openings could still say what
entries committed to after a conversation was forgotten; so the two never lie in one backup.
"""

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from hub import clock
from hub.audit.tree import read_checkpoint
from hub.main.aside import JOURNALS, place_aside
from hub.main.folder import DataDir
from hub.record import new_id
from hub.sealing.canonical import b64
from hub.store.copy import write_copy
from hub.store.engine import open_database
from hub.store.participants import read_hub_id

DATABASE: Final = "meldeweg.sqlite"
PAPER: Final = "sicherung.json"
_PIECE: Final = 1 << 20


class NotABackup(ValueError):  # noqa: N818  a state of the folder
    """The folder is no backup, or one that has changed since it was made."""


@dataclass(frozen=True)
class Paper:
    """What was copied, when, and how far the log was."""

    id: str
    hub: str
    made_at: int
    digest: str
    size: int
    checkpoint: str
    v: int = 1


def make(data: DataDir, to: Path, enter: Callable[[Paper], None]) -> Paper:
    """Copy the database into a new folder while the hub goes on, and have it entered.

    Where it cannot be entered, there is no copy. Raises ``FileExistsError`` where something is.
    """
    if to.exists():
        raise FileExistsError(to)
    unfinished = to.with_name(f".{to.name}.entsteht")
    unfinished.mkdir(mode=0o700, parents=True)
    try:
        paper = _copied(data, unfinished)
        enter(paper)
        _write(unfinished / PAPER, asdict(paper))
        unfinished.rename(to)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return paper


def read_paper(folder: Path) -> Paper:
    """Return what a backup says of itself, once its copy is the one that was made.

    Raises ``NotABackup``.
    """
    try:
        paper = Paper(**json.loads((folder / PAPER).read_bytes()))
        found = _digest_of(folder / DATABASE)
    except (OSError, ValueError, TypeError):
        raise NotABackup("Das ist keine Sicherung, oder sie ist nicht lesbar.") from None
    if found != paper.digest:
        raise NotABackup("Die Kopie ist nicht mehr die, die gesichert wurde.")
    if _head_of(folder / DATABASE)[1:] != (paper.size, paper.checkpoint):
        raise NotABackup("Das Protokoll der Kopie ist nicht das, das bei ihr steht.")
    return paper


def put_back(folder: Path, data: DataDir) -> Path | None:
    """Put a copy in the place of the database; returns where that one now lies.

    Raises ``NotABackup``, and ``ReadOnly`` where a hub runs.
    """
    paper = read_paper(folder)
    with data.locked():
        if data.database.exists() and _head_of(data.database)[0] != paper.hub:
            raise NotABackup("Das ist die Sicherung eines anderen Hubs.")
        new = data.path / f".{DATABASE}.entsteht"
        shutil.copyfile(folder / DATABASE, new)
        new.chmod(0o600)
        aside = _put_aside(data)
        new.rename(data.database)
    return aside


def _put_aside(data: DataDir) -> Path | None:
    if not data.database.exists():
        return None
    aside = place_aside(data, clock.now())
    for journal in JOURNALS:
        beside = Path(f"{data.database}{journal}")
        if beside.exists():
            beside.rename(f"{aside}{journal}")
    return aside


def _copied(data: DataDir, folder: Path) -> Paper:
    database = open_database(data.place)
    try:
        write_copy(database, folder / DATABASE)
    finally:
        database.dispose()
    hub, size, note = _head_of(folder / DATABASE)
    return Paper(new_id(), hub, int(clock.now()), _digest_of(folder / DATABASE), size, note)


def _head_of(path: Path) -> tuple[str, int, str]:
    database = open_database(path)
    try:
        with database.reading.connect() as connection:
            head = read_checkpoint(connection)
            return (
                read_hub_id(connection) or "",
                head[0].size if head else 0,
                head[1] if head else "",
            )
    finally:
        database.dispose()


def _digest_of(path: Path) -> str:
    hashed = sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            hashed.update(piece)
    return b64(hashed.digest())


def _write(path: Path, what: dict[str, Any]) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(what, file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(descriptor)
