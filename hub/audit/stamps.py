# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which stamp shows that an entry was there, and which checkpoint is to be stamped next?"""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, Select, insert, select

from hub.audit.stamp_tables import stamp
from hub.audit.tables import checkpoint


@dataclass(frozen=True)
class Stamp:
    """A checkpoint, and what an authority said of the bytes of its note."""

    size: int
    note: str
    authority: str
    at: int
    token: bytes


def add_stamp(connection: Connection, stamped: Stamp) -> bool:
    """Keep a stamp; returns whether it is the first of this checkpoint."""
    if read_stamp(connection, stamped.size) is not None:
        return False
    values = {
        "size": stamped.size,
        "authority": stamped.authority,
        "at": stamped.at,
        "token": stamped.token,
    }
    connection.execute(insert(stamp), values)
    return True


def read_stamp(connection: Connection, size: int) -> Stamp | None:
    """Return the stamp of exactly this checkpoint."""
    return next(_stamps(connection, _stamped().where(stamp.c.size == size)), None)


def stamp_behind(connection: Connection, index: int) -> Stamp | None:
    """Return the first stamp of a checkpoint that contains the entry at ``index``."""
    query = _stamped().where(stamp.c.size > index).order_by(stamp.c.size).limit(1)
    return next(_stamps(connection, query), None)


def newest_stamp(connection: Connection) -> Stamp | None:
    """Return the stamp of the largest checkpoint that has one."""
    return next(_stamps(connection, _stamped().order_by(stamp.c.size.desc()).limit(1)), None)


def stamps_within(connection: Connection, size: int) -> Iterator[Stamp]:
    """Return all stamps of checkpoints up to a size, one after the other."""
    return _stamps(connection, _stamped().where(stamp.c.size <= size).order_by(stamp.c.size))


def _stamped() -> Select[tuple[int, str, str, int, bytes]]:
    columns = (stamp.c.size, checkpoint.c.note, stamp.c.authority, stamp.c.at, stamp.c.token)
    return select(*columns).join(checkpoint, checkpoint.c.size == stamp.c.size)


def _stamps(
    connection: Connection, query: Select[tuple[int, str, str, int, bytes]]
) -> Iterator[Stamp]:
    for row in connection.execute(query):
        yield Stamp(row.size, row.note, row.authority, row.at, row.token)
