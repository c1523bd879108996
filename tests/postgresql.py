# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A real PostgreSQL server for tests: started by the process that needs one, and gone with it.

It listens on a Unix socket in a folder of its own, as a user without rights, with everything on
that durability rests on. Its databases sort by a German collation, so that nothing of ours rests
on the order of bytes where it does not say so.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any, Final

import psycopg

from hub.store.digest import ON_POSTGRESQL as DESCRIBE

ROLE: Final = "meldeweg"
"""Owner of the databases: no superuser, as in a town hall."""
SUPERUSER: Final = "postgres"
SETTINGS: Final = {
    "listen_addresses": "",
    "autovacuum": "off",
    "max_connections": "60",
    "shared_buffers": "32MB",
    "jit": "off",
    "max_wal_senders": "0",
    "wal_level": "minimal",
    "checkpoint_timeout": "1h",
    "log_min_messages": "log",
}
FIRST_OF_USERS: Final = 16_384
"""From this number on a file is not one of the server's own tables."""
LOCALE: Final = ("--encoding=UTF8", "--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=de")


def binaries() -> Path | None:
    """Return where the programs of the newest server on this machine are, if there is one."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parts[4]))
    return next((path for path in reversed(found) if (path / "initdb").exists()), None)


class Server:
    """One server with databases that come and go."""

    def __init__(self, folder: Path, bin_: Path) -> None:
        self.folder = folder
        self.said = folder / "said"
        """What it writes on its error output."""
        self._bin = bin_
        self._user = _somebody()
        self._process: subprocess.Popen[str] | None = None
        self._numbers = count(1)

    def make(self) -> None:
        """Lay out an empty server; its files are the user's alone."""
        if self._user is not None:
            os.chown(self.folder, self._user.pw_uid, self._user.pw_gid)
        subprocess.run(
            [
                self._bin / "initdb",
                *("-D", self._data, "-U", SUPERUSER),
                *("--auth=trust", "--data-checksums", "--no-sync", "--no-instructions"),
                *LOCALE,
            ],
            check=True,
            capture_output=True,
            **self._as_user(),
        )

    def start(self) -> None:
        """Start it, and wait until it says that it is ready."""
        ready = threading.Event()
        # The system ends the server with the thread that started it; this one lasts as long.
        threading.Thread(target=self._attend, args=(ready,), daemon=True).start()
        assert ready.wait(60)
        assert self._process is not None
        assert self._process.poll() is None, self.said.read_text(encoding="utf-8")

    def _attend(self, ready: threading.Event) -> None:
        settings = {**SETTINGS, "unix_socket_directories": str(self.folder)}
        given = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        process = self._process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "INT", self._bin / "postgres", "-D", self._data, *given],
            stderr=subprocess.PIPE,
            text=True,
            **self._as_user(),
        )
        assert process.stderr is not None
        with process.stderr, self.said.open("a", encoding="utf-8") as file:
            for line in process.stderr:
                file.write(line)
                file.flush()
                if "ready to accept connections" in line:
                    ready.set()
        ready.set()

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """End it: SIGINT breaks connections off, SIGQUIT is as a crash."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(60)
            self._process = None

    def address(self, database: str, role: str = ROLE) -> str:
        return f"postgresql://{role}@/{database}?host={self.folder}"

    def run(self, statement: str, database: str = "postgres") -> list[tuple[object, ...]]:
        """Run a statement as the superuser, and return its rows."""
        with psycopg.connect(self.address(database, SUPERUSER), autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def create(self, template: str = "template0") -> str:
        """Make a database and return its name."""
        name = f"db{next(self._numbers)}"
        self.run(f"CREATE DATABASE {name} OWNER {ROLE} TEMPLATE {template}")
        return name

    def empty(self, name: str) -> int:
        """Take every row out of a hub's database, and return a fingerprint of what is left."""
        with psycopg.connect(self.address(name, SUPERUSER), autocommit=True) as connection:
            connection.execute(_EMPTY)
            left = sorted(connection.execute(DESCRIBE.encode()).fetchall())
            if connection.execute("SELECT to_regclass('alembic_version')").fetchone() != (None,):
                left += connection.execute("SELECT 'version', version_num FROM alembic_version")
            return hash(tuple(left))

    def files(self, address: str, since: float) -> dict[str, list[Path]]:
        """Return the files in which what was sent to a database since then could be found."""
        name = address.partition("?")[0].rpartition("/")[2]
        [(number,)] = self.run(f"SELECT oid FROM pg_database WHERE datname = '{name}'")  # noqa: S608
        tables = (self._data / "base" / str(number)).glob("[0-9]*")
        journal = self._data.glob("pg_wal/[0-9A-F]*")
        return {
            "server tables": [path for path in tables if _number(path) >= FIRST_OF_USERS],
            "server journal": [path for path in journal if path.stat().st_mtime >= since],
            "server log": [self.said],
        }

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    def _as_user(self) -> dict[str, Any]:
        environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
        if self._user is None:
            return {"env": environment, "cwd": self.folder}
        ids = {"user": self._user.pw_uid, "group": self._user.pw_gid, "extra_groups": []}
        return {"env": environment, "cwd": self.folder, **ids}


@contextmanager
def a_server() -> Iterator[Server]:
    """Make a server, run it, and leave nothing of it."""
    bin_ = binaries()
    assert bin_ is not None, "PostgreSQL fehlt: make test richtet es ein."
    folder = Path(tempfile.mkdtemp(prefix="mw-pg-"))
    server = Server(folder, bin_)
    try:
        server.make()
        server.start()
        server.run(f"CREATE ROLE {ROLE} LOGIN")
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _number(path: Path) -> int:
    return int(path.name.partition("_")[0].partition(".")[0])


_EMPTY: Final = b"""
DO $$
DECLARE
  tables text; each record;
BEGIN
  SELECT string_agg(quote_ident(relname), ', ') INTO tables FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'alembic_version';
  FOR each IN SELECT tgrelid::regclass AS owner, tgname FROM pg_trigger
    WHERE NOT tgisinternal AND tgenabled = 'A' AND tgtype & 32 <> 0
  LOOP
    EXECUTE format('ALTER TABLE %s DISABLE TRIGGER %I', each.owner, each.tgname);
  END LOOP;
  IF tables IS NULL THEN
    RETURN;
  END IF;
  EXECUTE 'TRUNCATE ' || tables;
  FOR each IN SELECT tgrelid::regclass AS owner, tgname FROM pg_trigger
    WHERE NOT tgisinternal AND tgenabled = 'D' AND tgtype & 32 <> 0
  LOOP
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', each.owner, each.tgname);
  END LOOP;
END $$"""
"""Only a superuser gets past the triggers against truncation (32 is TRUNCATE in ``tgtype``)."""


def _somebody() -> pwd.struct_passwd | None:
    """Return whom the server runs as; it refuses to run as root."""
    if os.geteuid() != 0:
        return None
    names = {user.pw_name: user for user in pwd.getpwall()}
    return names.get("postgres") or names["nobody"]
