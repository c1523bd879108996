# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A copy of a database that is in use, as an auditor or a backup gets it."""

from pathlib import Path

from hub.main.folder import DataDir
from hub.store.copy import write_copy
from hub.store.engine import open_database


def copy_of(hub: DataDir, to: Path) -> Path:
    """Copy the database of a hub into a file, while the hub goes on."""
    database = open_database(hub.place)
    try:
        write_copy(database, to)
    finally:
        database.dispose()
    return to
