# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Does the log of reading hold? Everything is computed anew from the entries themselves.

What stands in the database proves nothing by itself: whoever owns this machine owns the key of the
log as well. So each head that the hub has entered is held against the tree, and only what lies
before the newest of them is beyond the reach of this house.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, func, select, text

from hub.adapters.reading.answers import Answers, Witnessed
from hub.adapters.reading.entry import parse_entry
from hub.adapters.reading.forgetting import is_due
from hub.adapters.reading.tables import audit_event
from hub.audit import tables
from hub.audit.checkpoint import verify_checkpoint
from hub.audit.edge import Edge
from hub.audit.entry import NotAnEntry
from hub.audit.merkle import Unproven, leaf_hash
from hub.audit.note import Verifier
from hub.audit.prune import KEPT, range_digest
from hub.audit.triggers import triggers

_LEAF: Final = tables.audit_leaf.c
_BODY: Final = tables.audit_body.c
_ROWS: Final = (
    select(_LEAF.idx, _LEAF.event_id, _LEAF.leaf_hash, audit_event.c.kind, _BODY.body)
    .join(audit_event, audit_event.c.id == _LEAF.event_id, isouter=True)
    .join(tables.audit_body, _BODY.event_id == _LEAF.event_id, isouter=True)
    .order_by(_LEAF.idx)
)


@dataclass(frozen=True)
class Finding:
    """What does not hold, and where."""

    place: str
    text: str

    def __str__(self) -> str:
        return f"{self.place}: {self.text}"


@dataclass(frozen=True)
class Verdict:
    """What a look at the whole log has found."""

    size: int
    gone: int
    """Entries whose bodies went when their time was over; their hashes are in the tree."""
    witnessed: Witnessed | None
    """The newest head that the hub has entered, and that this log goes on from."""
    findings: tuple[Finding, ...]
    is_compared: bool = False
    """The hub was asked just now, and its answer is among what was held against the log."""

    @property
    def holds(self) -> bool:
        return not self.findings

    @property
    def proven(self) -> int:
        """How many entries nobody in this house can have changed any more."""
        return 0 if self.witnessed is None else self.witnessed.checkpoint.size


def check(connection: Connection, verifier: Verifier, answers: Answers) -> Verdict:
    """Hold every entry, hash, tile and head of a log against each other, and the hub's answers."""
    return _Check(connection, verifier).run(answers)


