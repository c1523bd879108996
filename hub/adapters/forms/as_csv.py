# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A delivery as a line for a register of incoming post, as a German office opens it.

UTF-8 with a mark at the beginning, semicolons, CR LF, a head and one line. Where a cell would begin
what a spreadsheet takes for a formula, the whole delivery is refused, and a person looks at it. An
office whose people open such files by hand may have these cells guarded by an apostrophe instead
(``formulas = "guard"``): then something stands there that nobody has said.
"""

import io
import re
from collections.abc import Iterator, Mapping
from csv import writer
from typing import Final, Literal, TypeAlias

from hub.adapters.base import TargetRefused
from hub.adapters.forms.document import Document, file_name
from hub.adapters.forms.glance import LABELS, Kind
from hub.adapters.forms.told import Told, stamp
from hub.model.json import Json

MEDIA_TYPE: Final = "text/csv; charset=utf-8"
Formulas: TypeAlias = Literal["refuse", "guard"]
Places: TypeAlias = Mapping[str, tuple[str, ...]]
"""By name of a column: pointers to what stands in it."""
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
"""Also in full width, which spreadsheets fold to the others."""
_TELEPHONE: Final = re.compile(r"\+[1-9][0-9 ()]{4,24}(, erreichbar bis [0-9A-Za-zäöü.,: ]*)?")
"""Begins like a formula, and is none that a spreadsheet could calculate."""
_FACTS: Final = (
    "Kennung", "Vorgang", "Verfahren", "Schritt", "Unterschrieben", "Eingegangen", "Absender",
    "Empfänger", "Vorführung",
)  # fmt: skip


def as_csv(told: Told, formulas: Formulas = "refuse") -> Document:
    """Return head and line; raises ``TargetRefused`` for a formula unless it is to be guarded."""
    delivery = told.delivery
    facts = (
        delivery.id, delivery.conversation, delivery.protocol, delivery.step,
        stamp(delivery.issued), stamp(delivery.received), delivery.sender,
        delivery.recipient,
        "ja" if delivery.is_demo else "nein",
    )  # fmt: skip
    overview = {LABELS[kind]: _lines(told, kind) for kind in LABELS}
    places = {name: _places(cell, told) for name, cell in overview.items()}
    made = table((*_FACTS, *overview), (*facts, *overview.values()), formulas, places)
    return Document(file_name(delivery.id, "csv"), MEDIA_TYPE, made)


def table(
    head: tuple[str, ...], cells: tuple[str, ...], formulas: Formulas, places: Places
) -> bytes:
    """Write a head and one line, no cell of which is a formula."""
    if formulas == "refuse":
        _check_harmless(head, cells, places)
    file = io.StringIO()
    lines = writer(file, delimiter=";", lineterminator="\r\n")
    shown = guarded if formulas == "guard" else str
    lines.writerow(map(shown, head))
    lines.writerow(map(shown, cells))
    return file.getvalue().encode("utf-8-sig")


def guarded(cell: str) -> str:
    """Return a cell that no spreadsheet calculates, whatever stands in front of the sign."""
    return f"'{cell}" if _begins_like_one(cell) else cell


def _begins_like_one(cell: str) -> bool:
    return cell.startswith(FORMULA) or cell.lstrip().startswith(FORMULA)


def _is_formula(cell: str) -> bool:
    return _begins_like_one(cell) and not _TELEPHONE.fullmatch(cell)


def _check_harmless(head: tuple[str, ...], cells: tuple[str, ...], places: Places) -> None:
    found = [name for name, cell in zip(head, cells, strict=True) if _is_formula(cell)]
    # A head comes from the file of a mapping, and so does what stands in it.
    found += [name for name in head if _is_formula(name) and name not in found]
    if found:
        raise TargetRefused(
            "formula-in-csv",
            f"Eine Tabellenkalkulation hielte das für eine Formel: {', '.join(found)}. "
            "Die Zeile wurde nicht geschrieben.",
            pointers=tuple(dict.fromkeys(each for name in found for each in places.get(name, ()))),
        )


def _places(cell: str, told: Told) -> tuple[str, ...]:
    """Return where in the content stands what makes a cell begin like a formula."""
    return tuple(
        pointer
        for pointer, said in _texts(told.delivery.content)
        if _begins_like_one(said) and cell.lstrip().startswith(said.strip())
    )


def _texts(said: Json, at: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(said, str):
        yield at, said
    elif isinstance(said, dict):
        for name, each in said.items():
            yield from _texts(each, f"{at}/{name}")
    elif isinstance(said, list):
        for number, each in enumerate(said):
            yield from _texts(each, f"{at}/{number}")


def _lines(told: Told, kind: Kind) -> str:
    return "\n".join(line.text for line in told.glance if line.kind == kind)
