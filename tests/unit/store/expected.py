# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Write down what the migrations make on both databases: ``hub/store/expected.json``."""

import json
import tempfile
from pathlib import Path

from hub.store.digest import EXPECTED, describe_schema
from hub.store.engine import open_database
from hub.store.schema import upgrade
from tests.postgresql import a_server


def described(place: Path | str) -> dict[str, str]:
    database = open_database(place)
    try:
        upgrade(database.writing)
        with database.reading.connect() as connection:
            return describe_schema(connection)
    finally:
        database.dispose()


def write() -> None:
    """Replace what is written down by what is made now."""
    with a_server() as server, tempfile.TemporaryDirectory() as folder:
        found = {
            "postgresql": described(server.address(server.create())),
            "sqlite": described(Path(folder) / "hub.sqlite"),
        }
    EXPECTED.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write()
