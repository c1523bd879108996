# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which deliveries are there, how far has each come, and what is due?"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from sqlalchemy import Connection, and_, delete, func, select, update
from sqlalchemy.dialects.sqlite import insert

from hub.adapters.connector.tables import beat, delivery, lending, outline

State = Literal["waiting", "quarantine", "handed-over", "released", "over", "unopened"]
WAITING: Final[State] = "waiting"
"""In this house, and on its way to the target."""
QUARANTINE: Final[State] = "quarantine"
"""In this house; the target does not take it, and a person has to look."""
HANDED_OVER: Final[State] = "handed-over"
RELEASED: Final[State] = "released"
"""A person has seen to it by other means."""
OVER: Final[State] = "over"
"""Ended before it was taken: withdrawn, expired, or another worker of the unit has it."""
UNOPENED: Final[State] = "unopened"
"""It could not be used; the hub knows, and nothing of it is kept."""
SETTLED: Final = (HANDED_OVER, QUARANTINE, RELEASED)
"""States that nothing can bring the content out of again; ``taken`` may be said."""
HELD: Final = (WAITING, *SETTLED)


@dataclass(frozen=True)
class Row:
    """One delivery; nothing of its content."""

    id: str
    env: str
    conversation: str
    protocol: str
    step: str
    urgency: str
    sender: str
    recipient: str
    received_at: int
    ends_at: int
    target: str
    state: State = WAITING
    attempts: int = 0
    next_at: int | None = None
    """When it is tried again; of a quarantined one None where a person has to decide."""
    code: str | None = None
    reason: str | None = None
    """German, for people; holds no value."""
    pointers: str = "[]"
    reference: str | None = None
    """How the target calls it."""
    handed_at: int | None = None
    taken_at: int | None = None
    has_content: bool = True

    @property
    def number(self) -> str:
        """Return the number that the target gave by itself; a file that bears our id is none."""
        return "" if not self.reference or self.id in self.reference else self.reference

    @property
    def places(self) -> tuple[str, ...]:
        """Pointers to what the target did not take."""
        return tuple(json.loads(self.pointers))


@dataclass(frozen=True)
class Lending:
    """A lease that this connector holds, or held when it ended."""

    message: str
    lease: str
    ends_at: int


@dataclass(frozen=True)
class Beat:
    """What was heard last of somebody."""

    name: str
    at: int
    is_well: bool
    text: str


def put_row(connection: Connection, row: Row) -> None:
    """Write a delivery, over what was known of one that could not be opened before."""
    values = vars(row)
    written = insert(delivery).values(**values)
    connection.execute(written.on_conflict_do_update(index_elements=["id"], set_=values))


def read_row(connection: Connection, message: str) -> Row | None:
    found = connection.execute(select(delivery).where(delivery.c.id == message)).first()
    return None if found is None else Row(**found._asdict())


def change_row(connection: Connection, message: str, **values: Any) -> None:
    connection.execute(update(delivery).where(delivery.c.id == message).values(**values))


def unfinished_rows(connection: Connection) -> tuple[Row, ...]:
    """Return what is in this house and not taken yet, as the hub knows it."""
    of = and_(delivery.c.taken_at.is_(None), delivery.c.state.in_(HELD))
    return _rows(connection.execute(select(delivery).where(of).order_by(delivery.c.received_at)))


def due_rows(connection: Connection, now: int, most: int) -> tuple[Row, ...]:
    """Return what lies in quarantine and is to be tried again now."""
    due = and_(delivery.c.state == QUARANTINE, delivery.c.next_at <= now)
    query = select(delivery).where(due).order_by(delivery.c.next_at).limit(most)
    return _rows(connection.execute(query))


def rows_in(connection: Connection, state: State, most: int = 500) -> tuple[Row, ...]:
    """Return deliveries of a state, the oldest first."""
    query = select(delivery).where(delivery.c.state == state)
    return _rows(connection.execute(query.order_by(delivery.c.received_at).limit(most)))


