# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A hub that has been running for long: stored messages, receipts and entries, in big groups.

Rows go in through the writer, the log and the tables of the hub, without HTTP and without checks.
Envelopes, receipts and entries are as long as real ones, one receipt and one entry for a message.
What is stored is what a hub holds: of all but the newest messages the content is erased, most
conversations are closed, and every message is acknowledged.
"""

import json
import time
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import Connection, insert
from uuid_utils.compat import uuid7

from bench.ground import Ground
from bench.sender import Message, Sender
from bench.submissions import PROBE, content_of
from hub.audit.entry import Draft
from hub.audit.openings.key import ConversationKey
from hub.main.assembly import open_node
from hub.main.folder import DataDir
from hub.model.stored import StoredMessage
from hub.node import Node
from hub.sealing.canonical import digest, jcs
from hub.store.tables import ConversationRow, MessageRow, ReceiptRow

GROUP: Final = 2000
WITH_CONTENT: Final = 5_000
"""The newest messages, whose content is still there."""
OPEN: Final = 0.15
"""Share of conversations still open: 90 days of the up to two years that their rows stay."""
EVERY: Final = 30
"""Seconds between two messages of the past."""


def fill(ground: Ground, data: DataDir, count: int, *, with_content: int = WITH_CONTENT) -> None:
    """Enter so many messages of the past."""
    with open_node(data, ground.url) as node:
        past = _Past(ground, node, count, with_content)
        for at in range(0, count, GROUP):
            past.enter(range(at, min(count, at + GROUP)))


class _Past:
    """Makes the rows of one message after the other, oldest first."""

    def __init__(self, ground: Ground, node: Node, count: int, with_content: int) -> None:
        self._node = node
        self._count = count
        self._bare = count - with_content
        self._begun = int(time.time()) - EVERY * count
        sender = Sender(ground.schools[0], ground)
        (example,) = sender.messages(PROBE, content_of(PROBE), 1)
        self._parts = _parts(example)
        self._schools = [school.id for school in ground.schools]
        self._office = ground.office.id
        self._jws = "A" * 760
        """As long as a receipt of acceptance."""

    def enter(self, numbers: range) -> None:
        """Enter one group, in one transaction."""
        self._node.writer.commit_now(lambda connection: self._enter(numbers, connection))

    def _enter(self, numbers: range, connection: Connection) -> None:
        messages = [self._message(number) for number in numbers]
        keys = [self._node.openings.take(each.conversation) for each in messages]
        connection.execute(
            insert(_table(ConversationRow)), [*map(self._conversation, messages, keys)]
        )
        rows = [
            {
                **vars(each),
                "body": self._parts["body"] if self._has_content(number) else None,
                "wraps": self._parts["wraps"] if self._has_content(number) else None,
            }
            for number, each in zip(numbers, messages, strict=True)
        ]
        connection.execute(insert(_table(MessageRow)), rows)
        for each, key in zip(messages, keys, strict=True):
            self._node.log.append(connection, replace(self._draft(each), conversations=(key,)))
        connection.execute(insert(_table(ReceiptRow)), [*map(self._receipt, messages)])

    def _has_content(self, number: int) -> bool:
        return number >= self._bare

    def _message(self, number: int) -> StoredMessage:
        at, name = self._begun + EVERY * number, str(uuid7())
        return StoredMessage(
            id=name,
            conversation=name,
            position=1,
            protocol=PROBE,
            step="mitteilung",
            sender=self._schools[number % len(self._schools)],
            recipient=self._office,
            urgency="planbar",
            request=digest(name),
            client=self._schools[number % len(self._schools)],
            state="acknowledged",
            accepted_at=at,
            ends_at=at + 14 * 86_400,
            due_taken=at + 3600,
            due_acknowledged=at + 7200,
            due_overdue=at + 7200,
            on_duty=self._office,
            due_next=None,
            audit_id=str(uuid7()),
            env=self._parts["env"],
        )

    def _conversation(self, message: StoredMessage, key: ConversationKey) -> dict[str, Any]:
        is_open = message.accepted_at > self._begun + EVERY * self._count * (1 - OPEN)
        return {
            "id": message.conversation,
            "protocol": message.protocol,
            "opener": message.sender,
            "partner": message.recipient,
            "closed_at": None if is_open else message.accepted_at + 86_400,
            "due_reminder": None,
            "key_id": key.id,
        }

    def _receipt(self, message: StoredMessage) -> dict[str, Any]:
        return {
            "id": str(uuid7()),
            "message_id": message.id,
            "word": "accepted",
            "chain": "visible",
            "seq": 1,
            "signer": self._node.hub_id,
            "issued_at": message.accepted_at,
            "entered_at": message.accepted_at,
            "jws": self._jws,
            "digest": digest(message.id),
            "audit_id": message.audit_id,
        }

    def _draft(self, message: StoredMessage) -> Draft:
        return Draft(
            kind="message.accepted",
            entry_id=message.audit_id,
            at=message.accepted_at,
            act={"org": self._node.hub_id},
            rcp=(message.recipient,),
            obj={
                "ty": "message",
                "id": message.id,
                "d": digest(message.id),
                "ct": f"{message.protocol}/{message.step}",
            },
            law=("kkg-4-3", "sgb8-8a-1", "sgb8-62-3"),
            rule=message.protocol,
            message_id=message.id,
        )


def _parts(example: Message) -> dict[str, Any]:
    members = json.loads(example.raw)
    return {"env": members["env"], "body": jcs(members["body"]), "wraps": jcs(members["keys"])}


def _table(row: Any) -> Any:
    return row.__table__
