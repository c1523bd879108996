# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is waiting, how urgent is it, and who has it? The duty list, without a word of any content.

A row says what kind of message it is, whose, how long its clock still runs, and what was done with
it. Who it is about stands nowhere in it: a list may be open on a screen that others see.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from typing import Final, Literal, cast

from sqlalchemy import Connection, literal_column, select

from hub.adapters.connector.rows import Row
from hub.adapters.connector.tables import act
from hub.adapters.inbox.acts import WAITS, Act
from hub.adapters.inbox.assigned import Assigned, assigned_by
from hub.adapters.inbox.shelves import PAGE, Placed, Wanted, count, placed, unread
from hub.model.protocol import Urgency
from hub.protocols.catalogue import Catalogue
from hub.protocols.deadlines import due, ends
from hub.sealing.canonical import b64

State = Literal["offen", "kenntnis", "uebernommen", "weitergegeben", "abgeschlossen"]
FEEDBACK: Final = "rueckmeldung"
SOON: Final = 5 * 60
"""Seconds before its end in which a clock is pressing ("Vorgabe des Projekts")."""


@dataclass(frozen=True)
class Waiting:
    """One line of the list."""

    row: Row
    title: str
    """Of the step: „Mitteilung einer Schule an das Jugendamt“."""
    protocol: str
    """Title of the protocol."""
    sender_name: str
    due_at: int
    """When a person should have taken note."""
    overdue_at: int
    """When the sender is told that nobody has."""
    state: State
    noted: Act | None
    """How somebody took note; it may still be on its way to the hub."""
    assigned: Assigned | None
    passed_to: str
    """Office to which it was passed on."""
    feedback_due: int | None

    @property
    def id(self) -> str:
        return self.row.id

    @property
    def reference(self) -> str:
        """How people call it on the telephone: what the case software gave, or the id's end."""
        return self.row.number or self.row.id[-6:].upper()

    @property
    def is_open(self) -> bool:
        """Whether nobody has taken note of it yet."""
        return self.state == "offen"

    @property
    def waits_for_hub(self) -> bool:
        return self.noted is not None and self.noted.state == WAITS

    def left(self, now: int) -> int:
        """Return the seconds that its clock still runs; negative once it has run out."""
        return self.due_at - now

    def is_overdue(self, now: int) -> bool:
        return self.is_open and self.left(now) <= 0

    def is_pressing(self, now: int) -> bool:
        return self.is_open and 0 < self.left(now) <= SOON


@dataclass(frozen=True)
class Listed:
    """One page of the list."""

    lines: tuple[Waiting, ...]
    page: int
    pages: int
    several: int
    """On this shelf."""
    unread: int
    """Of which nobody has taken note, whatever the shelf."""
    urgent: int
    """Of these, how many are to be seen at once."""

    @property
    def tag(self) -> str:
        """Return a digest that changes whenever the page would say something else.

        Nothing can be found out from it: ids are random, and the rest are states and times.
        """
        said = [(e.id, e.state, e.due_at, e.waits_for_hub, e.feedback_due) for e in self.lines]
        whole = repr((said, self.page, self.several, self.unread, self.urgent))
        return b64(sha256(whole.encode()).digest()[:18])


def listed(connection: Connection, wanted: Wanted, catalogue: Catalogue) -> Listed:
    """Return a page of the list as it is now."""
    several = count(connection, wanted)
    pages = max(1, -(-several // PAGE))
    page = min(wanted.page, pages)
    found = placed(connection, Wanted(wanted.shelf, wanted.person, page))
    acts = _acts(connection, {each.row.conversation for each in found})
    lines = tuple(line(each, acts.get(each.row.conversation, ()), catalogue) for each in found)
    return Listed(lines, page, pages, several, *unread(connection))


def line(found: Placed, acts: Sequence[Act], catalogue: Catalogue) -> Waiting:
    """Return one message as the list shows it; ``acts`` are those of its conversation."""
    row = found.row
    protocol = catalogue.known(row.protocol)
    step = protocol.step(row.step)
    own = [each for each in acts if each.message == row.id and each.counts]
    last = partial(_last, own)
    passed = last("weitergabe")
    clocks = due(protocol.clocks[cast("Urgency", row.urgency)], row.received_at)
    return Waiting(
        row=row,
        title=step.title if step else row.step,
        protocol=protocol.title,
        sender_name=found.sender_name or row.sender,
        due_at=found.acknowledged_by or clocks.acknowledged_by,
        overdue_at=found.overdue_at or clocks.overdue_at,
        state=_state(found, own, acts),
        noted=last("kenntnis"),
        assigned=assigned_by(acts),
        passed_to=(passed.recipient_name or "") if passed else "",
        feedback_due=_feedback_due(found, acts, catalogue),
    )


def _state(found: Placed, own: Sequence[Act], acts: Sequence[Act]) -> State:
    kinds = {each.kind for each in own}
    is_settled = not kinds.isdisjoint({FEEDBACK, "unverwertbar"})
    if not found.row.has_content or is_settled or (not found.opens and "kenntnis" in kinds):
        return "abgeschlossen"
    if "kenntnis" not in kinds:
        return "offen"
    if "weitergabe" in kinds:
        return "weitergegeben"
    return "uebernommen" if assigned_by(acts) else "kenntnis"


def _feedback_due(found: Placed, acts: Sequence[Act], catalogue: Catalogue) -> int | None:
    """Return until when whoever reported is to hear from this house (§ 4 Abs. 4 KKG)."""
    step = catalogue.known(found.row.protocol).step(FEEDBACK)
    has_said = any(each.kind == FEEDBACK and each.counts for each in acts)
    if step is None or step.reminder is None or has_said or not found.opens:
        return None
    return ends(step.reminder, found.row.received_at)


def _last(acts: Iterable[Act], kind: str) -> Act | None:
    found = [each for each in acts if each.kind == kind]
    return found[-1] if found else None


def _acts(connection: Connection, conversations: Iterable[str]) -> Mapping[str, list[Act]]:
    query = select(act).where(act.c.conversation.in_(tuple(conversations)))
    found: dict[str, list[Act]] = {}
    for each in connection.execute(query.order_by(act.c.at, literal_column("act.rowid"))):
        found.setdefault(each.conversation, []).append(Act(**each._asdict()))
    return found
