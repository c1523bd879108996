# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Hubs of the four places, with those of their network files that a tale needs."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2

from hub.directory.network import load_network
from hub.enrol.people import Role, name_person
from hub.model.network import ListedOrganisation
from hub.schemas import SPECS
from tests import databases
from tests.world import World, founded

NETWORKS = SPECS / "networks"


def listed(*names: str) -> dict[str, ListedOrganisation]:
    """Return the organisations of network files by id."""
    networks = (load_network(NETWORKS / f"{name}.yaml") for name in names)
    return {known.id: known for network in networks for known in network.participants}


@contextmanager
def a_place(home: Path, *names: str, joining: Iterable[str]) -> Iterator[World]:
    """Found a hub with network files; let some join and adopt what concerns their roles."""
    organisations = listed(*names)
    files = (NETWORKS / f"{name}.yaml" for name in names)
    with databases.given_back(), founded(home, *files) as world:
        for organisation in joining:
            units = organisations[organisation].units
            roles = frozenset(role for unit in units for role in unit.roles)
            world.join(organisation, protocols=world.concerning(roles))
        yield world


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
