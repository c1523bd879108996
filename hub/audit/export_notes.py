# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What do others say of the log: witnesses, and who stamps the time? Laid beside its tiles."""

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from sqlalchemy import Connection, select

from hub.audit import tables
from hub.audit.key_tables import log_key
from hub.audit.stamps import stamps_within
from hub.audit.witnessed import with_lines


def write_cosigned(connection: Connection, path: Path, size: int) -> int:
    """Write all cosigned checkpoints up to a size, parted by an empty line; returns how many.

    They bracket the time of every entry, and the one behind an order shows that it was witnessed
    before anything went. Where there is none, there is no file.
    """
    count = 0
    for note in _cosigned(connection, size):
        with path.open("a", encoding="utf-8", newline="\n") as file:
            file.write(f"\n{note}" if count else note)
        count += 1
    return count


def write_stamps(connection: Connection, folder: Path, size: int) -> int:
    """Write each stamp beside the very bytes that it is over; returns how many."""
    count = 0
    for stamp in stamps_within(connection, size):
        folder.mkdir(exist_ok=True)
        (folder / f"{stamp.size}.note").write_bytes(stamp.note.encode())
        (folder / f"{stamp.size}.tsr").write_bytes(stamp.token)
        count += 1
    return count


def keys_text(connection: Connection) -> str:
    """Return the keys that the log has had, one a line with where it begins; empty for only one."""
    rows = connection.execute(select(log_key).order_by(log_key.c.since_size))
    return "".join(f"{row.vkey} {row.since_size} {row.until}\n" for row in rows)


def orders_text(connection: Connection, size: int) -> str:
    """Return which ranges were ordered to be pruned up to a size, one a line, oldest first."""
    order, leaf = tables.prune_order.c, tables.audit_leaf.c
    query = (
        select(order.event_id, order.first_idx, order.last_idx)
        .join(tables.audit_leaf, leaf.event_id == order.event_id)
        .where(leaf.idx < size)
        .order_by(leaf.idx)
    )
    rows = connection.execute(query)
    return "".join(f"{row.event_id} {row.first_idx} {row.last_idx}\n" for row in rows)


def _cosigned(connection: Connection, size: int) -> Iterator[str]:
    checkpoint, line = tables.checkpoint.c, tables.cosignature.c
    query = (
        select(checkpoint.size, checkpoint.note, line.witness, line.line)
        .join(tables.cosignature, line.size == checkpoint.size)
        .where(checkpoint.size <= size)
        .order_by(checkpoint.size, line.witness)
        .execution_options(yield_per=1000)
    )
    for _, rows in groupby(connection.execute(query), key=lambda row: int(row.size)):
        found = list(rows)
        yield with_lines(found[0].note, {row.witness: row.line for row in found})
