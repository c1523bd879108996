# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A fresh database for each test: a file, because that is what the hub has."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection

from hub.store.engine import Database
from tests.unit.store.builders import a_database


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with a_database(tmp_path) as opened:
        yield opened


@pytest.fixture
def connection(database: Database) -> Iterator[Connection]:
    """The writing connection, inside a transaction that is committed at the end."""
    with database.writing.connect() as opened, opened.begin():
        yield opened
