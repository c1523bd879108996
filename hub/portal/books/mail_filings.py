# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What has a house filed, what became of it, and what has still to be sent?

A message lies here before its first byte leaves the house, so a crash loses none and doubles none.
"""

from dataclasses import dataclass, field
from typing import Any, Final, Literal

from sqlalchemy import Connection, and_, delete, insert, literal, null, or_, select, update
from sqlalchemy.dialects.sqlite import insert as insert_or

from hub.portal.books.mail_tables import filing, heard

State = Literal[
    "wartet",
    "angenommen",
    "zugestellt",
    "bestaetigt",
    "nicht-verwertbar",
    "zurueckgezogen",
    "nicht-zugestellt",
    "zurueckgewiesen",
    "abgelaufen",
]
WAITS: Final[State] = "wartet"
ACCEPTED: Final[State] = "angenommen"
NOT_SENT: Final = ("zurueckgewiesen", "abgelaufen")
MOST: Final = 200
"""Filings that are listed at a time."""


_LISTED: Final = tuple(
    null().label(each.name)
    if each.name == "message"
    else literal("").label(each.name)
    if each.name == "proof"
    else each
    for each in filing.c
)


@dataclass(frozen=True)
class StoredFiling:
    """A message of a house, as it goes over the line, and what became of it."""

    id: str
    unit: str
    person: str
    """Who confirmed it."""
    conversation: str
    protocol: str
    step: str
    urgency: str
    addressed: str
    addressed_name: str
    addressed_telephone: str
    made_at: int
    ends_at: int
    env: str
    message: bytes | None = field(repr=False)
    """The exact bytes; gone after the end of the message."""
    request: str
    confirmed: str
    """What the hub is told of the confirmation."""
    proof: str = field(repr=False)
    """The assertion itself, or what stands for it; it stays here."""
    state: str
    marks: str
    """Words of receipts that are no state, with blanks between."""
    sendable_until: int
    is_unsure: bool
    """A byte of it may have reached the hub, and no answer came."""
    due_at: int
    tries: int
    answer: str | None = field(repr=False)
    problem: str | None = field(repr=False)
    note: str | None = field(repr=False)
    """Sealed by the browser for the person who filed it."""
    draft: str | None
    author: str | None = None
    """Who wrote it, where that is another person than who confirmed it."""

    @property
    def persons(self) -> frozenset[str]:
        """Return whose filing it is: who confirmed it, and who wrote it."""
        return frozenset({self.person, self.author or self.person})


@dataclass(frozen=True)
class StoredHeard:
    """A visible receipt on a message of the house, verified when it came."""

    digest: str
    unit: str
    message: str
    word: str
    at: int
    jws: str


def add_filing(connection: Connection, stored: StoredFiling) -> None:
    connection.execute(insert(filing).values(**vars(stored)))


def has_filed_between(
    connection: Connection, unit: str, person: str, begins: int, ends: int
) -> bool:
    """Tell whether somebody has filed anything for a house in this time."""
    theirs = and_(filing.c.unit == unit, filing.c.person == person)
    query = select(filing.c.id).where(theirs, filing.c.made_at.between(begins - 60, ends + 60))
    return connection.execute(query.limit(1)).first() is not None


def read_filing(connection: Connection, message_id: str) -> StoredFiling | None:
    """Return a message by its id, whoever's it is; for those who compare what comes twice."""
    row = connection.execute(select(filing).where(filing.c.id == message_id)).first()
    return None if row is None else StoredFiling(**row._asdict())


def read_own_filing(connection: Connection, message_id: str, unit: str) -> StoredFiling | None:
    """Return a message of one house."""
    of = and_(filing.c.id == message_id, filing.c.unit == unit)
    row = connection.execute(select(filing).where(of)).first()
    return None if row is None else StoredFiling(**row._asdict())


def read_filings(
    connection: Connection, unit: str, *, person: str | None = None, conversation: str | None = None
) -> tuple[StoredFiling, ...]:
    """Return what a house has filed, or of it what one person has; the newest first.

    Without the messages themselves and the proofs: a list of them is read at every visit.
    """
    query = select(*_LISTED).where(filing.c.unit == unit)
    if person is not None:
        query = query.where(or_(filing.c.person == person, filing.c.author == person))
    if conversation is not None:
        query = query.where(filing.c.conversation == conversation)
    rows = connection.execute(query.order_by(filing.c.made_at.desc(), filing.c.id).limit(MOST))
    return tuple(StoredFiling(**row._asdict()) for row in rows)


def is_filed(connection: Connection, draft: str) -> bool:
    """Tell whether a draft is on its way, or has arrived: then it is not filed a second time."""
    of = and_(filing.c.draft == draft, filing.c.state.not_in(NOT_SENT))
    return connection.execute(select(filing.c.id).where(of)).first() is not None


def due_filings(connection: Connection, unit: str, second: int) -> tuple[StoredFiling, ...]:
    """Return what has to be sent now, the oldest first."""
    of = and_(filing.c.state == WAITS, filing.c.unit == unit, filing.c.due_at <= second)
    rows = connection.execute(select(filing).where(of).order_by(filing.c.made_at))
    return tuple(StoredFiling(**row._asdict()) for row in rows)


def change_filing(connection: Connection, message_id: str, **values: Any) -> None:
    connection.execute(update(filing).where(filing.c.id == message_id).values(**values))


def add_heard(connection: Connection, stored: StoredHeard) -> bool:
    """Keep a receipt; returns whether it is new."""
    kept = insert_or(heard).values(**vars(stored)).on_conflict_do_nothing()
    return connection.execute(kept).rowcount == 1


def read_heard(
    connection: Connection, unit: str, message_id: str | None = None
) -> tuple[StoredHeard, ...]:
    """Return the receipts on a message, or on all of a house, in the order of their signing."""
    of = heard.c.unit == unit
    if message_id is not None:
        of = and_(of, heard.c.message == message_id)
    rows = connection.execute(select(heard).where(of).order_by(heard.c.at, heard.c.digest))
    return tuple(StoredHeard(**row._asdict()) for row in rows)


def empty_ended_filings(connection: Connection, second: int) -> int:
    """Forget the bytes and the notes of messages past their end; returns of how many."""
    full = or_(filing.c.message.is_not(None), filing.c.note.is_not(None))
    ended = and_(filing.c.ends_at < second, full, filing.c.state != WAITS)
    values = {"message": None, "note": None}
    return connection.execute(update(filing).where(ended).values(**values)).rowcount


def remove_old_filings(connection: Connection, before: int) -> None:
    """Forget all of messages that ended before; their receipts are the house's files by then."""
    old = select(filing.c.id).where(filing.c.ends_at < before)
    connection.execute(delete(heard).where(heard.c.message.in_(old)))
    connection.execute(delete(filing).where(filing.c.ends_at < before))
