# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a sender keeps of its own messages: enough to let one more reader in, and not for long.

The secret of a message opens it whole. It is destroyed once the message is acknowledged, has come
to a final state or is past its end (SL1 § 5).
"""

import json
from dataclasses import dataclass, field
from pathlib import Path

from hub import clock
from hub.client.agency import Agency, write_json
from hub.model.ids import UUID
from hub.model.receipt import FINAL
from hub.sealing.canonical import b64, unb64

DONE = FINAL | {"acknowledged"}


@dataclass(frozen=True)
class Kept:
    """A sent message that its sender can still open to others."""

    message_id: str
    env: str
    end: int
    secret: bytes = field(repr=False)


class Secrets:
    """The secrets of sent messages, each in a file of its own below the unit's state."""

    def __init__(self, agency: Agency) -> None:
        self._folder = agency.path / "state" / "sent"

    def keep(self, kept: Kept) -> None:
        """Keep the secret of a message that was accepted; destroys those past their end."""
        self._folder.mkdir(mode=0o700, exist_ok=True)
        self.destroy_ended(int(clock.now()))
        write_json(
            self._file(kept.message_id),
            {"env": kept.env, "end": kept.end, "secret": b64(kept.secret)},
        )

    def recall(self, message_id: str) -> Kept | None:
        """Return what is kept of a message; None once it is destroyed."""
        try:
            said = json.loads(self._file(message_id).read_bytes())
        except FileNotFoundError:
            return None
        return Kept(message_id, said["env"], said["end"], unb64(said["secret"]))

    def destroy(self, message_id: str) -> None:
        self._file(message_id).unlink(missing_ok=True)

    def destroy_ended(self, now: int) -> None:
        for file in self._folder.glob("*.json"):
            if json.loads(file.read_bytes())["end"] < now:
                file.unlink(missing_ok=True)

    def _file(self, message_id: str) -> Path:
        if not UUID.fullmatch(message_id):
            raise ValueError("not a message id")
        return self._folder / f"{message_id}.json"
