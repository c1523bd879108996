# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""An evaluation on paper that can still be read in decades, and by those who hear it.

PDF/A-3a and PDF/UA-1: tagged, in German, each plot with its text, the spreadsheet inside. The same
evaluation is the same file to the last byte.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from hub.clock import BERLIN
from hub.web import report_words as words
from hub.web.report import Report, Row, Table, said
from hub.web.report_csv import as_csv
from hub.web.report_svg import as_bars, spoken

PDF: Final = "application/pdf"
STANDARDS: Final = ("a-3a", "ua-1")
_TEMPLATE: Final = Path(__file__).parent / "templates" / "bericht" / "auswertung.typ"


def as_pdf(report: Report) -> bytes:
    """Return the report as a file; takes some tens of milliseconds."""
    # Eighty megabytes, which nobody else needs.
    import typst  # noqa: PLC0415

    made = typst.compile(
        _TEMPLATE.read_bytes(),
        format="pdf",
        pdf_standards=list(STANDARDS),
        ignore_system_fonts=True,
        timestamp=report.half.settled,
        sys_inputs={
            "report": json.dumps(_told(report), ensure_ascii=False),
            "csv": as_csv(report).decode(),
        },
    )
    assert isinstance(made, bytes)  # noqa: S101  one document, one file
    return made


def _told(report: Report) -> dict[str, Any]:
    day = datetime.fromtimestamp(report.half.settled, BERLIN)
    return {
        "title": report.title,
        "file": report.file,
        "is_demo": report.is_demo,
        "day": {"year": day.year, "month": day.month, "day": day.day},
        "counted": words.COUNTED,
        "legend": words.LEGEND,
        "tables": [_table(each) for each in report.tables],
    }


def _table(table: Table) -> dict[str, Any]:
    columns = (table.corner, *table.columns, *(("Median",) if table.has_medians else ()))
    return {
        "title": table.title,
        "columns": columns,
        "rows": [
            {"cells": list(_cells(row, len(columns))), "is_sum": row.is_sum} for row in table.rows
        ],
        "few": table.few_said,
        "median": f"Median: {table.median}." if table.median else "",
        "note": table.note,
        "plot": as_bars(table, on_paper=True) if table.is_drawn else "",
        "spoken": spoken(table),
    }


def _cells(row: Row, width: int) -> Iterator[str]:
    cells = (row.label, *map(said, row.figures), row.median or "–")
    yield from cells[:width]
