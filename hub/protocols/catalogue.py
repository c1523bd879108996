# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which protocols does this hub know, with their schemas and the law they stand on?"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from hub.errors import ProtocolRetired, SchemaUnknown
from hub.model.law import LegalBasis
from hub.model.protocol import Protocol
from hub.protocols.legal import load_law
from hub.protocols.load import FILE, ProtocolInvalid, load_protocol
from hub.protocols.schemas import SchemaRegistry, load_schemas
from hub.protocols.versions import version_findings


@dataclass(frozen=True)
class Catalogue:
    """Everything that decides what may be said; one for the life of a process."""

    protocols: Mapping[str, Protocol]
    """By name and version: ``schule-mitteilung/1.0.0``."""
    schemas: SchemaRegistry
    law: Mapping[str, LegalBasis]

    def get(self, name: str) -> Protocol | None:
        return self.protocols.get(name)

    def all(self) -> tuple[Protocol, ...]:
        """Return every version of every protocol, in the order of their numbers."""
        return tuple(sorted(self.protocols.values(), key=lambda each: (each.number, each.name)))

    def known(self, name: str) -> Protocol:
        """Return a protocol version, withdrawn or not; refuses what was never published here."""
        protocol = self.get(name)
        if protocol is None:
            raise SchemaUnknown(
                "Dieses Verfahren ist hier in dieser Fassung nicht bekannt.",
                pointers=("/proto",),
                allowed=tuple(each.name for each in self.all() if each.status != "zurueckgezogen"),
            )
        return protocol

    def check_not_retired(self, protocol: Protocol) -> None:
        """Refuse a version that was withdrawn, and name the versions that took its place."""
        if protocol.status == "zurueckgezogen":
            raise ProtocolRetired(
                "Diese Fassung des Verfahrens ist zurückgezogen; sie eröffnet keinen Vorgang mehr.",
                pointers=("/proto",),
                allowed=tuple(
                    each.name
                    for each in self.all()
                    if each.id == protocol.id and each.status != "zurueckgezogen"
                ),
            )

    def cite(self, code: str) -> str:
        """Return a legal basis as people read it: ``§ 4 Abs. 3 KKG``."""
        return self.law[code].citation


def make_catalogue(
    protocols: Iterable[Protocol], schemas: SchemaRegistry, law: Mapping[str, LegalBasis]
) -> Catalogue:
    return Catalogue(MappingProxyType({each.name: each for each in protocols}), schemas, law)


def load_catalogue(specs: Path, schemas: Path) -> Catalogue:
    """Read all protocols, their schemas and the law; one wrong place refuses the whole.

    A hub that left out what it cannot read would refuse messages for a reason that nobody sees.
    """
    registry, law = load_schemas(schemas), load_law(specs / "law")
    root = specs / "protocols"
    protocols = load_protocols(root, registry, law)
    found = version_findings(protocols, registry, law, root)
    if found:
        raise ProtocolInvalid([f"{protocol.name}: {finding}" for protocol, finding in found])
    return make_catalogue(protocols, registry, law)


def load_protocols(
    root: Path, schemas: SchemaRegistry, law: Mapping[str, LegalBasis]
) -> list[Protocol]:
    """Read every version below a folder, or raise ``ProtocolInvalid`` with every wrong place."""
    protocols: list[Protocol] = []
    places: list[str] = []
    for path in sorted(root.glob(f"*/*/{FILE}")):
        try:
            protocols.append(load_protocol(path, schemas, law))
        except ProtocolInvalid as invalid:
            places += invalid.places
    if places:
        raise ProtocolInvalid(places)
    return protocols
