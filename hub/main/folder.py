# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The data directory of a hub: keys, network files, a lock, and the database or its address."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from hub.errors import ReadOnly

LONGEST_SOCKET: Final = 107
"""Bytes of the address of a Unix socket (``unix(7)``)."""

_UNFINISHED: Final = ".entsteht-"


@dataclass(frozen=True)
class DataDir:
    """Where things are below the data directory, and where the database is."""

    path: Path
    url: str = field(default="", repr=False)
    """Address of the database where it is no file here; may hold a password."""

    @property
    def database(self) -> Path:
        """The file of the database; only where it has no address."""
        return self.path / "meldeweg.sqlite"

    @property
    def place(self) -> Path | str:
        """Where the database is, whatever it is."""
        return self.url or self.database

    @property
    def is_there(self) -> bool:
        """Whether a hub is set up here."""
        return self.keys.exists() if self.url else self.database.exists()

    @property
    def keys(self) -> Path:
        return self.path / "keys"

    @property
    def openings(self) -> Path:
        """Where the opening store lies; in no backup of anything else."""
        return self.path / "oeffnungen"

    @property
    def networks(self) -> Path:
        return self.path / "networks"

    @property
    def socket(self) -> Path:
        """Where the operator's commands reach a hub that runs."""
        return self.path / "betrieb.sock"

    def check_socket(self) -> None:
        """Refuse, by ``ValueError``, a path at which the system makes no socket."""
        length = len(os.fsencode(self.socket))
        if length > LONGEST_SOCKET:
            raise ValueError(
                f"Der Pfad des Datenverzeichnisses ist um {length - LONGEST_SOCKET} Bytes zu lang."
            )

    def key(self, use: str) -> Path:
        return self.keys / f"{use}.pem"

    def network_files(self) -> tuple[Path, ...]:
        return tuple(sorted(self.networks.glob("*.yaml")))

    def others_may(self) -> int:
        """Return which permissions others than the owner have on the file of the database.

        A folder that nobody else can enter closes what lies in it.
        """
        return self.database.stat().st_mode & 0o077 if self.path.stat().st_mode & 0o011 else 0

    @contextmanager
    def being_made(self) -> Iterator["DataDir"]:
        """Give a folder to build a hub in; where the block ends well, the hub stands here.

        Where it does not, nothing of it does. Raises ``FileExistsError`` where a hub, or the keys
        of one, are here already.
        """
        if self.database.exists() or self.keys.exists():
            raise FileExistsError(self.database)
        is_new = not self.path.exists()
        beside = self.path.parent if is_new else self.path
        beside.mkdir(parents=True, exist_ok=True, mode=0o700)
        unfinished = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=beside))
        try:
            yield DataDir(unfinished, self.url)
            if is_new:
                unfinished.rename(self.path)
            else:
                self._take_over(DataDir(unfinished))
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)

    def _take_over(self, made: "DataDir") -> None:
        """Bring a finished hub into a folder that was there before, perhaps a mounted one.

        The database comes last: until it is here, there is no hub here.
        """
        with self.locked():
            self.path.chmod(0o700)
            self.networks.mkdir(mode=0o700, exist_ok=True)
            for path in made.network_files():
                path.replace(self.networks / path.name)
            made.openings.rename(self.openings)
            made.keys.rename(self.keys)
            if self.url:
                return
            try:
                made.database.rename(self.database)
            except OSError:
                self.keys.rename(made.keys)
                self.openings.rename(made.openings)
                raise

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the directory for this process alone: two writers would write two logs.

        Raises ``ReadOnly`` where another process has it. The lock ends with the process, however
        that ends.
        """
        descriptor = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            raise ReadOnly("Ein anderer Prozess hat dieses Datenverzeichnis.") from None
        try:
            yield
        finally:
            os.close(descriptor)
