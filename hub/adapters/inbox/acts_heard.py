# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What was said about the messages that this house has sent? Receipts, each verified first.

A receipt is kept before the hub is told to forget it, so a crash between the two brings it once
more and it is known already.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert

from hub.adapters.connector.house import House
from hub.adapters.connector.tables import heard
from hub.client.saying import subject_of
from hub.model.receipt import EVENT_URN
from hub.sealing.canonical import unb64

KNOWN: Final = frozenset(
    {"taken", "acknowledged", "rejected", "withdrawn", "expired", "overdue", "held", "passed-on"}
)
"""Words that tell people of this house something; of the others it has the receipt by itself."""


@dataclass(frozen=True)
class Heard:
    """One word about an own message."""

    id: str
    message: str
    word: str
    at: int
    to: str | None = None


async def listen(house: House) -> int:
    """Ask for receipts until there are none; returns how many were new. Raises ``Unreachable``."""
    known: tuple[str, ...] = ()
    found = 0
    while sets := await house.hub.events(known):
        words = [_heard(name, jws) for name, jws in sets.items()]
        await house.write(partial(_keep, words=words))
        known, found = tuple(sets), found + len(sets)
    return found


def heard_of(connection: Connection, message: str) -> tuple[Heard, ...]:
    """Return what was said of an own message, in its order."""
    query = select(heard).where(heard.c.message == message).order_by(heard.c.at, heard.c.id)
    return tuple(Heard(**each._asdict()) for each in connection.execute(query))


def forget_heard(connection: Connection, before: int) -> None:
    """Forget what was said long ago."""
    connection.execute(delete(heard).where(heard.c.at < before))


def _heard(name: str, jws: str) -> Heard:
    message, word = subject_of(jws)
    claims: Mapping[str, object] = json.loads(unb64(jws.split(".")[1]))
    events = claims["events"]
    members = events[EVENT_URN + word] if isinstance(events, dict) else {}
    to = members.get("to")
    return Heard(name, message, word, int(str(claims["iat"])), None if to is None else str(to))


def _keep(connection: Connection, words: list[Heard]) -> None:
    for each in words:
        if each.word in KNOWN:
            written = insert(heard).values(**vars(each))
            connection.execute(written.on_conflict_do_nothing(index_elements=["id"]))
