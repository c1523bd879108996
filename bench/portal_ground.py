# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A hub, a portal, and people at it: what has to be there before anybody can be slow.

Everybody comes in as in a demonstration: by a one-time link, with keys of their own.
"""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx2

from bench.ground import OFFICE, network_of
from bench.place import ROOT, free_port, fresh
from bench.process import START, Process, running
from deploy.demo.portal_client import Person
from hub.main.assembly import create_hub
from hub.main.folder import DataDir
from hub.protocols.catalogue import Catalogue
from tests.portal.world import portal_beside
from tests.world import HUB_ID, World
from tests.world import running as hub_in_a_thread

HOUSES: Final = 20
USERS: Final = 200
PROTOCOL: Final = "schule-mitteilung/1.1.0"
STEP: Final = "mitteilung"
_FIRST: Final = 999001


@dataclass(frozen=True)
class PortalGround:
    """Where hub and portal lie, where they listen, and who is signed in."""

    home: Path
    hub_port: int
    portal_port: int
    people: tuple[Person, ...]
    catalogue: Catalogue

    @property
    def hub_url(self) -> str:
        return f"http://localhost:{self.hub_port}"


def found_portal(users: int = USERS) -> PortalGround:
    """Found a hub and a portal, let schools join through it and people set up their keys."""
    home, hub_port, portal_port = fresh("portal"), free_port(), free_port()
    schools = [f"schule:{_FIRST + number}" for number in range(HOUSES)]
    network = home / "network.yaml"
    network.write_text(network_of(schools), "utf-8")
    data = DataDir(home / "hub")
    create_hub(data, HUB_ID, (network,))
    with hub_in_a_thread(data, hub_port, home) as world:
        world.join(OFFICE.partition(".")[0], protocols=(PROTOCOL,))
        people = _people(world, home, portal_port, schools, users)
        catalogue = world.catalogue
    return PortalGround(home, hub_port, portal_port, people, catalogue)


def _people(
    world: World, home: Path, port: int, schools: list[str], users: int
) -> tuple[Person, ...]:
    found = []
    with portal_beside(world, home, demo=True, port=port) as portal:
        for number in range(users):
            unit = schools[number % len(schools)]
            is_first = number < len(schools)
            if is_first:
                portal.add_house(unit)
            person = Person(portal.url, world.catalogue)
            name = f"Lehrkraft Erfunden-{number}"
            roles = ("verfassen", "lesen", *(("verwalten",) if is_first else ()))
            person.enter(portal.link(name, *roles, unit=unit))
            person.set_up()
            if is_first:
                portal.confirm(unit, protocols=(PROTOCOL,))
            found.append(person)
        for person in found:
            person.refresh()
    return tuple(found)


@contextmanager
def both_running(ground: PortalGround) -> Iterator[tuple[Process, Process]]:
    """Run hub and portal, each in a process of its own, on the cores that there are."""
    environment = {"PYTHONPATH": str(ROOT)}
    hub = _command("bench.hub_process", ground.home / "hub", ground.hub_port)
    hub += ["--public-url", ground.hub_url]
    portal = _command("bench.portal_process", ground.home / "portal", ground.portal_port)
    portal += ["--hub", ground.hub_url]
    ready = "/health/ready"
    with (
        running(hub, ground.hub_port, ready, environment) as first,
        running(portal, ground.portal_port, ready, environment) as second,
    ):
        _await_ready(ground.hub_port)
        yield first, second


def _await_ready(port: int) -> None:
    """Wait until it says that it is ready; a hub answers before it takes anything."""
    until = time.monotonic() + START
    while time.monotonic() < until:
        if httpx2.get(f"http://localhost:{port}/health/ready").is_success:
            return
        time.sleep(0.1)
    raise RuntimeError("not ready")


def _command(module: str, data: Path, port: int) -> list[str]:
    return [sys.executable, "-m", module, "--data-dir", str(data), "--port", str(port)]
