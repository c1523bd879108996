# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""When is something that could not be sent tried again, and when no more?"""

import hashlib
import math
from typing import Final

PAUSES: Final = (1, 5, 30, 120)
"""Seconds after each of the first tries; after every later one ``REGULAR``."""
REGULAR: Final = 300
SPREAD: Final = 0.2
"""By which part a pause is longer or shorter, so that not all come back in the same second."""
GIVEN_UP: Final = 86_400
"""Seconds after which it would be no news any more."""


def pause(notification_id: str, tries: int) -> float:
    """Return for how long to wait after so many tries; the same for the same try, always."""
    regular = PAUSES[tries - 1] if 0 < tries <= len(PAUSES) else REGULAR
    drawn = hashlib.sha256(f"{notification_id} {tries}".encode()).digest()
    share = int.from_bytes(drawn[:4], "big") / (2**32 - 1)
    return regular * (1 + SPREAD * (2 * share - 1))


def again_at(notification_id: str, tries: int, now: float, asked: int | None) -> int:
    """Return the second of the next try; not before the other side asked for."""
    return math.ceil(now + max(pause(notification_id, tries), asked or 0))


def is_too_late(created_at: int, tries: int, now: float) -> bool:
    """Tell whether to give up; once it is tried, however long the hub was down."""
    return tries > 0 and now - created_at > GIVEN_UP
