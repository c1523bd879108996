# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which messages lie on which shelf of the inbox, and in which order? Asked of the books alone.

Unacknowledged ones come first, those that are urgent before all others, each by its clock; then
what somebody has taken note of, the newest first. No content is opened to know that.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    case,
    exists,
    func,
    literal_column,
    not_,
    or_,
    select,
    true,
)

from hub.adapters.connector.rows import HELD, Row
from hub.adapters.connector.tables import act, delivery, outline
from hub.adapters.inbox.acts import REFUSED

Shelf = Literal["offen", "meine", "alle"]
SHELVES: Final[tuple[Shelf, ...]] = ("offen", "meine", "alle")
PAGE: Final = 25
"""Messages of one page."""
URGENT: Final = "sofort"
_CLOSING: Final = ("rueckmeldung", "unverwertbar")
"""Acts after which nothing is left to do with a notice."""


@dataclass(frozen=True)
class Wanted:
    """What somebody wants to see."""

    shelf: Shelf
    person: str
    page: int = 1


@dataclass(frozen=True)
class Placed:
    """A message where it lies."""

    row: Row
    sender_name: str
    """Empty where the books do not have it."""
    acknowledged_by: int | None
    overdue_at: int | None
    opens: bool
    """It began its conversation, as far as is known here."""


def placed(connection: Connection, wanted: Wanted) -> tuple[Placed, ...]:
    """Return one page of a shelf, in its order."""
    query = _joined(delivery, *_OUTSIDE).where(_on(wanted)).order_by(*_order())
    found = connection.execute(query.limit(PAGE).offset((wanted.page - 1) * PAGE))
    return tuple(_placed(found.mappings()))


def count(connection: Connection, wanted: Wanted) -> int:
    """Return how many messages lie on a shelf."""
    query = _joined(func.count()).where(_on(wanted))
    return int(connection.execute(query).scalar_one())


def unread(connection: Connection) -> tuple[int, int]:
    """Return how many messages nobody has taken note of, and how many of these are urgent."""
    urgent = func.sum(case((delivery.c.urgency == URGENT, 1), else_=0))
    query = _joined(func.count(), urgent).where(_HERE, not_(_noted()), not_(_closed()))
    several, first = connection.execute(query).one()
    return int(several), int(first or 0)


def find(connection: Connection, message: str) -> Placed | None:
    """Return one message, wherever it lies."""
    query = _joined(delivery, *_OUTSIDE).where(delivery.c.id == message, _HERE)
    return next(_placed(connection.execute(query).mappings()), None)


_HERE: Final = delivery.c.state.in_(HELD)
_OPENS: Final = func.coalesce(outline.c.position, 1) == 1
_OUTSIDE: Final = (
    outline.c.sender_name,
    outline.c.acknowledged_by,
    outline.c.overdue_at,
    _OPENS.label("opens"),
)
_ROW: Final = tuple(column.name for column in delivery.columns)


def _joined(*columns: Any) -> Select[Any]:
    beside = delivery.outerjoin(outline, outline.c.message == delivery.c.id)
    return select(*columns).select_from(beside)


def _placed(found: Any) -> Iterator[Placed]:
    for each in found:
        yield Placed(
            Row(**{name: each[name] for name in _ROW}),
            each["sender_name"] or "",
            each["acknowledged_by"],
            each["overdue_at"],
            bool(each["opens"]),
        )


def _on(wanted: Wanted) -> ColumnElement[bool]:
    is_open = not_(_closed())
    if wanted.shelf == "alle":
        return _HERE
    mine = _has_taken_over(wanted.person) if wanted.shelf == "meine" else true()
    return and_(_HERE, is_open, mine)


def _order() -> tuple[ColumnElement[Any], ...]:
    noted = or_(_noted(), _closed())
    urgent = case((noted, 0), (delivery.c.urgency == URGENT, 0), else_=1)
    clock = case((noted, 0), else_=func.coalesce(outline.c.acknowledged_by, delivery.c.received_at))
    return (case((noted, 1), else_=0), urgent, clock, delivery.c.received_at.desc(), delivery.c.id)


def _done(*kinds: str) -> ColumnElement[bool]:
    """Tell whether somebody has done one of these with a message, or it is on its way."""
    of = and_(act.c.message == delivery.c.id, act.c.kind.in_(kinds), act.c.state != REFUSED)
    return exists(select(act.c.id).where(of))


def _noted() -> ColumnElement[bool]:
    return _done("kenntnis")


def _closed() -> ColumnElement[bool]:
    """Tell whether nothing is left to do: of an answer or a correction, once it was noted."""
    ended = delivery.c.has_content.is_(False)
    return or_(ended, _done(*_CLOSING), and_(not_(_OPENS), _noted()))


def _has_taken_over(person: str) -> ColumnElement[bool]:
    """Tell whether this person is the last who has taken over the conversation."""
    one, later = act.alias("one"), act.alias("later")
    # Ids are drawn when a page is made; of one second, what was written later is later.
    written_later = literal_column("later.rowid") > literal_column("one.rowid")
    is_later = or_(later.c.at > one.c.at, and_(later.c.at == one.c.at, written_later))
    another = exists(
        select(later.c.id).where(
            later.c.conversation == one.c.conversation, _takes(later), is_later
        )
    )
    mine = and_(one.c.conversation == delivery.c.conversation, one.c.person == person, _takes(one))
    return exists(select(one.c.id).where(mine, not_(another)))


def _takes(table: Any) -> ColumnElement[bool]:
    return and_(table.c.kind == "uebernahme", table.c.state != REFUSED)
