# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A table as bars: one SVG that runs nothing, with everything it shows as text too.

Where only a span is known, the bar is hatched from its beginning to its end, so that it says no
more than the table. Colours come from the style sheet of the page, or stand in the picture itself
where it is to be printed.
"""

from collections.abc import Sequence
from html import escape
from typing import Final

from hub.inquire.suppression import Figure
from hub.web.report import Table, bars_of, said

_WIDTH: Final = 320
_ROW: Final = 38
_BAR: Final = 14
_ROOM: Final = 96
"""What is left free at the right for the figure."""
_LINE: Final = 46
"""Letters of a label that find room."""
_STYLE: Final = (
    "text{font:13px 'Libertinus Serif';fill:#14213d}.balken{fill:#1f5f8b}"
    ".spanne{fill:url(#schraffur);stroke:#1f5f8b}.strich{stroke:#1f5f8b;stroke-width:3}"
)


def as_bars(table: Table, *, on_paper: bool = False) -> str:
    """Return the bars of a table; ``on_paper`` with its own colours."""
    rows = list(bars_of(table))
    most = max([each.high or each.low for _, each in rows] + [1])
    scale = (_WIDTH - _ROOM) / most
    drawn = [
        _drawn(label, each, _ROW * at, scale, table.id) for at, (label, each) in enumerate(rows)
    ]
    height = len(rows) * _ROW + 6
    own = f' xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{height}"'
    style = f"<style>{_STYLE.replace('#schraffur', f'#schraffur-{table.id}')}</style>"
    return (
        f'<svg viewBox="0 0 {_WIDTH} {height}" role="img" '
        f'aria-label="{escape(spoken(table))}"{own if on_paper else ""}>'
        f"{style if on_paper else ''}{_pattern(table.id)}{''.join(drawn)}</svg>"
    )


def spoken(table: Table) -> str:
    """Say in words what the bars show."""
    return f"{table.title}. " + "; ".join(
        f"{label}: {said(each)}" for label, each in bars_of(table)
    )


def _drawn(label: str, figure: Figure, top: int, scale: float, name: str) -> str:
    end = figure.low if figure.high is None else figure.high
    low, high = figure.low * scale, max(end * scale, 1.0)
    parts = [f'<text x="0" y="{top + 14}">{escape(_short(label))}</text>']
    if figure.low:
        parts.append(_rect("balken", 0, max(low, 1.0), top))
    if high > low and figure.value is None:
        parts.append(_rect("spanne", low, high - low, top, f' fill="url(#schraffur-{name})"'))
    parts.append(f'<text x="{high + 6:.1f}" y="{top + 32}">{escape(said(figure))}</text>')
    return "".join(parts)


def _rect(kind: str, x: float, width: float, top: int, more: str = "") -> str:
    return (
        f'<rect class="{kind}" x="{x:.1f}" y="{top + 20}" width="{width:.1f}" '
        f'height="{_BAR}"{more}/>'
    )


def _pattern(name: str) -> str:
    return (
        f'<defs><pattern id="schraffur-{name}" width="6" height="6" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><line class="strich" x1="0" y1="0" x2="0" y2="6"/>'
        "</pattern></defs>"
    )


def _short(label: str) -> str:
    return label if len(label) <= _LINE else f"{label[: _LINE - 1].rstrip()}…"


def plots(tables: Sequence[Table], *, on_paper: bool = False) -> dict[str, str]:
    """Return the plots of those tables that are drawn, by the id of the table."""
    return {each.id: as_bars(each, on_paper=on_paper) for each in tables if each.is_drawn}
