# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How are moments and spans said to somebody in a hurry? „heute, 22:41 Uhr“, „noch 6 Min.“."""

from datetime import datetime, timedelta
from typing import Final

from hub.clock import BERLIN

_MINUTE: Final = 60
_HOUR: Final = 3600
_DAY: Final = 86_400
_DAYS_FROM: Final = 2


def moment(second: int, now: int) -> str:
    """Return a moment beside today: „heute, 22:41 Uhr“, „13.03.2026, 22:41 Uhr“."""
    when, today = (datetime.fromtimestamp(each, BERLIN) for each in (second, now))
    days = {
        today.date(): "heute",
        today.date() - timedelta(days=1): "gestern",
        today.date() + timedelta(days=1): "morgen",
    }
    return f"{days.get(when.date(), f'{when:%d.%m.%Y}')}, {when:%H:%M} Uhr"


def span(seconds: int) -> str:
    """Return how long something is, as exact as it matters: „6 Min.“, „4 Tage“."""
    hours, minutes = divmod(max(1, -(-seconds // _MINUTE)), _HOUR // _MINUTE)
    if not hours:
        return f"{minutes} Min."
    if seconds < _DAYS_FROM * _DAY:
        return f"{hours} Std. {minutes} Min." if minutes else f"{hours} Std."
    return f"{seconds // _DAY} Tage"


def left(seconds: int) -> str:
    """Return how long a clock still runs, or for how long it has run out."""
    return f"noch {span(seconds)}" if seconds > 0 else f"überfällig seit {span(-seconds)}"


def ago(seconds: int) -> str:
    """Return how long ago something was."""
    return "gerade eben" if seconds < _MINUTE else f"vor {span(seconds)}"
