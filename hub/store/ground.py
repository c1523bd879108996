# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Does what a decision stands on still hold in this transaction? One question, for the writer."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, bindparam, func, select

from hub.model.standing import Standing
from hub.store.messages import conversation, message
from hub.store.participants import directory_entry, participant
from hub.store.prepared import Prepared


@dataclass(frozen=True)
class Ground:
    """What can have changed between the snapshot of a decision and its transaction."""

    used_by: tuple[str, str] | None
    """Which client has used the id of the message, and for which bytes."""
    is_opened: bool
    """Whether the conversation is there."""
    standings: frozenset[Standing]
    """Of sender and recipient, as far as they are known."""


def _of_message(column: Any) -> Any:
    return select(column).where(message.c.id == bindparam("message")).scalar_subquery()


def _standing_of(party: str) -> tuple[Any, Any]:
    status = select(participant.c.status).where(participant.c.organisation == bindparam(party))
    version = select(func.coalesce(func.max(directory_entry.c.version), 0)).where(
        directory_entry.c.organisation == bindparam(party)
    )
    return status.scalar_subquery(), version.scalar_subquery()


_GROUND: Final = Prepared(
    select(
        _of_message(message.c.client),
        _of_message(message.c.request),
        select(func.count())
        .select_from(conversation)
        .where(conversation.c.id == bindparam("conversation"))
        .scalar_subquery(),
        *_standing_of("sender"),
        *_standing_of("recipient"),
    )
)


def read_ground(
    connection: Connection, message_id: str, conversation_id: str, sender: str, recipient: str
) -> Ground:
    """Return the ground of a message between two organisations."""
    row = _GROUND.first(
        connection,
        {
            "message": message_id,
            "conversation": conversation_id,
            "sender": sender,
            "recipient": recipient,
        },
    )
    client, request, opened, *standings = row
    parties = ((sender, *standings[:2]), (recipient, *standings[2:]))
    return Ground(
        used_by=None if client is None else (client, request),
        is_opened=bool(opened),
        standings=frozenset(Standing(*party) for party in parties if party[1] is not None),
    )
