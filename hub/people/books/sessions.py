# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which sessions are open, which sign-ins are under way, and which questions were answered?"""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.dialects.sqlite import insert as insert_or

from hub.errors import TokenInvalid
from hub.people.books.tables import session, sign_in_flow, used_question

IDLE: Final = 15 * 60
"""Seconds without a request after which a session has ended. Vorgabe des Projekts."""
LONGEST: Final = 8 * 3600
"""Seconds after which it has ended in any case. Vorgabe des Projekts."""
MARGIN: Final = 3600 + 300
"""Seconds that a used question is kept beyond its end, for a clock that is set back."""


@dataclass(frozen=True)
class StoredSession:
    """An open session; whoever shows the secret that has this digest is this person."""

    digest: str
    person: str
    unit: str
    opened_by: str
    """``passkey``, ``oidc``, or ``code`` where a demonstration lets a one-time link in."""
    device: str
    passkey: str
    """Which passkey opened it; empty where none did."""
    proved_at: int | None
    """When a passkey of this person was shown last in it."""
    auth_time: int | None
    """When the identity provider has seen this person last."""
    acr: str | None
    id_token: str | None
    """The last ID token itself: its digest is what the log has of whoever confirms by it."""
    created_at: int
    seen_at: int
    ends_at: int

    @property
    def idle_ends_at(self) -> int:
        return min(self.ends_at, self.seen_at + IDLE)

    def is_open_at(self, second: int) -> bool:
        return second <= self.idle_ends_at


@dataclass(frozen=True)
class StoredFlow:
    """A sign-in at an identity provider that is under way, by the digest of its ``state``."""

    digest: str
    browser: str
    """Digest of what the browser that began keeps in a cookie; no other may end it."""
    nonce: str
    verifier: str
    code: str
    """Digest of the one-time code, where the account is bound to a person by it."""
    session: str
    """Digest of the session to be made fresh; empty where a new one is opened."""
    before: str
    """Digest of the session that ends once a new one is open; empty where there was none."""
    onward: str
    started_at: int
    expires_at: int


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


def end_sessions(connection: Connection, person: str, *, but: str = "") -> int:
    """End all sessions of somebody, but for one perhaps."""
    ended = delete(session).where(session.c.person == person, session.c.digest != but)
    return int(connection.execute(ended).rowcount)


def end_sessions_of_passkey(connection: Connection, person: str, passkey: str) -> None:
    """End what one passkey of somebody has opened."""
    opened = (session.c.person == person) & (session.c.passkey == passkey)
    connection.execute(delete(session).where(opened))


def end_session_before(connection: Connection, digest: str) -> None:
    """End the session of a browser that has a new one, whoever it was of."""
    connection.execute(delete(session).where(session.c.digest == digest))


def prove_session(connection: Connection, digest: str, second: int) -> None:
    """Enter that somebody has shown a passkey of theirs in this session."""
    connection.execute(update(session).where(session.c.digest == digest).values(proved_at=second))


def use_question(connection: Connection, digest: str, expires_at: int, second: int) -> None:
    """Enter that a question was answered; an answer counts once."""
    over = used_question.c.expires_at < second - MARGIN
    connection.execute(delete(used_question).where(over))
    values = {"digest": digest, "expires_at": expires_at}
    entered = insert_or(used_question).values(**values).on_conflict_do_nothing()
    if connection.execute(entered).rowcount != 1:
        raise TokenInvalid


def add_flow(connection: Connection, stored: StoredFlow) -> None:
    """Begin a sign-in elsewhere; those that nobody ended in time are forgotten with it."""
    connection.execute(delete(sign_in_flow).where(sign_in_flow.c.expires_at < stored.started_at))
    connection.execute(insert(sign_in_flow).values(**vars(stored)))


def take_flow(connection: Connection, digest: str, browser: str) -> StoredFlow | None:
    """Return what this browser began and take it out: one ``state`` leads back once."""
    mine = (sign_in_flow.c.digest == digest) & (sign_in_flow.c.browser == browser)
    row = connection.execute(select(sign_in_flow).where(mine)).first()
    connection.execute(delete(sign_in_flow).where(mine))
    return None if row is None else StoredFlow(**row._asdict())
