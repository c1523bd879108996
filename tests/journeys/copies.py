# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A copy of a database that is in use, as an auditor or a backup gets it."""

from contextlib import closing
from pathlib import Path

import pysqlite3.dbapi2 as sqlite


def copy_of(database: Path, to: Path) -> Path:
    """Copy a database with the library that the hub uses, while the hub goes on.

    A second library in the same process would, on closing the file, lift the locks of the first
    (POSIX), so nothing here opens the hub's own file with another one.
    """
    with closing(sqlite.connect(database)) as source, closing(sqlite.connect(to)) as target:
        source.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")
    return to
