# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What does the log say of itself: how many entries, and with which root (C2SP tlog-checkpoint)?"""

import base64
import re
from dataclasses import dataclass
from typing import Final

from hub.audit.merkle import Unproven
from hub.audit.note import Signer, Verifier, read_base64, verify_note
from hub.audit.tile import HASH

_SIZE: Final = re.compile(r"0|[1-9][0-9]{0,15}")
_LINES: Final = 3


def origin_of(hub_id: str) -> str:
    """Return the name of a hub's log, which is also the name of the log's key."""
    return f"{hub_id}/log"


def origin_of_reading(hub_id: str, unit: str) -> str:
    """Return the name of the log in which a unit of this hub enters who of its people read."""
    return f"{hub_id}/lesebuch/{unit}"


@dataclass(frozen=True)
class Checkpoint:
    """Size and root of a log; signed, it binds the log for ever."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode('ascii')}\n"


def sign_checkpoint(checkpoint: Checkpoint, signer: Signer) -> str:
    """Return the signed note of a checkpoint."""
    return signer.sign(checkpoint.text)


def parse_text(text: str) -> Checkpoint:
    """Read the text of a checkpoint; extension lines are refused, since nobody would check them."""
    lines = text.split("\n")
    if len(lines) != _LINES + 1 or lines[-1] or not lines[0] or not _SIZE.fullmatch(lines[1]):
        raise Unproven("not a checkpoint")
    root = read_base64(lines[2])
    if len(root) != HASH:
        raise Unproven("not a checkpoint")
    return Checkpoint(lines[0], int(lines[1]), root)


def verify_checkpoint(note: str, verifier: Verifier, origin: str | None = None) -> Checkpoint:
    """Return the checkpoint of a note that the log's key signed, for its own log alone."""
    checkpoint = parse_text(verify_note(note, verifier))
    if checkpoint.origin != (origin or verifier.name):
        raise Unproven("a checkpoint of another log")
    return checkpoint
