# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who was asked about a message, in which turn, and when the hub has to look at it again."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    Connection,
    Select,
    and_,
    bindparam,
    func,
    insert,
    or_,
    select,
    text,
    update,
)

from hub.store.due import Due, Ids
from hub.store.duty_tables import DutyRow
from hub.store.leases import TRIES, lease
from hub.store.messages import message
from hub.store.prepared import Prepared, Values

duty: Any = DutyRow.__table__  # type: ignore[attr-defined]
_FIELDS: Final = [column.name for column in duty.columns]
_OF: Final = Prepared(
    select(*duty.columns).where(duty.c.message_id == bindparam("of")).order_by(duty.c.turn)
)
_ADD: Final = Prepared(insert(duty))
_OPEN: Final = "handed_over_at IS NULL AND ended_at IS NULL"
# Written as they stand in their indexes: with a parameter in it the index would not be taken.
IS_OPEN: Final = text(f"duty.{_OPEN.replace('AND ', 'AND duty.')}")
_HAS_NEXT: Final = text("message.due_next IS NOT NULL")
_ANY: Final = Prepared(
    select(duty.c.message_id).where(duty.c.unit == bindparam("unit"), IS_OPEN).limit(1)
)
_NEXT: Final = Prepared(
    update(message).where(message.c.id == bindparam("of")).values(due_next=bindparam("at"))
)


_DUE: Final = Due(
    message.c.id,
    select(message.c.id)
    .where(_HAS_NEXT, message.c.due_next <= bindparam("now"))
    .order_by(message.c.due_next),
)


@dataclass(frozen=True)
class StoredDuty:
    """One who was asked; see ``DutyRow``."""

    message_id: str
    turn: int
    reason: str
    unit: str | None
    telephone: str | None
    since: int
    handed_over_at: int | None
    ended_at: int | None

    @property
    def is_open(self) -> bool:
        """Whether it waits to be fetched."""
        return self.handed_over_at is None and self.ended_at is None


def read_duties(connection: Connection, message_id: str) -> tuple[StoredDuty, ...]:
    """Return who was asked about a message beside the first, in order."""
    rows = _OF.rows(connection, {"of": message_id})
    return tuple(StoredDuty(**dict(zip(_FIELDS, row, strict=True))) for row in rows)


def duty_of(connection: Connection, message_id: str, unit: str) -> StoredDuty | None:
    """Return the turn of a unit that was asked later, or whose first turn was written down."""
    known = read_duties(connection, message_id)
    return next((each for each in known if each.unit == unit), None)


def add_duty(
    connection: Connection,
    message_id: str,
    reason: str,
    since: int,
    *,
    unit: str | None = None,
    telephone: str | None = None,
) -> int:
    """Ask one more; returns the number of the turn. The one asked first has number 1."""
    last = connection.execute(
        select(func.max(duty.c.turn)).where(duty.c.message_id == message_id)
    ).scalar()
    turn = 1 if reason == "first" else max(1, last or 1) + 1
    values = {
        "message_id": message_id,
        "turn": turn,
        "reason": reason,
        "unit": unit,
        "telephone": telephone,
        "since": since,
        "handed_over_at": None,
        "ended_at": None,
    }
    _ADD.run(connection, values)
    return turn


def hand_over(connection: Connection, message_id: str, unit: str, at: int) -> bool:
    """Note that the message is durable there; returns whether its turn was open."""
    return _set(connection, message_id, unit, {"handed_over_at": at}, _OPEN)


def open_again(connection: Connection, message_id: str, unit: str, since: int) -> None:
    """Let a unit fetch a message whose turn it had before."""
    values = {"since": since, "handed_over_at": None, "ended_at": None}
    _set(connection, message_id, unit, values)


def end_turn(connection: Connection, message_id: str, unit: str, at: int) -> None:
    """End a unit's turn: nothing more of the message goes there."""
    if duty_of(connection, message_id, unit) is None:
        first = select(message.c.on_duty).where(message.c.id == message_id)
        if connection.execute(first).scalar() != unit:
            return
        add_duty(connection, message_id, "first", at, unit=unit)
    _set(connection, message_id, unit, {"ended_at": at}, "ended_at IS NULL")


def end_others(connection: Connection, message_id: str, unit: str, at: int) -> None:
    """End the turns of all who were asked later, but of this unit; they are asked no more."""
    connection.execute(
        update(duty)
        .where(
            duty.c.message_id == message_id,
            or_(duty.c.unit.is_(None), duty.c.unit != unit),
            duty.c.ended_at.is_(None),
        )
        .values(ended_at=at)
    )


def set_next(connection: Connection, message_id: str, at: int | None) -> None:
    """Set when the hub looks at a message again; None where nobody has to be asked any more."""
    _NEXT.run(connection, {"of": message_id, "at": at})


def due_next(connection: Connection, now: int, limit: int, among: Ids = None) -> tuple[str, ...]:
    """Return messages about which somebody has to be asked, reminded or told now."""
    return _DUE.found(connection, {"now": now, "most": limit}, among)


def has_later_turns(connection: Connection, unit: str) -> bool:
    """Return whether anything waits for a unit that somebody else was asked about first."""
    return _ANY.first(connection, {"unit": unit}) is not None


def _later() -> Select[tuple[str]]:
    of_unit = and_(lease.c.message_id == message.c.id, lease.c.unit == bindparam("unit"))
    return (
        select(message.c.id)
        .join(duty, duty.c.message_id == message.c.id)
        .outerjoin(lease, of_unit)
        .where(
            duty.c.unit == bindparam("unit"),
            IS_OPEN,
            message.c.urgency == bindparam("of_urgency"),
            text("message.state IN ('accepted', 'taken', 'acknowledged')"),
            message.c.body.is_not(None),
            message.c.ends_at > bindparam("now"),
            or_(lease.c.id.is_(None), lease.c.expires_at <= bindparam("now")),
            func.coalesce(lease.c.failures, 0) < TRIES,
        )
        .order_by(message.c.accepted_at, message.c.id)
        .limit(bindparam("most"))
    )


_LATER: Final = Prepared(_later())


def later_ids(connection: Connection, values: Values, protocols: tuple[str, ...]) -> Iterable[str]:
    """Return ids of messages of one urgency that a unit may lease in a later turn."""
    if not protocols:
        return [row[0] for row in _LATER.rows(connection, values)]
    only = _later().where(message.c.protocol.in_(protocols))
    return [row.id for row in connection.execute(only, values)]


def _set(
    connection: Connection,
    message_id: str,
    unit: str,
    values: dict[str, int | None],
    only: str = "",
) -> bool:
    statement = update(duty).where(duty.c.message_id == message_id, duty.c.unit == unit)
    if only:
        statement = statement.where(text(only))
    return connection.execute(statement.values(**values)).rowcount > 0
