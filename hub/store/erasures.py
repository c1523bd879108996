# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which conversations may be forgotten, which are just being, and what goes with one?

A row of ``erasure`` stands from the first step, in which the log says so, to the last, in which
what the hub knew is gone; whoever finds one goes on where it was left.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import (
    Connection,
    Select,
    and_,
    bindparam,
    column,
    delete,
    exists,
    insert,
    or_,
    select,
    table,
    text,
    update,
)

from hub.sealing.canonical import digest
from hub.store.due import Due, Ids
from hub.store.duty import IS_OPEN, duty
from hub.store.evaluation import answered_within
from hub.store.holds import held_message, hold, is_held
from hub.store.messages import conversation, erasure, message
from hub.store.passing import passing
from hub.store.receipts import receipt
from hub.store.rewriting import note_erased

# The tables of the log are another part's; the first of these goes with the conversation.
_FOUND: Final = table("conversation_entry", column("key_id"))
_BODY: Final = table("audit_body", column("event_id"), column("body"))
_AT_ONCE: Final = 1000
_HERE: Final = message.c.conversation == conversation.c.id
_IS_CLOSED: Final = text("conversation.closed_at IS NOT NULL")
_UNSETTLED: Final = or_(
    message.c.body.is_not(None),
    message.c.due_next.is_not(None),
    exists().where(duty.c.message_id == message.c.id, IS_OPEN),
)
_other: Final = message.alias("other")
_others: Final = conversation.alias("others")
_LINKED: Final = (
    exists()
    .where(
        or_(
            and_(passing.c.message_id == message.c.id, passing.c.by_message == _other.c.id),
            and_(passing.c.by_message == message.c.id, passing.c.message_id == _other.c.id),
        ),
        _other.c.conversation == _others.c.id,
        _others.c.closed_at.is_(None),
    )
    .correlate(message)
)


def _due() -> Select[tuple[str]]:
    """Ask for what ended before a moment, with nothing about it since."""
    late = exists().where(
        receipt.c.message_id == message.c.id, receipt.c.entered_at >= bindparam("before")
    )
    kept = exists().where(_HERE, or_(_UNSETTLED, late, _LINKED, held_message()))
    return (
        select(conversation.c.id)
        .where(
            _IS_CLOSED,
            conversation.c.closed_at < bindparam("before"),
            ~exists().where(erasure.c.key_id == conversation.c.key_id),
            ~exists().where(hold.c.subject == conversation.c.id),
            ~kept,
        )
        .order_by(conversation.c.closed_at)
    )


_DUE: Final = Due(conversation.c.id, _due())


@dataclass(frozen=True)
class Gone:
    """What an entry says of a message that is forgotten."""

    message: str
    env: str
    """Digest of the envelope, as its receipts name it."""
    step: str
    """Protocol and step."""


@dataclass(frozen=True)
class Beginning:
    """A conversation with the entry of its first message, which its key has to open."""

    key_id: str
    conversation: str
    event_id: str
    entry: bytes


@dataclass(frozen=True)
class Erasure:
    """A conversation that is being forgotten."""

    key_id: str
    conversation: str


def due_to_forget(
    connection: Connection, before: int, limit: int, among: Ids = None
) -> tuple[str, ...]:
    """Return conversations that ended before a moment, and that nothing keeps."""
    return _DUE.found(connection, {"before": before, "most": limit}, among)


def what_keeps(connection: Connection, conversation_id: str) -> str | None:
    """Return in German what keeps a conversation that is over; None where nothing does."""
    mine = message.c.conversation == conversation_id
    if connection.execute(select(message.c.id).where(mine, _UNSETTLED)).first():
        return "Der Inhalt einer Nachricht wird noch gebraucht; er wird vorher gelöscht."
    if connection.execute(select(message.c.id).where(mine, _LINKED)).first():
        return "Ein Vorgang, in dem er weitergeht, läuft noch."
    if is_held(
        connection, conversation_id, [each.message for each in gone_of(connection, conversation_id)]
    ):
        return "Die Löschung ist ausgesetzt (meldeweg audit hold list)."
    return None


def gone_of(connection: Connection, conversation_id: str) -> tuple[Gone, ...]:
    """Return what is to be said of each message of a conversation."""
    columns = (message.c.id, message.c.env, message.c.protocol, message.c.step)
    rows = connection.execute(
        select(*columns)
        .where(message.c.conversation == conversation_id)
        .order_by(message.c.position)
    )
    return tuple(
        Gone(row.id, digest(row.env.rpartition(".")[0]), f"{row.protocol}/{row.step}")
        for row in rows
    )


def is_being_erased(connection: Connection, conversation_id: str) -> bool:
    """Return whether the log says that a conversation is forgotten, and it is still here."""
    asked = select(erasure.c.key_id).where(erasure.c.conversation == conversation_id)
    return connection.execute(asked).first() is not None


def beginnings(connection: Connection) -> Iterator[Beginning]:
    """Yield every conversation that nobody is forgetting, with the entry that it began with."""
    query = (
        select(conversation.c.key_id, conversation.c.id, _BODY.c.event_id, _BODY.c.body)
        .join(message, message.c.conversation == conversation.c.id)
        .join(_BODY, _BODY.c.event_id == message.c.audit_id)
        .where(message.c.position == 1, ~exists().where(erasure.c.key_id == conversation.c.key_id))
    )
    streaming = connection.execution_options(stream_results=True, yield_per=_AT_ONCE)
    with streaming.execute(query) as rows:
        yield from (Beginning(*row) for row in rows)


def add_erasure(connection: Connection, begun: Erasure, now: int) -> None:
    """Begin to forget; from here on nothing is done with the conversation any more."""
    connection.execute(insert(erasure).values(**vars(begun), asked_at=now))


def pending_erasures(connection: Connection, limit: int) -> tuple[Erasure, ...]:
    """Return what was begun and is not done."""
    columns = (erasure.c.key_id, erasure.c.conversation)
    return tuple(Erasure(*row) for row in connection.execute(select(*columns).limit(limit)))


def forget_conversations(connection: Connection, begun: Sequence[Erasure]) -> None:
    """Let go what the hub knew of conversations; receipts and their messages' ids stay."""
    note_erased(connection)
    ids, keys = [each.conversation for each in begun], [each.key_id for each in begun]
    for opening, within in answered_within(connection, ids).items():
        connection.execute(
            update(message).where(message.c.id == opening).values(answered_within=within)
        )
    connection.execute(
        update(message).where(message.c.conversation.in_(ids)).values(env=None, conversation=None)
    )
    connection.execute(delete(_FOUND).where(_FOUND.c.key_id.in_(keys)))
    connection.execute(delete(conversation).where(conversation.c.id.in_(ids)))
    connection.execute(delete(erasure).where(erasure.c.key_id.in_(keys)))
