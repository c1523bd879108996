# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Does the log of the database go on from where this hub has signed before?

An older copy of the database is consistent in itself: its last checkpoint is genuine, and nothing
in it shows that there was a newer one. So the newest checkpoint is kept once more in a file
outside the database, the guard file. A log that does not extend it was set back, and a hub that
went on from there would sign two histories.

The file is a signed note and nothing else. Nothing here knows the database, so that a signer in a
process of its own can keep the same file by the same rule.
"""

import os
from collections.abc import Sequence
from pathlib import Path

from hub.audit.checkpoint import Checkpoint, verify_checkpoint
from hub.audit.merkle import Unproven, verify_consistency
from hub.audit.note import Verifier


class RolledBack(Unproven):
    """The log does not extend what was signed before."""


def read_guard(path: Path, *verifiers: Verifier) -> Checkpoint | None:
    """Return the checkpoint in the guard file; None where there is no file.

    Raises ``Unproven`` where it is not one that a key of this log signed: what guards nothing must
    not pass for a guard.
    """
    try:
        note = path.read_text("utf-8")
    except FileNotFoundError:
        return None
    except UnicodeDecodeError:
        raise Unproven("not a signed note") from None
    doubts = Unproven("no key to read it by")
    for verifier in verifiers:
        try:
            return verify_checkpoint(note, verifier)
        except Unproven as doubt:
            doubts = doubt
    raise doubts


def write_guard(path: Path, note: str) -> None:
    """Put a signed checkpoint in the place of the one before, wholly or not at all.

    It is on the disk when this returns; after a power cut there is the old file or the new one.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.neu")
    with unfinished.open("w", encoding="utf-8") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(note)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        # A new name is on the disk once its folder is.
        os.fsync(folder)
    finally:
        os.close(folder)


def check_extends(guard: Checkpoint, head: Checkpoint | None, proof: Sequence[bytes]) -> None:
    """Raise ``RolledBack`` unless the log at ``head`` begins with the log at ``guard``.

    ``proof`` is the consistency proof between the two sizes (RFC 9162 § 2.1.4), made from what the
    database holds; where the head is the smaller one there can be none.
    """
    if head is None or head.size < guard.size:
        size = 0 if head is None else head.size
        raise RolledBack(f"the log has {size} entries, and {guard.size} were signed before")
    if head.origin != guard.origin:
        raise RolledBack("it is the log of another hub")
    try:
        verify_consistency(guard.size, head.size, guard.root, head.root, proof)
    except Unproven:
        raise RolledBack("another history was signed before") from None
