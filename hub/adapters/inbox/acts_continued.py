# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which conversations does this house go on with, since they were passed on to it?

Whoever takes note of a notice that another Jugendamt has passed on owes from then on what that one
owed: above all the feedback to the person who has reported first (§ 4 Abs. 4 KKG).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert

from hub.adapters.connector.house import House
from hub.adapters.connector.rows import Row
from hub.adapters.connector.tables import continued
from hub.client.passing import OPENING, PASSING_ON


@dataclass(frozen=True)
class Continued:
    """One conversation of before, and the message with which it came here."""

    conversation: str
    message: str
    protocol: str
    """With its version."""
    at: int


async def learn(row: Row, house: House) -> None:
    """Ask the hub what goes on with a message that a person has just taken note of.

    Each is verified against the word with which it was passed on. Raises ``Untrustworthy``.
    """
    if (row.protocol.partition("/")[0], row.step) != (PASSING_ON, OPENING):
        return
    threads = await house.hub.continued(row.id)
    found = [Continued(each.id, row.id, each.protocol, house.second) for each in threads]
    await house.write(partial(_put, found=found))


def continued_with(connection: Connection, message: str) -> tuple[Continued, ...]:
    """Return what goes on with a message."""
    query = select(continued).where(continued.c.message == message)
    return tuple(
        Continued(**each._asdict())
        for each in connection.execute(query.order_by(continued.c.conversation))
    )


def forget_continued(connection: Connection, before: int) -> None:
    """Forget what was taken over long ago."""
    connection.execute(delete(continued).where(continued.c.at < before))


def _put(connection: Connection, found: Sequence[Continued]) -> None:
    for each in found:
        written = insert(continued).values(**vars(each))
        connection.execute(written.on_conflict_do_nothing(index_elements=["conversation"]))
