# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A server as the database: what makes it keep what it says, and say no more than it may.

The one writing connection holds an advisory lock for as long as it lives. So there is one writer,
and whoever has the lock knows that the connection before his is gone together with its last
commit, whichever way that ended.
"""

import select
from dataclasses import dataclass, field
from typing import Any, Final, Self

import psycopg
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, InvalidatePoolError
from sqlalchemy.pool import QueuePool

from hub.errors import ReadOnly
from hub.store.database import Database, Kind
from hub.store.vacuum import Vacuum

LOCK: Final = int.from_bytes(b"meldeweg")
"""Key of the advisory lock; such locks are counted in each database by itself."""
PATIENCE: Final = "2s"
"""How long a new writing connection waits for the lock: the one before may still be ending."""
OCCUPIED: Final = (
    "Ein anderer Hub schreibt in diese Datenbank. Den anderen anhalten; ist er eben erst "
    "abgestürzt, einige Sekunden warten und noch einmal starten."
)
_COMMON: Final = {
    "timezone": "UTC",
    "search_path": "public",
    "statement_timeout": "300s",
    "lock_timeout": "10s",
    "idle_in_transaction_session_timeout": "120s",
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
}
# With the session the lock would go, and nobody would notice before the next message.
_WRITING: Final = {**_COMMON, "idle_session_timeout": "0"}
_READING: Final = {
    **_COMMON,
    "default_transaction_isolation": "repeatable\\ read",
    "default_transaction_read_only": "on",
}


@dataclass(frozen=True)
class PostgresqlDatabase(Database):
    """One database of a server. What was erased is vacuumed, on a connection of its own."""

    vacuum: Vacuum = field(repr=False)

    @property
    def kind(self) -> Kind:
        return "postgresql"

    def describe(self) -> str:
        version = getattr(self.reading.dialect, "server_version_info", None) or ()
        return " ".join(["PostgreSQL", ".".join(map(str, version))]).rstrip()

    def forget(self) -> bool:
        self.vacuum.ask()
        return True

    def rewrite(self) -> bool:
        """Return True: nobody is to wait for that here (docs/betrieb.md says what can be done)."""
        return True

    def is_spoiled(self, connection: Connection) -> bool:
        raw: Any = connection.connection.driver_connection
        return bool(raw.info.transaction_status is psycopg.pq.TransactionStatus.INERROR)

    def settle(self) -> None:
        """Nothing: the server does it, and ends itself where an fsync fails."""

    def dispose(self) -> None:
        self.vacuum.stop()
        super().dispose()


class SilentCursor(psycopg.Cursor[Any]):
    """Says of an error only what names things of ours; the server quotes keys and values in it."""

    def execute(self, *args: Any, **named: Any) -> Self:
        try:
            return super().execute(*args, **named)
        except psycopg.Error as error:
            raise _withheld(error) from None

    def executemany(self, *args: Any, **named: Any) -> None:
        try:
            super().executemany(*args, **named)
        except psycopg.Error as error:
            raise _withheld(error) from None


class KeepingConnection(psycopg.Connection[Any]):
    """Raises where a commit was none.

    In a transaction in which a statement has failed, the server takes ``COMMIT`` for ``ROLLBACK``
    and reports no error.
    """

    def commit(self) -> None:
        if self.info.transaction_status is psycopg.pq.TransactionStatus.IDLE:
            return
        if self.execute("COMMIT", prepare=False).statusmessage != "COMMIT":
            raise psycopg.errors.InFailedSqlTransaction("the commit was none")


def open_postgresql(address: str) -> PostgresqlDatabase:
    """Prepare for the database at an address; nothing is connected yet."""
    url = parse_address(address)
    writing = _engine(url, "meldeweg writing", _WRITING, pool_size=1)
    reading = _engine(url, "meldeweg reading", _READING, pool_size=4)
    vacuuming = _engine(url, "meldeweg vacuum", _COMMON, pool_size=1)
    for engine in (reading, vacuuming):
        event.listen(engine, "do_connect", _connect)
    event.listen(writing, "do_connect", _connect_alone)
    for engine in (reading, writing):
        event.listen(engine, "checkout", _check_alive)
    return PostgresqlDatabase(writing, reading, Vacuum(vacuuming))


def parse_address(address: str) -> URL:
    """Return an address in its parts, or raise ``ValueError``, which does not repeat it."""
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        url = None
    if url is None or url.drivername not in {"postgresql", "postgresql+psycopg"}:
        raise ValueError("Die Adresse der Datenbank beginnt mit postgresql://.")
    return url.set(drivername="postgresql+psycopg")


def _engine(url: URL, name: str, settings: dict[str, str], pool_size: int) -> Engine:
    given = url.query.get("options", "")
    options = [*([given] if isinstance(given, str) else given)]
    options += [f"-c {key}={value}" for key, value in settings.items()]
    return create_engine(
        url.difference_update_query(["options"]),
        poolclass=QueuePool,
        pool_size=pool_size,
        max_overflow=0,
        hide_parameters=True,
        use_native_hstore=False,
        connect_args={
            "application_name": name,
            "client_encoding": "utf8",
            "connect_timeout": 5,
            "options": " ".join(filter(None, options)),
        },
    )


def _connect(_dialect: object, _record: object, cargs: Any, cparams: Any) -> KeepingConnection:
    try:
        return KeepingConnection.connect(*cargs, **cparams, cursor_factory=SilentCursor)
    except psycopg.Error as error:
        raise _withheld(error) from None


def _connect_alone(dialect: object, record: object, cargs: Any, cparams: Any) -> KeepingConnection:
    """Connect, and take the lock before anybody writes."""
    connection = _connect(dialect, record, cargs, cparams)
    try:
        connection.execute(f"SET LOCAL lock_timeout = '{PATIENCE}'")
        connection.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        connection.commit()
    except BaseException as error:
        connection.close()
        if isinstance(error, psycopg.errors.LockNotAvailable):
            raise ReadOnly(OCCUPIED) from None
        raise
    return connection


def _check_alive(connection: KeepingConnection, _record: object, _proxy: object) -> None:
    """Have a connection made anew, and all of its age, that the server has ended meanwhile.

    That costs no question: on a connection that is idle and well there is nothing to read.
    """
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    if poll.poll(0) and not _answers(connection):
        raise InvalidatePoolError


def _answers(connection: KeepingConnection) -> bool:
    try:
        connection.execute("SELECT 1")
        connection.rollback()
    except psycopg.Error:
        return False
    return True


def _withheld(error: psycopg.Error) -> psycopg.Error:
    return type(error)(_harmless(error))


def _harmless(error: psycopg.Error) -> str:
    sqlstate = error.sqlstate or ""
    if sqlstate.startswith("22") or isinstance(error, psycopg.DataError):
        return "a value is not one that its column takes"
    if sqlstate:
        return error.diag.message_primary or sqlstate
    return "the connection was lost or could not be made"


@dataclass(frozen=True)
class Server:
    """What a server says of itself."""

    version: int
    """As ``server_version_num``: 150018 is 15.18."""
    encoding: str
    fsync: bool
    full_page_writes: bool
    synchronous_commit: str
    data_checksums: bool

    @property
    def is_durable(self) -> bool:
        """Whether a commit is on the disk when it is answered, also after a loss of power."""
        waits = self.synchronous_commit in {"on", "remote_apply"}
        return self.fsync and self.full_page_writes and waits


def read_server(connection: Any) -> Server:
    """Ask a server for the settings on which durability rests."""

    def setting(name: str) -> str:
        return str(connection.exec_driver_sql(f"SHOW {name}").scalar_one())

    return Server(
        version=int(setting("server_version_num")),
        encoding=setting("server_encoding"),
        fsync=setting("fsync") == "on",
        full_page_writes=setting("full_page_writes") == "on",
        synchronous_commit=setting("synchronous_commit"),
        data_checksums=setting("data_checksums") == "on",
    )


def is_full(trouble: BaseException | None) -> bool:
    """Whether a server said that its disk is full."""
    return isinstance(trouble, psycopg.errors.DiskFull)
