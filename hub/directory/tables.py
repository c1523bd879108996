# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How do the tables of a Land become rows, and rows files again?

Four files in one folder. What ships with the package is loaded fast, because a test holds its form;
what anybody else wrote is looked at cell by cell.
"""

import io
from collections.abc import Iterable, Mapping, Sequence
from csv import reader, writer
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from hub.directory.csvfile import Finding, Form, TableInvalid, parse_csv
from hub.directory.rows import Assignment, ListedOffice, Place, PostcodeRow, Tables
from hub.model.ids import PARTY

_DAY: Final = r"(19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}"
_AGS: Final = r"[0-9]{8}"
_TEXT: Final = r"\S(.*\S)?"
_CONFIDENCE: Final = "belegt|angenommen"
_ORGANISATION: Final = PARTY.pattern.removesuffix(r"(\.[a-z0-9-]{1,24})?")


class _Kind(NamedTuple):
    """One of the four tables: its file, its row, its form."""

    file: str
    row: Any
    form: Form


def _kind(name: str, row: Any, columns: Mapping[str, str]) -> _Kind:
    return _Kind(f"{name}.csv", row, Form(name, columns))


_TERM: Final = {"valid_from": _DAY, "valid_until": f"({_DAY})?"}
KINDS: Final = (
    _kind(
        "gemeinden",
        Place,
        {"ags": _AGS, "name": _TEXT, "kreis": _TEXT, **_TERM, "successor": f"({_AGS})?"},
    ),
    _kind(
        "stellen",
        ListedOffice,
        {
            "organisation": _ORGANISATION,
            "kind": r"[a-z]{4,20}",
            "name": _TEXT,
            **_TERM,
            "successor": f"({_ORGANISATION})?",
            "confidence": _CONFIDENCE,
            "remark": f"({_TEXT})?",
        },
    ),
    _kind(
        "zustaendigkeit",
        Assignment,
        {
            "kind": r"[a-z]{4,20}",
            "ags": _AGS,
            "organisation": _ORGANISATION,
            **_TERM,
            "basis": r"[a-z-]{4,60}",
            "confidence": _CONFIDENCE,
            "source": _TEXT,
        },
    ),
    _kind("postleitzahlen", PostcodeRow, {"plz": "[0-9]{5}", "ags": _AGS}),
)
"""In the order of the members of ``Tables``."""


def load_tables(folder: Path) -> Tables:
    """Load the shipped tables fast: their form is held by a test, not looked at here again."""
    return Tables(*(_load(folder / kind.file, kind.row) for kind in KINDS))


def load_overlay(folder: Path) -> Tables:
    """Load tables that somebody else wrote, or say what is wrong with them."""
    tables = Tables()
    for kind in KINDS:
        path = folder / kind.file
        if path.is_file():
            tables = tables.with_rows_of(parse_tables(path.read_bytes()))
    return tables


def parse_tables(raw: bytes) -> Tables:
    """Read one table of the four; its header tells which."""
    form, lines = parse_csv(raw, [kind.form for kind in KINDS])
    place = next(place for place, kind in enumerate(KINDS) if kind.form is form)
    row, columns = KINDS[place].row, tuple(form.columns)
    first = _first(columns)
    rows, wrong = [], []
    for line in lines:
        try:
            rows.append(row._make(_dated([line.cells[column] for column in columns], first)))
        except ValueError:
            wrong.append(Finding(line.number, "", "nennt einen Tag, den es nicht gibt."))
    keys = [each.key for each in rows]
    if not wrong and len(set(keys)) < len(keys):
        wrong = [
            Finding(line.number, "", "steht schon weiter oben.")
            for number, line in enumerate(lines)
            if keys[number] in keys[:number]
        ]
    if wrong:
        raise TableInvalid(wrong)
    read: list[tuple[Any, ...]] = [(), (), (), ()]
    read[place] = tuple(rows)
    return Tables(*read)


def written(tables: Tables) -> Mapping[str, bytes]:
    """Return the files of these tables by name; a table without rows has none."""
    return {
        kind.file: _bytes(tuple(kind.form.columns), rows)
        for kind, rows in zip(KINDS, tables, strict=True)
        if rows
    }


def _bytes(columns: Sequence[str], rows: Iterable[Iterable[object]]) -> bytes:
    text = io.StringIO()
    table = writer(text, lineterminator="\n")
    table.writerow(columns)
    table.writerows(["" if cell is None else str(cell) for cell in row] for row in rows)
    return text.getvalue().encode()


def _load(path: Path, row: Any) -> tuple[Any, ...]:
    if not path.is_file():
        return ()
    with path.open(encoding="utf-8", newline="") as lines:
        rows = reader(lines)
        columns = next(rows)
        make, first = row._make, _first(columns)
        return tuple(make(_dated(cells, first)) for cells in rows)


def _first(columns: Sequence[str]) -> int:
    """Return where the first day of a row stands; its last follows. -1 where it has none."""
    return columns.index("valid_from") if "valid_from" in columns else -1


def _dated(cells: list[Any], first: int) -> list[Any]:
    """Turn the days of a row into days, in place: there are thousands of rows."""
    if first >= 0:
        until = cells[first + 1]
        cells[first], cells[first + 1] = _day(cells[first]), _day(until) if until else None
    return cells


@cache
def _day(text: str) -> date:
    return date.fromisoformat(text)
