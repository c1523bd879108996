# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Is this entry in the log (C2SP tlog-proof, version 1)?

A proof needs nothing beside it but the entry and the log's key. Its line ``extra`` carries the
entry as bytes; it proves nothing of itself, and only the hash that it leads to counts.
"""

import base64
import re
from dataclasses import dataclass
from typing import Final

from hub.audit.checkpoint import Checkpoint, verify_checkpoint
from hub.audit.merkle import Unproven, leaf_hash, verify_inclusion
from hub.audit.note import Verifier, read_base64
from hub.audit.tile import HASH

HEADER: Final = "c2sp.org/tlog-proof@v1"
MAX_PATH: Final = 64
_INDEX: Final = re.compile(r"index (0|[1-9][0-9]{0,15})")


@dataclass(frozen=True)
class Proof:
    """The way from one leaf to a signed root; nothing about it is verified."""

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: str
    """The signed note."""
    extra: bytes | None = None
    """The entry's bytes; None once its body is pruned."""

    @property
    def entry(self) -> bytes | None:
        """The entry's bytes, as far as the proof carries them."""
        return self.extra

    @property
    def text(self) -> str:
        """The proof as it is handed out and kept (``.tlog-proof``)."""
        extra = [] if self.extra is None else [f"extra {_base64(self.extra)}"]
        lines = [HEADER, *extra, f"index {self.index}", *map(_base64, self.hashes), ""]
        return "\n".join(lines) + "\n" + self.checkpoint


def parse_proof(text: str) -> Proof:
    """Read a proof in its one spelling; nothing about it is verified."""
    head, separator, checkpoint = text.partition("\n\n")
    header, *lines = head.split("\n")
    if header != HEADER or not separator:
        raise Unproven("not a proof")
    extra = None
    if lines and lines[0].startswith("extra "):
        extra = read_base64(lines.pop(0).removeprefix("extra "))
    index = _INDEX.fullmatch(lines[0]) if lines else None
    if index is None or len(lines) > MAX_PATH:
        raise Unproven("not a proof")
    hashes = tuple(map(read_base64, lines[1:]))
    if any(len(hashed) != HASH for hashed in hashes) or extra == b"":
        raise Unproven("not a proof")
    return Proof(int(index[1]), hashes, checkpoint, extra)


def verify_proof(
    proof: Proof, verifier: Verifier, entry: bytes | None = None, origin: str | None = None
) -> Checkpoint:
    """Return the checkpoint that contains the entry; without ``entry``, that in ``extra``.

    Raises ``Unproven`` also where the two differ: then somebody was shown one entry and given the
    proof of another.
    """
    leaf = proof.extra if entry is None else entry
    if leaf is None:
        raise Unproven("there is no entry to prove")
    if proof.extra is not None and proof.extra != leaf:
        raise Unproven("the proof carries another entry")
    checkpoint = verify_checkpoint(proof.checkpoint, verifier, origin)
    verify_inclusion(leaf_hash(leaf), proof.index, checkpoint.size, proof.hashes, checkpoint.root)
    return checkpoint


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
