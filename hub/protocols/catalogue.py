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
from hub.protocols.schemas import VOCABULARY, SchemaRegistry, load_schemas
from hub.protocols.versions import version_findings
from hub.schemas import SCHEMAS


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
    return make_catalogue(_load_protocols(specs / "protocols", registry, law), registry, law)


def with_own(shipped: Catalogue, folder: Path, schemas: Path = SCHEMAS) -> Catalogue:
    """Add the protocols that a Kreis wrote itself: ``protocols/``, ``schemas/``, ``law/``.

    They stand on the shipped law and vocabulary and may add provisions of their own. Nothing that
    is shipped can be replaced: a message of a known name means the same everywhere.
    """
    root = folder / "protocols"
    if not root.is_dir():
        raise ProtocolInvalid([f"{folder}: hier liegt kein Ordner protocols"])
    taken = {each.id for each in shipped.all()} | {
        name.split("/")[0] for name in shipped.schemas.names
    }
    named = [*root.iterdir(), *_folders(folder / "schemas")]
    places = [
        f"{path.name}: so heißt schon ein mitgeliefertes Verfahren"
        for path in sorted(named)
        if path.name in taken | {VOCABULARY}
    ]
    own_law = load_law(folder / "law")
    places += [f"law: {code} gibt es schon" for code in own_law if code in shipped.law]
    if places:
        raise ProtocolInvalid(places)
    law = MappingProxyType({**shipped.law, **own_law})
    registry = shipped.schemas.joined(load_schemas(folder / "schemas", schemas))
    own = _load_protocols(root, registry, law)
    return make_catalogue((*shipped.all(), *own), registry, law)


def _load_protocols(
    root: Path, schemas: SchemaRegistry, law: Mapping[str, LegalBasis]
) -> list[Protocol]:
    protocols: list[Protocol] = []
    places: list[str] = []
    for path in sorted(root.glob(f"*/*/{FILE}")):
        try:
            protocols.append(load_protocol(path, schemas, law))
        except ProtocolInvalid as invalid:
            places += invalid.places
    if not places:
        found = version_findings(protocols, schemas, law, root)
        places = [f"{protocol.name}: {finding}" for protocol, finding in found]
    if places:
        raise ProtocolInvalid(places)
    return protocols


def _folders(root: Path) -> list[Path]:
    return list(root.iterdir()) if root.is_dir() else []
