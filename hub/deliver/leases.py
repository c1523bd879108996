# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Lending: what a unit was asked is with one holder at a time, cut to the keys of whoever asks.

Whoever stands in for the addressed unit gets it in his turn and in his shift alone; until then his
wrap stays here.
"""

import asyncio
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Final

from sqlalchemy import Connection

from hub.announce import tell_sender
from hub.errors import LeaseLost, NotFound, NotPermitted, ParticipantSuspended
from hub.model.evidence import AuthenticatedClient
from hub.model.message import ParsedMessage, WrappedKey
from hub.model.stored import StoredAddition, StoredContent, StoredLease, StoredMessage
from hub.node import Node
from hub.onduty import may_fetch, turn_of
from hub.record import new_id, one_of_many, raised, refusable, say, use_proof
from hub.sealing.envelope import parse_message, write_message
from hub.store.additions import read_additions
from hub.store.duty import hand_over
from hub.store.leases import TRIES, extend, give_back, grant, read_lease
from hub.store.messages import read_content, read_message
from hub.store.offered import offered_ids
from hub.store.receipts import read_receipts

MOST: Final = 20
"""Messages that one request may lease."""
LONGEST: Final = 3600
"""Seconds that a lease may last before it has to be extended."""


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
    turn: int
    """1 for whoever was asked first."""
    is_taken: bool
    """Another was quicker; this one says ``opened``, and ends the lease as handed over."""


async def lease(request: LeaseRequest, node: Node, wait: float) -> list[Leased]:
    """Lend what waits for the unit; where nothing does, wait for it at most ``wait`` seconds."""
    with node.waiting.expecting(request.client.unit) as bell:
        until = asyncio.get_running_loop().time() + wait
        leased = await node.writer.commit(partial(_lease, request, node, is_first=True))
        # What rang may have been for other keys, or another was quicker: then the wait goes on.
        while not leased and await bell.heard(until - asyncio.get_running_loop().time()):
            if node.waiting.is_closing:
                break
            if not node.directory.is_active(request.client.unit):
                raise ParticipantSuspended
            bell.clear()
            leased = await node.writer.commit(partial(_lease, request, node, is_first=False))
        return leased


async def extend_lease(client: AuthenticatedClient, lease_id: str, ttl: int, node: Node) -> int:
    """Keep a lease for ``ttl`` more seconds from now; returns when it ends."""

    def work(connection: Connection) -> int:
        now = int(node.clock())
        held = _own(connection, lease_id, client)
        if held.expires_at <= now:
            raise LeaseLost
        ends = now + min(ttl, LONGEST)
        extend(connection, lease_id, ends)
        return ends

    return raised(await node.writer.commit(lambda c: refusable(node, c, client, partial(work, c))))


async def return_lease(
    client: AuthenticatedClient,
    lease_id: str,
    node: Node,
    *,
    failed: bool,
    handed_over: bool = False,
) -> None:
    """Give a message back unread; ``failed`` where nothing could be made of it.

    ``handed_over`` where it is durable there and somebody else has said ``taken`` before. Raises
    ``NotPermitted`` where this unit has not signed that it opened the message.
    """

    def work(connection: Connection) -> None:
        held = _own(connection, lease_id, client)
        if handed_over:
            _hand_over(held, node, connection)
        ended = give_back(connection, lease_id, failed=failed)
        if ended and failed and held.failures + 1 >= TRIES:
            _hold(held.message_id, held.unit, node, connection)
        # Another worker of the unit may wait for it.
        node.waiting.promise(held.unit)

    raised(await node.writer.commit(lambda c: refusable(node, c, client, partial(work, c))))


def _hand_over(held: StoredLease, node: Node, connection: Connection) -> None:
    message = read_message(connection, held.message_id)
    said = read_receipts(connection, held.message_id, chain="hidden")
    if message is None or not any(
        receipt.word == "opened" and receipt.signer == held.unit for receipt in said
    ):
        raise NotPermitted("Nobody here has opened the message.")
    if not hand_over(connection, held.message_id, held.unit, int(node.clock())):
        raise NotPermitted("Whoever is the first to have the message says so with a receipt.")


def _own(connection: Connection, lease_id: str, client: AuthenticatedClient) -> StoredLease:
    held = read_lease(connection, lease_id)
    if held is None or held.unit != client.unit:
        raise NotFound
    return held


def _lease(
    request: LeaseRequest, node: Node, connection: Connection, *, is_first: bool
) -> list[Leased]:
    if is_first:
        use_proof(connection, request.client)
    now = int(node.clock())
    unit, limit = request.client.unit, min(request.limit, MOST)
    lent: list[Leased] = []
    seen: set[str] = set()
    span = MOST
    # What these keys cannot open must not stand in front of what they can.
    while len(lent) < limit:
        found = offered_ids(connection, unit, now, span, request.protocols)
        fresh = [message_id for message_id in found if message_id not in seen]
        if not fresh:
            break
        lent += islice(_lent(fresh, request, node, connection), limit - len(lent))
        seen.update(fresh)
        span *= 2
    return lent


def _lent(
    ids: Sequence[str], request: LeaseRequest, node: Node, connection: Connection
) -> Iterator[Leased]:
    for message_id in ids:
        lend = partial(_lend, message_id, request, node, connection)
        leased = one_of_many(node, connection, message_id, lend)
        if leased is not None:
            yield leased


def _lend(
    message_id: str, request: LeaseRequest, node: Node, connection: Connection
) -> Leased | None:
    message = read_message(connection, message_id)
    content = read_content(connection, message_id)
    if message is None or content is None:
        return None
    now, unit = int(node.clock()), request.client.unit
    turn = turn_of(message, unit, connection)
    if turn is None or not may_fetch(message, unit, node, now):
        return None
    additions = read_additions(connection, message_id)
    wanted = _Wanted(request.kids, _own_keys(request, node))
    cut = _cut(message, content, additions, wanted)
    if cut is None:
        return None
    lease_id, ends = new_id(), now + min(request.ttl, LONGEST)
    failures = grant(connection, message_id, lease_id=lease_id, unit=unit, ends=ends, now=now)
    if failures >= TRIES:
        give_back(connection, lease_id, failed=False)
        _hold(message_id, unit, node, connection)
        return None
    chain = read_receipts(connection, message_id, chain="visible")
    return Leased(
        lease_id,
        ends,
        message.accepted_at,
        cut,
        tuple(each.jws for each in chain),
        turn=turn.turn,
        is_taken=message.state != "accepted",
    )


@dataclass(frozen=True)
class _Wanted:
    """For which keys a unit asks, and which of them are its own."""

    kids: Sequence[str]
    own: frozenset[str]


def _own_keys(request: LeaseRequest, node: Node) -> frozenset[str]:
    """Return those of the keys asked for that stand in the entry of the unit that asks."""
    unit = request.client.unit
    return frozenset(kid for kid in request.kids if node.directory.reading_key(unit, kid))


def _cut(
    message: StoredMessage,
    content: StoredContent,
    additions: Sequence[StoredAddition],
    wanted: _Wanted,
) -> bytes | None:
    """Return the message with the wraps of the caller's keys alone, or None where it has none.

    A reader that the sender added later gets the statement beside its wrap (SL1 § 8).
    """
    whole = parse_message(content.assembled(message.env))
    own = tuple(key for key in whole.keys if key.kid in _openable(whole, wanted))
    if own:
        return write_message(message.env, content.body, own)
    for added in additions:
        if added.kid in wanted.kids:
            key = WrappedKey(added.kid, added.wrap)
            return write_message(message.env, content.body, (key,), added.statement)
    return None


def _openable(message: ParsedMessage, wanted: _Wanted) -> frozenset[str]:
    """Return those of the caller's keys that may open now.

    A wrap for an escalation leaves for the unit whose key it is, and that was asked: nobody gets
    here before the logged escalation.
    """
    readers = json.loads(message.payload)["readers"]
    now = frozenset(reader["kid"] for reader in readers if reader["rel"] == "now")
    named = frozenset(reader["kid"] for reader in readers)
    return now.intersection(wanted.kids) | (named & wanted.own)


def _hold(message_id: str, unit: str, node: Node, connection: Connection) -> None:
    """After five failed leases a person has to look, and the sender is told.

    Of whoever was asked first: from the failures of others it could tell that they were asked.
    """
    message = read_message(connection, message_id)
    if message is not None and (message.state, message.on_duty) == ("accepted", unit):
        say(node, connection, message, "held", now=node.clock())
        tell_sender(node, connection, message, "held", node.clock())
