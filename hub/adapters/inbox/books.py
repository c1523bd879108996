# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What does the inbox write down of people? Who works here and as what; nothing of any notice."""

from pathlib import Path
from typing import Final

from hub.people.books.tables import METADATA
from hub.store import books

VERSION: Final = 1
"""Of the tables; a newer file than this program knows is not opened."""


class Books(books.Books):
    """Reads and writes; every write is on the disk when it returns."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, (METADATA,), VERSION)
