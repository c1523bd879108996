# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What ``doctor`` looks at: each finding says what is, how bad it is, and what to do."""

import shutil
import time
from dataclasses import dataclass
from typing import Final, Literal

from sqlalchemy import Connection, func, select

from hub.audit.tree import count_leaves, read_checkpoint
from hub.errors import Failure
from hub.main.folder import DataDir
from hub.store.engine import SAFE_WAL, open_database, sqlite_version
from hub.store.messages import message
from hub.store.participants import read_hub_id, read_participants
from hub.store.schema import check_current

Level = Literal["gut", "hinweis", "schlimm"]
RESERVE: Final = 512 * 1024 * 1024
"""Bytes that should be free on the disk of the database."""
USES: Final = ("log", "receipt", "token")


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    level: Level
    what: str
    advice: str = ""

    @property
    def mark(self) -> str:
        return {"gut": "[gut]    ", "hinweis": "[hinweis]", "schlimm": "[schlimm]"}[self.level]

    @property
    def advice_line(self) -> str:
        return f"\n          → {self.advice}" if self.advice else ""


def examine(data: DataDir) -> list[Finding]:
    """Look at driver, keys, disk, clock, database and log; changes nothing."""
    if not data.database.exists():
        return [Finding("schlimm", "Hier ist kein Hub.", "Mit „meldeweg init“ einrichten.")]
    return [_driver(), *_keys(data), _privacy(data), _disk(data), _clock(), *_database(data)]


def count(data: DataDir) -> dict[str, int | str]:
    """Return numbers of messages by state, participants, and the size of the log."""
    database = open_database(data.database)
    try:
        with database.reading.connect() as connection:
            return _numbers(connection)
    finally:
        database.dispose()


def _numbers(connection: Connection) -> dict[str, int | str]:
    states = connection.execute(
        select(message.c.state, func.count()).group_by(message.c.state)
    ).all()
    newest = read_checkpoint(connection)
    return {
        "Hub": read_hub_id(connection) or "",
        **{f"Nachrichten {row[0]}": row[1] for row in states},
        "Teilnehmende Stellen": sum(
            each.status == "valid" for each in read_participants(connection)
        ),
        "Einträge im Protokoll": newest[0].size if newest else 0,
    }


def _driver() -> Finding:
    version = ".".join(map(str, sqlite_version()))
    if sqlite_version() >= SAFE_WAL:
        return Finding("gut", f"SQLite {version}, WAL")
    return Finding(
        "hinweis",
        f"SQLite {version} ist älter als 3.51.3; es wird ohne WAL geschrieben.",
        "Den mitgelieferten Treiber installieren (make run).",
    )


def _keys(data: DataDir) -> list[Finding]:
    found = []
    for use in USES:
        path = data.key(use)
        if not path.exists():
            found.append(
                Finding(
                    "schlimm", f"Der Schlüssel „{use}“ fehlt.", "Aus der Sicherung zurückholen."
                )
            )
        elif path.stat().st_mode & 0o077:
            found.append(
                Finding("schlimm", f"Der Schlüssel „{use}“ ist für andere lesbar.", "chmod 600")
            )
        else:
            found.append(Finding("gut", f"Schlüssel „{use}“ ist nur für den Besitzer lesbar."))
    return found


def _privacy(data: DataDir) -> Finding:
    if data.others_may():
        return Finding(
            "schlimm",
            "Die Datenbank ist für andere zugänglich.",
            "chmod 700 auf das Datenverzeichnis, chmod 600 auf die Dateien darin.",
        )
    return Finding("gut", "Die Datenbank ist nur für den Besitzer zugänglich.")


def _disk(data: DataDir) -> Finding:
    free = shutil.disk_usage(data.path).free
    text = f"{free // 1_048_576} MiB frei"
    if free < RESERVE:
        return Finding("schlimm", text, "Platz schaffen; unter 512 MiB wird es eng.")
    return Finding("gut", text)


def _clock() -> Finding:
    if time.time() < 1_767_225_600:  # noqa: PLR2004  1 January 2026: before this program existed
        return Finding("schlimm", "Die Uhr geht falsch.", "Zeitdienst einschalten (chrony).")
    return Finding("gut", "Die Uhr ist plausibel.")


def _database(data: DataDir) -> list[Finding]:
    database = open_database(data.database)
    try:
        with database.reading.connect() as connection:
            return [*_schema(connection), _integrity(connection), _log(connection)]
    finally:
        database.dispose()


def _schema(connection: Connection) -> list[Finding]:
    try:
        check_current(connection)
    except Failure as old:
        return [Finding("schlimm", str(old), "Mit „meldeweg upgrade“ auf den Stand bringen.")]
    return [Finding("gut", "Die Datenbank hat das Schema dieser Fassung.")]


def _integrity(connection: Connection) -> Finding:
    said = connection.exec_driver_sql("PRAGMA quick_check").scalar()
    if said != "ok":
        return Finding(
            "schlimm", "Die Datenbank ist beschädigt.", "Hub anhalten, Sicherung zurückholen."
        )
    return Finding("gut", "Die Datenbank ist unbeschädigt.")


def _log(connection: Connection) -> Finding:
    newest, leaves = read_checkpoint(connection), count_leaves(connection)
    if newest is None or newest[0].size != leaves:
        return Finding(
            "schlimm",
            "Protokoll und letzter Prüfpunkt passen nicht zusammen.",
            "Nichts starten; „meldeweg audit verify“ ausführen.",
        )
    return Finding("gut", f"Protokoll mit {leaves} Einträgen, unterschrieben bis zum letzten.")
