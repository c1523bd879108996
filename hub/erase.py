# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The line that forgets a conversation: what leads from the log to people goes, proofs stay.

Three steps, each on the disk before the next, so that no end of the process leaves a gap that
nobody can explain: the log says what goes and why; the key is destroyed; envelopes and the
conversation go. Then the entries are numbers that nobody can put together any more, and every
receipt, proof and checkpoint holds as before.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final

from sqlalchemy import Connection

from hub import clock
from hub.approved import approved
from hub.audit.approval import Approved, Claim
from hub.audit.entry import Draft
from hub.audit.witnessed import read_second_seen
from hub.audit.words import ERASED
from hub.errors import NotPermitted
from hub.keyed import key_of
from hub.node import Node
from hub.protocols.catalogue import Catalogue
from hub.protocols.objection import is_closed
from hub.record import new_id
from hub.sealing.canonical import digest
from hub.store.erasures import (
    Erasure,
    add_erasure,
    due_to_forget,
    forget_conversations,
    gone_of,
    pending_erasures,
    what_keeps,
)
from hub.store.messages import read_conversation, read_key_id

AT_ONCE: Final = 50
"""Conversations that one job forgets: their entries stand mixed in the log."""
BY_LAW: Final = "bdsg-76-4"
"""Logged data goes at the end of the year after; so does what leads from it to anybody."""
_RANDOM: Final = secrets.SystemRandom()
_GERMANY: Final = timedelta(hours=1)
"""How far Germany is ahead at New Year."""


@dataclass(frozen=True)
class Wish:
    """A conversation that somebody wants forgotten, on which basis, and who agreed."""

    conversation: str
    law: str
    approval: str = ""
    """The signed note; empty where nobody has to agree."""


@dataclass(frozen=True)
class Forgetting:
    """What would be said of a conversation; the key names it in the log for ever."""

    key_id: str
    messages: tuple[str, ...]

    @property
    def subject(self) -> str:
        """What somebody approves who approves this."""
        return digest(self.key_id)


async def erase(node: Node, now: float) -> int:
    """Forget what is due; returns how many conversations. Goes on with what was begun before."""
    before = await node.readers.run(partial(_ended, node, now))
    due = await node.readers.run(partial(_look, before))
    if due:
        await node.writer.commit(partial(_begin_due, node, before, due))
    if await node.readers.run(partial(pending_erasures, limit=1)):
        await node.writer.commit(partial(finish, node))
    return len(due)


def look(conversation_id: str, catalogue: Catalogue, connection: Connection) -> Forgetting:
    """Say what would be forgotten; raises ``NotPermitted`` where something keeps it."""
    conversation = read_conversation(connection, conversation_id)
    if conversation is None:
        raise NotPermitted("Eine solche Konversation gibt es nicht (mehr).")
    protocol = catalogue.get(conversation.proto)
    if not (conversation.closed or (protocol and is_closed(conversation, protocol))):
        raise NotPermitted("Die Konversation läuft noch.")
    if (why_not := what_keeps(connection, conversation_id)) is not None:
        raise NotPermitted(why_not)
    key_id = read_key_id(connection, conversation_id)
    if key_id is None:
        raise NotPermitted("Diese Konversation wird gerade vergessen.")
    return Forgetting(key_id, tuple(each.message for each in gone_of(connection, conversation_id)))


def begin(wish: Wish, node: Node, connection: Connection) -> Forgetting:
    """Enter that a conversation is forgotten on somebody's wish; ``finish`` carries it out."""
    if wish.law not in node.catalogue.law:
        raise NotPermitted("Diese Rechtsgrundlage kennt der Hub nicht.", pointers=("/law",))
    found = look(wish.conversation, node.catalogue, connection)
    said = approved(node, connection, Claim("erase", found.subject), wish.approval)
    _note([wish.conversation], wish.law, said, node, connection)
    return found


def finish(node: Node, connection: Connection) -> int:
    """Destroy keys and forget what was begun; runs in the writer's group.

    A key that is gone already is gone: whoever was interrupted does it once more.
    """
    begun = pending_erasures(connection, AT_ONCE)
    node.openings.destroy([each.key_id for each in begun])
    forget_conversations(connection, begun)
    return len(begun)


def _ended(node: Node, now: float, connection: Connection) -> int:
    """Return before which moment all may go; where there are witnesses, by their clocks too.

    A key that was destroyed because ours was ahead would not come back. Only who puts the clock of
    a demonstration means it.
    """
    if node.policy.least and clock.put_ahead() is None:
        now = min(now, read_second_seen(connection, node.policy))
    return ended_before(int(now))


def _look(before: int, connection: Connection) -> tuple[str, ...]:
    return due_to_forget(connection, before, AT_ONCE)


def ended_before(second: int) -> int:
    """Return the moment before which a year, and the whole year after it, are over in Germany."""
    year = (datetime.fromtimestamp(second, UTC) + _GERMANY).year
    return int((datetime(year - 1, 1, 1, tzinfo=UTC) - _GERMANY).timestamp())


def _begin_due(node: Node, before: int, due: Sequence[str], connection: Connection) -> None:
    still = due_to_forget(connection, before, AT_ONCE, tuple(due))
    _note(still, BY_LAW, Approved(role=""), node, connection)


def _note(
    conversations: Sequence[str], law: str, said: Approved, node: Node, connection: Connection
) -> None:
    """Enter each message and each key that goes, in no order that says what belongs together."""
    drafts: list[Draft] = []
    for conversation_id in conversations:
        key = key_of(node, connection, conversation_id)
        about = [
            {"ty": "message", "id": gone.message, "d": gone.env, "ct": gone.step}
            for gone in gone_of(connection, conversation_id)
        ]
        drafts += [
            Draft(
                kind=ERASED,
                entry_id=new_id(),
                at=node.clock(),
                act=said.actor(node.hub_id),
                obj=obj,
                law=(law,),
                rule=said.rule,
                conversations=(key,),
            )
            for obj in (*about, {"ty": "conversation", "id": key.id})
        ]
        add_erasure(connection, Erasure(key.id, conversation_id), int(node.clock()))
    _RANDOM.shuffle(drafts)
    for draft in drafts:
        node.log.append(connection, draft)
