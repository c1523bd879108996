# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A conversation as the hub tells it to one of its two sides."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Thread:
    """What was said, and what this side may say next."""

    id: str
    protocol: str
    closed: bool
    last_position: int
    last_env: str
    allowed: tuple[str, ...]
    messages: tuple[dict[str, Any], ...]
    owed: tuple[str, ...] = ()
    """What this side is expected to say and has not said yet."""
    opener: str = ""
    partner: str = ""
    """Whom the opener talks with now: another than was addressed, once it was passed on."""
    reply_key: str | None = None
    """kid of the person to whom feedback is owed, where this side took the conversation over."""

    @classmethod
    def of(cls, said: dict[str, Any]) -> "Thread":
        messages = tuple(said["messages"])
        # Whoever is no longer a side sees its own messages alone, and may still correct them.
        last = said.get("last") or messages[-1]
        return cls(
            id=said["id"],
            protocol=said["protocol"],
            closed=said["closed"],
            last_position=last["position"],
            last_env=last["env"],
            allowed=tuple(said["allowed"]),
            messages=messages,
            owed=tuple(said.get("owed", ())),
            opener=said.get("opener") or messages[0]["sender"],
            partner=said.get("partner") or messages[0]["recipient"],
            reply_key=said.get("reply_key"),
        )

    def partner_of(self, unit: str) -> str:
        """Return the other side, as it is now."""
        return self.partner if unit == self.opener else self.opener
