# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Does the number of a version say what the version does?

The first number rises where more may be said, the second where less may be said, the third where
only words are others. Whoever reads 1.0.0 → 1.1.0 must be able to rely on that without reading the
rest, and a version that widens has been approved by somebody who did read it.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from hub.model.law import LegalBasis
from hub.model.protocol import Protocol
from hub.protocols.approval import FILE, ApprovalInvalid, load_approval
from hub.protocols.check import Finding
from hub.protocols.difference import Verdict, difference
from hub.protocols.schemas import SchemaRegistry

_PLACES: Final[tuple[Verdict, ...]] = ("weiter", "enger", "wort")
"""Which number rises for which verdict."""
_NAMES: Final[dict[Verdict, str]] = {
    "weiter": "eine neue Hauptfassung",
    "enger": "eine neue Nebenfassung",
    "wort": "eine neue Wortfassung",
    "gleich": "gar keine neue Fassung",
}

Law = Mapping[str, LegalBasis]


def version_findings(
    protocols: Iterable[Protocol], schemas: SchemaRegistry, law: Law, root: Path
) -> tuple[tuple[Protocol, Finding], ...]:
    """Return every version whose number or approval does not fit what it changes.

    ``root`` is the folder with ``<id>/<version>/``, where approvals lie.
    """
    known = sorted(protocols, key=number_of)
    return tuple(
        (protocol, finding)
        for protocol in known
        if (before := predecessor(protocol, known)) is not None
        for finding in _findings(before, protocol, schemas, law, root)
    )


def number_of(protocol: Protocol) -> tuple[int, ...]:
    """Return the version as numbers: 1.10.0 comes after 1.9.0."""
    return tuple(int(number) for number in protocol.version.split("."))


def predecessor(protocol: Protocol, known: Iterable[Protocol]) -> Protocol | None:
    """Return the highest version of the same protocol below this one."""
    lower = (each for each in known if each.id == protocol.id)
    return max(
        (each for each in lower if number_of(each) < number_of(protocol)),
        key=number_of,
        default=None,
    )


def said_by_number(older: Protocol, newer: Protocol) -> Verdict:
    """Return what the numbers of two versions say about the newer one."""
    pairs = zip(_PLACES, number_of(older), number_of(newer), strict=True)
    return next((verdict for verdict, before, after in pairs if before != after), "gleich")


def _findings(
    older: Protocol, newer: Protocol, schemas: SchemaRegistry, law: Law, root: Path
) -> tuple[Finding, ...]:
    found = difference(older, newer, schemas, law)
    said = said_by_number(older, newer)
    if said != found.verdict:
        place = f"version ({older.version} → {newer.version})"
        reasons = [each.text for each in found.changes if each.effect == found.verdict][:3]
        why = f": {'; '.join(reasons)}" if reasons else ""
        return (Finding(place, f"nötig ist {_NAMES[found.verdict]}{why}"),)
    return _about_approval(newer, root) if found.verdict == "weiter" else ()


def _about_approval(protocol: Protocol, root: Path) -> tuple[Finding, ...]:
    try:
        approval = load_approval(root / protocol.id / protocol.version)
    except ApprovalInvalid as invalid:
        return (Finding(FILE, str(invalid)),)
    if approval is None:
        wanted = f"weitet; es fehlt die Freigabe der Prüfsumme {protocol.digest}"
        return (Finding(FILE, wanted),)
    if (approval.protocol, approval.digest) != (protocol.name, protocol.digest):
        return (Finding(FILE, f"gibt anderes frei als diese Fassung ({protocol.digest})"),)
    return ()
