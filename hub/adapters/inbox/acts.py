# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What has somebody of this house done with a message, and how far has it come?

An act is in the books before anybody is told that it is done. Ids, states and times stand here;
what a person wrote lies sealed in the spool, and goes with the content of the message.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, Literal

from sqlalchemy import Connection, Select, and_, delete, literal_column, or_, select, update
from sqlalchemy.dialects.sqlite import insert

from hub.adapters.connector.rows import OVER, UNOPENED
from hub.adapters.connector.tables import act, delivery

Kind = Literal[
    "kenntnis", "uebernahme", "rueckmeldung", "rueckfrage", "weitergabe", "unverwertbar",
    "benennung", "schritt", "entlassung",
]  # fmt: skip
State = Literal["wartet", "gesendet", "abgewiesen", "vermerkt"]
WAITS: Final[State] = "wartet"
"""Kept here, and on its way to the hub."""
SENT: Final[State] = "gesendet"
REFUSED: Final[State] = "abgewiesen"
NOTED: Final[State] = "vermerkt"
"""It concerns this house alone; there is nothing to send."""
LOCAL: Final = frozenset({"uebernahme", "benennung", "entlassung"})


@dataclass(frozen=True)
class By:
    """Who acts, and in which role."""

    person: str
    name: str
    role: str


@dataclass(frozen=True)
class Act:
    """One act; nothing of what it says."""

    id: str
    message: str
    conversation: str
    """Of the message that was acted on; what is said goes there, unless it is passed on."""
    kind: Kind
    step: str
    """Step of the protocol that it says; empty where it says none."""
    person: str
    name: str
    role: str
    state: State
    at: int
    ends_at: int
    done_at: int | None = None
    tries: int = 0
    code: str | None = None
    reason: str | None = None
    """German, for people; holds no value."""
    advice: str | None = None
    """German: what helps."""
    pointers: str = "[]"
    own: str | None = None
    """Message of this house with which it was said."""
    recipient: str | None = None
    """Unit to which something is passed on."""
    recipient_name: str | None = None
    for_person: str | None = None
    """Colleague who is named for what was entrusted."""
    for_name: str | None = None
    ground: str | None = None
    has_content: bool = False

    @property
    def is_open(self) -> bool:
        return self.state == WAITS

    @property
    def counts(self) -> bool:
        """Whether it is done or on its way."""
        return self.state != REFUSED

    @property
    def places(self) -> tuple[str, ...]:
        """Pointers to what was not taken of its content."""
        return tuple(json.loads(self.pointers))


def put_act(connection: Connection, done: Act) -> None:
    """Write an act; one of this id that is there already stays as it is."""
    written = insert(act).values(**vars(done))
    connection.execute(written.on_conflict_do_nothing(index_elements=["id"]))


def change_act(connection: Connection, act_id: str, **values: Any) -> None:
    connection.execute(update(act).where(act.c.id == act_id).values(**values))


def read_act(connection: Connection, act_id: str) -> Act | None:
    found = connection.execute(select(act).where(act.c.id == act_id)).first()
    return None if found is None else Act(**found._asdict())


def acts_of(connection: Connection, message: str) -> tuple[Act, ...]:
    """Return what was done with a message, the oldest first."""
    return _acts(connection, select(act).where(act.c.message == message))


def acts_in(connection: Connection, conversation: str) -> tuple[Act, ...]:
    """Return what was done in a conversation, the oldest first."""
    return _acts(connection, select(act).where(act.c.conversation == conversation))


def opening_act(connection: Connection, conversation: str) -> Act | None:
    """Return the act with which this house began a conversation."""
    return next(iter(_acts(connection, select(act).where(act.c.own == conversation))), None)


def waiting_acts(connection: Connection, most: int = 200) -> tuple[Act, ...]:
    """Return what is kept here and not sent yet, the oldest first."""
    return _acts(connection, select(act).where(act.c.state == WAITS).limit(most))


def due_acts(connection: Connection, most: int = 200) -> tuple[Act, ...]:
    """Return what can be sent now, what was tried least often first.

    What is about a message that is not ``taken`` yet has to wait for that, and keeps nobody else.
    """
    untaken = select(delivery.c.id).where(
        delivery.c.taken_at.is_(None), delivery.c.state.not_in((OVER, UNOPENED))
    )
    of = and_(act.c.state == WAITS, act.c.message.not_in(untaken))
    return _acts(connection, select(act).where(of).order_by(act.c.tries).limit(most))


def refused_acts(connection: Connection, since: int, most: int = 200) -> tuple[Act, ...]:
    """Return what the hub did not take since then, the oldest first."""
    of = and_(act.c.state == REFUSED, act.c.at >= since)
    return _acts(connection, select(act).where(of).limit(most))


def ended_acts(connection: Connection, now: int, most: int = 200) -> tuple[str, ...]:
    """Return the ids of those of which nothing written must be here any more.

    It goes with the content of the message, unless it still has to be sent.
    """
    gone = select(delivery.c.id).where(delivery.c.has_content.is_(False))
    is_over = and_(act.c.message.in_(gone), act.c.state != WAITS)
    of = and_(act.c.has_content.is_(True), or_(act.c.ends_at < now, is_over))
    return tuple(connection.execute(select(act.c.id).where(of).limit(most)).scalars())


def forget_acts(connection: Connection, before: int) -> None:
    """Forget what was done with messages that ended before."""
    of = and_(act.c.has_content.is_(False), act.c.ends_at < before)
    connection.execute(delete(act).where(of))


def _acts(connection: Connection, query: Select[Any]) -> tuple[Act, ...]:
    # Ids are drawn when a page is made, so within a second the order of writing decides.
    found: Iterable[Any] = connection.execute(query.order_by(act.c.at, literal_column("act.rowid")))
    return tuple(Act(**each._asdict()) for each in found)
