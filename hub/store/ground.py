# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Does what a decision stands on still hold in this transaction? One question, for the writer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, bindparam, func, select

from hub.model.standing import Standing
from hub.store.messages import conversation, message
from hub.store.participants import directory_entry, participant
from hub.store.prepared import Prepared, PreparedFor


@dataclass(frozen=True)
class Asked:
    """Whose ground is asked for: a message, its conversation, its two organisations."""

    message: str
    conversation: str
    sender: str
    recipient: str


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
    changes = select(participant.c.acts + version.scalar_subquery()).where(
        participant.c.organisation == bindparam(party)
    )
    return status.scalar_subquery(), changes.scalar_subquery()


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


def read_ground(connection: Connection, asked: Asked) -> Ground:
    """Return the ground of one message, with one question."""
    row = _GROUND.first(connection, vars(asked))
    client, request, opened, *standings = row
    parties = ((asked.sender, *standings[:2]), (asked.recipient, *standings[2:]))
    return Ground(
        used_by=None if client is None else (client, request),
        is_opened=bool(opened),
        standings=frozenset(Standing(*party) for party in parties if party[1] is not None),
    )


_USED: Final = PreparedFor(
    lambda keys: select(message.c.id, message.c.client, message.c.request).where(
        message.c.id.in_(keys)
    )
)
_OPENED: Final = PreparedFor(
    lambda keys: select(conversation.c.id).where(conversation.c.id.in_(keys))
)
_STANDINGS: Final = PreparedFor(
    lambda keys: select(
        participant.c.organisation,
        participant.c.status,
        participant.c.acts
        + select(func.coalesce(func.max(directory_entry.c.version), 0))
        .where(directory_entry.c.organisation == participant.c.organisation)
        .scalar_subquery(),
    ).where(participant.c.organisation.in_(keys))
)


def read_grounds(connection: Connection, asked: Sequence[Asked]) -> list[Ground]:
    """Return the ground of many messages, with three questions for all of them."""
    ids = [each.message for each in asked]
    used = {row[0]: (row[1], row[2]) for row in _USED.rows(connection, ids)}
    opened = {row[0] for row in _OPENED.rows(connection, [each.conversation for each in asked])}
    parties = sorted({party for each in asked for party in (each.sender, each.recipient)})
    standing = {row[0]: Standing(*row) for row in _STANDINGS.rows(connection, parties)}
    return [
        Ground(
            used_by=used.get(each.message),
            is_opened=each.conversation in opened,
            standings=frozenset(
                standing[party] for party in (each.sender, each.recipient) if party in standing
            ),
        )
        for each in asked
    ]
