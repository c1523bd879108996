# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which messages were sealed here and have no answer yet?

A message lies here before its first byte leaves the house. An answer that was lost on the way is
asked for again with the same bytes, after a crash too; composed anew it would be a second notice.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from hub.client.agency import Agency, write_json
from hub.client.answers import Refused
from hub.client.drafts import Draft
from hub.model.ids import UUID
from hub.sealing.canonical import b64, unb64
from hub.sealing.seal import Sealed

PASSING: Final = frozenset({401, 408, 425, 429})
"""Refusals of the line or of the hour, which say nothing about the message."""
_TEXTS: Final = ("id", "to", "step", "protocol", "conversation", "end", "wish")


class Outbox:
    """Drafts on their way, each in a file of its own below the unit's state."""

    def __init__(self, agency: Agency) -> None:
        self._folder = agency.path / "state" / "outbox"

    def __iter__(self) -> Iterator[Draft]:
        """Go through what has no answer yet, the oldest first."""
        # Another process of this unit may finish one meanwhile. Ids do not tell when all were made.
        found = [(_made_at(file), file.stem) for file in self._folder.glob("*.json")]
        drafts = (self.load(name) for _, name in sorted(found))
        return (draft for draft in drafts if draft is not None)

    def keep(self, draft: Draft) -> None:
        """Keep a draft durably, as it will be sent; once kept, it stays as it is."""
        self._folder.mkdir(mode=0o700, exist_ok=True)
        if not self._file(draft.id).exists():
            write_json(self._file(draft.id), _as_json(draft))

    def load(self, message_id: str) -> Draft | None:
        """Return a draft without an answer; None where there is none of this id."""
        try:
            return _draft(json.loads(self._file(message_id).read_bytes()))
        except FileNotFoundError:
            return None

    def find(self, wish: str) -> Draft | None:
        """Return the draft that was composed from the same wish (``Wish.mark``)."""
        return next((draft for draft in self if draft.wish == wish), None)

    def remove(self, message_id: str) -> None:
        """Forget a draft that has its answer; its secret goes with it."""
        self._file(message_id).unlink(missing_ok=True)

    def remove_refused(self, message_id: str, refused: Refused) -> None:
        """Forget a draft that the hub will never take."""
        if refused.is_rule and refused.status not in PASSING:
            self.remove(message_id)

    def _file(self, message_id: str) -> Path:
        if not UUID.fullmatch(message_id):
            raise ValueError("not a message id")
        return self._folder / f"{message_id}.json"


def _made_at(file: Path) -> int:
    try:
        return file.stat().st_mtime_ns
    except FileNotFoundError:
        return 0


def _as_json(draft: Draft) -> dict[str, Any]:
    return {
        "v": 1,
        **{name: getattr(draft, name) for name in _TEXTS},
        "env": draft.sealed.env,
        "secret": b64(draft.sealed.secret),
        "body": b64(draft.body),
    }


def _draft(said: dict[str, Any]) -> Draft:
    body = unb64(said["body"])
    # What proves single fields is not kept: it is for whoever composed, and for no retry.
    sealed = Sealed(raw=body, env=said["env"], secret=unb64(said["secret"]), disclosures={})
    return Draft(body=body, sealed=sealed, **{name: said[name] for name in _TEXTS})
