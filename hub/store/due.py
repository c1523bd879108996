# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is due now? Asked every few seconds, and most often the answer is: nothing."""

from typing import Any, TypeAlias

from sqlalchemy import Connection, Select, bindparam

from hub.store.prepared import Prepared, Values

Ids: TypeAlias = tuple[str, ...] | None
"""Look among these alone: whoever found them in a reader asks again before it acts."""


class Due:
    """One question for ids that are due, with ``most`` as the number that is wanted."""

    def __init__(self, key: Any, query: Select[Any]) -> None:
        self._key, self._query = key, query
        self._all = Prepared(query.limit(bindparam("most")))

    def found(self, connection: Connection, values: Values, among: Ids = None) -> tuple[str, ...]:
        """Return the ids that are due."""
        if among is None:
            return tuple(row[0] for row in self._all.rows(connection, values))
        if not among:
            return ()
        among_them = self._query.where(self._key.in_(among)).limit(values["most"])
        bound = {name: value for name, value in values.items() if name != "most"}
        return tuple(connection.execute(among_them, bound).scalars())
