# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which sessions of people are open? Kept here and not in the cookie, so each can be ended."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, delete, insert, select, update

from hub.store.people_tables import SessionRow

session: Any = SessionRow.__table__  # type: ignore[attr-defined]
IDLE: Final = 15 * 60
"""Seconds without a request after which a session has ended."""
LONGEST: Final = 8 * 3600
"""Seconds after which it has ended in any case."""


@dataclass(frozen=True)
class StoredSession:
    """An open session; whoever shows the id that has this digest is this person in this role."""

    digest: str
    person: str
    organisation: str
    role: str
    opened_by: str
    created_at: int
    seen_at: int
    ends_at: int

    def is_open_at(self, second: int) -> bool:
        return second <= min(self.ends_at, self.seen_at + IDLE)


def add_session(connection: Connection, stored: StoredSession) -> None:
    """Open a session; those that have ended are forgotten with it."""
    second = stored.created_at
    over = (session.c.ends_at < second) | (session.c.seen_at < second - IDLE)
    connection.execute(delete(session).where(over))
    connection.execute(insert(session).values(**vars(stored)))


def read_session(connection: Connection, digest: str) -> StoredSession | None:
    row = connection.execute(select(session).where(session.c.digest == digest)).first()
    return None if row is None else StoredSession(**row._asdict())


def sessions_of(connection: Connection, person: str) -> tuple[StoredSession, ...]:
    """Return somebody's sessions, the newest first."""
    rows = connection.execute(
        select(session).where(session.c.person == person).order_by(session.c.created_at.desc())
    )
    return tuple(StoredSession(**row._asdict()) for row in rows)


def see_session(connection: Connection, digest: str, second: int) -> None:
    """Enter that a session was used; never an earlier second than the one that stands there."""
    connection.execute(
        update(session)
        .where(session.c.digest == digest, session.c.seen_at < second)
        .values(seen_at=second)
    )


def end_session(connection: Connection, digest: str, person: str) -> bool:
    """End one session of this person; of another's it finds none."""
    ended = connection.execute(
        delete(session).where(session.c.digest == digest, session.c.person == person)
    )
    return bool(ended.rowcount)


def end_sessions(connection: Connection, person: str) -> int:
    """End all sessions of somebody."""
    return int(connection.execute(delete(session).where(session.c.person == person)).rowcount)
