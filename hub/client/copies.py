# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which files of this house hold what a message said?

Whoever is to erase a copy has to know where it lies. So each file is remembered before it is
written, with what is needed to sign ``erased`` afterwards: the hub may show nothing of the message
any more by then.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from hub.client.agency import Agency
from hub.client.outbox import Outbox
from hub.client.receiving import Message
from hub.client.saying import Subject
from hub.client.secrets import Secrets
from hub.sealing.canonical import digest
from hub.sealing.envelope import env_digest

_STATE: Final = "copies"


@dataclass(frozen=True)
class Copy:
    """The copy of one message in this house."""

    message: str
    conversation: str
    files: tuple[Path, ...] = ()
    subject: Subject | None = field(default=None, repr=False)
    """What ``erased`` is said about; None of an own message, of which its addressee says it."""
    is_gone: bool = False
    """The files are deleted, and only the word is missing."""


class Copies:
    """The copies of a unit, remembered in its state."""

    def __init__(self, agency: Agency) -> None:
        self._agency = agency

    def __iter__(self) -> Iterator[Copy]:
        return (_copy(name, said) for name, said in self._agency.each(_STATE))

    def find(self, message_id: str) -> Copy | None:
        said = self._agency.fact(_STATE, message_id)
        return None if said is None else _copy(message_id, said)

    def note(self, message: Message, file: Path) -> None:
        """Remember that a file is to hold what a received message says."""
        envelope = message.envelope
        last = digest(message.chain[-1]) if message.chain else None
        about = {
            "sender": envelope.iss,
            "env": env_digest(message.parsed.env),
            "last": last,
        }
        self._note(envelope.jti, envelope.cnv, file, about)

    def note_own(self, message_id: str, conversation: str, file: Path) -> None:
        """Remember that a file holds what an own message says."""
        self._note(message_id, conversation, file, None)

    def delete(self, copy: Copy, *more: Path) -> None:
        """Delete all that holds the message, on the disk as well; then it is known to be gone."""
        for file in dict.fromkeys((*copy.files, *more)):
            _delete(file)
        Secrets(self._agency).destroy(copy.message)
        Outbox(self._agency).remove(copy.message)
        gone = {**_said(copy), "files": [], "gone": True}
        self._agency.remember(_STATE, **{copy.message: gone})

    def forget(self, message_id: str) -> None:
        """Forget a copy whose end is signed."""
        self._agency.revise_beside(_STATE, message_id, lambda kept: _without(kept, message_id))

    def _note(
        self, message_id: str, conversation: str, file: Path, about: dict[str, Any] | None
    ) -> None:
        path = str(file.resolve())

        def change(kept: dict[str, Any]) -> dict[str, Any]:
            files = [each for each in kept.get(message_id, {}).get("files", ()) if each != path]
            said = {"cnv": conversation, "about": about, "files": [*files, path]}
            return {**kept, message_id: said}

        self._agency.revise_beside(_STATE, message_id, change)


def _copy(name: str, said: dict[str, Any]) -> Copy:
    about = said["about"]
    return Copy(
        message=name,
        conversation=said["cnv"],
        files=tuple(Path(each) for each in said["files"]),
        subject=Subject(name, about["sender"], about["env"], about["last"]) if about else None,
        is_gone=said.get("gone", False),
    )


def _said(copy: Copy) -> dict[str, Any]:
    about = copy.subject
    return {
        "cnv": copy.conversation,
        "about": None
        if about is None
        else {"sender": about.sender, "env": about.env, "last": about.last},
    }


def _without(kept: dict[str, Any], name: str) -> dict[str, Any]:
    return {known: said for known, said in kept.items() if known != name}


def _delete(file: Path) -> None:
    """Delete a file, so that a power cut does not bring it back."""
    file.unlink(missing_ok=True)
    if not file.parent.is_dir():
        return
    descriptor = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
