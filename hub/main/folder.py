# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The data directory of a hub: database, keys, network files, and a lock."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hub.errors import ReadOnly

LONGEST_SOCKET: Final = 107
"""Bytes of the address of a Unix socket (``unix(7)``)."""


@dataclass(frozen=True)
class DataDir:
    """Where things are below the data directory."""

    path: Path

    @property
    def database(self) -> Path:
        return self.path / "meldeweg.sqlite"

    @property
    def keys(self) -> Path:
        return self.path / "keys"

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
            raise ReadOnly("Another process has this data directory.") from None
        try:
            yield
        finally:
            os.close(descriptor)
