# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The line out: leases, and the receipts by which a message changes hands.

The hub lends a message to its addressee and takes the addressee's word for what became of it:
every change of state is a receipt that a unit signed. Silence changes nothing; a lease that ends
lets the message go to the next who asks.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection

from hub.errors import (
    ContentErased,
    ConversationMovedOn,
    IdReused,
    IssuedOutsideWindow,
    LeaseLost,
    NotFound,
    NotPermitted,
    Refusal,
)
from hub.mailbox.states import Side, follow, needs_lease
from hub.model.evidence import AuthenticatedClient
from hub.model.message import ParsedMessage
from hub.model.participant import SigningKey
from hub.model.receipt import Receipt
from hub.model.stored import StoredMessage, StoredReceipt
from hub.node import Node
from hub.record import Answer, Kept, answer, enter, new_id, say, use_proof
from hub.sealing.canonical import digest
from hub.sealing.envelope import env_digest, parse_message
from hub.sealing.form import cut
from hub.store.leases import extend, give_back, grant, lease_of, read_lease, waiting_ids
from hub.store.messages import change_state, read_content, read_message
from hub.store.receipts import (
    chain_of,
    last_of_chain,
    read_receipt,
    read_receipts,
)
from hub.store.savepoint import savepoint
from hub.trust.receipts import verify_receipt

MOST = 20
"""Messages that one request may lease."""
LONGEST = 3600
"""Seconds that a lease may last before it has to be extended."""
CLOCKS = 60
"""Seconds that the clocks of a unit and of the hub may differ."""
TRIES = 5
"""Leases that may fail before a person has to look."""


@dataclass(frozen=True)
class LeaseRequest:
    """Which unit asks for how much, for which of its keys, and for how long."""

    client: AuthenticatedClient
    kids: tuple[str, ...]
    limit: int
    ttl: int
    protocols: tuple[str, ...] = ()


@dataclass(frozen=True)
class Leased:
    """A message lent to its addressee, cut to the keys that asked."""

    lease: str
    expires_at: int
    accepted_at: int
    message: bytes
    receipts: tuple[str, ...]
    """The visible chain so far; the next receipt names the last of it."""


async def lease(request: LeaseRequest, node: Node, wait: float) -> list[Leased]:
    """Lend what waits for the unit; where nothing does, wait for it at most ``wait`` seconds."""
    leased = await node.writer.commit(partial(_lease, request, node, is_first=True))
    if leased or wait <= 0 or not await node.waiting.wait(request.client.unit, wait):
        return list(leased)
    return list(await node.writer.commit(partial(_lease, request, node, is_first=False)))


async def extend_lease(client: AuthenticatedClient, lease_id: str, ttl: int, node: Node) -> int:
    """Keep a lease for ``ttl`` more seconds from now; returns when it ends."""

    def work(connection: Connection) -> int:
        use_proof(connection, client)
        now = int(node.clock())
        held = read_lease(connection, lease_id)
        if held is None or held.unit != client.unit:
            raise NotFound
        if held.expires_at <= now:
            raise LeaseLost
        ends = now + min(ttl, LONGEST)
        extend(connection, lease_id, ends)
        return ends

    return int(await node.writer.commit(work))


async def return_lease(
    client: AuthenticatedClient, lease_id: str, node: Node, *, failed: bool
) -> None:
    """Give a message back unread; ``failed`` where nothing could be made of it."""

    def work(connection: Connection) -> str:
        use_proof(connection, client)
        held = read_lease(connection, lease_id)
        if held is None or held.unit != client.unit:
            raise NotFound
        give_back(connection, lease_id, failed=failed)
        if failed and held.failures + 1 >= TRIES:
            _hold(held.message_id, node, connection)
        return held.unit

    node.waiting.wake(await node.writer.commit(work))


async def receive_receipt(
    client: AuthenticatedClient, message_id: str, receipt_id: str, jws: str, node: Node
) -> Answer:
    """Enter a receipt that a unit signed, and follow the state it leads to.

    The same receipt again, and a second one of a word that is said once, give the first answer.
    Raises ``NotFound`` for messages of others, ``LeaseLost`` where somebody else may hold the
    message, ``ConversationMovedOn`` where the chain has grown since the unit looked.
    """

    def work(connection: Connection) -> Kept | Refusal:
        use_proof(connection, client)
        try:
            with savepoint(connection):
                return _enter(client, message_id, receipt_id, jws, node, connection)
        except Refusal as refusal:
            return refusal

    kept = await node.writer.commit(work, partial(answer, node))
    if isinstance(kept, Refusal):
        raise kept
    node.waiting.wake(client.unit)
    return kept


def _lease(
    request: LeaseRequest, node: Node, connection: Connection, *, is_first: bool
) -> list[Leased]:
    if is_first:
        use_proof(connection, request.client)
    now = int(node.clock())
    unit = request.client.unit
    ids = waiting_ids(connection, unit, now, min(request.limit, MOST), request.protocols)
    lent = (_lend(message_id, request, now, node, connection) for message_id in ids)
    return [leased for leased in lent if leased is not None]


