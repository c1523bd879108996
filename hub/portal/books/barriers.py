# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which barriers did somebody tell of, and until when do they get an answer?"""

from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, insert, select, update

from hub.portal.books.barrier_tables import barrier


@dataclass(frozen=True)
class StoredBarrier:
    """One thing that somebody could not use, and where to answer, if they want an answer."""

    id: str
    told_at: int
    due_at: int
    page: str
    said: str
    answer_to: str
    answered_at: int | None = None


def add_barrier(connection: Connection, told: StoredBarrier) -> None:
    connection.execute(insert(barrier).values(**vars(told)))


def barriers(connection: Connection, *, answered: bool = False) -> tuple[StoredBarrier, ...]:
    """Return what is still to be answered, what is due first at the top; or all."""
    asked = select(barrier).order_by(barrier.c.due_at, barrier.c.id)
    if not answered:
        asked = asked.where(barrier.c.answered_at.is_(None))
    return tuple(StoredBarrier(**row._asdict()) for row in connection.execute(asked))


def count_open(connection: Connection) -> int:
    asked = select(func.count()).select_from(barrier).where(barrier.c.answered_at.is_(None))
    return connection.execute(asked).scalar_one()


def mark_answered(connection: Connection, barrier_id: str, second: int) -> bool:
    """Note that somebody has answered; False where there is nothing of this id."""
    done = update(barrier).where(barrier.c.id == barrier_id).values(answered_at=second)
    return connection.execute(done).rowcount == 1


def remove_old_barriers(connection: Connection, before: int) -> int:
    return connection.execute(delete(barrier).where(barrier.c.told_at < before)).rowcount
