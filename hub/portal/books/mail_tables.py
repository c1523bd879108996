# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The tables of what a house has filed and received: sealed messages, and what was signed of them.

A message lies here as it goes over the line, and nothing here opens it. The note about an own
filing is sealed by the browser for the person who made it.
"""

from typing import Any, Final

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, Table, Text

from hub.portal.books.metadata import METADATA

NUMBER: Final[Any] = BigInteger().with_variant(Integer(), "sqlite")


def _text(name: str, **said: Any) -> Column[str]:
    return Column(name, Text, **{"nullable": False} | said)


def _second(name: str, **said: Any) -> Column[int]:
    return Column(name, NUMBER, **{"nullable": False} | said)


filing: Final = Table(
    "filing",
    METADATA,
    _text("id", primary_key=True),
    _text("unit"),
    _text("person"),
    _text("conversation"),
    _text("protocol"),
    _text("step"),
    _text("urgency"),
    _text("addressed"),
    _text("addressed_name"),
    _text("addressed_telephone"),
    _second("made_at"),
    _second("ends_at"),
    _text("env"),
    Column("message", LargeBinary, nullable=True),
    _text("request"),
    _text("confirmed"),
    _text("proof"),
    _text("state"),
    _text("marks"),
    _second("sendable_until"),
    Column("is_unsure", Boolean, nullable=False),
    _second("due_at"),
    Column("tries", NUMBER, nullable=False),
    _text("answer", nullable=True),
    _text("problem", nullable=True),
    _text("note", nullable=True),
    _text("draft", nullable=True),
    _text("author", nullable=True),
    Index("filing_unit", "unit", "made_at"),
    Index("filing_conversation", "unit", "conversation"),
    Index("filing_state", "state", "unit"),
)

heard: Final = Table(
    "heard",
    METADATA,
    _text("digest", primary_key=True),
    _text("unit"),
    _text("message"),
    _text("word"),
    _second("at"),
    _text("jws"),
    Index("heard_message", "unit", "message"),
)

letter: Final = Table(
    "letter",
    METADATA,
    _text("unit", primary_key=True),
    _text("id", primary_key=True),
    _text("conversation"),
    _text("protocol"),
    _text("step"),
    _text("urgency"),
    _text("sender"),
    _text("sender_name"),
    _text("env"),
    _text("kids"),
    _text("person", nullable=True),
    Column("message", LargeBinary, nullable=True),
    _text("receipts"),
    _text("state"),
    Column("is_taken", Boolean, nullable=False),
    _second("received_at"),
    _second("ends_at"),
    _second("acknowledged_at", nullable=True),
    Index("letter_conversation", "unit", "conversation"),
)

shelf: Final = Table(
    "shelf",
    METADATA,
    _text("unit", primary_key=True),
    _text("name", primary_key=True),
    _text("content"),
    _second("fetched_at"),
)

saying: Final = Table(
    "saying",
    METADATA,
    _text("id", primary_key=True),
    _text("unit"),
    _text("message"),
    _text("word"),
    _text("members"),
    _second("due_at"),
    Column("tries", NUMBER, nullable=False),
    Index("saying_unit", "unit", "due_at"),
)

notice: Final = Table(
    "notice",
    METADATA,
    _text("id", primary_key=True),
    _text("address"),
    _text("kind"),
    _second("created_at"),
    _second("due_at"),
    Column("tries", NUMBER, nullable=False),
    Index("notice_due", "due_at"),
)
