# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What are the rules of people at a portal: which roles, which houses, and what ends with them?"""

from typing import Final

from sqlalchemy import Connection

from hub.people.acts import INVITED
from hub.people.books.acts import StoredAct
from hub.people.change import Change, Rules
from hub.portal.books.people_houses import read_house
from hub.portal.books.people_keys import remove_lock, remove_locks
from hub.portal.leaving import LEFT, end_keys, forget_keys
from hub.portal.roles import MANAGES, ROLES
from hub.portal.telling import tell_managing


class PortalRules(Rules):
    """A person here has a vault with keys, and everybody who manages a house hears of an act.

    The mail says no more than that there was one.
    """

    def knows(self, connection: Connection, unit: str) -> bool:
        return read_house(connection, unit) is not None

    def done(self, change: Change, act: StoredAct) -> None:
        # Whoever is only just invited learns of it by the invitation itself.
        but = act.about if act.word == INVITED else ""
        tell_managing(change.connection, act.unit, change.second, but=but)

    def left(self, change: Change, unit: str, person: str) -> None:
        end_keys(change.connection, unit, person, LEFT, change.second)

    def lost(self, change: Change, person: str) -> None:
        forget_keys(change.connection, person, change.second)

    def forgotten(self, change: Change, person: str) -> None:
        remove_locks(change.connection, person)

    def without_passkey(self, connection: Connection, person: str, passkey: str) -> None:
        remove_lock(connection, person, passkey)


RULES: Final = PortalRules(ROLES, MANAGES)
