# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""One reader more: the sender lets a further key of the addressee open (SL1 § 8).

The envelope never changes. If a reporting person has lost the key, this is how feedback that was
sealed to it becomes readable again: only the sender has the secret, so only the sender can.
"""

from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection

from hub.errors import (
    ContentErased,
    EnvelopeInvalid,
    IssuedOutsideWindow,
    NotFound,
    ReaderKeyStale,
    Refusal,
)
from hub.model.evidence import AuthenticatedClient
from hub.model.json import JsonObject
from hub.model.stored import StoredAddition, StoredMessage, StoredReceipt
from hub.node import Node
from hub.record import Answer, Kept, answer, raised, refusable, say
from hub.sealing.added import Addition, check_addition, parse_addition
from hub.sealing.canonical import unb64
from hub.sealing.envelope import parse_payload
from hub.store.additions import add_addition, find_addition, read_additions
from hub.store.messages import read_content, read_message
from hub.store.receipts import read_receipts
from hub.trust.envelope import AHEAD, OLDEST
from hub.trust.jose import verify_token
from hub.trust.kinds import READER_STATEMENT


@dataclass(frozen=True)
class AddedReader:
    """A request as it came: who adds which key to which message, and the bytes."""

    client: AuthenticatedClient
    message_id: str
    kid: str
    raw: bytes


async def add_reader(added: AddedReader, node: Node) -> Answer:
    """Enter one more reader with its wrap; the receipt ``reader-added`` names the statement.

    The same statement again gives the same receipt. Raises ``NotFound`` for messages of others,
    ``ReadersInvalid``, ``IssuedOutsideWindow`` and ``ReaderKeyStale`` as SL1 § 8 says.
    """

    def work(connection: Connection) -> Kept | Refusal:
        enter = partial(_enter, added, node, connection)
        return refusable(node, connection, added.client, enter)

    return raised(await node.writer.commit(work, partial(answer, node)))


def _enter(added: AddedReader, node: Node, connection: Connection) -> Kept:
    message = read_message(connection, added.message_id)
    if message is None or message.sender != added.client.unit:
        raise NotFound
    addition = parse_addition(added.raw)
    number = find_addition(connection, message.id, addition.statement.text)
    if number is not None:
        return Kept(_receipt_of(number, message, connection), is_new=False)
    known = read_additions(connection, message.id)
    _check(addition, added, message, {each.kid for each in known}, node)
    if read_content(connection, message.id) is None:
        raise ContentErased
    stored = StoredAddition(message.id, added.kid, addition.key.wrap, addition.statement.text)
    add_addition(connection, stored, len(known))
    node.waiting.promise(message.recipient)
    members: JsonObject = {"statement": addition.statement_digest}
    said = say(node, connection, message, "reader-added", now=node.clock(), members=members)
    return Kept(said, is_new=True)


def _check(
    addition: Addition, added: AddedReader, message: StoredMessage, also: set[str], node: Node
) -> None:
    """Hold signature, form, time and key against the message (SL1 § 8)."""
    unit, now = added.client.unit, int(node.clock())
    verify_token(
        addition.statement.text,
        kind=READER_STATEMENT,
        key_for=lambda token: node.directory.trusted_signing_key(unit, token.kid),
    )
    envelope = parse_payload(unb64(message.env.split(".")[1]))
    named = {reader.kid for reader in envelope.readers} | also
    check_addition(addition, envelope, message.env, named)
    if addition.key.kid != added.kid:
        raise EnvelopeInvalid("The key in the address is not the one that was signed.")
    if not now - OLDEST <= addition.statement.claims.iat <= now + AHEAD:
        raise IssuedOutsideWindow(pointers=("/iat",))
    key = node.directory.reading_key(message.recipient, added.kid)
    if key is None or not key.valid_at(now) or key.use != _use(message, node):
        raise ReaderKeyStale(pointers=("/reader/kid",))


def _use(message: StoredMessage, node: Node) -> str:
    """What was said to a person is opened to persons alone, all else to desks."""
    protocol = node.catalogue.get(message.protocol)
    step = protocol.step(message.step) if protocol else None
    return "person" if step is not None and step.person_only else "desk"


def _receipt_of(number: int, message: StoredMessage, connection: Connection) -> StoredReceipt:
    """Return the receipt of the addition with this number; they are entered one by one."""
    words = [
        receipt
        for receipt in read_receipts(connection, message.id, chain="visible")
        if receipt.word == "reader-added"
    ]
    return words[number]
