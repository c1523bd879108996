# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who has signed in at portal or inbox, where do they work, and what may they do there?"""

from dataclasses import dataclass

from hub.people.books.sessions import StoredSession
from hub.people.roles import check_one_of
from hub.people.sessions import SignedIn


@dataclass(frozen=True)
class Visitor:
    """Somebody signed in, at one unit, and the token that belongs in what they send."""

    known: SignedIn
    marke: str

    @property
    def person(self) -> str:
        return self.known.person.id

    @property
    def name(self) -> str:
        return self.known.person.name

    @property
    def unit(self) -> str:
        return self.session.unit

    @property
    def units(self) -> tuple[str, ...]:
        """All units where this person holds a role now."""
        return tuple(unit for unit, _ in self.known.houses)

    @property
    def roles(self) -> frozenset[str]:
        return self.known.roles

    @property
    def session(self) -> StoredSession:
        return self.known.session

    def require(self, *roles: str) -> None:
        """Refuse where none of these roles is held at the unit of this session."""
        check_one_of(self.roles, roles)
