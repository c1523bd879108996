# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Opens the room of an inbox: the books of its people, and the log of reading of each house."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from hub.adapters.connector.configuration import Configuration
from hub.adapters.connector.house import House
from hub.adapters.inbox.books import Books
from hub.adapters.inbox.called import Called
from hub.adapters.inbox.roles import InboxRules
from hub.adapters.inbox.room import DATABASE, FOLDER, Room
from hub.adapters.inbox.settings import InboxSettings
from hub.adapters.reading.heads import Heads
from hub.adapters.reading.shut import opened_or_shut
from hub.people.place import OidcClient


@contextmanager
def a_room(configuration: Configuration, houses: Sequence[House]) -> Iterator[Room]:
    """Open what the pages work with, for as long as the block lasts."""
    settings = configuration.settings.inbox
    assert settings is not None  # noqa: S101  whoever opens it has asked for it
    folder = folder_of(configuration, houses[0])
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with ExitStack() as stack:
        people = stack.enter_context(closing(Books(folder / DATABASE)))
        logs = {house.agency.id: stack.enter_context(opened_or_shut(house)) for house in houses}
        named = {house.agency.id: house for house in houses}
        oidc = _oidc(configuration, settings)
        yield Room(settings, named, people, InboxRules(units=frozenset(named)), logs, oidc=oidc)


def beside(room: Room) -> tuple[Called | Heads, ...]:
    """Return what works for the room beside the server: it learns names, and tells of heads."""
    houses, every = room.houses, room.settings.head_every
    return (
        *(Called(house, room.offices) for house in houses.values()),
        *(Heads(house, room.reading[unit], every) for unit, house in houses.items()),
    )


def folder_of(configuration: Configuration, first: House) -> Path:
    """Return where ``eingang.db`` lies: beside the state of the first unit, or as the file says."""
    return folder_in(configuration, first.state)


def folder_in(configuration: Configuration, state: Path) -> Path:
    """Return the same by the state of the first unit's connector, for whoever opens no house."""
    settings = configuration.settings.inbox
    if settings is not None and settings.data_dir is not None:
        return configuration.path(settings.data_dir)
    return state.parent / FOLDER


def _oidc(configuration: Configuration, settings: InboxSettings) -> OidcClient | None:
    said = settings.oidc
    if said is None:
        return None
    secret = said.client_secret.get_secret_value()
    if said.client_secret_file is not None:
        secret = configuration.path(said.client_secret_file).read_text("utf-8").strip()
    acr = tuple(filter(None, map(str.strip, said.acr.split(","))))
    return OidcClient(said.issuer, said.client_id, secret, said.name, acr)
