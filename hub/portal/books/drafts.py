# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which drafts does somebody have, and which were passed on to them?

Every question names house and person in its condition: what belongs to others is not found.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, func, insert, or_, select, update

from hub.portal.books.draft_tables import draft


@dataclass(frozen=True)
class StoredDraft:
    """What somebody began to write; nobody here can read it."""

    id: str
    unit: str
    author: str
    holder: str
    """Who works at it now: the author, or the colleague it was passed on to."""
    version: int
    ciphertext: str = field(repr=False)
    """The author's."""
    passed_ciphertext: str | None = field(repr=False)
    """The colleague's, under a key of its own."""
    passed_wrap: str | None = field(repr=False)
    """That key, wrapped for the colleague."""
    passed_at: int | None
    changed_at: int
    is_warned: bool
    """The author heard that it will end soon."""

    @property
    def is_passed(self) -> bool:
        return self.passed_at is not None


def add_draft(connection: Connection, stored: StoredDraft) -> None:
    connection.execute(insert(draft).values(**vars(stored)))


def draft_is_known(connection: Connection, draft_id: str) -> bool:
    """Tell whether the id is taken, by whomever."""
    return connection.execute(select(draft.c.id).where(draft.c.id == draft_id)).first() is not None


def read_draft(connection: Connection, draft_id: str, unit: str, person: str) -> StoredDraft | None:
    """Return a draft that somebody wrote or holds."""
    row = connection.execute(select(draft).where(_of(draft_id, unit, person))).first()
    return None if row is None else StoredDraft(**row._asdict())


def read_drafts(connection: Connection, unit: str, person: str) -> tuple[StoredDraft, ...]:
    """Return what somebody wrote or holds in a house, the newest first."""
    query = select(draft).where(draft.c.unit == unit, _is_theirs(person))
    rows = connection.execute(query.order_by(draft.c.changed_at.desc(), draft.c.id))
    return tuple(StoredDraft(**row._asdict()) for row in rows)


def count_drafts(connection: Connection, unit: str, author: str) -> int:
    """Return how many drafts somebody wrote in a house."""
    of = select(func.count()).where(draft.c.unit == unit, draft.c.author == author)
    return int(connection.execute(of).scalar_one())


def change_draft(
    connection: Connection, draft_id: str, unit: str, person: str, **values: Any
) -> None:
    connection.execute(update(draft).where(_of(draft_id, unit, person)).values(**values))


def remove_draft(connection: Connection, draft_id: str, unit: str) -> None:
    connection.execute(delete(draft).where(draft.c.id == draft_id, draft.c.unit == unit))


def remove_untouched(connection: Connection, before: int) -> int:
    """Forget the drafts that nobody has changed since; returns how many."""
    return connection.execute(delete(draft).where(draft.c.changed_at < before)).rowcount


def ending_drafts(connection: Connection, before: int) -> tuple[StoredDraft, ...]:
    """Return the drafts that nobody has changed since, and whose authors were not told yet."""
    query = select(draft).where(draft.c.changed_at < before, draft.c.is_warned.is_(False))
    return tuple(StoredDraft(**row._asdict()) for row in connection.execute(query))


def mark_warned(connection: Connection, ids: Sequence[str]) -> None:
    connection.execute(update(draft).where(draft.c.id.in_(ids)).values(is_warned=True))


def _of(draft_id: str, unit: str, person: str) -> ColumnElement[bool]:
    return (draft.c.id == draft_id) & (draft.c.unit == unit) & _is_theirs(person)


def _is_theirs(person: str) -> ColumnElement[bool]:
    return or_(draft.c.author == person, draft.c.holder == person)
