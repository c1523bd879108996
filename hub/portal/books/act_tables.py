# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The table of what was done in the name of a house that its people should see.

Rows are inserted and, once they are old, deleted; the database refuses to change one.
"""

from typing import Any, Final

from sqlalchemy import DDL, BigInteger, Column, Index, Integer, Table, Text, event

from hub.portal.books.metadata import METADATA

NUMBER: Final[Any] = BigInteger().with_variant(Integer(), "sqlite")

house_act: Final = Table(
    "house_act",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("unit", Text, nullable=False),
    Column("word", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("about", Text, nullable=False),
    Column("at", NUMBER, nullable=False),
    Index("house_act_unit", "unit", "at"),
)
event.listen(
    house_act,
    "after_create",
    DDL(
        "CREATE TRIGGER house_act_no_update BEFORE UPDATE ON house_act "
        "BEGIN SELECT RAISE(ABORT, 'house_act: insert only'); END"
    ),
)