@dataclass
class _Check:
    connection: Connection
    verifier: Verifier
    findings: list[Finding] = field(default_factory=list)
    edge: Edge = field(default_factory=Edge)
    roots: dict[int, bytes] = field(default_factory=dict)
    """By size: that of each tree that there has been."""
    tiles: dict[tuple[int, int], bytes] = field(default_factory=dict)
    gone: list[tuple[int, str]] = field(default_factory=list)
    last: str = ""

    def run(self, answers: Answers) -> Verdict:
        for row in self.connection.execute(_ROWS):
            self._check_row(row)
        self._check_none_beside()
        self._check_gone()
        self._check_tiles()
        self._check_heads()
        self._check_triggers()
        return Verdict(
            self.edge.size, len(self.gone), self._witnessed(answers), tuple(self.findings)
        )

    def _say(self, place: str, said: str) -> None:
        self.findings.append(Finding(place, said))

    def _check_row(self, row: Any) -> None:
        """Take an entry into the tree by its own bytes; by its hash alone where they are gone."""
        place = f"Eintrag {row.idx}"
        if row.idx != self.edge.size:
            self._say(place, f"davor fehlt etwas; erwartet wird die Nummer {self.edge.size}")
        hashed = row.leaf_hash if row.body is None else leaf_hash(row.body)
        if hashed != row.leaf_hash:
            self._say(place, "der Inhalt ergibt nicht den eingetragenen Hash")
        if row.body is None:
            self.gone.append((row.idx, row.event_id))
            if row.kind in KEPT:
                self._say(place, "ein Löschvermerk ist gelöscht")
        else:
            self._check_body(place, row)
        for tile, rows in self.edge.push(hashed):
            self.tiles[tile.level, tile.n] = b"".join(rows[0])
        self.roots[self.edge.size] = self.edge.root

    def _check_body(self, place: str, row: Any) -> None:
        try:
            entry = parse_entry(row.body)
        except NotAnEntry:
            self._say(place, "hat nicht die vorgeschriebene Form")
            return
        if (entry.nseq, entry.id, entry.k) != (row.idx, row.event_id, row.kind):
            self._say(place, "steht nicht an seinem Platz")
        if entry.t < self.last:
            self._say(place, "ist älter als der Eintrag davor")
        self.last = entry.t

    def _check_none_beside(self) -> None:
        """Find entries that were written and never got a place in the tree."""
        beside = self.connection.execute(
            select(audit_event.c.id).where(audit_event.c.id.not_in(select(_LEAF.event_id)))
        ).scalars()
        for event_id in beside:
            self._say(f"Eintrag {event_id}", "steht nicht im Baum")

    def _check_gone(self) -> None:
        orders = self._orders()
        for index, event_id in self.gone:
            covering = [order for order in orders if order.first <= index <= order.last]
            if not covering:
                self._say(f"Eintrag {index}", "ist gelöscht, ohne dass ein Löschvermerk ihn nennt")
            elif not any(is_due(event_id, order.at) for order in covering):
                self._say(f"Eintrag {index}", "wurde vor dem Ende seiner Frist gelöscht")

    def _orders(self) -> "list[_Order]":
        orders = []
        order = tables.prune_order.c
        rows = self.connection.execute(
            select(order.first_idx, order.last_idx, _LEAF.idx, _BODY.body)
            .join(tables.audit_leaf, _LEAF.event_id == order.event_id)
            .join(tables.audit_body, _BODY.event_id == order.event_id)
        )
        for row in rows:
            try:
                said = parse_entry(row.body)
            except NotAnEntry:
                continue
            named = range_digest(self.connection, row.first_idx, row.last_idx)
            if row.idx > row.last_idx and said.k in KEPT and said.obj.d == named:
                orders.append(_Order(row.first_idx, row.last_idx, said.t))
            else:
                self._say(f"Eintrag {row.idx}", "der Löschvermerk passt nicht zu dem, was fehlt")
        return orders

    def _check_tiles(self) -> None:
        for row in self.connection.execute(select(tables.tile)):
            if self.tiles.pop((row.level, row.n), None) != row.hashes:
                self._say(f"Kachel {row.level}/{row.n}", "ergibt sich nicht aus den Einträgen")
        for level, n in self.tiles:
            self._say(f"Kachel {level}/{n}", "fehlt")

    def _check_heads(self) -> None:
        checkpoint = tables.checkpoint.c
        for size, note in self.connection.execute(
            select(checkpoint.size, checkpoint.note).order_by(checkpoint.size)
        ):
            place = f"Kopf {size}"
            try:
                head = verify_checkpoint(note, self.verifier)
            except Unproven:
                self._say(place, "ist nicht mit dem Schlüssel dieses Lesebuchs unterschrieben")
                continue
            if head.size != size or self.roots.get(size) != head.root:
                self._say(place, "ergibt sich nicht aus den Einträgen")
        newest = self.connection.execute(select(func.max(checkpoint.size))).scalar() or 0
        if newest != self.edge.size:
            self._say("Kopf", f"nennt {newest} Einträge, es sind {self.edge.size}")

    def _check_triggers(self) -> None:
        query = text("SELECT sql FROM sqlite_master WHERE type = 'trigger'")
        found = frozenset(self.connection.execute(query).scalars())
        for statement in triggers("sqlite", of_log_alone=True):
            if statement not in found:
                self._say(statement.split()[2], "der Schutz der Datenbank fehlt")

    def _witnessed(self, answers: Answers) -> Witnessed | None:
        """Return the newest head of the hub that this log goes on from, and say which it denies."""
        newest = None
        for name, each in answers.all():
            if each is None:
                self._say(name, "ist keine Antwort des Hubs mehr")
                continue
            head = each.checkpoint
            place = f"Kopf {head.size} am Hub"
            if head.origin != self.verifier.name:
                self._say(place, "gehört zu einem anderen Lesebuch")
            elif head.size > self.edge.size:
                self._say(place, f"das Lesebuch war schon länger; hier sind es {self.edge.size}")
            elif self.roots.get(head.size) != head.root:
                self._say(place, "das Lesebuch war bis dahin ein anderes")
            else:
                newest = each
        return newest


@dataclass(frozen=True)
class _Order:
    first: int
    last: int
    at: str


def in_words(verdict: Verdict) -> Sequence[str]:
    """Say in German what is proven and what is not."""
    lines = [f"{verdict.size} Einträge, jeder aus seinem Inhalt neu berechnet."]
    if verdict.gone:
        lines.append(f"{verdict.gone} davon nach Frist gelöscht; ihr Hash ist geblieben.")
    if verdict.witnessed is None:
        lines.append("Am Hub ist noch kein Kopf bezeugt; was hier steht, beweist sich nur selbst.")
    else:
        lines.append(
            f"Bezeugt am Hub bis Nr. {verdict.proven - 1} (Eintrag des Hubs vom"
            f" {verdict.witnessed.at[:10]}); bis dahin kann hier niemand mehr etwas ändern."
        )
        if verdict.size > verdict.proven:
            lines.append(f"{verdict.size - verdict.proven} jüngere Einträge sind es noch nicht.")
    return lines
