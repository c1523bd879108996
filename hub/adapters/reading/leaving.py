# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How does the log leave the house? As a folder that the auditor's own program verifies.

Hash tiles, entries and head as C2SP has them, and beside them the key of the log, the single
entries where a bundle is no longer whole, and what the hub has answered to each head. No name is
in it: whoever needs one asks the office.
"""

import io
import shutil
import tempfile
import zipfile
from functools import partial
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, select

from hub.adapters.reading.log import ReadingLog
from hub.audit import tables
from hub.audit.export import write_tiles
from hub.audit.tile import ENTRIES, WIDTH, Tile

ALONE: Final = "eintraege"
README: Final = """Lesebuch der Einheit {unit}

checkpoint      der unterschriebene Kopf
tile/           Hashes und Einträge (C2SP tlog-tiles)
eintraege/      was neben nach Frist gelöschten Einträgen steht, jeder für sich
bezeugt/        was der Hub zu jedem Kopf geantwortet hat, mit Beweis
vkey            der Schlüssel dieses Lesebuchs

Prüfen:  meldeweg audit verify tiles ORDNER --vkey "$(cat ORDNER/vkey)"
Vergleichen Sie den Schlüssel mit dem, den der Hub zu dieser Einheit kennt.
"""


def export_to(log: ReadingLog, folder: Path) -> int:
    """Write the log into a folder; returns how many entries it has."""
    folder.mkdir(parents=True, exist_ok=True)
    size = log.read_now(partial(_write, folder=folder))
    (folder / "vkey").write_text(log.vkey + "\n", "utf-8")
    (folder / "LIESMICH.txt").write_text(README.format(unit=log.unit), "utf-8")
    for file in log.answers.files():
        (folder / "bezeugt").mkdir(exist_ok=True)
        shutil.copyfile(file, folder / "bezeugt" / file.name)
    return size


def export_zip(log: ReadingLog) -> bytes:
    """Return the same folder as one file for a browser."""
    kept = io.BytesIO()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        export_to(log, folder)
        with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in sorted(folder.rglob("*")):
                if file.is_file():
                    archive.write(file, Path("lesebuch") / file.relative_to(folder))
    return kept.getvalue()


def _write(connection: Connection, folder: Path) -> int:
    size = write_tiles(connection, folder, with_entries=True)
    leaf, body = tables.audit_leaf.c, tables.audit_body.c
    rows = connection.execute(
        select(leaf.idx, body.body).join(tables.audit_body, body.event_id == leaf.event_id)
    )
    for index, entry in rows:
        if not _bundle_of(index, size, folder).exists():
            alone = folder / ALONE / f"{index:09}.json"
            alone.parent.mkdir(exist_ok=True)
            alone.write_bytes(entry)
    return size


def _bundle_of(index: int, size: int, folder: Path) -> Path:
    n = index // WIDTH
    return folder / Tile(ENTRIES, n, min(WIDTH, size - n * WIDTH)).path
