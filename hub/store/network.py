# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What does a network write down about itself?"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import IntegrityError

from hub.errors import IdReused
from hub.store.network_tables import MeetingRow, RulesAcceptanceRow, RulesVersionRow

rules_version: Any = RulesVersionRow.__table__  # type: ignore[attr-defined]
rules_acceptance: Any = RulesAcceptanceRow.__table__  # type: ignore[attr-defined]
meeting: Any = MeetingRow.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True)
class StoredRules:
    """A version of a document that the members give themselves."""

    network: str
    document: str
    version: str
    title: str
    published_on: str
    digest: str | None
    content: str | None
    link: str | None
    entered_at: int
    entered_by: str


@dataclass(frozen=True)
class StoredAcceptance:
    """That an organisation accepted such a version."""

    network: str
    document: str
    version: str
    organisation: str
    accepted_on: str
    function: str
    source: str
    entered_at: int
    entered_by: str


@dataclass(frozen=True)
class StoredMeeting:
    """A meeting or a training."""

    id: str
    network: str
    title: str
    kind: str
    place: str
    begins_at: int
    ends_at: int
    invited: str
    sequence: int
    cancelled_at: int | None
    entered_at: int
    entered_by: str


def add_rules(connection: Connection, stored: StoredRules) -> None:
    """Enter a version; refuses one that is there: what was accepted never changes."""
    _add(connection, rules_version, stored)


def read_rules(connection: Connection, network: str) -> tuple[StoredRules, ...]:
    rows = connection.execute(select(rules_version).where(rules_version.c.network == network))
    return tuple(StoredRules(**row._asdict()) for row in rows)


def add_acceptance(connection: Connection, stored: StoredAcceptance) -> None:
    """Enter an acceptance; refuses one that is there."""
    _add(connection, rules_acceptance, stored)


def read_acceptances(connection: Connection, network: str) -> tuple[StoredAcceptance, ...]:
    query = select(rules_acceptance).where(rules_acceptance.c.network == network)
    return tuple(StoredAcceptance(**row._asdict()) for row in connection.execute(query))


def add_meeting(connection: Connection, stored: StoredMeeting) -> None:
    connection.execute(insert(meeting).values(**vars(stored)))


def read_meetings(connection: Connection, network: str) -> tuple[StoredMeeting, ...]:
    """Return the meetings of a network in the order in which they are held."""
    query = (
        select(meeting)
        .where(meeting.c.network == network)
        .order_by(meeting.c.begins_at, meeting.c.id)
    )
    return tuple(StoredMeeting(**row._asdict()) for row in connection.execute(query))


def cancel_meeting(connection: Connection, network: str, meeting_id: str, second: int) -> bool:
    """Enter that a meeting is not held; returns whether it was to be."""
    changed = connection.execute(
        update(meeting)
        .where(
            meeting.c.network == network,
            meeting.c.id == meeting_id,
            meeting.c.cancelled_at.is_(None),
        )
        .values(cancelled_at=second, sequence=meeting.c.sequence + 1, entered_at=second)
    )
    return bool(changed.rowcount)


def _add(connection: Connection, table: Any, stored: Any) -> None:
    try:
        connection.execute(insert(table).values(**vars(stored)))
    except IntegrityError:
        raise IdReused from None
