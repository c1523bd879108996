# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""By which exchanges does a matter go on to somebody else, on what basis, and when has it?

No published protocol says so: a matter that goes on is one thing for all that can begin it, and
whoever began it does not have to know. This is the one place where these exchanges are named.
"""

from dataclasses import dataclass
from typing import Final

from hub.model.law import BasisCode


@dataclass(frozen=True)
class Way:
    """One exchange by which a matter goes on."""

    protocol: str
    bases: tuple[BasisCode, ...]
    leaves: bool
    """It goes to another organisation, which answers to the sender from then on; else it stays
    with the organisation that was addressed, and only who acted for it is out of it."""
    completed_by: str | None
    """The step by which the other takes over; None: it is enough that a person took note."""


PASSED_ON: Final = Way(
    "jugendamt-mitteilung", ("sgb8-8a-6", "sgb8-86d"), leaves=True, completed_by=None
)
"""To the Jugendamt that is responsible; until it has taken note the first stays on duty."""
HANDED_OVER: Final = Way(
    "krisendienst-uebergabe", ("sgb8-8a-1",), leaves=False, completed_by="uebernahme"
)
"""From who stood in at night to the desk by day, where a named person takes over."""
WAYS: Final = (PASSED_ON, HANDED_OVER)


def way_of(protocol: str) -> Way | None:
    """Return how a matter goes on with messages of a protocol (id and version), if it can."""
    return next((way for way in WAYS if way.protocol == protocol.partition("/")[0]), None)
