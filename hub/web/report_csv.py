# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""An evaluation for a spreadsheet, as a German office opens it by a double click.

UTF-8 with a mark at the beginning, semicolons, lines that end in CR LF: so umlauts and columns are
right without a dialogue. What a spreadsheet would take for a formula begins with an apostrophe.
"""

import io
from collections.abc import Iterator
from csv import writer
from typing import Final

from hub.inquire.suppression import SMALL, Figure
from hub.web.report import Report, Table, said

CSV: Final = "text/csv; charset=utf-8"
_HEAD: Final = ("Netz", "Halbjahr", "Tabelle", "Zeile", "Spalte", "Angabe", "von", "bis")
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def as_csv(report: Report) -> bytes:
    """Return one line for each figure; what is hidden has a beginning and an end, and no middle."""
    file = io.StringIO()
    lines = writer(file, delimiter=";", lineterminator="\r\n")
    lines.writerow(_HEAD)
    for table in report.tables:
        for line in _lines(table):
            lines.writerow(_safe(each) for each in (report.name, report.half.key, *line))
    return file.getvalue().encode("utf-8-sig")


def _lines(table: Table) -> Iterator[tuple[str, ...]]:
    for row in table.rows:
        for column, figure in zip(table.columns, row.figures, strict=True):
            yield (table.title, row.label, column, *_cells(figure))
        if row.median:
            yield (table.title, row.label, "Median", row.median, "", "")
    for label in table.few:
        yield (table.title, label, table.columns[0], said(SMALL), "0", str(SMALL.high))


def _cells(figure: Figure) -> tuple[str, str, str]:
    shown = str(figure.value) if figure.value is not None else said(figure)
    return shown, str(figure.low), "" if figure.high is None else str(figure.high)


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
