# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The books of one portal: its own tables in a file of their own."""

from importlib import import_module
from pathlib import Path
from typing import Final

from hub.people.books.tables import METADATA as PEOPLE
from hub.portal.books.metadata import METADATA
from hub.store import books

VERSION: Final = 1
"""Of the tables; a newer file than this program knows is not opened."""
TOPICS: Final = ("house_tables", "mail_tables", "draft_tables", "barrier_tables")
"""Modules beside this one whose tables hang in the metadata."""


class Books(books.Books):
    """Reads and writes; every write is on the disk when it returns."""

    def __init__(self, path: Path) -> None:
        for topic in TOPICS:
            import_module(f"hub.portal.books.{topic}")
        super().__init__(path, (PEOPLE, METADATA), VERSION)
