# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How does somebody say that definitions are to be changed now?"""

from typing import Final

from sqlalchemy import Connection

ALLOWED: Final = "meldeweg.ddl"
"""Setting of a transaction, for which the event trigger on definitions asks."""


def allow_ddl(connection: Connection) -> None:
    """Say so for the rest of this transaction; SQLite knows no such question."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SET LOCAL {ALLOWED} = 'yes'")
