# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Was somebody looking outside of office hours? In local time, with the holidays of the Land.

A duty worker reads at night because that is the duty; so this is a way to sort, and no reproach.
"""

import re
from datetime import datetime
from typing import Final

from hub.clock import BERLIN
from hub.directory.holidays import holiday_on

OPENS: Final = 8
CLOSES: Final = 18
"""Hours of the clock on working days. Vorgabe des Projekts."""
IN_WORDS: Final = f"montags bis freitags von {OPENS} bis {CLOSES} Uhr, ohne Feiertage"
_SATURDAY: Final = 5
_LANDS: Final = (
    "SH", "HH", "NI", "HB", "NW", "HE", "RP", "BW", "BY", "SL", "BE", "BB", "MV", "SN", "ST", "TH",
)  # fmt: skip
"""In the order of the keys of municipalities, which begin with 01."""


def land_of(unit: str) -> str | None:
    """Return the Land of an office that is named by the key of its municipality."""
    found = re.match(r"[a-z]+:(0[1-9]|1[0-6])[0-9]{6}", unit)
    return None if found is None else _LANDS[int(found[1]) - 1]


def is_out_of_hours(moment: datetime, land: str | None) -> bool:
    """Tell whether an instant lies outside of office hours."""
    there = moment.astimezone(BERLIN)
    if there.weekday() >= _SATURDAY or not OPENS <= there.hour < CLOSES:
        return True
    return land is not None and holiday_on(land, there.date()) is not None
