# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Receipts of units: what a unit signed about a message, and the state it leads to."""

import json
from dataclasses import dataclass
from functools import partial
from typing import Final

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
from hub.model.json import JsonObject
from hub.model.participant import SigningKey
from hub.model.receipt import EVENT_URN, FINAL, Receipt
from hub.model.stored import StoredMessage, StoredReceipt
from hub.node import Node
from hub.onduty import is_over, turn_of, was_acknowledged, was_taken
from hub.owing import look_again
from hub.passed import completed_by
from hub.record import Act, Answer, Kept, answer, enter, new_id, raised, refusable
from hub.sealing.canonical import digest, unb64
from hub.sealing.envelope import env_digest, parse_payload
from hub.store.additions import read_additions
from hub.store.leases import give_back, lease_of
from hub.store.messages import change_state, has_content, read_message
from hub.store.receipts import (
    chain_of,
    last_of_chain,
    read_receipt,
    read_receipts,
)
from hub.trust.receipts import verify_receipt

CLOCKS: Final = 60
"""Seconds that the clocks of a unit and of the hub may differ."""


@dataclass(frozen=True)
class HandedIn:
    """A receipt as it came: from whom, about which message, under which id."""

    client: AuthenticatedClient
    message_id: str
    receipt_id: str
    jws: str


async def receive_receipt(handed: HandedIn, node: Node) -> Answer:
    """Enter a receipt that a unit signed, and follow the state it leads to.

    The same receipt again, and a second one of a word that is said once, give the first answer.
    Raises ``NotFound`` for messages of others, ``LeaseLost`` where somebody else may hold the
    message, ``ConversationMovedOn`` where the chain has grown since the unit looked.
    """

    def work(connection: Connection) -> Kept | Refusal:
        enter_it = partial(_enter, handed, node, connection)
        return refusable(node, connection, handed.client, enter_it)

    return raised(await node.writer.commit(work, partial(answer, node)))


def _enter(handed: HandedIn, node: Node, connection: Connection) -> Kept:
    message = read_message(connection, handed.message_id)
    side = _side(handed.client.unit, message, connection)
    if message is None or side is None:
        raise NotFound
    if (stored := read_receipt(connection, handed.receipt_id)) is not None:
        if (stored.message_id, stored.jws) != (handed.message_id, handed.jws):
            raise IdReused
        return Kept(stored, is_new=False)
    receipt = verify_receipt(handed.jws, partial(_signing_key, handed.client, node))
    _check_is_about(receipt, handed, message, node)
    if (first := _said_already(connection, message, receipt)) is not None:
        return Kept(first, is_new=False)
    _check_turn(connection, message, receipt)
    state = follow(message.state, receipt.word, side)
    _check_reader(connection, message, receipt)
    _check_lease(connection, message, receipt, node)
    kept = Kept(_append(receipt, message, node, connection), is_new=True)
    _and_then(receipt, message, state, node, connection)
    return kept


def _and_then(
    receipt: Receipt, message: StoredMessage, state: str, node: Node, connection: Connection
) -> None:
    """Follow what was said: the state, the lease, and who answers for the message from here on."""
    if state != message.state:
        change_state(connection, message.id, state)
        # What waited behind this message in its conversation may be lent now.
        for unit in {message.recipient, message.on_duty}:
            node.waiting.promise(unit)
        if (held := lease_of(connection, message.id, receipt.iss)) is not None:
            give_back(connection, held.id, failed=False)
    now = int(node.clock())
    if receipt.word == "taken":
        was_taken(message, receipt.iss, now, connection)
    elif receipt.word == "acknowledged":
        was_acknowledged(message, receipt.iss, node, now, connection)
        completed_by(message, node, connection)
    elif state in FINAL:
        is_over(message, now, connection)
        look_again(message.conversation, node, now, connection)


def _side(unit: str, message: StoredMessage | None, connection: Connection) -> Side | None:
    if message is None:
        return None
    sides: dict[str, Side] = {message.sender: "sender", message.recipient: "recipient"}
    if unit not in sides and turn_of(message, unit, connection) is not None:
        return "recipient"
    return sides.get(unit)