def ended_rows(connection: Connection, now: int, most: int = 200) -> tuple[str, ...]:
    """Return ids of those whose content must not be here any more."""
    of = and_(delivery.c.has_content.is_(True), delivery.c.ends_at < now)
    return tuple(connection.execute(select(delivery.c.id).where(of).limit(most)).scalars())


def resting_rows(connection: Connection, before: int, most: int = 50) -> tuple[str, ...]:
    """Return ids of those that are where they belong and whose conversation rests since then."""
    last = func.max(delivery.c.received_at)
    rests = select(delivery.c.conversation).group_by(delivery.c.conversation).having(last < before)
    of = and_(
        delivery.c.has_content.is_(True),
        delivery.c.taken_at.is_not(None),
        delivery.c.state.in_((HANDED_OVER, RELEASED)),
        delivery.c.conversation.in_(rests),
    )
    query = select(delivery.c.id).where(of).order_by(delivery.c.received_at).limit(most)
    return tuple(connection.execute(query).scalars())


def drop_contents(connection: Connection, messages: Sequence[str]) -> None:
    """Write down that the contents of these are not in this house any more."""
    of = delivery.c.id.in_(messages)
    connection.execute(update(delivery).where(of).values(has_content=False))


def forget_rows(connection: Connection, before: int) -> int:
    """Forget deliveries that ended before; returns how many."""
    of = and_(delivery.c.has_content.is_(False), delivery.c.ends_at < before)
    ended = select(delivery.c.id).where(of)
    connection.execute(delete(outline).where(outline.c.message.in_(ended)))
    return connection.execute(delete(delivery).where(of)).rowcount


def count_rows(connection: Connection) -> dict[tuple[str, str, bool], tuple[int, int]]:
    """Return by target, state and whether it is taken: how many, and since when the oldest."""
    is_taken = delivery.c.taken_at.is_not(None)
    by = (delivery.c.target, delivery.c.state, is_taken)
    query = select(*by, func.count(), func.min(delivery.c.received_at)).group_by(*by)
    return {
        (row[0], row[1], bool(row[2])): (int(row[3]), int(row[4]))
        for row in connection.execute(query)
    }


def failing_rows(connection: Connection) -> dict[str, tuple[int, str]]:
    """Return by target how many wait after an attempt that failed, and why the last one did."""
    of = and_(delivery.c.state == WAITING, delivery.c.attempts > 0)
    query = select(delivery.c.target, delivery.c.reason).where(of).order_by(delivery.c.attempts)
    found: dict[str, tuple[int, str]] = {}
    for target, reason in connection.execute(query):
        found[target] = (found.get(target, (0, ""))[0] + 1, reason or "")
    return found


def put_lendings(connection: Connection, lent: Iterable[Lending]) -> None:
    for each in lent:
        values = vars(each)
        written = insert(lending).values(**values)
        connection.execute(written.on_conflict_do_update(index_elements=["message"], set_=values))


def read_lendings(connection: Connection) -> tuple[Lending, ...]:
    return tuple(Lending(**row._asdict()) for row in connection.execute(select(lending)))


def end_lendings(connection: Connection, messages: Sequence[str]) -> None:
    connection.execute(delete(lending).where(lending.c.message.in_(messages)))


def put_beat(connection: Connection, heard: Beat) -> None:
    values = vars(heard)
    written = insert(beat).values(**values)
    connection.execute(written.on_conflict_do_update(index_elements=["name"], set_=values))


def read_beats(connection: Connection) -> tuple[Beat, ...]:
    query = select(beat).order_by(beat.c.name)
    return tuple(Beat(**row._asdict()) for row in connection.execute(query))


def _rows(found: Iterable[Any]) -> tuple[Row, ...]:
    return tuple(Row(**each._asdict()) for each in found)
