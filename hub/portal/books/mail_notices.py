# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who has still to hear by mail that something is there? Addresses and kinds, and nothing else."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, delete, insert, select, update

from hub.portal.books.mail_tables import notice

Kind = Literal["brief", "mitteilung", "entwurf", "barriere", "haus"]


@dataclass(frozen=True)
class StoredNotice:
    """Somebody is to be told that something of a kind is there."""

    id: str
    address: str
    kind: str
    created_at: int
    due_at: int
    tries: int


def add_notices(connection: Connection, notices: Iterable[StoredNotice]) -> None:
    for each in notices:
        connection.execute(insert(notice).values(**vars(each)))


def take_up_notices(
    connection: Connection, second: int, until: int, most: int
) -> tuple[StoredNotice, ...]:
    """Return what is to be sent now, the oldest first; nobody else takes it up ``until`` then."""
    due = select(notice).where(notice.c.due_at <= second)
    rows = connection.execute(due.order_by(notice.c.created_at, notice.c.id).limit(most))
    found = tuple(StoredNotice(**row._asdict()) for row in rows)
    ids = [each.id for each in found]
    connection.execute(update(notice).where(notice.c.id.in_(ids)).values(due_at=until))
    return found


def postpone_notice(connection: Connection, notice_id: str, due_at: int) -> None:
    later = {"due_at": due_at, "tries": notice.c.tries + 1}
    connection.execute(update(notice).where(notice.c.id == notice_id).values(**later))


def remove_notices(connection: Connection, ids: Sequence[str]) -> None:
    connection.execute(delete(notice).where(notice.c.id.in_(ids)))
