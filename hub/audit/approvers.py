# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who approves at this hub, and which approvals have been used?"""

from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, func, insert, select

from hub.audit.key_tables import approval, approver
from hub.audit.note import Verifier, parse_vkey
from hub.sealing.canonical import digest

Act = Literal["added", "removed"]


@dataclass(frozen=True)
class Spoken:
    """What was said last of a key, and by which entry."""

    vkey: str
    act: Act
    audit_id: str


def read_approvers(connection: Connection) -> tuple[Verifier, ...]:
    """Return the keys whose approval counts now."""
    said = {each.vkey: each.act for each in history(connection)}
    return tuple(parse_vkey(vkey) for vkey, act in said.items() if act == "added")


def history(connection: Connection) -> tuple[Spoken, ...]:
    """Return all that was said of approvers, in order."""
    rows = connection.execute(
        select(approver.c.vkey, approver.c.act, approver.c.audit_id).order_by(approver.c.seq)
    )
    return tuple(Spoken(*row) for row in rows)


def add_word(connection: Connection, spoken: Spoken) -> None:
    """Enter that a key approves, or does no more."""
    last = connection.execute(select(func.max(approver.c.seq))).scalar()
    seq = 0 if last is None else last + 1
    connection.execute(insert(approver).values(seq=seq, **vars(spoken)))


def is_used(connection: Connection, note: str) -> bool:
    """Return whether something was done on this approval."""
    found = select(approval.c.digest).where(approval.c.digest == digest(note.encode()))
    return connection.execute(found).first() is not None


def add_used(connection: Connection, note: str) -> None:
    """Keep an approval with what was done on it; the entries name it by its digest."""
    connection.execute(insert(approval).values(digest=digest(note.encode()), note=note))
