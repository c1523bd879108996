# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Statements that every message runs: built once, compiled once for each kind of database.

SQLAlchemy looks at a statement anew each time it is run, which takes several times as long as
SQLite takes to run it. Here only the driver is left on the way; what a statement says stays a
Core statement, and its errors stay those of SQLAlchemy, without the values.
"""

from typing import Any, Final, TypeAlias

from sqlalchemy import ClauseElement, Connection
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.exc import DBAPIError

Values: TypeAlias = dict[str, Any]


class Prepared:
    """One statement with named values; its rows are the driver's tuples.

    Lists of values (``IN``) have no place in it: they would be another statement for each length.
    """

    def __init__(self, statement: ClauseElement, *, tail: str = "") -> None:
        """``tail`` is a clause that both kinds of database spell alike and Core does not."""
        self._statement: Final = statement
        self._tail: Final = tail
        self._compiled: dict[str, tuple[str, Values, tuple[str, ...] | None]] = {}

    def run(self, connection: Connection, values: Values) -> int:
        """Run it and return how many rows it changed."""
        cursor = self._execute(connection, values)
        changed = cursor.rowcount
        cursor.close()
        return changed

    def first(self, connection: Connection, values: Values) -> Any:
        """Return the first row, or None."""
        cursor = self._execute(connection, values)
        row = cursor.fetchone()
        cursor.close()
        return row

    def rows(self, connection: Connection, values: Values) -> Any:
        """Return all rows."""
        cursor = self._execute(connection, values)
        rows = cursor.fetchall()
        cursor.close()
        return rows

    def _execute(self, connection: Connection, values: Values) -> DBAPICursor:
        text, fixed, order = self._for(connection)
        named = {**fixed, **values} if fixed else values
        given = named if order is None else tuple(map(named.__getitem__, order))
        return execute_raw(connection, text, given)

    def _for(self, connection: Connection) -> tuple[str, Values, tuple[str, ...] | None]:
        name = connection.dialect.name
        found = self._compiled.get(name)
        if found is None:
            compiled: Any = self._statement.compile(dialect=connection.dialect)
            fixed = {key: value for key, value in compiled.params.items() if value is not None}
            order = tuple(compiled.positiontup) if compiled.positional else None
            found = self._compiled[name] = (f"{compiled} {self._tail}", fixed, order)
        return found


def execute_raw(connection: Connection, text: str, given: Any = ()) -> DBAPICursor:
    """Let the driver run a text; raises what SQLAlchemy would raise, with no value in it."""
    dialect: Any = connection.dialect
    cursor = connection.connection.cursor()
    try:
        cursor.execute(text, given)
    except dialect.dbapi.Error as error:
        is_gone = dialect.is_disconnect(error, connection.connection, cursor)
        cursor.close()
        if is_gone:
            connection.invalidate(error)
        raise DBAPIError.instance(
            text,
            None,
            error,
            dialect.dbapi.Error,
            hide_parameters=True,
            connection_invalidated=is_gone,
            dialect=dialect,
        ) from error
    return cursor
