# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Hubs of the five places, with those of their network files that a tale needs.

Who is asked there depends on day and hour, so a tale has a day of its own: an ordinary Thursday
morning, unless it names another.
"""

import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import httpx2

from hub import clock
from hub.directory.network import load_network
from hub.enrol.people import Role, name_person
from hub.main.assembly import create_hub
from hub.model.network import ListedOrganisation
from hub.schemas import SPECS
from tests import databases
from tests.journeys.test_clocks import lasting_port
from tests.world import HUB_ID, World, founded, running

NETWORKS = SPECS / "networks"
THURSDAY: Final = datetime(2026, 10, 1, 10, 0, tzinfo=clock.BERLIN)
"""A working day, within the office hours of all; the terms of all rosters are counted from it."""
AFTER_FOUNDING: Final = THURSDAY + timedelta(hours=1)


def listed(*names: str) -> dict[str, ListedOrganisation]:
    """Return the organisations of network files by id."""
    networks = (load_network(NETWORKS / f"{name}.yaml") for name in names)
    return {known.id: known for network in networks for known in network.participants}


@contextmanager
def a_place(home: Path, *names: str, joining: Iterable[str]) -> Iterator[World]:
    """Found a hub with network files; let some join and adopt what concerns their roles."""
    files = (NETWORKS / f"{name}.yaml" for name in names)
    with databases.given_back(), on_a(THURSDAY), founded(home, *files) as world:
        join(world, listed(*names), joining)
        yield world


@contextmanager
def a_place_at_rest(home: Path, name: str, joining: Iterable[str]) -> Iterator[World]:
    """Found such a hub and stop it again, so that each test can run a copy of it."""
    with databases.given_back():
        data = databases.a_data_dir(home / "hub")
        with on_a(THURSDAY):
            create_hub(data, HUB_ID, (NETWORKS / f"{name}.yaml",))
            with running(data, lasting_port(), home) as world:
                join(world, listed(name), joining)
        yield world


@contextmanager
def again(before: World, home: Path) -> Iterator[World]:
    """Run a copy of a hub that was founded before, with everybody who had joined it that day."""
    shutil.copytree(before.home, home)
    data = databases.with_its_database(before.data, home / "hub")
    port = int(before.url.rpartition(":")[2])
    with on_a(AFTER_FOUNDING), running(data, port, home) as made:
        made.folders = {
            unit: home / folder.relative_to(before.home) for unit, folder in before.folders.items()
        }
        yield made


def on_a(moment: datetime) -> AbstractContextManager[None]:
    """Live from a moment on for as long as the block lasts."""
    return clock.ahead(moment.timestamp() - clock.now())


def join(
    world: World, organisations: Mapping[str, ListedOrganisation], joining: Iterable[str]
) -> None:
    for organisation in joining:
        units = organisations[organisation].units
        roles = frozenset(role for unit in units for role in unit.roles)
        world.join(organisation, protocols=world.concerning(roles))


@contextmanager
def coordinating(world: World, organisation: str) -> Iterator[httpx2.Client]:
    """Open the browser of whoever coordinates a network, signed in by a one-time link."""
    role = Role("koordination", organisation)
    made = world.node.writer.commit_now(
        lambda connection: name_person("Erfunden-Koordination", role, world.node, connection)
    )
    with httpx2.Client(base_url=world.url, follow_redirects=True, timeout=30) as browser:
        entered = browser.post(
            "/anmeldung/einmal", data={"code": made.code}, headers={"origin": world.url}
        )
        assert entered.status_code == httpx2.codes.OK, entered.text
        yield browser
