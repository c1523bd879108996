# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Witnesses for tests, and logs that they watch: real keys, real trees, real files."""

from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

from hub.audit.checkpoint import Checkpoint, sign_checkpoint
from hub.audit.cosignature import Cosigner
from hub.audit.merkle import consistency_proof, leaf_hash, push, range_hash, root
from hub.audit.note import Signer
from hub.audit.witness.evidence import Contradiction, Drawer
from hub.audit.witness.request import write_request
from hub.audit.witness.shelf import Shelf
from hub.audit.witness.watching import Answer, Witness
from tests.unit.audit.builders import a_private_key, a_signer

NAME: Final = "zeuge.invalid/1"
BEGIN: Final = 1_790_000_000


def a_cosigner(name: str = NAME) -> Cosigner:
    return Cosigner(name, a_private_key(name))


def a_later_cosigner(name: str = NAME) -> Cosigner:
    """Return one whose lines also hold against quantum computers."""
    seed = sha256(name.encode()).digest()
    return Cosigner(name, MLDSA44PrivateKey.from_seed_bytes(seed))


@dataclass
class Watched:
    """A log of numbered leaves, which can also tell another story from some leaf on."""

    signer: Signer = field(default_factory=a_signer)
    forked_at: int = 2**31
    """The first leaf of which it tells another one."""

    def leaf(self, number: int) -> bytes:
        story = "another" if number >= self.forked_at else "one"
        return leaf_hash(f"{story} {number}".encode())

    def node(self, height: int, index: int) -> bytes:
        first = index << height
        frontier: tuple[bytes, ...] = ()
        for number in range(1 << height):
            frontier = push(frontier, number, self.leaf(first + number))
        return root(frontier)

    def note(self, size: int) -> str:
        head = Checkpoint(self.signer.verifier.name, size, range_hash(0, size, self.node))
        return sign_checkpoint(head, self.signer)

    def proof(self, old: int, new: int) -> tuple[bytes, ...]:
        return tuple(consistency_proof(old, new, self.node))

    def request(self, old: int, new: int) -> bytes:
        """Return what the log sends to go from one size to another."""
        return write_request(old, self.proof(old, new), self.note(new))


@dataclass
class Office:
    """A witness in a folder of its own, with a clock that stands still."""

    folder: Path
    cosigners: tuple[Cosigner, ...] = field(default_factory=lambda: (a_cosigner(),))
    now: float = BEGIN
    found: list[Contradiction] = field(default_factory=list)

    def open(self) -> Witness:
        """Open the witness anew, as after its process has ended."""
        shelf, drawer = Shelf(self.folder / "logs"), Drawer(self.folder / "beweise")
        return Witness(self.cosigners, shelf, drawer, lambda: self.now, self.found.append)

    def watch(self, log: Watched) -> None:
        Shelf(self.folder / "logs").add(log.signer.verifier)

    def add(self, body: bytes) -> Answer:
        return self.open().add(body)
