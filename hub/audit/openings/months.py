# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Under which key does what opens entries lie on the disk? Each month under another one.

A backup of the opening store is worth as much as the key of its month. That key goes 35 days after
the month; from then on no backup, wherever it lies, brings back what was destroyed since.
"""

import os
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEPT: Final = timedelta(days=35)
"""How long after its month a key stays."""
APART: Final = timedelta(days=7)
"""Between two steps at the least. One that was switched off for months catches up, week by week."""
NONCE: Final = 12
KEY: Final = 32


def month_of(now: float) -> str:
    return datetime.fromtimestamp(now, UTC).strftime("%Y-%m")


class MonthKeys:
    """The keys in one folder, a file for each month. The newest wraps; the others only open."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._keys = {
            path.name: AESGCM(path.read_bytes()) for path in sorted(folder.glob("????-??"))
        }

    @property
    def newest(self) -> str:
        """The month whose key wraps; empty where there is none yet."""
        return max(self._keys, default="")

    def make(self, now: float) -> bool:
        """Make the key of this month, unless there is that or a later one; durable on return.

        A clock that was set back takes no key back. One that is far ahead makes that of the month
        behind the newest and no other: a key of years to come would wrap until then, and what
        backups bring back would never end. Returns whether one was made.
        """
        month = self._next(now)
        if month is None:
            return False
        key, path = secrets.token_bytes(KEY), self._folder / month
        unfinished = path.with_name(f".{month}")
        unfinished.unlink(missing_ok=True)
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(key)
            file.flush()
            os.fsync(file.fileno())
        # By the same clock that is asked when the next one is due.
        os.utime(unfinished, (now, now))
        unfinished.rename(path)
        _sync(self._folder)
        self._keys[month] = AESGCM(key)
        return True

    def _next(self, now: float) -> str | None:
        """Return the month whose key is to be made now; None where none is."""
        month, newest = month_of(now), self.newest
        if not newest or month <= newest:
            return None if newest else month
        made = (self._folder / newest).stat().st_mtime
        # Also where it was made by a clock that was ahead of this one.
        is_time = abs(now - made) >= APART.total_seconds()
        return month_of(_end(newest)) if is_time else None

    def over(self, now: float) -> list[str]:
        """Return the months whose keys have to go by now."""
        older = (month for month in sorted(self._keys) if month != self.newest)
        return [month for month in older if now >= _end(month) + KEPT.total_seconds()]

    def destroy(self, months: Sequence[str]) -> None:
        """Destroy keys; each is overwritten first, for what that is worth on the disks of today."""
        for month in months:
            path = self._folder / month
            with path.open("r+b") as file:
                file.write(bytes(KEY))
                file.flush()
                os.fsync(file.fileno())
            path.unlink()
            del self._keys[month]
        if months:
            _sync(self._folder)

    def wrap(self, plain: bytes, about: str) -> tuple[bytes, str]:
        """Encrypt under the newest key, bound to what it is about; returns bytes and month."""
        nonce, month = os.urandom(NONCE), self.newest
        return nonce + self._keys[month].encrypt(nonce, plain, about.encode()), month

    def unwrap(self, wrapped: bytes, month: str, about: str) -> bytes:
        """Decrypt; raises ``LookupError`` where the key is gone or the bytes are not its."""
        try:
            return self._keys[month].decrypt(wrapped[:NONCE], wrapped[NONCE:], about.encode())
        except (KeyError, ValueError, InvalidTag):
            raise LookupError("not wrapped under a key that is here") from None


def _end(month: str) -> float:
    """Return the second at which a month is over."""
    first = datetime.strptime(month, "%Y-%m").replace(tzinfo=UTC)
    return (first + timedelta(days=32)).replace(day=1).timestamp()


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
