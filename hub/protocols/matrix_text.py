# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The matrix in a terminal: all of it on one screen, or one role's row and column in full."""

from collections.abc import Iterable, Iterator
from typing import Final

from hub.model.protocol import Protocol, RoleId
from hub.protocols.matrix import DRAFT, Cell, Matrix
from hub.protocols.wording import INFORMED, brief, cite, paragraph, whole

NOTHING: Final = "·"
MARK: Final = "*"
"""Behind the number of a protocol that is a draft."""
_LEGEND: Final = "Zahl der Schritte. Zeilen senden, Spalten empfangen (Nummer wie links)."
_DRAFTS: Final = (
    f"{MARK} Entwurf: gilt nur, wo beide verantwortlichen Stellen ihn angenommen haben."
)
AGREED_MARK: Final = "°"
"""Behind the number of a protocol that only an agreement opens."""
_AGREED: Final = f"{AGREED_MARK} Nur mit Vereinbarung; ältere Fassungen daneben fragen nach keiner."
_NAME: Final = 22
_COLUMN: Final = 3


def as_table(matrix: Matrix) -> str:
    """Return who may tell whom anything, and below it in which protocols."""
    lines = ["Wer darf wem was sagen?", _LEGEND, "", *_grid(matrix), ""]
    width = max((len(_pair(*pair)) for pair in _pairs(matrix)), default=0)
    for pair in _pairs(matrix):
        lines += _listed(_pair(*pair).ljust(width), matrix.by_protocol(*pair))
    if any(each.is_draft for each in matrix.cells):
        lines += ["", *paragraph(_DRAFTS)]
    if any(each.protocol.agreement for each in matrix.cells):
        lines += ["", *paragraph(_AGREED)]
    if unsettled := [each for each in matrix.protocols if each.open_points]:
        said = ", ".join(
            f"{each.number}\N{NO-BREAK SPACE}({len(each.open_points)})" for each in unsettled
        )
        lines += ["", *paragraph(f"Vor Gebrauch zu klären (protocols show): {said}")]
    return "\n".join(lines)


def of_role(matrix: Matrix, role: RoleId) -> str:
    """Return what one role may say and what may be said to it, with basis, deadlines and fields."""
    own = matrix.of(role)
    says = [each for each in own.cells if each.sender == role]
    hears = [each for each in own.cells if each.recipient == role]
    return "\n".join(
        (
            f"{own.roles.get(role, role)}: was diese Stelle sagen darf",
            *_whole_row(says, own),
            "",
            f"{own.roles.get(role, role)}: was ihr gesagt werden darf",
            *_whole_row(hears, own),
            *_open_points(own),
        )
    )


def _grid(matrix: Matrix) -> Iterator[str]:
    roles = list(matrix.roles)
    yield " " * _NAME + "".join(f"{number:>{_COLUMN}}" for number in range(1, len(roles) + 1))
    for number, sender in enumerate(roles, 1):
        counts = (len(matrix.between(sender, recipient)) for recipient in roles)
        row = "".join(f"{count or NOTHING:>{_COLUMN}}" for count in counts)
        yield f"{number:>2} {sender:<{_NAME - 3}}{row}"


def _pairs(matrix: Matrix) -> Iterator[tuple[RoleId, RoleId]]:
    for sender in matrix.roles:
        for recipient in matrix.roles:
            if matrix.between(sender, recipient):
                yield sender, recipient


def _pair(sender: RoleId, recipient: RoleId) -> str:
    return f"{sender} → {recipient}"


def _listed(name: str, portions: Iterable[tuple[Protocol, tuple[Cell, ...]]]) -> list[str]:
    """Return one pair with its protocols; what does not fit stands below, indented as far."""
    said = ", ".join(
        f"{protocol.number}{MARK if protocol.status == DRAFT else ''}"
        f"{AGREED_MARK if protocol.agreement else ''}"
        f"\N{NO-BREAK SPACE}({len(cells)})"
        for protocol, cells in portions
    )
    first, *more = paragraph(said, " " * (len(name) + 2))
    return [f"{name}  {first.strip()}", *more]


def _whole_row(cells: list[Cell], matrix: Matrix) -> Iterator[str]:
    for cell in cells:
        yield ""
        yield from _whole_cell(cell, matrix)
    if not cells:
        yield "  nichts"


def _open_points(matrix: Matrix) -> Iterator[str]:
    for protocol in matrix.protocols:
        if protocol.open_points:
            yield ""
            yield f"Vor Gebrauch zu klären, {protocol.number} {protocol.id}"
        for point in protocol.open_points:
            yield from paragraph(point, "  ")


def _whole_cell(cell: Cell, matrix: Matrix) -> Iterator[str]:
    protocol, step = cell.protocol, cell.step
    way = f"{matrix.roles[cell.sender]} → {matrix.roles[cell.recipient]}"
    draft = ", Entwurf" if cell.is_draft else ""
    draft += ", nur mit Vereinbarung" if protocol.agreement and step.opens else ""
    yield f"{way}: {step.title}"
    yield from paragraph(f"{protocol.number} {protocol.name}, Schritt {step.id}{draft}", "  ")
    yield from paragraph(f"Grundlage: {bases(cell)}", "  ")
    times = (
        whole(f"{urgency} {brief(clocks.acknowledged)}") for urgency, clocks in cell.clocks.items()
    )
    yield from paragraph(f"Kenntnis bestätigen: {', '.join(times)}", "  ")
    if step.information:
        choice = " · ".join(INFORMED[each] for each in step.information)
        yield from paragraph(f"Betroffene informiert: {choice}", "  ")
    count = f"{cell.leaves} {'Feld' if cell.leaves == 1 else 'Felder'}"
    yield from paragraph(f"{count}: {', '.join(cell.fields.values())}", "  ")


def bases(cell: Cell) -> str:
    """Return the legal basis of both sides in one line, the sender's first."""
    sender, beside, recipient = (
        ", ".join(whole(cite(basis)) for basis in each)
        for each in (cell.basis_sender, cell.basis_beside, cell.basis_recipient)
    )
    return f"{sender}{f', daneben {beside}' if beside else ''} | {recipient}"
