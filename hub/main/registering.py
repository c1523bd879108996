# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which protocol versions has this hub ever worked with, and are they still the same?

The log says when each version began to count here and when it was withdrawn. A version that was
published never changes, so one whose digest is another now is a rule that somebody has changed
under those who adopted it: such a hub does not start.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, select

from hub.audit import tables
from hub.audit.entry import Draft, NotAnEntry, parse_entry
from hub.main.catalogue import UNREADABLE, reasons
from hub.main.finding import Finding, bad, good, hint
from hub.model.protocol import Protocol
from hub.node import Node
from hub.protocols.catalogue import Catalogue
from hub.protocols.compiled import load_known
from hub.record import new_id
from hub.store.participants import read_adoptions

PUBLISHED: Final = "protocol.published"
RETIRED: Final = "protocol.retired"
_ADVICE: Final = (
    "Die veröffentlichte Fassung wiederherstellen (Programm und Ordner der Verfahren); "
    "Änderungen sind eine neue Fassung."
)


@dataclass
class Registered:
    """What a log knows of protocol versions, by their names."""

    published: set[str] = field(default_factory=set)
    digests: dict[str, set[str]] = field(default_factory=dict)
    retired: set[str] = field(default_factory=set)

    def is_other(self, protocol: Protocol) -> bool:
        """Return whether a version is known here, and as something else."""
        known = self.digests.get(protocol.name)
        return known is not None and protocol.digest not in known


def read_registered(connection: Connection) -> Registered:
    """Read what entries say, and what was adopted: adoptions stay when old entries are pruned."""
    event, body = tables.audit_event, tables.audit_body
    rows = connection.execute(
        select(event.c.kind, body.c.body)
        .join(body, body.c.event_id == event.c.id)
        .where(event.c.kind.in_((PUBLISHED, RETIRED)))
    )
    found = Registered()
    for kind, leaf in rows:
        try:
            about = parse_entry(leaf).obj
        except NotAnEntry:
            continue  # What is damaged in the log is found by ``audit verify``.
        (found.retired if kind == RETIRED else found.published).add(about.id)
        found.digests.setdefault(about.id, set()).add(about.d)
    for adopted in read_adoptions(connection):
        found.digests.setdefault(adopted.protocol, set()).add(adopted.digest)
    return found


def register(node: Node, connection: Connection) -> None:
    """Enter the versions that are new to the log, and those that were withdrawn since."""
    known = read_registered(connection)
    for kind, protocol in _news(node.catalogue, known):
        node.log.append(
            connection,
            Draft(
                kind=kind,
                entry_id=new_id(),
                at=node.clock(),
                act={"org": node.hub_id},
                obj={"ty": "protocol", "id": protocol.name, "d": protocol.digest},
            ),
        )


def rules(own: Path | None, connection: Connection) -> Finding:
    """Look whether the protocols can be read and are those of the log; changes nothing."""
    try:
        catalogue = load_known(own)
    except UNREADABLE as wrong:
        return bad(
            "verfahren",
            f"Die Verfahren lassen sich nicht laden: {reasons(wrong)}",
            "„meldeweg protocols check“ zeigt jede Stelle.",
        )
    known = read_registered(connection)
    changed = [each.name for each in catalogue.all() if known.is_other(each)]
    if changed:
        return bad(
            "verfahren",
            f"Anders als veröffentlicht ist die Fassung: {', '.join(changed)}.",
            _ADVICE,
        )
    if missing := sorted(known.published - known.retired - catalogue.protocols.keys()):
        return hint(
            "verfahren",
            f"Das Protokoll kennt auch Fassungen, die hier fehlen: {', '.join(missing)}.",
            "Liegen sie in einem eigenen Ordner, ihn angeben (MELDEWEG_PROTOCOLS_DIR, "
            "--protocols); sonst weist der Hub ihre laufenden Vorgänge zurück.",
        )
    number = len(catalogue.protocols)
    return good("verfahren", f"{number} Fassungen von Verfahren, jede wie veröffentlicht.")


def _news(catalogue: Catalogue, known: Registered) -> Iterator[tuple[str, Protocol]]:
    for protocol in catalogue.all():
        if protocol.name not in known.published:
            yield PUBLISHED, protocol
        if protocol.status == "zurueckgezogen" and protocol.name not in known.retired:
            yield RETIRED, protocol
