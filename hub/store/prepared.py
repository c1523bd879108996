# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Statements that every message runs: built once, compiled once for each kind of database.

SQLAlchemy looks at a statement anew each time it is run, which takes several times as long as
SQLite takes to run it. Here only the driver is left on the way; what a statement says stays a
Core statement, and its errors stay those of SQLAlchemy, without the values.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final, TypeAlias

from sqlalchemy import ClauseElement, ColumnElement, Connection, Table, bindparam
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.exc import DBAPIError

Values: TypeAlias = dict[str, Any]
MOST_AT_ONCE: Final = 64
"""Rows, or keys, in one statement."""


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


class PreparedRows:
    """An insert of many rows with few statements: so many rows each as a power of two.

    A statement for every number of rows would be compiled for each anew, and one for each row
    goes to the database and back as often as there are rows.
    """

    def __init__(self, table: Table, *, tail: str = "") -> None:
        """``tail`` as with ``Prepared``; its ``RETURNING`` is what ``run`` gives back."""
        self._table: Final = table
        self._names: Final = tuple(column.name for column in table.columns)
        self._tail: Final = tail
        self._texts: dict[tuple[str, int], str] = {}

    def run(self, connection: Connection, rows: Sequence[Values]) -> list[Any]:
        """Insert the rows in their order; returns what the tail asks for."""
        returned: list[Any] = []
        at = 0
        while at < len(rows):
            count = min(MOST_AT_ONCE, 1 << (len(rows) - at).bit_length() - 1)
            given = [row[name] for row in rows[at : at + count] for name in self._names]
            cursor = execute_raw(connection, self._text(connection, count), given)
            if cursor.description is not None:
                returned += cursor.fetchall()
            cursor.close()
            at += count
        return returned

    def _text(self, connection: Connection, count: int) -> str:
        key = connection.dialect.name, count
        text = self._texts.get(key)
        if text is None:
            sign = "?" if connection.dialect.paramstyle == "qmark" else "%s"
            quote = connection.dialect.identifier_preparer.quote
            row = f"({', '.join([sign] * len(self._names))})"
            names = ", ".join(map(quote, self._names))
            # Names are those of the tables, values are always parameters.
            text = self._texts[key] = " ".join(
                (
                    "INSERT INTO",
                    quote(self._table.name),
                    f"({names}) VALUES",
                    ", ".join([row] * count),
                    self._tail,
                )
            )
        return text


class PreparedFor:
    """A question about many keys at once: the list is filled up to a power of two."""

    def __init__(self, question: Callable[[list[ColumnElement[Any]]], ClauseElement]) -> None:
        """``question`` builds the statement for the parameters of a list."""
        self._question: Final = question
        self._prepared: dict[int, Prepared] = {}

    def rows(self, connection: Connection, keys: Sequence[str]) -> list[Any]:
        """Return the rows for all keys, in no order; none for none."""
        found: list[Any] = []
        for at in range(0, len(keys), MOST_AT_ONCE):
            part = keys[at : at + MOST_AT_ONCE]
            count = 1 << (len(part) - 1).bit_length()
            padded = [*part, *[part[-1]] * (count - len(part))]
            values = {f"key_{number}": key for number, key in enumerate(padded)}
            found += self._for(count).rows(connection, values)
        return found

    def _for(self, count: int) -> Prepared:
        prepared = self._prepared.get(count)
        if prepared is None:
            keys: list[ColumnElement[Any]] = [bindparam(f"key_{number}") for number in range(count)]
            prepared = self._prepared[count] = Prepared(self._question(keys))
        return prepared
