# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Can this table be read, cell by cell, without anything hidden in it?

Such tables come out of spreadsheets by hand. What cannot be seen there (control characters, marks
that turn the direction of writing) or would be carried out there (formulas) is refused, not
cleaned: whoever wrote it should look at it again.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

MAX_BYTES: Final = 4 * 1024 * 1024
"""All rows of a Land fit ten times over."""
MAX_ROWS: Final = 20_000
MAX_CELL: Final = 400

_FORMULA: Final = ("=", "+", "-", "@")


class Finding(NamedTuple):
    """What is wrong, and where; never what stood there."""

    line: int
    """Line of the file, the header being the first; 0 where no line is meant."""
    column: str
    sentence: str

    def __str__(self) -> str:
        place = f"Zeile {self.line}" if self.line else ""
        if self.column:
            place = f"{place}, Spalte {self.column}" if place else f"Spalte {self.column}"
        return f"{place}: {self.sentence}" if place else self.sentence


class TableInvalid(ValueError):  # noqa: N818  a state of the file, as the refusals are
    """A table cannot be used; the findings say where."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("; ".join(map(str, self.findings)))


class Form(NamedTuple):
    """Which columns a table has, and what each cell must look like."""

    name: str
    columns: Mapping[str, str]
    """Pattern by column."""
    optional: frozenset[str] = frozenset()
    """Columns that may be left out as a whole; their cells are then empty."""
    dialled: frozenset[str] = frozenset()
    """Columns of telephone numbers, which begin with a plus and are no formulas."""


class Line(NamedTuple):
    """One row with the line it stands in."""

    number: int
    cells: Mapping[str, str]


def parse_csv(raw: bytes, forms: Sequence[Form]) -> tuple[Form, tuple[Line, ...]]:
    """Read a table in one of these forms, or say everything that is wrong with it.

    The header tells which form it is. Cells are separated by comma or semicolon.
    """
    text = _text(raw)
    first = text.partition("\n")[0]
    separator = ";" if first.count(";") > first.count(",") else ","
    rows = csv.reader(io.StringIO(text), delimiter=separator, strict=True)
    try:
        read = [(rows.line_num, [cell.strip() for cell in row]) for row in rows]
    except csv.Error:
        raise TableInvalid([Finding(rows.line_num, "", "keine lesbare CSV-Zeile.")]) from None
    if len(read) > MAX_ROWS:
        raise TableInvalid([Finding(0, "", f"Die Datei hat mehr als {MAX_ROWS} Zeilen.")])
    header = read[0][1] if read else []
    form = _form(header, forms)
    lines = [(number, row) for number, row in read[1:] if any(row)]
    if findings := [found for each in lines for found in _check(form, header, *each)]:
        raise TableInvalid(findings)
    missing = dict.fromkeys(form.optional, "")
    return form, tuple(
        Line(number, missing | dict(zip(header, row, strict=True))) for number, row in lines
    )


def _text(raw: bytes) -> str:
    if len(raw) > MAX_BYTES:
        raise TableInvalid([Finding(0, "", "Die Datei ist größer als 4 MiB.")])
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise TableInvalid([Finding(0, "", "Die Datei ist nicht in UTF-8 gespeichert.")]) from None
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n"))
    hidden = (
        Finding(number, "", "enthält Steuer- oder unsichtbare Zeichen.")
        for number, line in enumerate(text.split("\n"), 1)
        if any(unicodedata.category(sign) in {"Cc", "Cf", "Zl", "Zp"} for sign in line)
    )
    if findings := tuple(hidden):
        raise TableInvalid(findings)
    return text


def _form(header: Sequence[str], forms: Sequence[Form]) -> Form:
    given = frozenset(header)
    for form in forms:
        required = form.columns.keys() - form.optional
        if required <= given <= form.columns.keys() and len(given) == len(header):
            return form
    known = " oder ".join(f"„{','.join(form.columns)}“" for form in forms)
    raise TableInvalid([Finding(1, "", f"Die Kopfzeile ist keine der bekannten: {known}.")])


def _check(form: Form, header: Sequence[str], number: int, row: Sequence[str]) -> Iterator[Finding]:
    if len(row) != len(header):
        yield Finding(number, "", "hat mehr oder weniger Zellen als die Kopfzeile.")
        return
    for column, cell in zip(header, row, strict=True):
        if cell.startswith(_FORMULA) and column not in form.dialled:
            yield Finding(number, column, "beginnt wie eine Formel.")
        elif len(cell) > MAX_CELL:
            yield Finding(number, column, f"ist länger als {MAX_CELL} Zeichen.")
        elif not re.fullmatch(form.columns[column], cell):
            yield Finding(number, column, "hat nicht die verlangte Form.")
