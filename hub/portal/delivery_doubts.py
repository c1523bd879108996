# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""When is a letter looked at again of which nothing could be made?

The hub holds a message back for a person after five failures. What is wrong may be over in an hour
(a directory that was not there, a clock), so those five are spread over more than one.
"""

from dataclasses import dataclass
from typing import Final
from weakref import WeakKeyDictionary

from hub.client.hub import Hub

PAUSES: Final = (60, 300, 900, 3600)
"""Seconds after each failure ("Vorgabe des Projekts")."""
MOST: Final = 1_000
"""Letters of a house that are remembered; beyond that, the oldest is looked at again at once."""


@dataclass(frozen=True)
class Doubt:
    """How often nothing could be made of a letter, and from when it is tried again."""

    times: int
    until: int


_DOUBTS: Final[WeakKeyDictionary[Hub, dict[str, Doubt]]] = WeakKeyDictionary()


def has_to_wait(line: Hub, message: str, second: int) -> bool:
    """Tell whether a letter failed so short ago that another try would tell nothing new."""
    known = _DOUBTS.get(line, {}).get(message)
    return known is not None and second < known.until


def note_doubt(line: Hub, message: str, second: int) -> None:
    """Note that nothing could be made of a letter now."""
    known = _DOUBTS.setdefault(line, {})
    times = known.pop(message, Doubt(0, 0)).times
    if len(known) >= MOST:
        known.pop(next(iter(known)))
    known[message] = Doubt(times + 1, second + PAUSES[min(times, len(PAUSES) - 1)])
