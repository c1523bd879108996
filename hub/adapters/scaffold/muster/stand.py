# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The counterpart for the contract: a real database that can be out of reach.

``pytest -p hub.adapters.contract --adapter hub.adapters.scaffold.muster.stand:stand``
"""

import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path

from hub.adapters.base import Surroundings
from hub.adapters.scaffold.muster.adapter import MusterAdapter, MusterSettings
from hub.adapters.stand import Spoiling


class MusterStand:
    """A database in a folder of its own."""

    spoilings: frozenset[Spoiling] = frozenset({"away"})

    def __init__(self, folder: Path, surroundings: Surroundings) -> None:
        self._folder = folder / "daten"
        self._folder.mkdir()
        self._surroundings = surroundings
        self._imported: Counter[str] = Counter()

    def adapter(self) -> MusterAdapter:
        settings = MusterSettings(kind="muster", database=self._folder / "eingang.db")
        return MusterAdapter(settings, self._surroundings)

    def effects(self, message_id: str) -> int:
        return self._imported[message_id] + self._ids().count(message_id)

    def fetch(self) -> None:
        self._imported.update(self._ids())
        with closing(sqlite3.connect(self._folder / "eingang.db")) as database, database:
            database.execute("delete from eingang")

    def visible(self) -> str:
        return "\n".join(map(str, self._folder.iterdir()))

    @contextmanager
    def spoiled(self, _how: Spoiling) -> Iterator[None]:
        elsewhere = self._folder.with_name("anderswo")
        self._folder.rename(elsewhere)
        yield
        elsewhere.rename(self._folder)

    def _ids(self) -> list[str]:
        if not (self._folder / "eingang.db").exists():
            return []
        with closing(sqlite3.connect(self._folder / "eingang.db")) as database:
            return [row[0] for row in database.execute("select id from eingang")]


@asynccontextmanager
async def stand(folder: Path, surroundings: Surroundings) -> AsyncIterator[MusterStand]:
    """Make a stand; the plugin calls this for each promise."""
    yield MusterStand(folder, surroundings)
