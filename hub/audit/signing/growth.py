# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is a signer asked: may the log go on from there to here?

The body is that of C2SP tlog-witness, ``add-checkpoint``, but for the signature: the checkpoint
bears none yet.
"""

from dataclasses import dataclass
from typing import Protocol

from hub.audit.checkpoint import Checkpoint, parse_text
from hub.audit.merkle import Unproven
from hub.audit.note import Verifier
from hub.audit.witness.request import split_request, write_request
from hub.errors import LogUnavailable


class Behind(LogUnavailable):
    """The signer stands at another size than the hub thought."""

    def __init__(self, size: int) -> None:
        super().__init__(f"The signer has signed {size} entries.")
        self.size = size


@dataclass(frozen=True)
class Growth:
    """The next checkpoint, and what shows that it goes on from the one before."""

    old: int
    proof: tuple[bytes, ...]
    checkpoint: Checkpoint


class Authority(Protocol):
    """Whoever has the log's keys."""

    @property
    def is_elsewhere(self) -> bool:
        """Whether it remembers by itself what it has signed, so that nothing takes it back."""

    def sign(self, growth: Growth, verifiers: tuple[Verifier, ...]) -> str:
        """Return the note with a line of each of these keys, in this order."""

    def has(self, verifier: Verifier) -> bool:
        """Whether it could sign with this key."""

    def reached(self) -> Checkpoint | None:
        """Return what was signed last, where it is kept there."""


def write_growth(growth: Growth) -> bytes:
    """Return the bytes of a request."""
    return write_request(growth.old, growth.proof, f"{growth.checkpoint.text}\n")


def parse_growth(body: bytes) -> Growth:
    """Read a request in its one spelling; nothing about it is verified."""
    old, proof, rest = split_request(body)
    if not rest.endswith("\n\n"):
        raise Unproven("not an unsigned checkpoint")
    return Growth(old, proof, parse_text(rest[:-1]))
