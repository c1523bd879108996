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

    @classmethod
    def of(cls, said: dict[str, Any]) -> "Thread":
        messages = tuple(said["messages"])
        return cls(
            id=said["id"],
            protocol=said["protocol"],
            closed=said["closed"],
            last_position=messages[-1]["position"],
            last_env=messages[-1]["env"],
            allowed=tuple(said["allowed"]),
            messages=messages,
            owed=tuple(said.get("owed", ())),
        )

    def partner_of(self, unit: str) -> str:
        """Return the other side."""
        first = self.messages[0]
        return str(first["recipient"] if first["sender"] == unit else first["sender"])
