# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A delivery as a line for a register of incoming post, as a German office opens it.

UTF-8 with a mark at the beginning, semicolons, CR LF, a head and one line. What a spreadsheet would
take for a formula begins with an apostrophe; where a target reads the file by program and nothing
may be changed, such a line is refused instead (``formulas = "refuse"``).
"""

import io
from csv import writer
from typing import Final, Literal, TypeAlias

from hub.adapters.base import TargetRefused
from hub.adapters.forms.document import Document, file_name
from hub.adapters.forms.glance import LABELS, Kind
from hub.adapters.forms.told import Told, stamp

MEDIA_TYPE: Final = "text/csv; charset=utf-8"
Formulas: TypeAlias = Literal["guard", "refuse"]
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
"""Also in full width, which spreadsheets fold to the others."""
_FACTS: Final = (
    "Kennung", "Vorgang", "Verfahren", "Schritt", "Unterschrieben", "Eingegangen", "Absender",
    "Empfänger", "Vorführung",
)  # fmt: skip


def as_csv(told: Told, formulas: Formulas = "guard") -> Document:
    """Return head and line; raises ``TargetRefused`` for a formula where that is wanted."""
    delivery = told.delivery
    facts = (
        delivery.id, delivery.conversation, delivery.protocol, delivery.step,
        stamp(delivery.issued), stamp(delivery.received), delivery.sender,
        delivery.recipient,
        "ja" if delivery.is_demo else "nein",
    )  # fmt: skip
    overview = [_lines(told, kind) for kind in LABELS]
    made = table((*_FACTS, *LABELS.values()), (*facts, *overview), formulas)
    return Document(file_name(delivery.id, "csv"), MEDIA_TYPE, made)


def table(head: tuple[str, ...], cells: tuple[str, ...], formulas: Formulas) -> bytes:
    """Write a head and one line, no cell of which is a formula."""
    if formulas == "refuse":
        _check_harmless(head, cells)
    file = io.StringIO()
    lines = writer(file, delimiter=";", lineterminator="\r\n")
    lines.writerow(map(guarded, head))
    lines.writerow(map(guarded, cells))
    return file.getvalue().encode("utf-8-sig")


def guarded(cell: str) -> str:
    """Return a cell that no spreadsheet calculates, whatever stands in front of the sign."""
    return f"'{cell}" if _is_formula(cell) else cell


def _is_formula(cell: str) -> bool:
    return cell.startswith(FORMULA) or cell.lstrip().startswith(FORMULA)


def _check_harmless(head: tuple[str, ...], cells: tuple[str, ...]) -> None:
    found = [name for name, cell in zip(head, cells, strict=True) if _is_formula(cell)]
    if found:
        raise TargetRefused(
            "formula-in-csv",
            f"Eine Tabellenkalkulation hielte das für eine Formel: {', '.join(found)}. "
            "Die Zeile wurde nicht geschrieben.",
        )


def _lines(told: Told, kind: Kind) -> str:
    return "\n".join(line.text for line in told.glance if line.kind == kind)
