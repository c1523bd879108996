# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The table of what was done in the name of a house that its people should see.

Rows are inserted and, once they are old, deleted; the database refuses to change one.
"""

from typing import Any, Final

from sqlalchemy import BigInteger, Column, Connection, Index, Integer, Table, Text, event

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


@event.listens_for(house_act, "after_create")
def _refuse_changes(_: Table, connection: Connection, **__: Any) -> None:
    connection.exec_driver_sql(
        "CREATE TRIGGER house_act_no_update BEFORE UPDATE ON house_act "
        "BEGIN SELECT RAISE(ABORT, 'house_act: insert only'); END"
    )
