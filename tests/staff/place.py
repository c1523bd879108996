# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A place of work with two units, which is neither a portal nor an inbox."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from sqlalchemy import Connection

from hub.people.books.acts import StoredAct
from hub.people.books.tables import METADATA
from hub.people.change import Change, Rules
from hub.people.place import OidcClient
from hub.store.books import Books
from hub.trust.passkeys import Questions

HERE: Final = "jugendamt:05170032"
THERE: Final = "jugendamt:05170000"
WORKS: Final = "fachkraft"
MANAGES: Final = "verwalten"


@dataclass(frozen=True)
class Noting(Rules):
    """Notes which hook was called, and for whom."""

    roles: tuple[str, ...] = (WORKS, MANAGES)
    manages: str = MANAGES
    noted: list[tuple[str, ...]] = field(default_factory=list)

    def knows(self, connection: Connection, unit: str) -> bool:
        del connection
        return unit in {HERE, THERE}

    def done(self, change: Change, act: StoredAct) -> None:
        del change
        self.noted.append(("done", act.word, act.about))

    def left(self, change: Change, unit: str, person: str) -> None:
        del change
        self.noted.append(("left", unit, person))

    def lost(self, change: Change, person: str) -> None:
        del change
        self.noted.append(("lost", person))

    def forgotten(self, change: Change, person: str) -> None:
        del change
        self.noted.append(("forgotten", person))


@dataclass
class Office:
    """Books of people alone, and a clock that stands where a test has set it."""

    books: Books
    rules: Noting = field(default_factory=Noting)
    public_url: str = "http://localhost:8099"
    sign_in: str = "/amt/anmeldung"
    oidc: OidcClient | None = None
    second: int = 1_000_000
    is_demonstration: bool = True

    @property
    def questions(self) -> Questions:
        return Questions(self.public_url)


def an_office(folder: Path) -> Office:
    return Office(Books(folder / "leute.db", (METADATA,), 1))
