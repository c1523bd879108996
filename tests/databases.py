# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which database do the tests run on? ``MELDEWEG_TEST_DATABASE`` says: sqlite, or postgresql.

Whoever tests something about a database asks here for a place for it, and the same test runs on
both. On PostgreSQL a place is a database of its own on the one server of this process. One that has
the tables of this version is emptied and given to the next; all others go with the server.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import Engine, create_engine, make_url
from sqlalchemy.pool import StaticPool

from hub.main.folder import DataDir
from hub.store.engine import open_database
from hub.store.schema import upgrade
from tests.postgresql import Server, a_server

KIND: Final = os.environ.get("MELDEWEG_TEST_DATABASE", "sqlite")
assert KIND in {"sqlite", "postgresql"}, KIND
IS_POSTGRESQL: Final = KIND == "postgresql"
# The suite runs once on each kind of database; what is about one of them is left out, aloud, in the
# run on the other, and never in both.
sqlite_only: Final = pytest.mark.skipif(IS_POSTGRESQL, reason="is about a file of SQLite")
demo_only: Final = pytest.mark.skipif(IS_POSTGRESQL, reason="the demo has a file of SQLite")
postgresql_only: Final = pytest.mark.skipif(not IS_POSTGRESQL, reason="is about PostgreSQL")
TABLES: Final = "tables"
_tabled: Final[set[str]] = set()
"""Which databases are copies of the one with tables."""
_running: Final = ExitStack()
_used: Final[dict[str, str]] = {}
"""Addresses of databases by name, until they are given back."""
_open: Final[dict[str, Engine]] = {}
"""Engines by the name of their database, to be closed when that is given back."""
_free: Final[list[str]] = []
"""Databases with every table and no row."""


@cache
def server() -> Server:
    """Return the one server of this process, started when it is first needed."""
    started = _running.enter_context(a_server())
    started.run(f"CREATE DATABASE {TABLES} OWNER meldeweg TEMPLATE template0")
    database = open_database(started.address(TABLES))
    upgrade(database.writing)
    database.dispose()
    return started


def close() -> None:
    """End the server, where one was started."""
    _running.close()


def an_empty_place(folder: Path) -> Path | str:
    """Return where a database without tables is."""
    return _address() if IS_POSTGRESQL else folder / "hub.sqlite"


def a_place(folder: Path) -> Path | str:
    """Return where a database is that has every table, or takes them quickly."""
    if not IS_POSTGRESQL:
        return folder / "hub.sqlite"
    return _use(_free.pop()) if _free else _address(TABLES)


def a_data_dir(path: Path) -> DataDir:
    """Return a data directory in which no hub is yet, with a place for its database."""
    return DataDir(path, _address() if IS_POSTGRESQL else "")


def with_its_database(data: DataDir, path: Path) -> DataDir:
    """Return the folder at ``path``, which was copied from a hub, with a copy of its database."""
    if not IS_POSTGRESQL:
        return DataDir(path)
    name = next(name for name, address in _used.items() if address == data.url)
    return DataDir(path, _address(name))


def an_engine() -> Engine:
    """Return a plain engine on an empty database of the server; it is closed with it."""
    url = make_url(_address()).set(drivername="postgresql+psycopg")
    engine = create_engine(url, poolclass=StaticPool)
    _open[str(url.database)] = engine
    return engine


@contextmanager
def given_back() -> Iterator[None]:
    """Give back, when the block ends, every database that was asked for in it."""
    before = set(_used)
    try:
        yield
    finally:
        for name in _used.keys() - before:
            del _used[name]
            if name in _open:
                _open.pop(name).dispose()
            if name in _tabled and server().empty(name) == fingerprint():
                _free.append(name)


@cache
def fingerprint() -> int:
    """Return what is left of a database that was emptied and not altered."""
    return server().empty(TABLES)


def _address(template: str = "template0") -> str:
    name = server().create(template)
    if template == TABLES:
        _tabled.add(name)
    return _use(name)


def _use(name: str) -> str:
    _used[name] = server().address(name)
    return _used[name]
