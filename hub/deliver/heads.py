# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Vouching: a connector hands in the head of its own log of reading, and the hub enters it.

The hub sees no entry of that log, only how many there are and a digest over all of them. From then
on nobody at the agency can take an entry out, or change one, without the two logs differing.
"""

from dataclasses import dataclass
from functools import partial
from typing import Final

from sqlalchemy import Connection

from hub.audit.checkpoint import Checkpoint, origin_of_reading, verify_checkpoint
from hub.audit.entry import MAX_COUNT, Draft
from hub.audit.merkle import Unproven, verify_consistency
from hub.audit.note import parse_vkey
from hub.errors import (
    EnvelopeInvalid,
    HubMismatch,
    IdReused,
    IssuedOutsideWindow,
    NotFound,
    Refusal,
    SenderMismatch,
    SignatureInvalid,
    SignerNotEntitled,
    StepNotAllowed,
)
from hub.model.evidence import AuthenticatedClient
from hub.model.json import JsonObject
from hub.node import Node
from hub.record import Answer, new_id, proven_answer, raised, refusable
from hub.sealing.canonical import b64, digest, unb64
from hub.store.connector_heads import StoredHead, put_head, read_head
from hub.trust.jose import verify_token
from hub.trust.kinds import CONNECTOR_CHECKPOINT

WINDOW: Final = 300
"""Seconds between signing and handing in; what is older is signed anew."""
CLOCKS: Final = 60
"""Seconds that the clocks of a unit and of the hub may differ."""


@dataclass(frozen=True)
class StatedHead:
    """A head as it came: who hands it in, for which unit, and the bytes."""

    client: AuthenticatedClient
    unit: str
    jws: str


@dataclass(frozen=True)
class _Head:
    """A head whose signatures hold."""

    claims: JsonObject
    checkpoint: Checkpoint
    vkey: str


@dataclass(frozen=True)
class _Entered:
    audit_id: str
    is_new: bool


async def state_head(stated: StatedHead, node: Node) -> Answer:
    """Enter how far the log of reading of a unit is; returns the entry with its proof.

    The same head again gives the same answer. Raises ``NotFound`` for another unit's, and says
    otherwise what does not hold, with the place in the statement.
    """

    def work(connection: Connection) -> _Entered | Refusal:
        return refusable(node, connection, stated.client, partial(_enter, stated, node, connection))

    def answer(connection: Connection, entered: _Entered | Refusal) -> Answer | Refusal:
        if isinstance(entered, Refusal):
            return entered
        return Answer(proven_answer(node, connection, entered.audit_id).body, entered.is_new)

    return raised(await node.writer.commit(work, answer))


async def stated_head(client: AuthenticatedClient, unit: str, node: Node) -> Answer:
    """Return what a unit said last of its log, with its entry and the proof of that."""

    def question(connection: Connection) -> Answer:
        known = read_head(connection, unit) if client.unit == unit else None
        if known is None:
            raise NotFound
        return proven_answer(node, connection, known.audit_id, statement=known.jws)

    return await node.readers.run(question)


def _enter(stated: StatedHead, node: Node, connection: Connection) -> _Entered:
    if stated.unit != stated.client.unit:
        raise NotFound
    head = _verified(stated, node)
    known = read_head(connection, stated.unit)
    if known is not None and _is_same(head, known):
        return _Entered(known.audit_id, is_new=False)
    _check_window(head, node)
    _check_follows(head, known)
    return _Entered(_add(head, stated, node, connection), is_new=True)


def _verified(stated: StatedHead, node: Node) -> _Head:
    """Hold both signatures: the unit's over the statement, the log's over its head."""
    claims = verify_token(
        stated.jws,
        kind=CONNECTOR_CHECKPOINT,
        key_for=lambda token: node.directory.trusted_signing_key(stated.unit, token.kid),
    )
    if claims["iss"] != stated.unit:
        raise SenderMismatch(pointers=("/iss",))
    if claims["hub"] != node.hub_id:
        raise HubMismatch(pointers=("/hub",))
    vkey, note = str(claims["vkey"]), str(claims["note"])
    try:
        verifier = parse_vkey(vkey)
    except Unproven:
        raise EnvelopeInvalid("Das ist kein Schlüssel.", pointers=("/vkey",)) from None
    if verifier.name != origin_of_reading(node.hub_id, stated.unit):
        raise SignerNotEntitled(pointers=("/vkey",))
    try:
        checkpoint = verify_checkpoint(note, verifier)
    except Unproven:
        raise SignatureInvalid(pointers=("/note",)) from None
    if checkpoint.size > MAX_COUNT:
        raise EnvelopeInvalid("So lang ist kein Lesebuch.", pointers=("/note",))
    return _Head(claims, checkpoint, vkey)


def _is_same(head: _Head, known: StoredHead) -> bool:
    said = (head.vkey, head.checkpoint.size, b64(head.checkpoint.root))
    return said == (known.vkey, known.size, known.root)


def _check_window(head: _Head, node: Node) -> None:
    now, second = int(node.clock()), head.claims["iat"]
    assert isinstance(second, int)  # noqa: S101  the kind has established it
    if not now - WINDOW <= second <= now + CLOCKS:
        raise IssuedOutsideWindow(pointers=("/iat",))


def _check_follows(head: _Head, known: StoredHead | None) -> None:
    """Refuse a log that does not begin with what was said of it before."""
    if known is None:
        return
    if head.vkey != known.vkey:
        if head.claims.get("replaces") != known.vkey:
            raise SignerNotEntitled(
                "Das Lesebuch hatte bisher einen anderen Schlüssel.", pointers=("/vkey",)
            )
        return
    if head.checkpoint.size < known.size:
        raise StepNotAllowed("Das Lesebuch war schon länger.", pointers=("/note",))
    if head.checkpoint.size == known.size:
        raise IdReused("An dieser Stelle war das Lesebuch ein anderes.", pointers=("/note",))
    if head.claims.get("since") != known.size:
        raise StepNotAllowed(
            "Der Beweis beginnt nicht am zuletzt genannten Kopf.", pointers=("/since",)
        )
    _check_grew(head, known)


def _check_grew(head: _Head, known: StoredHead) -> None:
    listed = head.claims.get("proof", [])
    assert isinstance(listed, list)  # noqa: S101  as above
    proof = [unb64(str(each)) for each in listed]
    old, new = unb64(known.root), head.checkpoint
    try:
        verify_consistency(known.size, new.size, old, new.root, proof)
    except Unproven:
        raise IdReused(
            "Das Lesebuch beginnt nicht mit dem, das zuletzt genannt wurde.", pointers=("/proof",)
        ) from None


def _add(head: _Head, stated: StatedHead, node: Node, connection: Connection) -> str:
    event_id, checkpoint = new_id(), head.checkpoint
    node.log.append(
        connection,
        Draft(
            kind="connector.checkpoint",
            entry_id=event_id,
            at=node.clock(),
            act={"org": stated.unit},
            obj={
                "ty": "connector",
                "id": stated.unit,
                "d": digest(stated.jws),
                "n": checkpoint.size,
            },
        ),
    )
    root = b64(checkpoint.root)
    put_head(
        connection,
        StoredHead(stated.unit, head.vkey, checkpoint.size, root, stated.jws, event_id),
    )
    return event_id
