# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Plots as inline SVG: no script, nothing from elsewhere, colours of the page.

Drawn for a width of 320 and scaled up, so that every letter can be read on a telephone. A label
stands above its bar and never beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

WIDTH: Final = 320
_ROW: Final = 38
_BAR: Final = 14
_ROOM: Final = 84
"""What is left free at the right for the figure."""
_NBSP: Final = "\u202f"


@dataclass(frozen=True)
class Bar:
    """One bar with its spread; ``mark`` colours it as ours."""

    label: str
    value: float
    text: str
    low: float | None = None
    high: float | None = None
    mark: bool = False


def bars(title: str, rows: Sequence[Bar], goal: float | None = None) -> str:
    """Return horizontal bars from zero; a dashed line where a goal is."""
    most = max([row.high or row.value for row in rows] + ([goal] if goal else []))
    scale = (WIDTH - _ROOM) / (most or 1)
    height = len(rows) * _ROW + 6
    drawn = [_drawn(row, number * _ROW, scale) for number, row in enumerate(rows)]
    if goal is not None:
        at = goal * scale
        drawn.append(f'<line class="goal" x1="{at:.1f}" x2="{at:.1f}" y1="0" y2="{height}"/>')
    said = "; ".join(f"{row.label}: {row.text}" for row in rows)
    return _svg(title, said, height, "".join(drawn))


def curve(title: str, points: Sequence[tuple[float, float]], goal: float, unit: str) -> str:
    """Return one line over time in minutes, with a dashed line where the goal is."""
    height, left, foot = 150, 8, 26
    most, last = max([goal, *(value for _, value in points)]) * 1.1, points[-1][0] or 1
    across, up = (WIDTH - 2 * left) / last, (height - foot) / most
    path = " ".join(
        f"{left + at * across:.1f},{height - foot - value * up:.1f}" for at, value in points
    )
    level = height - foot - goal * up
    end = points[-1][1]
    parts = [
        (
            f'<line class="axis" x1="{left}" x2="{WIDTH - left}" y1="{height - foot}" '
            f'y2="{height - foot}"/>'
        ),
        f'<line class="goal" x1="{left}" x2="{WIDTH - left}" y1="{level:.1f}" y2="{level:.1f}"/>',
        f'<text x="{left}" y="{level + 14:.1f}">Grenze {figure(goal)} {unit}</text>',
        f'<polyline class="ours" points="{path}"/>',
        f'<text x="{left}" y="{height - 8}">0 min</text>',
        f'<text class="end" x="{WIDTH - left}" y="{height - 8}">{figure(last)} min</text>',
        (
            f'<text class="end" x="{WIDTH - left}" y="{height - foot - end * up - 8:.1f}">'
            f"{figure(end)} {unit}</text>"
        ),
    ]
    return _svg(title, f"zuletzt {figure(end)} {unit}", height, "".join(parts))


def figure(value: float) -> str:
    """Return a number as it is written in German, with three digits that count."""
    if abs(value) >= 100:
        return f"{value:,.0f}".replace(",", _NBSP)
    text = f"{value:.3g}"
    return text.replace(".", ",")


def percent(share: float) -> str:
    """Return a share as people read it."""
    return f"{share * 100:.0f}{_NBSP}%"


def _drawn(row: Bar, top: float, scale: float) -> str:
    width, middle = max(1.0, row.value * scale), top + 20 + _BAR / 2
    name = "ours" if row.mark else "other"
    parts = [
        f'<text x="0" y="{top + 14}">{escape(row.label)}</text>',
        f'<rect class="{name}" x="0" y="{top + 20}" width="{width:.1f}" height="{_BAR}" rx="2"/>',
    ]
    end = width
    if row.low is not None and row.high is not None:
        low, end = row.low * scale, max(width, row.high * scale)
        parts.append(
            f'<line class="spread" x1="{low:.1f}" x2="{end:.1f}" y1="{middle}" y2="{middle}"/>'
        )
    parts.append(f'<text x="{end + 6:.1f}" y="{middle + 4}">{escape(row.text)}</text>')
    return "".join(parts)


def _svg(title: str, said: str, height: float, inner: str) -> str:
    return (
        f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(title)}. '
        f'{escape(said)}">{inner}</svg>'
    )
