# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The matrix as a picture: for a wall, a paper, an agreement.

One file that refers to nothing outside itself and runs nothing. A draft is hatched, so that it is
one in print and for those who see no colours too.
"""

from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from html import escape
from itertools import accumulate
from typing import Final

from hub.model.protocol import RoleId
from hub.protocols.matrix import DRAFT, Cell, Matrix

_WIDTH: Final = 78
"""Of a column, in pixels."""
_LINE: Final = 18
_MARGIN: Final = 24
_LEFT: Final = _MARGIN + 228
"""Where the columns begin, right of the names of the rows."""
_LEAST: Final = 660
"""Width that the legend needs."""
_HEAD: Final = 84
"""Room for the heading."""
_FOOT: Final = 96
_CHARACTER: Final = 7.3
_SLANT: Final = 0.72
"""What a name that stands at 45 degrees takes of its length, in each direction."""
_STYLE: Final = (
    "text{font:13px system-ui,'DejaVu Sans',sans-serif;fill:#14213d}"
    ".gross{font-size:22px;font-weight:700}.leise{fill:#4a5568}"
    ".name{font-weight:600}.zahl{font-size:12px;text-anchor:middle}"
    ".linie{stroke:#c3ccd8;stroke-width:1}.feld{fill:#e3eff8;stroke:#1f5f8b}"
    ".entwurf{fill:url(#schraffur);stroke:#8a5a00;stroke-dasharray:4 2}"
    ".schild{fill:#fff;fill-opacity:.88}"
)
STYLE_POLICY: Final = f"'sha256-{b64encode(sha256(_STYLE.encode()).digest()).decode()}'"
"""What a policy has to name so that the picture may style itself, and nothing else may."""
_PATTERN: Final = (
    '<pattern id="schraffur" width="8" height="8" patternUnits="userSpaceOnUse" '
    'patternTransform="rotate(45)"><rect width="8" height="8" fill="#fff8e8"/>'
    '<line x1="0" y1="0" x2="0" y2="8" stroke="#d9a441" stroke-width="3"/></pattern>'
)
_TITLE: Final = "Wer darf wem was mitteilen?"


def as_svg(matrix: Matrix) -> str:
    """Return the matrix as one SVG document, in German."""
    return _Picture(matrix).draw()


class _Picture:
    """One drawing of a matrix, with the places that follow from its size."""

    def __init__(self, matrix: Matrix) -> None:
        self._matrix = matrix
        self._roles = list(matrix.roles)
        self._heights = [_height(matrix, sender) for sender in self._roles]
        longest = max((len(word) for word in matrix.roles.values()), default=0)
        self._slant = int(longest * _CHARACTER * _SLANT)
        self._top = _HEAD + self._slant + 16
        self._bottom = self._top + sum(self._heights)
        self._right = _LEFT + _WIDTH * len(self._roles)

    def draw(self) -> str:
        width = max(self._right + self._slant, _LEAST) + _MARGIN
        height = self._bottom + _FOOT + _LINE * (len(self._matrix.protocols) + 2)
        return "\n".join(
            [
                '<svg xmlns="http://www.w3.org/2000/svg" role="img" lang="de"',
                f'aria-labelledby="titel inhalt" viewBox="0 0 {width} {height}"',
                f'width="{width}" height="{height}">',
                f'<title id="titel">{_TITLE}</title>',
                f'<desc id="inhalt">{escape(_told(self._matrix))}</desc>',
                f"<style>{_STYLE}</style><defs>{_PATTERN}</defs>",
                f'<rect width="{width}" height="{height}" fill="#fff"/>',
                *self._head(),
                *self._grid(),
                *self._rows(),
                *_legend(self._bottom),
                *self._names(),
                "</svg>",
                "",
            ]
        )

    def _head(self) -> Iterator[str]:
        yield _text(_MARGIN, 40, _TITLE, "gross")
        yield _text(_MARGIN, 64, "Zeilen senden, Spalten empfangen.", "leise")
        for index, word in enumerate(self._matrix.roles.values()):
            x, y = _LEFT + _WIDTH * index + _WIDTH // 2, self._top - 10
            turned = f' transform="rotate(-45 {x} {y})"'
            yield f'<text class="name" x="{x}" y="{y}"{turned}>{escape(word)}</text>'

    def _grid(self) -> Iterator[str]:
        for y in accumulate(self._heights, initial=self._top):
            yield f'<line class="linie" x1="{_MARGIN}" y1="{y}" x2="{self._right}" y2="{y}"/>'
        for x in range(_LEFT, self._right + 1, _WIDTH):
            yield f'<line class="linie" x1="{x}" y1="{self._top}" x2="{x}" y2="{self._bottom}"/>'

    def _rows(self) -> Iterator[str]:
        tops = accumulate(self._heights, initial=self._top)
        for sender, top, height in zip(self._roles, tops, self._heights, strict=False):
            yield _text(_MARGIN, top + height // 2 + 5, self._matrix.roles[sender], "name")
            for index, recipient in enumerate(self._roles):
                portions = self._matrix.by_protocol(sender, recipient)
                for place, (_, each) in enumerate(portions):
                    x, y = _LEFT + _WIDTH * index, top + 4 + place * (_LINE + 7)
                    yield from _field(each, x, y, self._matrix)

    def _names(self) -> Iterator[str]:
        """Yield what the numbers stand for."""
        for index, protocol in enumerate(self._matrix.protocols):
            y = self._bottom + _FOOT + _LINE * index
            draft = " (Entwurf)" if protocol.status == DRAFT else ""
            yield _text(_MARGIN, y, protocol.number, "name")
            yield _text(_MARGIN + 44, y, f"{protocol.title}{draft}")


def _field(cells: tuple[Cell, ...], x: int, y: int, matrix: Matrix) -> list[str]:
    first, count = cells[0], len(cells)
    said = f"{first.protocol.number} · {count}"
    plate = len(said) * _CHARACTER
    middle = x + _WIDTH / 2
    name = "entwurf" if first.is_draft else "feld"
    spoken = f"{_way(first, matrix)}: {_spoken(cells)}"
    return [
        f"<g><title>{escape(spoken)}</title>",
        (
            f'<rect class="{name}" x="{x + 3}" y="{y}" width="{_WIDTH - 6}" height="{_LINE + 4}" '
            'rx="3"/>'
        ),
        (
            f'<rect class="schild" x="{middle - plate / 2:.1f}" y="{y + 2}" width="{plate:.1f}" '
            f'height="{_LINE}" rx="2"/>'
        ),
        f'<text class="zahl" x="{middle}" y="{y + 14}">{escape(said)}</text></g>',
    ]


def _legend(bottom: int) -> list[str]:
    y = bottom + 34
    return [
        f'<rect class="feld" x="{_MARGIN}" y="{y - 14}" width="34" height="19" rx="3"/>',
        _text(_MARGIN + 44, y, "in Kraft: Nummer des Verfahrens · Zahl der Schritte"),
        f'<rect class="entwurf" x="{_MARGIN}" y="{y + 16}" width="34" height="19" rx="3"/>',
        _text(
            _MARGIN + 44,
            y + 30,
            "Entwurf (schraffiert): gilt nur, wo beide verantwortlichen Stellen ihn angenommen "
            "haben.",
        ),
    ]


def _told(matrix: Matrix) -> str:
    """Say the whole picture in sentences, for those who hear it."""
    told = [
        f"{_way(portions[0][1][0], matrix)}: {'; '.join(_spoken(each) for _, each in portions)}."
        for sender in matrix.roles
        for recipient in matrix.roles
        if (portions := matrix.by_protocol(sender, recipient))
    ]
    return " ".join(told) or "Kein Verfahren ist geladen."


def _way(cell: Cell, matrix: Matrix) -> str:
    return f"{matrix.roles[cell.sender]} an {matrix.roles[cell.recipient]}"


def _spoken(cells: tuple[Cell, ...]) -> str:
    protocol = cells[0].protocol
    draft = ", Entwurf" if cells[0].is_draft else ""
    count = f"{len(cells)} {'Schritt' if len(cells) == 1 else 'Schritte'}"
    return f"{protocol.number} {protocol.title} ({count}{draft})"


def _height(matrix: Matrix, sender: RoleId) -> int:
    most = max(len(matrix.by_protocol(sender, each)) for each in matrix.roles)
    return 8 + max(1, most) * (_LINE + 7)


def _text(x: float, y: float, said: str, name: str = "") -> str:
    named = f' class="{name}"' if name else ""
    return f'<text{named} x="{x}" y="{y}">{escape(said)}</text>'
