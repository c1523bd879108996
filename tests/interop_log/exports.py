# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Logs of small hubs as they leave the house, and what a party keeps of them."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from sqlalchemy import Connection, Engine

from hub.audit.export import write_tiles
from hub.audit.tree import Tree
from tests.unit.audit.builders import a_database, a_draft, a_grown_log, a_log, append_all


@dataclass(frozen=True)
class Export:
    """A directory as C2SP tlog-tiles has it, the log's key in ``log.vkey``, and the database."""

    directory: Path
    vkey: str
    size: int
    engine: Engine

    def copied(self, place: Path) -> Self:
        """Return the same export in another directory, to be spoiled there."""
        shutil.copytree(self.directory, place, dirs_exist_ok=True)
        return type(self)(place, self.vkey, self.size, self.engine)

    @property
    def files(self) -> list[Path]:
        """Checkpoint, tiles and bundles."""
        tiles = (path for path in (self.directory / "tile").rglob("*") if path.is_file())
        return [self.directory / "checkpoint", *sorted(tiles)]

    def keep(self, index: int) -> Path:
        """Put one entry beside the export with its proof, as a party keeps them."""
        with self.engine.connect() as connection:
            return _kept(connection, index, self.directory)


def an_export(directory: Path, size: int, *, group: int = 50) -> Export:
    """Let a log grow and export it with its entries."""
    engine, log = a_grown_log(size, group=group)
    with engine.connect() as connection:
        assert write_tiles(connection, directory, with_entries=True) == size
    (directory / "log.vkey").write_text(f"{log.vkey}\n", encoding="ascii")
    return Export(directory, log.vkey, size, engine)


def a_fork(directory: Path, size: int) -> Path:
    """Return a checkpoint of the same key over as many entries, the first of which is left out."""
    engine, log = a_database(), a_log()
    append_all(engine, log, [a_draft(number) for number in range(1, size + 1)])
    with engine.connect() as connection:
        write_tiles(connection, directory, with_entries=False)
    return directory / "checkpoint"


def flip(path: Path, at: int) -> None:
    """Flip one bit of a file."""
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)


def _kept(connection: Connection, index: int, directory: Path) -> Path:
    proof = Tree().proof(connection, index)
    assert proof.extra is not None
    (directory / "entry.json").write_bytes(proof.extra)
    (directory / "entry.tlog-proof").write_text(proof.text, encoding="utf-8")
    return directory / "entry.tlog-proof"
