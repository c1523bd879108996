# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What every step of a connector works with: the line, the books, the spool and the targets."""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeVar

from sqlalchemy import Connection

from hub import clock
from hub.adapters.base import Surroundings
from hub.adapters.connector.configuration import Configuration
from hub.adapters.connector.lanes import Lane, Target, lanes_of
from hub.adapters.connector.moments import Watch, unwatched
from hub.adapters.connector.spool import Spool
from hub.adapters.connector.tables import Books
from hub.adapters.registry import make_adapter
from hub.client import Agency, Hub
from hub.client.agency import DEMONSTRATION
from hub.client.wrapped import lock_in, secret_of
from hub.model.ids import organisation_of
from hub.protocols.catalogue import Catalogue

DATABASE: Final = "connector.db"
_KEY: Final = "spool.key"
T = TypeVar("T")


class InUse(Exception):  # noqa: N818  a state of the folder
    """Another connector works with this folder."""


@dataclass
class House:
    """A connector's side of one unit."""

    hub: Hub
    state: Path
    books: Books
    spool: Spool
    targets: tuple[Target, ...]
    configuration: Configuration
    watch: Watch = unwatched
    names: dict[str, str] = field(default_factory=dict)
    """Names of units that have sent, from the verified directory."""
    heard: dict[str, tuple[int, str]] = field(default_factory=dict)
    """When was heard last of the hub and of each target, and what was wrong."""

    @property
    def agency(self) -> Agency:
        return self.hub.agency

    @property
    def lanes(self) -> tuple[Lane, ...]:
        return lanes_of(self.targets, self.hub.catalogue)

    @property
    def second(self) -> int:
        return int(clock.now())

    @property
    def is_demonstration(self) -> bool:
        return self.agency.hub.id.startswith(DEMONSTRATION)

    def target(self, name: str) -> Target | None:
        """Return a target; None where the settings do not name it any more."""
        return next((each for each in self.targets if each.name == name), None)

    async def read(self, question: Callable[[Connection], T]) -> T:
        return await self.books.read(question)

    async def write(self, work: Callable[[Connection], T]) -> T:
        return await self.books.write(work)

    async def name_of(self, unit: str) -> str:
        """Return how a unit is called, as its organisation has signed it."""
        if unit not in self.names:
            view = await self.hub.directory_with(unit)
            own = view.unit(unit).name
            whole = view.participants.organisation(organisation_of(unit))
            # „Allgemeiner Sozialer Dienst“ alone says nothing to whoever is to ring there.
            is_part = whole is not None and whole.name != own
            self.names[unit] = f"{whole.name}, {own}" if whole and is_part else own
        return self.names[unit]


@contextmanager
def a_house(
    configuration: Configuration,
    agency: Agency,
    catalogue: Catalogue,
    hub: Hub,
    watch: Watch = unwatched,
) -> Iterator[House]:
    """Open the state of one unit's connector; raises ``InUse`` where another one works with it."""
    state = configuration.state_of(agency.path, agency.id)
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _alone(state):
        books = Books(state / DATABASE)
        try:
            targets = _targets(configuration, agency, catalogue, state)
            spool = Spool(state / "spool", secret_of(state / _KEY, lock_in(agency.keys.folder)))
            yield House(hub, state, books, spool, targets, configuration, watch)
        finally:
            books.close()


def _targets(
    configuration: Configuration, agency: Agency, catalogue: Catalogue, state: Path
) -> tuple[Target, ...]:
    return tuple(
        Target(
            settings,
            make_adapter(
                settings,
                Surroundings(
                    agency.id, catalogue, configuration.base, state / "targets" / settings.called
                ),
            ),
        )
        for settings in configuration.targets
    )


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise InUse(str(folder)) from None
    finally:
        os.close(descriptor)
