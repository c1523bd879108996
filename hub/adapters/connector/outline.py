# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What has to be known of a delivery without opening it: its sender's name, its clock, its place.

A list of what is waiting is made of these; contents stay sealed while somebody only looks at it.
"""

import json
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection
from sqlalchemy.dialects.sqlite import insert

from hub.adapters.connector.tables import outline
from hub.adapters.delivery import Delivery
from hub.model.receipt import EVENT_URN
from hub.sealing.canonical import unb64

_ACCEPTED: Final = "accepted"


@dataclass(frozen=True)
class Outline:
    """One delivery from outside."""

    message: str
    sender_name: str
    position: int
    cause: str | None = None
    acknowledged_by: int | None = None
    """When the hub expects a person to have taken note; None where it did not say so."""
    overdue_at: int | None = None
    """When the sender is told that nobody has."""

    @classmethod
    def of(cls, delivery: Delivery, chain: tuple[str, ...] | list[str]) -> "Outline":
        """Take what a delivery and the receipts before it say."""
        due = _due(chain[0]) if chain else {}
        return cls(
            delivery.id,
            delivery.sender_name,
            delivery.position,
            delivery.cause,
            due.get("acknowledged"),
            due.get("overdue"),
        )


def put_outline(connection: Connection, said: Outline) -> None:
    values = vars(said)
    written = insert(outline).values(**values)
    connection.execute(written.on_conflict_do_update(index_elements=["message"], set_=values))


def _due(jws: str) -> dict[str, int]:
    """Return the clocks out of the first receipt; it came from the hub, whose clocks they are."""
    claims: dict[str, Any] = json.loads(unb64(jws.split(".")[1]))
    said = claims.get("events", {}).get(EVENT_URN + _ACCEPTED, {})
    return {name: at for name, at in said.get("due", {}).items() if isinstance(at, int)}
