# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Hands a notice over as one row; the id of the message is the key of the table.

So a repeat changes nothing, and whoever imports the rows may delete them: a second table keeps the
ids alone.
"""

import asyncio
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import ClassVar

from hub.adapters.base import HandedOver, Surroundings, TargetTrouble
from hub.adapters.delivery import Delivery
from hub.adapters.forms.as_json import framed
from hub.adapters.health import WELL, Health, unwell
from hub.adapters.settings import TargetSettings

_TABLES = """
create table if not exists eingang (id text primary key, dringlichkeit text, meldung text);
create table if not exists uebergeben (id text primary key);
"""


class MusterSettings(TargetSettings):
    """What stands in ``[[target]]`` beside kind, name and protocols."""

    database: Path


class MusterAdapter:
    """Writes into one database."""

    settings_type: ClassVar[type[TargetSettings]] = MusterSettings

    def __init__(self, settings: TargetSettings, surroundings: Surroundings) -> None:
        assert isinstance(settings, MusterSettings)  # noqa: S101  the registry reads its type
        self.name = settings.called
        self._database = surroundings.path(settings.database)
        self._patience = settings.patience

    async def hand_over(self, delivery: Delivery) -> HandedOver:
        was_there = not await asyncio.to_thread(self._insert, delivery)
        return HandedOver(delivery.id, was_there=was_there)

    async def already_there(self, delivery: Delivery) -> HandedOver | None:
        if await asyncio.to_thread(self._knows, delivery.id):
            return HandedOver(delivery.id, was_there=True)
        return None

    async def check(self) -> Health:
        try:
            await asyncio.to_thread(self._knows, "")
        except TargetTrouble as trouble:
            return unwell(trouble.reason)
        return WELL

    async def close(self) -> None:
        """Each attempt has closed what it opened."""

    def _insert(self, delivery: Delivery) -> bool:
        """Write both rows or none; False where the message was there."""
        text = json.dumps(framed(delivery), ensure_ascii=False)
        try:
            with closing(self._opened()) as database, database:
                new = database.execute(
                    "insert or ignore into uebergeben values (?)", (delivery.id,)
                ).rowcount
                if new:
                    row = (delivery.id, delivery.urgency, text)
                    database.execute("insert into eingang values (?, ?, ?)", row)
                return bool(new)
        except sqlite3.Error:
            raise _trouble() from None

    def _knows(self, message_id: str) -> bool:
        try:
            with closing(self._opened()) as database:
                asked = "select 1 from uebergeben where id = ?"
                return database.execute(asked, (message_id,)).fetchone() is not None
        except sqlite3.Error:
            raise _trouble() from None

    def _opened(self) -> sqlite3.Connection:
        if not self._database.parent.is_dir():
            raise sqlite3.OperationalError
        database = sqlite3.connect(self._database, timeout=self._patience)
        # Whoever says „taken“ has it on the disk.
        database.execute("pragma synchronous = full")
        database.executescript(_TABLES)
        return database


def _trouble() -> TargetTrouble:
    # The text of the database stays here: it may quote a row.
    return TargetTrouble("database", "In die Datenbank lässt sich gerade nicht schreiben.")
