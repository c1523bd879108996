# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The hub of the simulated year: everybody is in it with keys, a signed entry and an adoption.

The entries are written as enrolment leaves them, and not by enrolling: that a year of duty is
simulated here is no reason to enrol two hundred organisations over HTTP each time.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from shutil import copytree
from typing import Final

from sqlalchemy import Connection

from hub.enrol.notes import Subject, note
from hub.enrol.snapshot import refresh
from hub.main.assembly import create_hub
from hub.main.folder import DataDir
from hub.model.json import JsonObject
from hub.model.participant import DirectoryEntry, ReadingKey, Unit
from hub.model.roster import Hours, Line, Roster, Service
from hub.node import Node
from hub.protocols.catalogue import Catalogue, load_catalogue
from hub.schemas import SPECS
from hub.sealing.canonical import digest
from hub.sealing.reader import ReaderPrivateKey
from hub.store.participants import (
    StoredAdoption,
    StoredEntry,
    StoredParticipant,
    add_adoption,
    add_entry,
    add_participant,
)
from hub.trust.jose import sign_token
from hub.trust.keys import PrivateSigningKey
from hub.trust.kinds import ADOPTION, DIRECTORY_ENTRY
from tests.world import HUB_ID
from tests.year.towns import Office, Shift, Span, Towns

PROBE: Final = Path(__file__).parent / "probe"
PROTOCOL: Final = "jahresprobe/1.0.0"
SCHOOLS: Final = tuple(f"schule:{999001 + number}" for number in range(12))
BASIS: Final = "sgb8-8a-1"


@dataclass(frozen=True)
class Keys:
    """The private keys of one unit."""

    signing: PrivateSigningKey = field(default_factory=PrivateSigningKey.generate)
    token: PrivateSigningKey = field(default_factory=PrivateSigningKey.generate)
    reading: ReaderPrivateKey = field(default_factory=ReaderPrivateKey.generate)


@dataclass(frozen=True)
class Land:
    """A founded hub, who takes part in it, and their keys."""

    data: DataDir
    towns: Towns
    keys: dict[str, Keys]
    catalogue: Catalogue


def found(home: Path, towns: Towns) -> Land:
    """Found the hub; nobody takes part in it yet."""
    data = DataDir(home / "hub")
    create_hub(data, HUB_ID, ())
    units = [*SCHOOLS, *(unit for office in towns.offices for unit in _units(office))]
    keys = {unit: Keys() for unit in dict.fromkeys(units)}
    return Land(data, towns, keys, _catalogue(home))


def join(land: Land, node: Node, now: int) -> None:
    """Let everybody take part."""
    node.catalogue = land.catalogue
    entries = list(_entries(land, node.hub_id, now))
    node.writer.commit_now(partial(_enter_all, entries, node))
    node.readers.run_now(partial(refresh, node))


def _catalogue(home: Path) -> Catalogue:
    specs = home / "specs"
    copytree(SPECS / "law", specs / "law")
    copytree(PROBE / "protocols", specs / "protocols")
    return load_catalogue(specs, PROBE / "schemas")


def _units(office: Office) -> list[str]:
    """Return the units of an office, and that of the service that stands in for it."""
    named = [shift.unit for shift in office.shifts if shift.unit is not None]
    return list(dict.fromkeys([office.desk, *named]))


def _entries(land: Land, hub: str, now: int) -> Iterator[tuple[DirectoryEntry, PrivateSigningKey]]:
    for school in SCHOOLS:
        yield _entry(hub, school, (_unit(land, school, "schule", now),), now)
    for office in land.towns.offices:
        own = [unit for unit in _units(office) if office.is_own(unit)]
        units = tuple(_unit(land, unit, "jugendamt", now, office) for unit in own)
        yield _entry(hub, office.organisation, units, now)
    for service in land.towns.services:
        served = [
            (unit, office)
            for office in land.towns.offices
            for unit in _units(office)
            if unit.startswith(f"{service}.")
        ]
        units = tuple(_standing_in(land, unit, office, now) for unit, office in served)
        if units:
            yield _entry(hub, service, units, now)


def _entry(
    hub: str, organisation: str, units: tuple[Unit, ...], now: int
) -> tuple[DirectoryEntry, PrivateSigningKey]:
    root = PrivateSigningKey.generate()
    entry = DirectoryEntry(
        hub=hub,
        organisation=organisation,
        name=f"Stelle {organisation}",
        version=1,
        iat=now,
        root=root.public(now),
        units=units,
    )
    return entry, root


def _unit(land: Land, unit: str, role: str, now: int, office: Office | None = None) -> Unit:
    keys = land.keys[unit]
    reading = keys.reading
    return Unit(
        id=unit,
        name=f"Stelle {unit}",
        roles=(role,),
        telephone="+49 221 4710 999",
        signing=(keys.signing.public(now),),
        token=(keys.token.public(now),),
        reading=(ReadingKey(kid=reading.kid, pub=reading.public.b64, use="desk", not_before=now),),
        roster=_roster(office) if office is not None and unit == office.desk else None,
    )


def _standing_in(land: Land, unit: str, office: Office, now: int) -> Unit:
    agreed = next(shift.agreed_until for shift in office.shifts if shift.unit == unit)
    service = Service(organisation=office.organisation, valid_from=office.first, valid_until=agreed)
    return _unit(land, unit, "krisendienst", now).model_copy(update={"serves": (service,)})


def _roster(office: Office) -> Roster:
    return Roster(
        land="nw",
        office_hours=tuple(map(_hours, office.hours)),
        valid_from=office.first,
        valid_until=office.last,
        lines=tuple(_line(shift, office) for shift in office.shifts),
    )


def _line(shift: Shift, office: Office) -> Line:
    return Line(
        unit=shift.unit,
        name=shift.name,
        telephone=shift.telephone,
        order=shift.order,
        when=shift.when if isinstance(shift.when, str) else tuple(map(_hours, shift.when)),
        valid_from=shift.first,
        valid_until=min(shift.last, date(office.first.year + 2, 12, 31)),
        basis=None if shift.unit is None or office.is_own(shift.unit) else BASIS,
    )


def _hours(span: Span) -> Hours:
    days, begins, ends = span
    return Hours.model_validate({"days": days, "begins": begins, "ends": ends})


def _enter_all(
    entries: list[tuple[DirectoryEntry, PrivateSigningKey]], node: Node, connection: Connection
) -> None:
    protocol = node.catalogue.known(PROTOCOL)
    for entry, root in entries:
        name = entry.organisation
        said = StoredParticipant(name, entry.name, "valid", json.dumps({"id": name}))
        add_participant(connection, said)
        jws = sign_token(
            root, DIRECTORY_ENTRY.typ, entry.model_dump(mode="json", exclude_none=True)
        )
        event = note("directory.changed", Subject(name, digest(jws)), node, connection)
        add_entry(connection, StoredEntry(name, 1, digest(jws), jws, event))
        claims: JsonObject = {
            "iss": name,
            "hub": node.hub_id,
            "iat": entry.iat,
            "proto": protocol.name,
            "digest": protocol.digest,
        }
        signed = sign_token(root, ADOPTION.typ, claims)
        about = Subject(name, digest(signed), protocol.name)
        event = note("protocol.adopted", about, node, connection)
        adopted = StoredAdoption(name, protocol.name, protocol.digest, signed, event)
        add_adoption(connection, adopted)
