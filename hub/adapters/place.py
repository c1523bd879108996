# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A folder that somebody else reads: how does a file appear in it whole, or not at all?

Written under a hidden name, synced, read back, renamed; the folder is synced too. Everything goes
through a descriptor of the folder, so that nobody can put another one in its place meanwhile, and
no link is followed.
"""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import Final

from hub.adapters.base import TargetTrouble
from hub.adapters.forms.document import Document

MODE: Final = 0o640
_CANNOT: Final = frozenset({errno.EINVAL, errno.ENOTSUP, errno.EBADF})
"""What network drives answer that cannot sync a folder; the file itself is synced."""


class Place:
    """One folder, opened."""

    def __init__(self, descriptor: int) -> None:
        self._at = descriptor

    def write(self, document: Document) -> None:
        """Write a document under its hidden name; raises where it reads back as something else."""
        name = hidden(document.name)
        with suppress(FileNotFoundError):
            os.unlink(name, dir_fd=self._at)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        descriptor = os.open(name, flags, MODE, dir_fd=self._at)
        with os.fdopen(descriptor, "wb") as file:
            file.write(document.content)
            file.flush()
            os.fsync(descriptor)
        if self._digest(name) != sha256(document.content).digest():
            raise TargetTrouble(
                "not-kept", "Das Ziel hat etwas anderes gespeichert als geschrieben wurde."
            )

    def show(self, name: str) -> bool:
        """Give a document its name; False where that was done before."""
        try:
            os.rename(hidden(name), name, src_dir_fd=self._at, dst_dir_fd=self._at)
        except FileNotFoundError:
            return False
        return True

    def has(self, name: str) -> bool:
        """Tell whether an ordinary file of this name is there."""
        return self.size(name) is not None

    def size(self, name: str) -> int | None:
        """Return the size of an ordinary file; None where there is none."""
        try:
            about = os.stat(name, dir_fd=self._at, follow_symlinks=False)
        except FileNotFoundError:
            return None
        return about.st_size if stat.S_ISREG(about.st_mode) else None

    def is_hidden(self, name: str) -> bool:
        """Tell whether a document still waits for its name."""
        return self.has(hidden(name))

    def sync(self) -> None:
        """Make names durable, where the drive can."""
        try:
            os.fsync(self._at)
        except OSError as error:
            if error.errno not in _CANNOT:
                raise

    def drop(self, name: str) -> None:
        """Take back what was written and never shown."""
        with suppress(OSError):
            os.unlink(hidden(name), dir_fd=self._at)

    def room(self) -> int:
        """Return how many bytes are free for us."""
        about = os.fstatvfs(self._at)
        return about.f_bavail * about.f_frsize

    def is_open_to_all(self) -> bool:
        """Tell whether anybody on this machine could put files in, or take them away."""
        return bool(os.fstat(self._at).st_mode & stat.S_IWOTH)

    def _digest(self, name: str) -> bytes:
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC
        with os.fdopen(os.open(name, flags, dir_fd=self._at), "rb") as file:
            return sha256(file.read()).digest()


@contextmanager
def opened(folder: Path) -> Iterator[Place]:
    """Open a folder for as long as the block lasts; a link in its place is not followed."""
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(folder, flags)
    try:
        yield Place(descriptor)
    finally:
        os.close(descriptor)


def hidden(name: str) -> str:
    """Return the name under which a file lies that is not there yet; readers skip such names."""
    return f".{name}.part"
