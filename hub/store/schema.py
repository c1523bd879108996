# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which version has the database, and how does it come to the newest?"""

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect

from hub.errors import ReadOnly

MIGRATIONS: Final = Path(__file__).parent / "migrations"


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the tables to a revision, in one transaction."""
    with engine.begin() as connection:
        upgrade_within(connection, revision)


def upgrade_within(connection: Connection, revision: str = "head") -> None:
    """Bring the tables to a revision, in the transaction of the caller."""
    command.upgrade(_config(connection), revision)


def downgrade(engine: Engine, revision: str) -> None:
    """Take the tables back to a revision, in one transaction."""
    with engine.begin() as connection:
        command.downgrade(_config(connection), revision)


def remove(connection: Connection) -> None:
    """Take away every table of a hub, in the transaction of the caller."""
    command.downgrade(_config(connection), "base")
    connection.exec_driver_sql("DROP TABLE alembic_version")


def has_tables(connection: Connection) -> bool:
    """Return whether there is a hub in the database, of whatever version."""
    return inspect(connection).has_table("alembic_version")


def check_current(connection: Connection) -> None:
    """Refuse a database that this version does not know, or that has yet to be upgraded."""
    found, newest = _revisions(connection)
    if found != newest:
        raise ReadOnly(f"The database has schema {found or 'none'}; this version needs {newest}.")


def is_current(connection: Connection) -> bool:
    """Return whether the tables are those of the newest revision."""
    found, newest = _revisions(connection)
    return found == newest


def _revisions(connection: Connection) -> tuple[str | None, str | None]:
    found = MigrationContext.configure(connection).get_current_revision()
    return found, ScriptDirectory.from_config(_config(connection)).get_current_head()


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config
