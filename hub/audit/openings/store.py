# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Where do keys and values lie that open the log? In a file apart, whatever the database is.

Never in the hub's database and never in its backup: what is destroyed here must be nowhere else.
A key is on the disk before it is used, and the hub's own transaction says whose it is; so no
crash can part an entry from its key, and no message waits for a second disk.
"""

import secrets
import sqlite3
import stat
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import RLock
from time import monotonic
from typing import Final
from uuid import uuid4

from hub.audit.openings.file import FILE, KEYS, connected, transaction
from hub.audit.openings.key import CONVERSATION, SECRET, ConversationKey, commitment
from hub.audit.openings.months import MonthKeys
from hub.errors import LogUnavailable

SALT: Final = 32
POOL: Final = 2048
"""Keys that lie ready after a quiet moment."""
AT_ONCE: Final = 512
"""Keys that are prepared while somebody waits, where none lies ready."""
CACHED: Final = 8192
"""Keys that stay in memory; a conversation that goes on is asked for again and again."""
PAUSE: Final = 600.0
"""Seconds between two times that the file is written anew."""
OWED: Final = "PRAGMA user_version = 1"
SCRUBBED: Final = "PRAGMA user_version = 0"
NOT_THERE: Final = "Der Öffnungsspeicher ist nicht zu lesen oder nicht zu beschreiben."


class NoSuchKey(LookupError):  # noqa: N818  a state of the store
    """The store is well and has no such key: it was destroyed, or the store is an older one."""


@dataclass(frozen=True)
class Opening:
    """What opens one commitment of one entry."""

    entry_id: str
    member: str
    salt: bytes = field(repr=False)
    value: str = field(repr=False)


@dataclass(frozen=True)
class Old:
    """What still lies under the key of a month that is over."""

    keys: tuple[str, ...] = ()
    entries: tuple[str, ...] = ()

    @property
    def is_all(self) -> bool:
        return not self.keys and not self.entries


class Openings:
    """The opening store of one hub, for its writer and its readers."""

    def __init__(self, folder: Path) -> None:
        """``folder`` may hold no store; then everything is refused until there is one."""
        self._folder = folder
        self._file = folder / FILE
        self._lock = RLock()
        self._connection: sqlite3.Connection | None = None
        self._inode = (0, 0)
        self._rests_until = 0.0
        self._months = MonthKeys(folder / KEYS)
        self._pool: list[tuple[str, bytes]] = []
        self._known: OrderedDict[str, bytes] = OrderedDict()

    def is_well(self) -> bool:
        """Return whether the store can be read and written."""
        try:
            with self._ready() as connection:
                connection.execute("SELECT 1 FROM conversation_key LIMIT 1").fetchone()
        except LogUnavailable:
            return False
        return True

    def take(self, conversation: str) -> ConversationKey:
        """Return a key that nobody has, for a conversation that begins in this transaction.

        Where the transaction comes to nothing the key is left over, and goes at the end of the
        month.
        """
        with self._ready():
            if not self._pool:
                self._prepare(AT_ONCE)
            key_id, secret = self._pool.pop()
            self._remember(key_id, secret)
        return ConversationKey(key_id, conversation, secret)

    def prepare(self, count: int = POOL) -> None:
        """Lay ready so many keys; for moments in which nobody waits."""
        with self._ready():
            if len(self._pool) < count // 2:
                self._prepare(count - len(self._pool))

    def key(self, key_id: str, conversation: str) -> ConversationKey:
        """Return the key of a conversation; raises ``NoSuchKey`` where it is not there."""
        with self._ready() as connection:
            secret = self._known.get(key_id)
            if secret is None:
                secret = self._read(connection, key_id)
            self._remember(key_id, secret)
        return ConversationKey(key_id, conversation, secret)

    def keep(
        self, entry_id: str, member: str, value: str, key: ConversationKey | None = None
    ) -> str:
        """Keep a value and what opens it, on the disk on return; returns the commitment to it.

        An entry that is not committed after all leaves a row that opens nothing.
        """
        salt = key.salt(entry_id, member) if key else secrets.token_bytes(SALT)
        plain, about = salt + value.encode(), _about(entry_id, member)
        with self._ready() as connection, transaction(connection):
            row = (entry_id, member, key.id if key else None, *self._months.wrap(plain, about))
            connection.execute("INSERT INTO opening VALUES (?, ?, ?, ?, ?)", row)
        return commitment(salt, member, value)

    def opening(
        self, entry_id: str, member: str, key: ConversationKey | None = None
    ) -> Opening | None:
        """Return what opens a commitment; None where nothing of it is here.

        To the conversation itself whoever has its key has the opening. Raises ``LookupError`` where
        what lies here was not put here for this entry.
        """
        if key is not None and member == CONVERSATION:
            return Opening(entry_id, member, key.salt(entry_id, member), key.conversation)
        query = "SELECT wrapped, month FROM opening WHERE entry_id = ? AND field = ?"
        with self._ready() as connection:
            row = connection.execute(query, (entry_id, member)).fetchone()
        if row is None:
            return None
        wrapped, month = row
        plain = self._months.unwrap(wrapped, month, _about(entry_id, member))
        return Opening(entry_id, member, plain[:SALT], plain[SALT:].decode())

    def destroy(self, key_ids: Sequence[str]) -> None:
        """Destroy keys with all values that belong to them; nothing brings them back."""
        named = [(key_id,) for key_id in key_ids]
        with self._ready() as connection, transaction(connection):
            connection.executemany("DELETE FROM conversation_key WHERE id = ?", named)
            connection.executemany("DELETE FROM opening WHERE key_id = ?", named)
            connection.execute(OWED)
            for key_id in key_ids:
                self._known.pop(key_id, None)

    def forget(self, entry_ids: Sequence[str]) -> None:
        """Destroy the values of entries whose bodies are gone."""
        named = [(entry_id,) for entry_id in entry_ids]
        with self._ready() as connection, transaction(connection):
            connection.executemany("DELETE FROM opening WHERE entry_id = ?", named)
            connection.execute(OWED)

    def scrub(self, *, at_once: bool = False) -> bool:
        """Write the file anew, where something was destroyed since; returns whether that was done.

        What is destroyed is overwritten where it lies. A row that was moved before may have left a
        copy in a free part of another page, and only a new file has none. Not more often than
        every few minutes, unless somebody waits for it; a reader from outside puts it off.
        """
        with self._ready() as connection:
            if not _is_owed(connection) or (monotonic() < self._rests_until and not at_once):
                return False
            self._rests_until = monotonic() + PAUSE
            try:
                connection.execute("VACUUM")
            except sqlite3.OperationalError:
                return False
            connection.execute(SCRUBBED)
        return True

    def begin_month(self, now: float) -> bool:
        """Wrap under a new key from the first moment of a month; returns whether one was made."""
        with self._ready():
            return self._months.make(now)

    def old(self, limit: int) -> Old:
        """Return what still lies under an older key."""
        with self._ready() as connection:
            values = (self._months.newest, limit)
            keys = "SELECT id FROM conversation_key WHERE month < ? LIMIT ?"
            entries = "SELECT DISTINCT entry_id FROM opening WHERE month < ? LIMIT ?"
            return Old(
                tuple(row[0] for row in connection.execute(keys, values)),
                tuple(row[0] for row in connection.execute(entries, values)),
            )

    def wrap_anew(self, old: Old, used: Old) -> None:
        """Wrap under the newest key what is used, and destroy the rest.

        What nobody used was prepared in vain: its transaction came to nothing, or the process
        ended before its turn.
        """
        with self._ready() as connection, transaction(connection):
            ready = {key_id for key_id, _ in self._pool}
            for key_id in old.keys:
                if key_id in ready or key_id in used.keys:
                    self._wrap_key(connection, key_id)
                else:
                    connection.execute("DELETE FROM conversation_key WHERE id = ?", (key_id,))
            for entry_id in old.entries:
                if entry_id in used.entries:
                    self._wrap_values(connection, entry_id)
                else:
                    connection.execute("DELETE FROM opening WHERE entry_id = ?", (entry_id,))

    def expire(self, now: float) -> list[str]:
        """Destroy the keys of months that are over for long; returns which."""
        with self._ready() as connection:
            ended = [month for month in self._months.over(now) if not _lies(connection, month)]
            self._months.destroy(ended)
            return ended

    def close(self) -> None:
        with self._lock:
            if self._connection is not None:
                self._connection.close()
            self._connection = None
            self._known.clear()
            self._pool.clear()

    @contextmanager
    def _ready(self) -> Iterator[sqlite3.Connection]:
        """Give the store to one thread; raises ``LogUnavailable`` where it is not to be had.

        Looked at each time: a file that was taken away must not be written to in its grave.
        """
        with self._lock:
            try:
                yield self._open()
            except (sqlite3.Error, OSError, KeyError):
                self.close()
                raise LogUnavailable(NOT_THERE) from None

    def _open(self) -> sqlite3.Connection:
        there = self._file.stat()
        if not there.st_mode & stat.S_IWUSR:
            raise PermissionError
        inode = (there.st_dev, there.st_ino)
        if self._connection is None or inode != self._inode:
            self.close()
            self._months = MonthKeys(self._folder / KEYS)
            if not self._months.newest:
                raise FileNotFoundError
            self._connection, self._inode = connected(self._file), inode
        return self._connection

    def _prepare(self, count: int) -> None:
        made = [(str(uuid4()), secrets.token_bytes(SECRET)) for _ in range(count)]
        connection = self._open()
        with transaction(connection):
            connection.executemany(
                "INSERT INTO conversation_key VALUES (?, ?, ?)",
                [(key_id, *self._months.wrap(secret, key_id)) for key_id, secret in made],
            )
        self._pool += made

    def _read(self, connection: sqlite3.Connection, key_id: str) -> bytes:
        query = "SELECT wrapped, month FROM conversation_key WHERE id = ?"
        row = connection.execute(query, (key_id,)).fetchone()
        if row is None:
            raise NoSuchKey("there is no key of this id")
        wrapped, month = row
        try:
            return self._months.unwrap(wrapped, month, key_id)
        except LookupError:
            raise NoSuchKey("the key of its month is gone") from None

    def _remember(self, key_id: str, secret: bytes) -> None:
        self._known[key_id] = secret
        self._known.move_to_end(key_id)
        while len(self._known) > CACHED:
            self._known.popitem(last=False)

    def _wrap_key(self, connection: sqlite3.Connection, key_id: str) -> None:
        try:
            wrapped = self._months.wrap(self._read(connection, key_id), key_id)
        except NoSuchKey:
            # Its month's key is gone, and so is it; what lies there opens nothing any more.
            connection.execute("DELETE FROM conversation_key WHERE id = ?", (key_id,))
            return
        query = "UPDATE conversation_key SET wrapped = ?, month = ? WHERE id = ?"
        connection.execute(query, (*wrapped, key_id))

    def _wrap_values(self, connection: sqlite3.Connection, entry_id: str) -> None:
        query = "SELECT field, wrapped, month FROM opening WHERE entry_id = ?"
        for member, wrapped, month in connection.execute(query, (entry_id,)).fetchall():
            about, place = _about(entry_id, member), (entry_id, member)
            try:
                anew = self._months.wrap(self._months.unwrap(wrapped, month, about), about)
            except LookupError:
                gone = "DELETE FROM opening WHERE entry_id = ? AND field = ?"
                connection.execute(gone, place)
                continue
            change = "UPDATE opening SET wrapped = ?, month = ? WHERE entry_id = ? AND field = ?"
            connection.execute(change, (*anew, *place))


def _is_owed(connection: sqlite3.Connection) -> bool:
    return bool(connection.execute("PRAGMA user_version").fetchone()[0])


def _lies(connection: sqlite3.Connection, month: str) -> bool:
    """Whether anything still lies under the key of a month."""
    asked = ("SELECT 1 FROM conversation_key", "SELECT 1 FROM opening")
    found = (
        connection.execute(f"{each} WHERE month = ? LIMIT 1", (month,)).fetchone() for each in asked
    )
    return any(found)


def _about(entry_id: str, member: str) -> str:
    return f"{entry_id}/{member}"
