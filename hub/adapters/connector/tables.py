# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What does a connector write down? Ids, states and times; contents lie sealed in the spool."""

from pathlib import Path
from typing import Any, Final

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, MetaData, Table, Text

from hub.store import books

VERSION: Final = 1
"""Of the tables; a newer file than this program knows is not opened."""
METADATA: Final = MetaData()
_NUMBER: Final[Any] = BigInteger().with_variant(Integer(), "sqlite")


def _text(name: str, **said: Any) -> Column[str]:
    return Column(name, Text, **{"nullable": False} | said)


def _second(name: str, **said: Any) -> Column[int]:
    return Column(name, _NUMBER, **{"nullable": False} | said)


delivery: Final = Table(
    "delivery",
    METADATA,
    _text("id", primary_key=True),
    _text("env"),
    _text("conversation"),
    _text("protocol"),
    _text("step"),
    _text("urgency"),
    _text("sender"),
    _text("recipient"),
    _second("received_at"),
    _second("ends_at"),
    _text("target"),
    _text("state"),
    _second("attempts"),
    _second("next_at", nullable=True),
    _text("code", nullable=True),
    _text("reason", nullable=True),
    _text("pointers"),
    _text("reference", nullable=True),
    _second("handed_at", nullable=True),
    _second("taken_at", nullable=True),
    Column("has_content", Boolean, nullable=False),
    Index("delivery_state", "state", "next_at"),
    Index("delivery_taken", "taken_at", "state"),
    Index("delivery_end", "has_content", "ends_at"),
)
lending: Final = Table(
    "lending",
    METADATA,
    _text("message", primary_key=True),
    _text("lease"),
    _second("ends_at"),
)
"""Which leases this connector holds: after a crash they are used or given back, not waited for."""
beat: Final = Table(
    "beat",
    METADATA,
    _text("name", primary_key=True),
    _second("at"),
    Column("is_well", Boolean, nullable=False),
    _text("text"),
)
"""What was heard last of the hub and of each target."""
drop: Final = Table(
    "drop",
    METADATA,
    _text("key", primary_key=True),
    _text("message"),
    _text("report", nullable=True),
    _second("at"),
)
"""Orders of case software: under which id each goes, so that none goes twice."""
outline: Final = Table(
    "outline",
    METADATA,
    _text("message", primary_key=True),
    _text("sender_name"),
    _second("position"),
    _text("cause", nullable=True),
    _second("acknowledged_by", nullable=True),
    _second("overdue_at", nullable=True),
    Index("outline_cause", "cause"),
)
"""What has to be known of a delivery without opening it; a program of before wrote none."""
act: Final = Table(
    "act",
    METADATA,
    _text("id", primary_key=True),
    _text("message"),
    _text("conversation"),
    _text("kind"),
    _text("step"),
    _text("person"),
    _text("name"),
    _text("role"),
    _text("state"),
    _second("at"),
    _second("done_at", nullable=True),
    _second("tries"),
    _text("code", nullable=True),
    _text("reason", nullable=True),
    _text("advice", nullable=True),
    _text("pointers"),
    _text("own", nullable=True),
    _text("recipient", nullable=True),
    _text("recipient_name", nullable=True),
    _text("for_person", nullable=True),
    _text("for_name", nullable=True),
    _text("ground", nullable=True),
    _second("ends_at"),
    Column("has_content", Boolean, nullable=False),
    Index("act_message", "message", "kind"),
    Index("act_conversation", "conversation", "at"),
    Index("act_state", "state", "at"),
    Index("act_end", "has_content", "ends_at"),
)
"""What people of this house did with a message; what they wrote lies sealed in the spool."""
heard: Final = Table(
    "heard",
    METADATA,
    _text("id", primary_key=True),
    _text("message"),
    _text("word"),
    _second("at"),
    _text("to", nullable=True),
    Index("heard_message", "message", "at"),
)
"""What was said of messages that this house has sent: zugestellt, bestätigt, überfällig."""
continued: Final = Table(
    "continued",
    METADATA,
    _text("conversation", primary_key=True),
    _text("message"),
    _text("protocol"),
    _second("at"),
    Index("continued_message", "message"),
)
"""Conversations that this house has taken over with a message that was passed on to it."""


class Books(books.Books):
    """Reads and writes; every write is on the disk when it returns."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, (METADATA,), VERSION)
