# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What has a Kreis written itself, beside what is shipped, and does it hold?

A hub holds a folder of somebody else to everything that a shipped version is held to before it is
published. Else a protocol that gives protected data to the police, or leaves a message without
anybody who answers for it, would need no more than a start without a check.
"""

from pathlib import Path
from types import MappingProxyType
from typing import Final

from hub.model.protocol import Protocol
from hub.protocols.catalogue import Catalogue, load_protocols, make_catalogue
from hub.protocols.check import Finding, findings
from hub.protocols.legal import load_law
from hub.protocols.load import FILE, ProtocolInvalid
from hub.protocols.schemas import VOCABULARY, load_schemas
from hub.protocols.versions import version_findings
from hub.schemas import SCHEMAS

_TAKEN: Final = "so heißt schon ein mitgeliefertes Verfahren"


def with_own(shipped: Catalogue, folder: Path, schemas: Path = SCHEMAS) -> Catalogue:
    """Add the protocols that a Kreis wrote itself: ``protocols/``, ``schemas/``, ``law/``.

    They stand on the shipped law and vocabulary and may add provisions of their own. Nothing that
    is shipped can be replaced: a message of a known name means the same everywhere. Whether they
    hold is asked of ``own_findings``: whoever still writes or approves a version has to see it.
    """
    root = folder / "protocols"
    if not root.is_dir():
        raise ProtocolInvalid([f"{folder}: hier liegt kein Ordner protocols"])
    own_law = load_law(folder / "law")
    places = [*_taken(shipped, folder), *_without_protocol(root)]
    places += [f"law: {code} gibt es schon" for code in own_law if code in shipped.law]
    if places:
        raise ProtocolInvalid(places)
    law = MappingProxyType({**shipped.law, **own_law})
    registry = shipped.schemas.joined(load_schemas(folder / "schemas", schemas))
    own = load_protocols(root, registry, law)
    return make_catalogue((*shipped.all(), *own), registry, law)


def added(catalogue: Catalogue, shipped: Catalogue) -> tuple[Protocol, ...]:
    """Return the versions of a catalogue that are not shipped."""
    return tuple(each for each in catalogue.all() if each.name not in shipped.protocols)


def own_findings(
    own: tuple[Protocol, ...], catalogue: Catalogue, folder: Path
) -> tuple[tuple[Protocol, Finding], ...]:
    """Return what is wrong with versions of a folder: each by itself, its number, its approval."""
    law, schemas = catalogue.law, catalogue.schemas
    each_by_itself = tuple(
        (protocol, finding) for protocol in own for finding in findings(protocol, law, schemas)
    )
    if each_by_itself:
        return each_by_itself  # Whether what does not hold is wider than before is no question.
    return version_findings(own, schemas, law, folder / "protocols")


def load_own(shipped: Catalogue, folder: Path) -> Catalogue:
    """Add the protocols of a folder, or raise ``ProtocolInvalid`` with all that is wrong."""
    catalogue = with_own(shipped, folder)
    found = own_findings(added(catalogue, shipped), catalogue, folder)
    if found:
        raise ProtocolInvalid([f"{protocol.name}: {finding}" for protocol, finding in found])
    return catalogue


def _taken(shipped: Catalogue, folder: Path) -> list[str]:
    taken = {each.id for each in shipped.all()} | {VOCABULARY}
    taken |= {name.split("/")[0] for name in shipped.schemas.names}
    named = [*_within(folder / "protocols"), *_within(folder / "schemas")]
    return [f"{path.name}: {_TAKEN}" for path in sorted(named) if path.name in taken]


def _without_protocol(root: Path) -> list[str]:
    """Name the folders that look like a version and would be passed over in silence."""
    versions = [each for protocol in _within(root) for each in _within(protocol) if each.is_dir()]
    return [
        f"{path.parent.name}/{path.name}: {FILE} fehlt"
        for path in sorted(versions)
        if not (path / FILE).exists()
    ]


def _within(root: Path) -> list[Path]:
    return list(root.iterdir()) if root.is_dir() else []