def _check_turn(connection: Connection, message: StoredMessage, receipt: Receipt) -> None:
    """Hold those who stand in for the addressed unit to their turn.

    Once it is over they say that their copy is gone, and nothing else; and nothing of what never
    was theirs. That a message cannot be used says the addressed unit, or who was asked first and
    only while nobody else has it: one wrap may be the only thing that is wrong with it.
    """
    if receipt.iss in {message.sender, message.recipient}:
        return
    turn = turn_of(message, receipt.iss, connection)
    if turn is None or (turn.ended_at is not None and receipt.word != "erased"):
        raise NotPermitted("Die Zeit dieser Stelle mit der Nachricht ist vorbei.")
    said = read_receipts(connection, message.id)
    own = {each.word for each in said if each.signer == receipt.iss}
    if receipt.word in {"acknowledged", "erased"} and own.isdisjoint({"opened", "taken"}):
        raise NotPermitted("Nobody here has opened the message.")
    is_with_another = message.state != "accepted" and "taken" not in own
    if receipt.word == "rejected" and (receipt.iss != message.on_duty or is_with_another):
        raise NotPermitted("Give the lease back as failed; others can still open the message.")


def _signing_key(
    client: AuthenticatedClient, node: Node, issuer: str, kid: str
) -> SigningKey | None:
    return node.directory.trusted_signing_key(issuer, kid) if issuer == client.unit else None


def _check_is_about(receipt: Receipt, handed: HandedIn, message: StoredMessage, node: Node) -> None:
    about = message.sender if chain_of(receipt.word) == "visible" else node.hub_id
    said = (receipt.iss, receipt.aud, receipt.id, receipt.message_id, receipt.env)
    expected = (handed.client.unit, about, handed.receipt_id, message.id, env_digest(message.env))
    if said != expected:
        raise NotPermitted("The receipt is not about this message, or not by this unit.")
    now = int(node.clock())
    # What was accepted by a clock that went ahead was here before, and must be taken today.
    if not min(message.accepted_at, now) - CLOCKS <= receipt.iat <= now + CLOCKS:
        raise IssuedOutsideWindow("The receipt was not signed while the message was here.")


def _said_already(
    connection: Connection, message: StoredMessage, receipt: Receipt
) -> StoredReceipt | None:
    """A second ``taken`` or ``acknowledged`` is a lost answer, not a second act.

    So is a second ``opened`` of the same key, once the message is taken: else one client could
    fill the log with it.
    """
    if receipt.word == "opened" and message.state == "accepted":
        return None
    own = (
        known
        for known in read_receipts(connection, message.id)
        if known.word == receipt.word
        and known.signer == receipt.iss
        and (receipt.word != "opened" or _opening(known.jws) == receipt.members)
    )
    return next(own, None)


def _opening(jws: str) -> JsonObject:
    """Return with which key a stored receipt says that something was opened, and what."""
    events = json.loads(unb64(jws.split(".")[1]))["events"]
    return {name: events[EVENT_URN + "opened"][name] for name in ("classes", "kid")}


def _check_reader(connection: Connection, message: StoredMessage, receipt: Receipt) -> None:
    """Refuse that something was opened with a key that cannot open it."""
    if receipt.word != "opened":
        return
    named = {reader.kid for reader in parse_payload(unb64(message.env.split(".")[1])).readers}
    added = {addition.kid for addition in read_additions(connection, message.id)}
    if receipt.members["kid"] not in named | added:
        raise NotPermitted("The key is none of the readers of the message.")


def _check_lease(
    connection: Connection, message: StoredMessage, receipt: Receipt, node: Node
) -> None:
    if not needs_lease(receipt.word, message.state):
        return
    if not has_content(connection, message.id):
        raise ContentErased
    held = lease_of(connection, message.id, receipt.iss)
    if held is None or held.expires_at <= int(node.clock()):
        raise LeaseLost


def _append(
    receipt: Receipt, message: StoredMessage, node: Node, connection: Connection
) -> StoredReceipt:
    chain = chain_of(receipt.word)
    last = last_of_chain(connection, message.id, chain)
    if receipt.prv != (last.digest if last else None):
        # Whoever says that its copy is gone may be shown nothing any more; a digest shows nothing.
        known = (last.digest,) if last is not None and receipt.word == "erased" else ()
        raise ConversationMovedOn("The chain of receipts has grown; look again.", allowed=known)
    stored = StoredReceipt(
        id=receipt.id,
        message_id=message.id,
        word=receipt.word,
        chain=chain,
        seq=1 if last is None else last.seq + 1,
        signer=receipt.iss,
        issued_at=receipt.iat,
        jws=receipt.jws,
        digest=digest(receipt.jws),
        audit_id=new_id(),
    )
    enter(node, connection, message, stored, Act(receipt.iss, node.clock()))
    return stored
