# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""In which class does the middle one lie, as far as what is shown tells?

Nothing but shown figures goes in, so that the median tells nothing that they do not.
"""

from collections.abc import Sequence
from typing import Final

from hub.inquire.suppression import Figure

ENOUGH: Final = 20
"""Of fewer, the middle one would be somebody's."""


def median_of(figures: Sequence[Figure]) -> int | None:
    """Return the place of the class with the middle one; None where the figures leave it open."""
    lows = [each.low for each in figures]
    highs = [each.high for each in figures]
    if sum(lows) < ENOUGH or None in highs:
        return None
    most = [each or 0 for each in highs]
    for place in range(len(figures)):
        # However the hidden ones lie: fewer than half before it, no more than half after it.
        if sum(most[:place]) < sum(lows[place:]) and sum(most[place + 1 :]) <= sum(
            lows[: place + 1]
        ):
            return place
    return None
