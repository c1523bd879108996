# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which table does a browser need to tell the responsible office without asking anybody?

All of the Land's, whole: a page that fetched only the row of one place would say where the child
lives. Long texts that come again and again stand once and are named by their place.
"""

from collections.abc import Iterable
from datetime import date
from typing import Final

from hub.directory.grounds import GROUNDS
from hub.directory.land import shipped_tables
from hub.directory.rows import Assignment, Tables
from hub.model.json import Json, JsonObject

NAME: Final = "orte.json"


def make() -> JsonObject:
    """Return the shipped tables as arrays, in the order of the columns of their files."""
    return packed(shipped_tables())


def packed(tables: Tables) -> JsonObject:
    """Return tables as the browser reads them; postcodes only where they were imported."""
    texts = _Texts()
    return {
        "places": [_cells(row) for row in tables.places],
        "offices": [_cells(row[:6]) for row in tables.offices],
        "assignments": [_assignment(row, texts) for row in tables.assignments],
        "postcodes": [[row.plz, row.ags] for row in tables.postcodes],
        "sources": list(texts.known),
        "grounds": {word: ground.why for word, ground in GROUNDS.items()},
    }


def _assignment(row: Assignment, texts: "_Texts") -> list[Json]:
    *cells, source = row
    return [*_cells(cells), texts.place_of(source)]


class _Texts:
    """Texts by their place, each once."""

    def __init__(self) -> None:
        self.known: dict[str, int] = {}

    def place_of(self, text: str) -> int:
        return self.known.setdefault(text, len(self.known))


def _cells(row: Iterable[object]) -> list[Json]:
    return [_cell(cell) for cell in row]


def _cell(cell: object) -> str:
    if cell is None:
        return ""
    return cell.isoformat() if isinstance(cell, date) else str(cell)
