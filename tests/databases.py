# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which database do the tests run on? ``MELDEWEG_TEST_DATABASE`` says: sqlite, or postgresql.

Whoever tests something about a database asks here for a place for it, and the same test runs on
both. On PostgreSQL a place is a database of its own on the one server of this process, copied from
a template; it goes when the test does.
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
sqlite_only: Final = pytest.mark.skipif(IS_POSTGRESQL, reason="is about a file of SQLite")
demo_only: Final = pytest.mark.skipif(IS_POSTGRESQL, reason="the demo has a file of SQLite")
postgresql_only: Final = pytest.mark.skipif(not IS_POSTGRESQL, reason="is about PostgreSQL")
_running: Final = ExitStack()
_made: Final[dict[str, str]] = {}
"""Addresses of databases by name, until they are dropped."""
_open: Final[dict[str, Engine]] = {}
"""Engines by the name of their database, to be closed before it is dropped."""


@cache
def server() -> Server:
    """Return the one server of this process, started when it is first needed."""
    started = _running.enter_context(a_server())
    started.run("CREATE DATABASE tables OWNER meldeweg TEMPLATE template0")
    database = open_database(started.address("tables"))
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
    return _address("tables") if IS_POSTGRESQL else folder / "hub.sqlite"


def a_data_dir(path: Path) -> DataDir:
    """Return a data directory in which no hub is yet, with a place for its database."""
    return DataDir(path, _address() if IS_POSTGRESQL else "")


def with_its_database(data: DataDir, path: Path) -> DataDir:
    """Return the folder at ``path``, which was copied from a hub, with a copy of its database."""
    if not IS_POSTGRESQL:
        return DataDir(path)
    name = next(name for name, address in _made.items() if address == data.url)
    return DataDir(path, _address(name))


def an_engine() -> Engine:
    """Return a plain engine on an empty database of the server; it is closed with it."""
    url = make_url(_address()).set(drivername="postgresql+psycopg")
    engine = create_engine(url, poolclass=StaticPool)
    _open[str(url.database)] = engine
    return engine


@contextmanager
def dropped_afterwards() -> Iterator[None]:
    """Drop, when the block ends, every database that was made in it."""
    before = set(_made)
    try:
        yield
    finally:
        for name in _made.keys() - before:
            if name in _open:
                _open.pop(name).dispose()
            server().drop(name)
            del _made[name]


def _address(template: str = "template0") -> str:
    name = server().create(template)
    _made[name] = server().address(name)
    return _made[name]
