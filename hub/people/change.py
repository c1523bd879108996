# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is a change to people made under: which transaction, which rules, by whom, and when?

Portal and inbox have the same people's part and differ in their roles, in the units they know, and
in what else ends with somebody's roles. All of that is in ``Rules``, and every change brings them.
"""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from hub.people.books.acts import StoredAct

OPERATOR: Final = "betrieb"
"""Who gives the first role at a unit: whoever runs the program."""


@dataclass(frozen=True)
class Rules:
    """What a program says of its people; one that keeps more of somebody ends that in a hook."""

    roles: tuple[str, ...]
    """In the order in which they are shown."""
    manages: str
    """Whoever holds this one lets others in; somebody always does."""

    def knows(self, connection: Connection, unit: str) -> bool:
        """Tell whether there is such a unit here; each program knows its own: no default."""
        raise NotImplementedError

    def done(self, change: "Change", act: StoredAct) -> None:
        """Tell whoever is to hear of an act; it stands in the books already."""

    def left(self, change: "Change", unit: str, person: str) -> None:
        """End what somebody had at a unit where they hold no role any more."""

    def lost(self, change: "Change", person: str) -> None:
        """End whatever only the devices of somebody opened; they are lost."""

    def forgotten(self, change: "Change", person: str) -> None:
        """Forget what was kept of somebody who has no way in any more."""

    def without_passkey(self, connection: Connection, person: str, passkey: str) -> None:
        """Forget what a passkey opened that is there no more."""


@dataclass(frozen=True)
class Change:
    """A change to people that is under way, and is undone as a whole where it is refused."""

    connection: Connection
    rules: Rules
    by: str
    """Person, or ``OPERATOR``."""
    second: int
