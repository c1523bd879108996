# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The table of what people told about barriers of the portal itself; nothing about any child."""

from typing import Any, Final

from sqlalchemy import BigInteger, Column, Integer, Table, Text

from hub.portal.books.metadata import METADATA

_NUMBER: Final[Any] = BigInteger().with_variant(Integer(), "sqlite")

barrier: Final = Table(
    "barrier",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("told_at", _NUMBER, nullable=False),
    Column("due_at", _NUMBER, nullable=False),
    Column("page", Text, nullable=False),
    Column("said", Text, nullable=False),
    Column("answer_to", Text, nullable=False),
    Column("answered_at", _NUMBER, nullable=True),
)
