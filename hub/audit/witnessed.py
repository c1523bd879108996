# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Up to where have witnesses seen the log?

A cosignature lies beside the checkpoint, one row for each line, so that no row ever changes. What
is handed out as a witnessed checkpoint is the log's own note with those lines beneath it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, Select, bindparam, func, insert, select

from hub.audit import tables
from hub.audit.checkpoint import Checkpoint
from hub.audit.cosignature import cosigned, parse_head
from hub.audit.note import parse_note
from hub.audit.policy import Policy

WITHOUT: Final = Policy("quorum none\n")
"""What holds where nobody has set a policy: a checkpoint needs no witness."""
PAGE: Final = 64
"""Sizes that are looked through at a time."""
_COSIGNED: Final = tables.cosignature.c
_OF_SIZE: Final = select(tables.checkpoint).where(tables.checkpoint.c.size == bindparam("of"))


def add_lines(connection: Connection, size: int, lines: Mapping[str, str]) -> int:
    """Keep the lines of witnesses beneath the checkpoint of a size; returns how many are new."""
    new = {label: lines[label] for label in lines.keys() - read_lines(connection, size).keys()}
    rows = [{"size": size, "witness": label, "line": new[label]} for label in sorted(new)]
    if rows:
        connection.execute(insert(tables.cosignature), rows)
    return len(rows)


def read_lines(connection: Connection, size: int) -> dict[str, str]:
    """Return the lines that witnesses put beneath the checkpoint of a size, by their labels."""
    query = select(_COSIGNED.witness, _COSIGNED.line).where(_COSIGNED.size == size)
    rows = connection.execute(query.order_by(_COSIGNED.witness)).all()
    return {row.witness: row.line for row in rows}


def read_size_seen(connection: Connection, labels: Sequence[str]) -> int:
    """Return the size of the newest checkpoint that one of these keys cosigned; 0 for none."""
    query = select(_COSIGNED.size).where(_COSIGNED.witness.in_(labels))
    return connection.execute(query.order_by(_COSIGNED.size.desc()).limit(1)).scalar() or 0


def with_lines(note: str, lines: Mapping[str, str]) -> str:
    """Return the note with the lines of witnesses beneath those that it has."""
    return note + "".join(lines.values())


def read_cosigned(connection: Connection, most: int | None = None) -> tuple[Checkpoint, str] | None:
    """Return the newest checkpoint with the lines that it has; None where the log is empty.

    ``most`` is the size beyond which nothing can be proven yet.
    """
    query = select(tables.checkpoint).order_by(tables.checkpoint.c.size.desc()).limit(1)
    if most is not None:
        query = query.where(tables.checkpoint.c.size <= most)
    row = connection.execute(query).first()
    return None if row is None else _read(connection, row.size, row.note)


def read_witnessed(
    connection: Connection, policy: Policy, *, behind: int | None = None, most: int | None = None
) -> tuple[Checkpoint, str] | None:
    """Return a checkpoint that the policy is met by, with its lines; None where there is none.

    With ``behind`` the first one that contains the entry of that index, so that whoever asks again
    is led to the same root; without it the newest. A policy that asks for nobody is met by all.
    """
    for size in _sizes_met(connection, policy, _Range(behind, most)):
        row = connection.execute(_OF_SIZE, {"of": size}).one()
        return _read(connection, row.size, row.note)
    return None


def read_second_seen(connection: Connection, policy: Policy) -> int:
    """Return the second that witnesses enough had reached when they saw the log last; 0 for none.

    A clock that is ahead moves no witness.
    """
    found = read_witnessed(connection, policy)
    seen = {} if found is None else cosigned(parse_note(found[1]), policy.keys)
    for second in sorted(seen.values(), reverse=True):
        if policy.is_met_by([label for label, at in seen.items() if at >= second]):
            return second
    return 0


@dataclass(frozen=True)
class _Range:
    """Which checkpoints are looked through: upwards from an entry, or downwards from the end."""

    behind: int | None
    most: int | None

    def page(self, policy: Policy, after: int | None) -> Select[int]:
        """Return the query for the next sizes that bear lines enough to be looked at."""
        of = _COSIGNED.size if policy.least else tables.checkpoint.c.size
        is_upwards = self.behind is not None
        query = select(of).group_by(of).order_by(of if is_upwards else of.desc()).limit(PAGE)
        if policy.least:
            query = query.having(func.count() >= policy.least)
        if self.behind is not None:
            query = query.where(of > self.behind)
        if self.most is not None:
            query = query.where(of <= self.most)
        if after is not None:
            query = query.where(of > after if is_upwards else of < after)
        return query


def _sizes_met(connection: Connection, policy: Policy, wanted: _Range) -> Iterator[int]:
    """Name sizes whose lines meet the policy, one page after the other; nearly always the first."""
    after: int | None = None
    while sizes := list(connection.execute(wanted.page(policy, after)).scalars()):
        for size in sizes:
            if not policy.least or policy.is_met_by(read_lines(connection, size)):
                yield size
        after = sizes[-1]


def _read(connection: Connection, size: int, note: str) -> tuple[Checkpoint, str]:
    return parse_head(parse_note(note).text), with_lines(note, read_lines(connection, size))
