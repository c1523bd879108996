# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The folder of a witness: its name and keys, what it keeps of each log, and what it has found."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from hub.audit.cosignature import Cosigner
from hub.audit.witness.evidence import Drawer
from hub.audit.witness.shelf import Shelf, write_durably
from hub.errors import ReadOnly

KEYS: Final = ("ed25519.pem", "ml-dsa-44.pem")
"""In the order of the lines; the second is there where the witness was set up with it."""


@dataclass(frozen=True)
class WitnessFolder:
    """Where things are below the folder of a witness."""

    path: Path

    @property
    def is_there(self) -> bool:
        return (self.path / "name").exists()

    @property
    def shelf(self) -> Shelf:
        return Shelf(self.path / "logs")

    @property
    def drawer(self) -> Drawer:
        return Drawer(self.path / "beweise")

    def create(self, name: str, *, post_quantum: bool) -> tuple[Cosigner, ...]:
        """Make the keys of a witness of this name.

        Raises ``FileExistsError`` where one is here already, and ``ValueError`` for a name that
        cannot be one.
        """
        if self.is_there:
            raise FileExistsError(self.path)
        kinds = (Ed25519PrivateKey, MLDSA44PrivateKey) if post_quantum else (Ed25519PrivateKey,)
        privates = [kind.generate() for kind in kinds]
        cosigners = tuple(Cosigner(name, private) for private in privates)
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        for file, private in zip(KEYS, privates, strict=False):
            pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            write_durably(self.path / "keys" / file, pem.decode("ascii"))
        # Last, so that half a witness is none.
        write_durably(self.path / "name", f"{name}\n")
        return cosigners

    def cosigners(self) -> tuple[Cosigner, ...]:
        """Read the keys; raises ``FileNotFoundError`` where there is no witness."""
        name = (self.path / "name").read_text("utf-8").strip()
        files = [self.path / "keys" / file for file in KEYS]
        return tuple(Cosigner(name, _read(file)) for file in files if file.exists())

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the folder for this process alone: two witnesses of one key could contradict.

        Raises ``ReadOnly`` where another process has it; the lock ends with the process.
        """
        descriptor = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            raise ReadOnly("Ein anderer Prozess hat diesen Ordner.") from None
        try:
            yield
        finally:
            os.close(descriptor)


def _read(path: Path) -> Ed25519PrivateKey | MLDSA44PrivateKey:
    key = load_pem_private_key(path.read_bytes(), None)
    if not isinstance(key, Ed25519PrivateKey | MLDSA44PrivateKey):
        raise TypeError("not a key of a witness")
    return key
