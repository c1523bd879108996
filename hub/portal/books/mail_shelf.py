# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What did the hub say of the directory last, for the hours in which it says nothing?"""

import json
from typing import Final

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert

from hub.client.directory import Shelved
from hub.portal.books.mail_tables import shelf

LIST: Final = ""
"""Under this name lies the signed list; under the others the entries of organisations."""


def put_on_shelf(connection: Connection, unit: str, kept: Shelved) -> None:
    """Keep list and entries for a house; older ones of the same organisations go."""
    rows = {LIST: kept.listed} | {
        name: json.dumps(said) for name, said in kept.organisations.items()
    }
    for name, content in rows.items():
        values = {"unit": unit, "name": name, "content": content, "fetched_at": kept.fetched_at}
        put = insert(shelf).values(**values)
        connection.execute(
            put.on_conflict_do_update(
                index_elements=[shelf.c.unit, shelf.c.name],
                set_={"content": content, "fetched_at": kept.fetched_at},
            )
        )


def read_shelf(connection: Connection, unit: str) -> Shelved | None:
    """Return what was kept for a house; None where nothing ever was."""
    rows = connection.execute(select(shelf).where(shelf.c.unit == unit)).all()
    found = {row.name: row for row in rows}
    if LIST not in found:
        return None
    listed = found.pop(LIST)
    organisations = {name: json.loads(row.content) for name, row in found.items()}
    return Shelved(listed.content, listed.fetched_at, organisations)


def clear_shelf(connection: Connection, unit: str) -> None:
    """Forget what was kept for a house."""
    connection.execute(delete(shelf).where(shelf.c.unit == unit))