def _lend(
    message_id: str, request: LeaseRequest, now: int, node: Node, connection: Connection
) -> Leased | None:
    message = read_message(connection, message_id)
    content = read_content(connection, message_id)
    if message is None or content is None:
        return None
    whole = parse_message(_assemble(message, content.wraps, content.body))
    kids = _openable(whole, request.kids)
    if not kids:
        return None
    lease_id, ends = new_id(), now + min(request.ttl, LONGEST)
    failures = grant(
        connection,
        message_id,
        lease_id=lease_id,
        unit=request.client.unit,
        expires_at=ends,
        now=now,
    )
    if failures >= TRIES:
        give_back(connection, lease_id, failed=False)
        _hold(message_id, node, connection)
        return None
    chain = read_receipts(connection, message_id, chain="visible")
    return Leased(
        lease_id, ends, message.accepted_at, cut(whole, kids), tuple(r.jws for r in chain)
    )


def _assemble(message: StoredMessage, wraps: bytes, body: bytes) -> bytes:
    """Put the submitted bytes together again: JCS of three members, each kept in its JCS form."""
    return b'{"body":' + body + b',"env":"' + message.env.encode() + b'","keys":' + wraps + b"}"


def _openable(message: ParsedMessage, kids: Sequence[str]) -> tuple[str, ...]:
    """Return those of the caller's keys that may open now.

    A deputy's wrap (``escalation``) stays here until the logged escalation.
    """
    payload = json.loads(message.payload)
    now = {reader["kid"] for reader in payload["readers"] if reader["rel"] == "now"}
    return tuple(key.kid for key in message.keys if key.kid in kids and key.kid in now)


def _hold(message_id: str, node: Node, connection: Connection) -> None:
    """After five failed leases a person has to look, and the sender is told."""
    message = read_message(connection, message_id)
    if message is not None and message.state == "accepted":
        say(node, connection, message, "held", {}, node.clock())


def _enter(
    client: AuthenticatedClient,
    message_id: str,
    receipt_id: str,
    jws: str,
    node: Node,
    connection: Connection,
) -> Kept:
    message = read_message(connection, message_id)
    side = _side(client, message)
    if message is None or side is None:
        raise NotFound
    if (stored := read_receipt(connection, receipt_id)) is not None:
        if (stored.message_id, stored.jws) != (message_id, jws):
            raise IdReused
        return Kept(stored, is_new=False)
    receipt = verify_receipt(jws, partial(_signing_key, client, node))
    _check_is_about(receipt, client, message, receipt_id, node)
    if (first := _said_already(connection, message, receipt)) is not None:
        return Kept(first, is_new=False)
    state = follow(message.state, receipt.word, side)
    _check_lease(connection, message, receipt, client, node)
    return Kept(_append(receipt, jws, message, state, client, node, connection), is_new=True)


def _side(client: AuthenticatedClient, message: StoredMessage | None) -> Side | None:
    if message is None:
        return None
    sides: dict[str, Side] = {message.sender: "sender", message.recipient: "recipient"}
    return sides.get(client.unit)


def _signing_key(
    client: AuthenticatedClient, node: Node, issuer: str, kid: str
) -> SigningKey | None:
    return node.directory.signing_key(issuer, kid) if issuer == client.unit else None


def _check_is_about(
    receipt: Receipt,
    client: AuthenticatedClient,
    message: StoredMessage,
    receipt_id: str,
    node: Node,
) -> None:
    chain = chain_of(receipt.word)
    about = message.sender if chain == "visible" else node.hub_id
    expected = (client.unit, about, receipt_id, message.id, env_digest(message.env))
    if (receipt.iss, receipt.aud, receipt.id, receipt.message_id, receipt.env) != expected:
        raise NotPermitted("The receipt is not about this message, or not by this unit.")
    if not message.accepted_at - CLOCKS <= receipt.iat <= int(node.clock()) + CLOCKS:
        raise IssuedOutsideWindow("The receipt was not signed while the message was here.")


def _said_already(
    connection: Connection, message: StoredMessage, receipt: Receipt
) -> StoredReceipt | None:
    """A second ``taken`` or ``acknowledged`` is a lost answer, not a second act."""
    if receipt.word == "opened":
        return None
    own = (
        known
        for known in read_receipts(connection, message.id)
        if known.word == receipt.word and known.signer == receipt.iss
    )
    return next(own, None)


def _check_lease(
    connection: Connection,
    message: StoredMessage,
    receipt: Receipt,
    client: AuthenticatedClient,
    node: Node,
) -> None:
    if not needs_lease(receipt.word, message.state):
        return
    if read_content(connection, message.id) is None:
        raise ContentErased
    held = lease_of(connection, message.id)
    if held is None or held.unit != client.unit or held.expires_at <= int(node.clock()):
        raise LeaseLost


def _append(
    receipt: Receipt,
    jws: str,
    message: StoredMessage,
    state: str,
    client: AuthenticatedClient,
    node: Node,
    connection: Connection,
) -> StoredReceipt:
    chain = chain_of(receipt.word)
    last = last_of_chain(connection, message.id, chain)
    if receipt.prv != (last.digest if last else None):
        raise ConversationMovedOn("The chain of receipts has grown; look again.")
    stored = StoredReceipt(
        id=receipt.id,
        message_id=message.id,
        word=receipt.word,
        chain=chain,
        seq=1 if last is None else last.seq + 1,
        signer=client.unit,
        issued_at=receipt.iat,
        jws=jws,
        digest=digest(jws),
        audit_id=new_id(),
    )
    enter(node, connection, message, stored, act={"org": client.unit}, now=node.clock())
    if state != message.state:
        change_state(connection, message.id, state)
        if (held := lease_of(connection, message.id)) is not None:
            give_back(connection, held.id, failed=False)
    return stored
