# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The table of drafts: what somebody began to write, sealed for the one who wrote it.

A draft that was passed on has a second ciphertext, sealed for the colleague; the author's stays as
it was, so that taking back loses nothing.
"""

from typing import Any, Final

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, Table, Text

from hub.portal.books.metadata import METADATA

NUMBER: Final[Any] = BigInteger().with_variant(Integer(), "sqlite")


def _text(name: str, **said: Any) -> Column[str]:
    return Column(name, Text, **{"nullable": False} | said)


def _second(name: str, **said: Any) -> Column[int]:
    return Column(name, NUMBER, **{"nullable": False} | said)


draft: Final = Table(
    "draft",
    METADATA,
    _text("id", primary_key=True),
    _text("unit"),
    _text("author"),
    _text("holder"),
    _second("version"),
    _text("ciphertext"),
    _text("passed_ciphertext", nullable=True),
    _text("passed_wrap", nullable=True),
    _second("passed_at", nullable=True),
    _second("changed_at"),
    Column("is_warned", Boolean, nullable=False),
    Index("draft_author", "unit", "author"),
    Index("draft_holder", "unit", "holder"),
    Index("draft_changed", "changed_at"),
)
