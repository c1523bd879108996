# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is handed over: a content that was opened and checked, and what was signed about it."""

from dataclasses import dataclass, field, fields
from typing import Any

from hub.model.json import JsonObject


@dataclass(frozen=True)
class Delivery:
    """One message on its last stretch, from the connector to a target.

    Its id is the key under which it takes effect once: it stands in the name of a file, in the
    name at the other end of a line, and in ``Idempotency-Key``. The id tells nothing about anybody.
    """

    id: str
    """Of the message."""
    conversation: str
    protocol: str
    """With its version: ``schule-mitteilung/1.0.0``."""
    step: str
    urgency: str
    sender: str
    """Unit that signed it."""
    sender_name: str
    """As the verified directory has it."""
    recipient: str
    """Unit that it was addressed to; another than the own one where that one stands in."""
    basis: str
    """Code of the legal basis that the sender signed."""
    issued: int
    """Second at which it was signed."""
    ends: int
    """Second after which nobody may open it any more."""
    received: int
    """Second at which it was opened here."""
    env: str
    """Digest of its envelope: what the receipts are about."""
    position: int
    """Which message of its conversation it is."""
    cause: str | None = None
    """Message that it puts right or takes back."""
    partial: bool = False
    """Some of it is not for this unit; the content is what it can read."""
    is_demo: bool = False
    """Invented, from a hub that holds nothing real; every form says so."""
    content: JsonObject = field(default_factory=dict, repr=False)

    def as_json(self) -> dict[str, Any]:
        """Return facts and content as one JSON object."""
        return {each.name: getattr(self, each.name) for each in fields(self)}

    @classmethod
    def of(cls, said: dict[str, Any]) -> "Delivery":
        """Take what ``as_json`` returned."""
        known = {each.name for each in fields(cls)}
        return cls(**{name: value for name, value in said.items() if name in known})

    @property
    def protocol_id(self) -> str:
        """Protocol without its version."""
        return self.protocol.partition("/")[0]
