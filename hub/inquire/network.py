# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who is in a network, what have its members agreed on, and when do they meet?

For those who coordinate it. Nothing here comes from a message: members and their telephone numbers
stand in the directory anyway, and the rest the network writes down about itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from sqlalchemy import Connection

from hub.directory.participants import Directory
from hub.errors import NotFound
from hub.model.agreement import Concluded, Standing
from hub.model.ids import kind_of
from hub.model.network import ListedOrganisation, ListedUnit, Network
from hub.model.participant import Status, Unit
from hub.node import Node
from hub.protocols.agreements import standing, today
from hub.store.network import (
    StoredAcceptance,
    StoredMeeting,
    StoredRules,
    read_acceptances,
    read_meetings,
    read_rules,
)


@dataclass(frozen=True)
class Place:
    """A network by the key of its Kreis or its kreisfreie Stadt."""

    key: str
    name: str
    demo: bool
    networks: tuple[Network, ...]


@dataclass(frozen=True)
class Member:
    """An organisation of the network with its units, as they stand today."""

    organisation: str
    name: str
    status: Status
    units: tuple[Unit | ListedUnit, ...]
    taken_over_by: str = ""

    @property
    def kind(self) -> str:
        return kind_of(self.organisation)

    @property
    def roles(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(role for unit in self.units for role in unit.roles))


@dataclass(frozen=True)
class Acceptance:
    """Who accepted a version of the rules; what the network file says has neither day nor hand."""

    organisation: str
    accepted_on: str = ""
    function: str = ""
    source: str = "Netzdatei"


@dataclass(frozen=True)
class Version:
    """One version of a document that the members gave themselves."""

    document: str
    title: str
    version: str
    published_on: date
    digest: str = ""
    content: str = ""
    link: str = ""
    summary: str = ""
    accepted: tuple[Acceptance, ...] = ()

    @property
    def by(self) -> dict[str, Acceptance]:
        return {each.organisation: each for each in self.accepted}


@dataclass(frozen=True)
class Meeting:
    """A meeting or a training; to whom it names no role, everybody is invited."""

    id: str
    title: str
    kind: str
    place: str
    begins_at: int
    ends_at: int
    invited: tuple[str, ...]
    changes: int
    changed_at: int
    is_off: bool


@dataclass(frozen=True)
class Affairs:
    """What a network writes down about itself."""

    versions: tuple[Version, ...]
    """The newest version of each document comes first."""
    meetings: tuple[Meeting, ...]
    """In the order in which they are held."""

    @property
    def current(self) -> tuple[Version, ...]:
        """The newest version of each document."""
        first: dict[str, Version] = {}
        for each in self.versions:
            first.setdefault(each.document, each)
        return tuple(first.values())


def places(node: Node) -> tuple[Place, ...]:
    """Return all networks of this hub."""
    return places_of(node.networks)


def places_of(networks: Sequence[Network]) -> tuple[Place, ...]:
    """Return the networks of these files; files about one Kreis make one network together."""
    found: dict[str, Place] = {}
    for network in networks:
        for district in network.districts:
            known = found.get(district.key)
            together = (*known.networks, network) if known else (network,)
            is_demo = any(each.demo for each in together)
            found[district.key] = Place(district.key, district.name, is_demo, together)
    return tuple(sorted(found.values(), key=lambda each: each.name))


def place_of(key: str, node: Node) -> Place:
    """Return one network; refuses a key that none has."""
    for place in places(node):
        if place.key == key:
            return place
    raise NotFound


def members_of(place: Place, directory: Directory) -> tuple[Member, ...]:
    """Return the members of a network, by kind and name."""
    listed = {each.id: each for network in place.networks for each in network.participants}
    members = (_member(each, directory) for each in listed.values())
    return tuple(sorted(members, key=lambda each: (each.kind, each.name)))


def agreements_of(members: Sequence[Member], node: Node) -> tuple[tuple[Concluded, Standing], ...]:
    """Return the agreements to which a member is a party, the one that ends first at the front."""
    known, day = node.directory.agreements, today(node.clock())
    ids = {each.organisation for each in members}
    own = [each for each in known if not ids.isdisjoint(each.agreement.parties)]
    own.sort(key=lambda each: (each.last_day, each.agreement.name))
    return tuple((each, standing(each, day, known)) for each in own)


async def affairs_of(place: Place, node: Node) -> Affairs:
    """Return rules of procedure with who accepted them, and the calendar."""
    return await node.readers.run(partial(_affairs, place))


def _member(listed: ListedOrganisation, directory: Directory) -> Member:
    known = directory.organisation(listed.id)
    said = known.entry.units if known and known.entry else ()
    units: tuple[Unit | ListedUnit, ...] = said or listed.units
    return Member(
        organisation=listed.id,
        name=known.name if known else listed.name,
        status=known.status if known else "proposed",
        units=units,
        taken_over_by=known.succession.by if known and known.succession else "",
    )


def _affairs(place: Place, connection: Connection) -> Affairs:
    accepted = read_acceptances(connection, place.key)
    kept = [_kept(each, accepted) for each in read_rules(connection, place.key)]
    there = {(each.document, each.version) for each in kept}
    filed = (each for each in _filed(place, accepted) if (each.document, each.version) not in there)
    versions = sorted((*kept, *filed), key=lambda each: (each.published_on, each.version))
    meetings = (_meeting(each) for each in read_meetings(connection, place.key))
    return Affairs(tuple(reversed(versions)), tuple(meetings))


def _meeting(stored: StoredMeeting) -> Meeting:
    return Meeting(
        id=stored.id,
        title=stored.title,
        kind=stored.kind,
        place=stored.place,
        begins_at=stored.begins_at,
        ends_at=stored.ends_at,
        invited=tuple(filter(None, stored.invited.split(","))),
        changes=stored.sequence,
        changed_at=stored.entered_at,
        is_off=stored.cancelled_at is not None,
    )


def _kept(stored: StoredRules, accepted: tuple[StoredAcceptance, ...]) -> Version:
    return Version(
        document=stored.document,
        title=stored.title,
        version=stored.version,
        published_on=date.fromisoformat(stored.published_on),
        digest=stored.digest or "",
        content=stored.content or "",
        link=stored.link or "",
        accepted=_entered(stored.document, stored.version, accepted),
    )


def _filed(place: Place, accepted: tuple[StoredAcceptance, ...]) -> list[Version]:
    """Return the versions that the network files bring, with what was entered here since."""
    found = []
    for network in place.networks:
        members = [each.id for each in network.participants if kind_of(each.id) != "koordination"]
        for rules in network.rules:
            for each in rules.versions:
                entered = _entered(rules.id, each.version, accepted)
                newer = {known.organisation for known in entered}
                by_file = tuple(
                    Acceptance(member)
                    for member in members
                    if member not in newer and member not in each.not_accepted
                )
                found.append(
                    Version(
                        document=rules.id,
                        title=rules.title,
                        version=each.version,
                        published_on=each.valid_from,
                        summary=each.summary,
                        accepted=(*by_file, *entered),
                    )
                )
    return found


def _entered(
    document: str, version: str, accepted: tuple[StoredAcceptance, ...]
) -> tuple[Acceptance, ...]:
    return tuple(
        Acceptance(each.organisation, each.accepted_on, each.function, each.source)
        for each in accepted
        if (each.document, each.version) == (document, version)
    )
