# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who does what in an office? Three roles work on notices, one lets people in, one watches over it.

Nobody sees a notice by being the one who manages people or who watches over the log of reading.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from sqlalchemy import Connection

from hub.people.acts import forget_old_acts
from hub.people.books.acts import StoredAct
from hub.people.change import Change, Rules

DUTY: Final = "bereitschaft"
CASEWORK: Final = "fachkraft"
LEADS: Final = "leitung"
MANAGES: Final = "verwalten"
WATCHES: Final = "datenschutz"
ROLES: Final = (DUTY, CASEWORK, LEADS, MANAGES, WATCHES)
ACTING: Final = (DUTY, CASEWORK, LEADS)
"""Roles in which somebody reads notices and acts, the one that is preset first."""
READERS: Final = frozenset(ACTING)
NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        DUTY: "Bereitschaft",
        CASEWORK: "Fachkraft",
        LEADS: "Leitung",
        MANAGES: "Verwaltung",
        WATCHES: "Datenschutz",
    }
)
"""As people read them."""


@dataclass(frozen=True)
class InboxRules(Rules):
    """People work at the units of this process, and nothing else ends with their roles here.

    Content is sealed for the office as a whole; nobody takes a key away with them.
    """

    roles: tuple[str, ...] = field(default=ROLES, init=False)
    manages: str = field(default=MANAGES, init=False)
    units: frozenset[str] = frozenset()

    def knows(self, connection: Connection, unit: str) -> bool:
        del connection
        return unit in self.units

    def done(self, change: Change, act: StoredAct) -> None:
        """Forget what was done too long ago, with every act that is entered."""
        del act
        forget_old_acts(change.connection, change.second)
