# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What came for a house, still sealed, and what the house has still to say about it?"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from sqlalchemy import Connection, and_, case, delete, insert, literal, select, update
from sqlalchemy.dialects.sqlite import insert as insert_or

from hub.model.json import JsonObject
from hub.portal.books.mail_tables import letter, saying

LetterState = Literal["neu", "geoeffnet", "bestaetigt", "abgelehnt", "geloescht"]
NEW: Final[LetterState] = "neu"
GONE: Final[LetterState] = "geloescht"
MOST: Final = 200


_IS_HERE: Final = case((letter.c.message.is_(None), None), else_=literal(b"")).label("message")
_LISTED: Final = tuple(_IS_HERE if each.name == "message" else each for each in letter.c)


@dataclass(frozen=True)
class StoredLetter:
    """A message to a house, as the hub delivered it; nobody here can open it."""

    unit: str
    id: str
    conversation: str
    protocol: str
    step: str
    urgency: str
    sender: str
    sender_name: str
    env: str
    """Digest of its envelope."""
    kids: str
    """Keys of this house that it is sealed to, with blanks between."""
    person: str | None
    """Whose key alone opens it; None where the desk reads it."""
    message: bytes | None = field(repr=False)
    """The exact bytes; gone once the copy was deleted."""
    receipts: str = field(repr=False)
    """The visible chain as it came, with blanks between."""
    state: str
    is_taken: bool
    received_at: int
    ends_at: int
    acknowledged_at: int | None

    @property
    def readers(self) -> frozenset[str]:
        return frozenset(self.kids.split())


@dataclass(frozen=True)
class StoredSaying:
    """A word that this house has to sign about a letter, until the hub has it."""

    id: str
    unit: str
    message: str
    word: str
    members: str
    due_at: int
    tries: int

    def says(self) -> JsonObject:
        """Return the members of the receipt."""
        said: JsonObject = json.loads(self.members)
        return said


def add_letter(connection: Connection, stored: StoredLetter) -> bool:
    """Keep a letter; returns whether it is new."""
    kept = insert_or(letter).values(**vars(stored)).on_conflict_do_nothing()
    return connection.execute(kept).rowcount == 1


def read_letter(connection: Connection, letter_id: str, unit: str) -> StoredLetter | None:
    of = and_(letter.c.id == letter_id, letter.c.unit == unit)
    row = connection.execute(select(letter).where(of)).first()
    return None if row is None else StoredLetter(**row._asdict())


def read_letters(
    connection: Connection, unit: str, conversation: str | None = None
) -> tuple[StoredLetter, ...]:
    """Return what came for a house, the newest first.

    Of the messages themselves only whether they are still here: a list is read at every visit.
    """
    query = select(*_LISTED).where(letter.c.unit == unit)
    if conversation is not None:
        query = query.where(letter.c.conversation == conversation)
    rows = connection.execute(query.order_by(letter.c.received_at.desc(), letter.c.id).limit(MOST))
    return tuple(StoredLetter(**row._asdict()) for row in rows)


def change_letter(connection: Connection, letter_id: str, unit: str, **values: Any) -> None:
    of = and_(letter.c.id == letter_id, letter.c.unit == unit)
    connection.execute(update(letter).where(of).values(**values))


def ended_letters(connection: Connection, second: int, oldest: int) -> tuple[StoredLetter, ...]:
    """Return the letters whose content has to go: past their end, or here since ``oldest``."""
    over = (letter.c.ends_at < second) | (letter.c.received_at < oldest)
    rows = connection.execute(select(letter).where(letter.c.message.is_not(None), over))
    return tuple(StoredLetter(**row._asdict()) for row in rows)


def remove_old_letters(connection: Connection, before: int) -> None:
    """Forget that letters were here whose content is gone for long."""
    old = and_(letter.c.message.is_(None), letter.c.ends_at < before)
    connection.execute(delete(letter).where(old))


def add_saying(connection: Connection, stored: StoredSaying) -> None:
    connection.execute(insert(saying).values(**vars(stored)))


def due_sayings(
    connection: Connection, unit: str, second: int, *, message: str | None = None
) -> tuple[StoredSaying, ...]:
    """Return what has to be said now, in the order in which it came about."""
    of = and_(saying.c.unit == unit, saying.c.due_at <= second)
    if message is not None:
        of = and_(saying.c.unit == unit, saying.c.message == message)
    rows = connection.execute(select(saying).where(of).order_by(saying.c.id))
    return tuple(StoredSaying(**row._asdict()) for row in rows)


def postpone_saying(connection: Connection, saying_id: str, due_at: int) -> None:
    later = {"due_at": due_at, "tries": saying.c.tries + 1}
    connection.execute(update(saying).where(saying.c.id == saying_id).values(**later))


def remove_sayings(connection: Connection, ids: Sequence[str]) -> None:
    connection.execute(delete(saying).where(saying.c.id.in_(ids)))
