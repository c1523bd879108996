# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What does every page of the inbox need? One object, put together when the connector starts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from hub import clock
from hub.adapters.connector.house import House
from hub.adapters.connector.keeping import HUB
from hub.adapters.inbox.called import Office
from hub.adapters.inbox.settings import InboxSettings
from hub.adapters.reading.log import ReadingLog
from hub.errors import NotFound
from hub.people.change import Rules
from hub.people.place import OidcClient
from hub.protocols.catalogue import Catalogue
from hub.store.books import Books
from hub.trust.passkeys import Questions

DATABASE: Final = "eingang.db"
FOLDER: Final = "eingang"
SIGN_IN: Final = "/eingang/anmeldung"


@dataclass
class Room:
    """An inbox at work: the houses of this process, and the people who work in them."""

    settings: InboxSettings
    houses: Mapping[str, House]
    """By unit."""
    people: Books
    rules: Rules
    """What roles there are, and at which units."""
    reading: Mapping[str, ReadingLog]
    """By unit: the log into which every look at a content goes first."""
    offices: dict[str, Office] = field(default_factory=dict)
    """By unit: how it is called, and who is on duty beside it; as far as it was heard."""
    oidc: OidcClient | None = None
    questions: Questions = field(init=False)
    """Asks browsers at the address of this inbox for passkeys."""
    sign_in: str = SIGN_IN

    def __post_init__(self) -> None:
        self.questions = Questions(self.settings.public_url)

    @property
    def books(self) -> Books:
        """The books of the people, under the name that whatever deals with people alone uses."""
        return self.people

    @property
    def public_url(self) -> str:
        return self.settings.public_url

    @property
    def second(self) -> int:
        return int(clock.now())

    @property
    def catalogue(self) -> Catalogue:
        return next(iter(self.houses.values())).hub.catalogue

    @property
    def is_invented(self) -> bool:
        """Whether nothing that is shown is about anybody: each hub says so by its name."""
        return all(house.is_demonstration for house in self.houses.values())

    @property
    def is_demonstration(self) -> bool:
        """Whether a one-time link opens a session: all is invented, and this is one machine."""
        return self.is_invented and self.settings.is_demonstration

    def house(self, unit: str) -> House:
        """Return the house of a unit; raises ``NotFound`` where this process has none."""
        if unit not in self.houses:
            raise NotFound
        return self.houses[unit]

    def office(self, unit: str) -> Office:
        """Return what is known of an office; its id where the hub was never heard."""
        known = self.offices.get(unit, Office(unit))
        own = self.settings.neighbour
        return known if own is None else Office(known.name, own.name, own.telephone)

    def name_of(self, unit: str) -> str:
        """Return how an office of this inbox is called."""
        return self.office(unit).name

    @property
    def first_office(self) -> Office:
        """Return whose inbox it is, to somebody of whom nobody knows who it is."""
        return self.office(next(iter(self.houses)))

    def trouble_of_hub(self, unit: str) -> str:
        """Say in German why acts wait just now; empty while the hub answers."""
        return self.house(unit).heard.get(HUB, (0, ""))[1]
