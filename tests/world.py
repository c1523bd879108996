# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A hub with real participants, for tests that go over HTTP.

Nothing in it is a double: a real server on a loopback port, a real database, real keys. Only the
clock can be moved, and the participants are those of the demo network.
"""

import json
import socket
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from hub import clock as hub_clock
from hub.client import Agency, Hub
from hub.client.agreements import Signatory
from hub.client.enrolment import adopt, enrol
from hub.directory.network import load_network
from hub.enrol.entries import confirm
from hub.enrol.invitation import invite
from hub.enrol.snapshot import refresh
from hub.main.assembly import create_hub, open_node
from hub.main.folder import DataDir
from hub.main.serving import application
from hub.model.agreement import AgreedProtocol, Agreement
from hub.node import Node
from hub.protocols.agreements import today
from hub.protocols.catalogue import Catalogue
from hub.schemas import SCHEMAS, SPECS
from hub.telemetry import configure
from hub.web.server import Listener, serving
from tests.databases import a_data_dir

HUB_ID = "meldeweg.invalid/test"
NETWORK = SPECS / "networks" / "kreis-wesel.yaml"
EVERY_ROLE = Path(__file__).parent / "networks" / "alle-rollen.yaml"
"""A network with a unit for each role that a protocol names."""
PROTOCOLS = ("schule-mitteilung/1.0.0", "polizei-mitteilung/1.0.0")
SCHOOL = "schule:999001"
OTHER_SCHOOL = "schule:999002"
RHEINBERG = "jugendamt:05170032.asd"
KREIS = "jugendamt:05170000.asd"
POLICE = "polizei:kpb-wesel"
FEEDBACK = {
    "anhaltspunkte_bestaetigt": True,
    "taetig_geworden": True,
    "noch_taetig": False,
}


@dataclass
class Clock:
    """The hub's clock; can be put ahead of that of its clients."""

    ahead: float = 0

    def __call__(self) -> float:
        return hub_clock.now() + self.ahead


@dataclass
class World:
    """A running hub and the folders of those who take part."""

    data: DataDir
    url: str
    node: Node
    clock: Clock
    home: Path
    folders: dict[str, Path] = field(default_factory=dict)
    hands: hub_clock.Hands = field(default_factory=hub_clock.Hands)
    """Of the clock by which hub and clients live."""

    def travel(self, to: datetime) -> None:
        """Go to a moment together with everybody; ``clock.ahead`` moves the hub alone.

        A moment without a time zone is one of the wall clock in Berlin.
        """
        moment = to if to.tzinfo else to.replace(tzinfo=hub_clock.BERLIN)
        self.hands.ahead += moment.timestamp() - hub_clock.now()

    @property
    def catalogue(self) -> Catalogue:
        return self.node.catalogue

    def agency(self, unit: str) -> Agency:
        return Agency.load(self.folders[unit])

    def hub(self, unit: str) -> Hub:
        """Return a line of ``unit``; to be used as ``async with``."""
        return Hub(self.url, self.agency(unit), catalogue=self.catalogue)

    def join(self, organisation: str, *, protocols: Iterable[str] = PROTOCOLS) -> None:
        """Let an organisation enrol, be confirmed, and adopt protocols."""
        folder = self.home / organisation.replace(":", "-")
        made = self.node.writer.commit_now(
            lambda connection: invite(organisation, int(self.clock()), connection)
        )
        enrolled = enrol(folder, organisation, self.url, made.code)
        self.node.writer.commit_now(
            lambda connection: confirm(organisation, enrolled.fingerprint, self.node, connection)
        )
        self.node.readers.run_now(lambda connection: refresh(self.node, connection))
        for path in enrolled.folders:
            self.folders[Agency.load(path).id] = path
        for name in protocols:
            # Drafts are adopted knowingly: nothing else of them can be tried.
            is_draft = self.catalogue.known(name).status == "entwurf"
            adopt(folder, name, self.catalogue, draft=is_draft)

    def agree(self) -> None:
        """Let all whom it concerns conclude an agreement on what asks for one."""
        for protocol in self.catalogue.all():
            roles = {role.id for role in protocol.roles}
            if protocol.agreement:
                parties = {
                    unit.partition(".")[0]
                    for unit in self.folders
                    if roles & self.node.directory.roles(unit)
                }
                self.conclude(an_agreement_on(protocol.name, sorted(parties)))

    def conclude(self, agreement: Agreement) -> None:
        """Let the first party propose an agreement, and the others sign it."""
        first, *others = (
            Signatory.load(self.home / party.replace(":", "-")) for party in agreement.parties
        )
        first.propose(agreement)
        for other in others:
            other.sign(agreement)

    def concerning(self, roles: frozenset[str]) -> list[str]:
        """Return the protocols in which one of these roles occurs."""
        return [
            protocol.name
            for protocol in self.catalogue.all()
            if not roles.isdisjoint(role.id for role in protocol.roles)
        ]


def an_agreement_on(protocol: str, parties: Sequence[str]) -> Agreement:
    """Return an agreement about one protocol, in force for a year."""
    begins = today(hub_clock.now())
    return Agreement(
        id=protocol.replace("/", "-").replace(".", "-"),
        version=1,
        title="Erfundene Vereinbarung",
        parties=tuple(parties),
        protocols=(AgreedProtocol(protocol=protocol, occasions=("Erfundener Anlass",)),),
        valid_from=begins,
        valid_until=begins + timedelta(days=365),
    )


def example(protocol: str, step: str) -> dict[str, Any]:
    """Return the first valid example content of a step, about invented persons."""
    folder = SCHEMAS / protocol / "1.0.0" / "examples"
    path = min(folder.glob(f"{step}.valid*.json"))
    content: dict[str, Any] = json.loads(path.read_bytes())
    content.pop("rueckmeldung_an", None)
    return content


@contextmanager
def running(data: DataDir, port: int, home: Path, clock: Clock | None = None) -> Iterator[World]:
    """Run the hub of a data directory on a port for as long as the block lasts."""
    configure(level="error")
    url = f"http://localhost:{port}"
    chosen = clock or Clock()
    # It goes on from where its founding was: a tale may be told on a day of its own.
    hands = hub_clock.Hands(ahead=hub_clock.now() - time.time())
    with hub_clock.lived_by(hands), open_node(data, url, chosen) as node:
        # The node does nothing by itself: tests take its turns, so that nothing happens by chance.
        app = application(node, None, every=86_400)
        with serving(app, Listener(port=port)):
            yield World(data, url, node, chosen, home, hands=hands)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def founded(home: Path, *networks: Path) -> Iterator[World]:
    """Found a hub with the participants that network files propose, and run it."""
    data = a_data_dir(home / "hub")
    create_hub(data, HUB_ID, networks)
    with running(data, free_port(), home) as world:
        yield world


@contextmanager
def a_world(home: Path, *organisations: str) -> Iterator[World]:
    """Found a hub, run it, and let organisations join."""
    with founded(home, NETWORK) as world:
        for organisation in organisations:
            world.join(organisation)
        yield world


@contextmanager
def a_world_of_every_role(home: Path) -> Iterator[World]:
    """Found a hub, run it, and let everybody join and adopt every protocol that concerns them."""
    with founded(home, EVERY_ROLE) as world:
        for organisation in load_network(EVERY_ROLE).participants:
            roles = frozenset(role for unit in organisation.units for role in unit.roles)
            world.join(organisation.id, protocols=world.concerning(roles))
        world.agree()
        yield world
