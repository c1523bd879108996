# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Where do contents lie in this house? In one sealed file each, until their end.

The key of the spool lies beside the reading keys and is wrapped as they are; the id of the message
is sealed with the content, so no file can be put in the place of another.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hub import clock
from hub.adapters.delivery import Delivery
from hub.client.receiving import Message
from hub.client.side import Side
from hub.model.ids import UUID
from hub.model.json import JsonObject

_NONCE: Final = 12
_NEW: Final = ".new"
_ACT: Final = ".act"


class SpoolSpoiled(Exception):  # noqa: N818  a finding about the disk, or about who was at it
    """A file of the spool is not what was written; the message has to be leased once more."""


@dataclass(frozen=True)
class Kept:
    """What is kept of a message: what is handed over, and what its answers need."""

    delivery: Delivery
    message: bytes = field(repr=False)
    """The exact bytes, as the hub delivered them."""
    chain: tuple[str, ...] = field(repr=False)
    hidden: tuple[str, ...] = field(repr=False)
    turn: int = 1
    taken: bool = False

    @classmethod
    def of(cls, delivery: Delivery, message: Message) -> "Kept":
        return cls(
            delivery,
            message.raw,
            tuple(message.chain),
            tuple(message.hidden),
            message.turn,
            message.taken,
        )

    def message_at(self, hub: Side, lease: str) -> Message:
        """Return the message as it was when it was kept, to go on with it."""
        return Message(
            hub,
            lease,
            self.message,
            list(self.chain),
            hidden=list(self.hidden),
            content=dict(self.delivery.content),
            turn=self.turn,
            taken=self.taken,
            partial=self.delivery.partial,
        )


class Spool:
    """Sealed files in one folder; each is there whole or not at all."""

    def __init__(self, folder: Path, key: bytes) -> None:
        folder.mkdir(mode=0o700, exist_ok=True)
        self._folder = folder
        self._aead = AESGCM(key)

    def keep(self, kept: Kept) -> None:
        """Seal and put down; on the disk when it returns."""
        name = kept.delivery.id
        self._put(self.file(name), _written(kept), _about(name))

    def read(self, name: str) -> Kept:
        """Open what was kept; raises ``FileNotFoundError`` once it is gone, ``SpoolSpoiled``."""
        return _read(self._get(self.file(name), _about(name)))

    def keep_written(self, name: str, written: JsonObject) -> None:
        """Seal what a person of this house has written for an act; on the disk on return."""
        plain = json.dumps(written, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
        self._put(self._act(name), plain, _about_act(name))

    def read_written(self, name: str) -> JsonObject:
        """Open what was written for an act; raises as ``read`` does."""
        written: JsonObject = json.loads(self._get(self._act(name), _about_act(name)))
        return written

    def delete_written(self, name: str) -> None:
        """Take what was written for an act out of this house."""
        self._act(name).unlink(missing_ok=True)
        self._sync()

    def _put(self, file: Path, plain: bytes, about: bytes) -> None:
        nonce = os.urandom(_NONCE)
        sealed = nonce + self._aead.encrypt(nonce, plain, about)
        new = file.with_suffix(_NEW)
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "wb") as opened:
            opened.write(sealed)
            opened.flush()
            os.fsync(descriptor)
        new.replace(file)
        self._sync()

    def _get(self, file: Path, about: bytes) -> bytes:
        sealed = file.read_bytes()
        try:
            return self._aead.decrypt(sealed[:_NONCE], sealed[_NONCE:], about)
        except (InvalidTag, ValueError):
            raise SpoolSpoiled(file.stem) from None

    def delete(self, name: str) -> None:
        """Take the content out of this house; the log of what became of it stays."""
        self.file(name).unlink(missing_ok=True)
        self._sync()

    def sweep(self) -> None:
        """Delete what broke off while it was written."""
        for file in self._folder.glob(f"*{_NEW}"):
            file.unlink(missing_ok=True)

    def names(self) -> Iterator[str]:
        return (file.name for file in self._folder.iterdir() if UUID.fullmatch(file.name))

    def file(self, name: str) -> Path:
        if not UUID.fullmatch(name):
            raise ValueError("not a message id")
        return self._folder / name

    def acts(self, older: float) -> Iterator[str]:
        """Yield the ids of the acts of which something lies here for longer than these seconds."""
        before = clock.now() - older
        found = self._folder.glob(f"*{_ACT}")
        return (file.stem for file in found if file.stat().st_mtime < before)

    def _act(self, name: str) -> Path:
        return self.file(name).with_suffix(_ACT)

    def _sync(self) -> None:
        # Without this a power cut can take the name of a file whose content is safe.
        descriptor = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _about(name: str) -> bytes:
    return b"meldeweg spool 1 " + name.encode("ascii")


def _about_act(name: str) -> bytes:
    return b"meldeweg spool 1 act " + name.encode("ascii")


def _written(kept: Kept) -> bytes:
    said: dict[str, Any] = {
        "v": 1,
        "delivery": kept.delivery.as_json(),
        "message": kept.message.decode("utf-8"),
        "chain": kept.chain,
        "hidden": kept.hidden,
        "turn": kept.turn,
        "taken": kept.taken,
    }
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def _read(plain: bytes) -> Kept:
    said = json.loads(plain)
    return Kept(
        Delivery.of(said["delivery"]),
        said["message"].encode("utf-8"),
        tuple(said["chain"]),
        tuple(said["hidden"]),
        said["turn"],
        said["taken"],
    )
