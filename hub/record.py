# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""One receipt, one entry: what the lines enter, they enter together.

A message, its receipts and the log are written in one transaction or not at all; this is the one
place where a receipt gets its entry, so neither can be forgotten.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, TypeVar

import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError
from uuid_utils.compat import uuid7

from hub.audit.entry import Draft
from hub.audit.openings.key import ConversationKey
from hub.audit.proof import Proof
from hub.errors import Failure, NotFound, RecipientUnknown, Refusal
from hub.keyed import key_of
from hub.model.evidence import AuthenticatedClient
from hub.model.json import Json
from hub.model.receipt import Word
from hub.model.stored import StoredMessage, StoredReceipt
from hub.node import Node
from hub.sealing.canonical import digest, unb64
from hub.sealing.envelope import env_digest, parse_payload
from hub.store.receipts import add_event, add_receipt, chain_of, last_of_chain
from hub.store.replay import add_all_used, add_used
from hub.store.savepoint import savepoint
from hub.trust.receipts import make_receipt

T = TypeVar("T")
_log: Final = structlog.stdlib.get_logger()


@dataclass(frozen=True)
class Answer:
    """A receipt with its log entry and the proof that the entry is in the log."""

    body: bytes
    is_new: bool


@dataclass(frozen=True)
class Kept:
    """A receipt that stands in the database, and whether this request put it there."""

    receipt: StoredReceipt
    is_new: bool


def new_id() -> str:
    return str(uuid7())


def answer(node: Node, connection: Connection, kept: Kept | Refusal) -> Answer | Refusal:
    """Put together the answer that the same request gets for as long as the log exists.

    The proof leads to the first checkpoint behind the entry, so it has the same bytes a year
    later; once the entry's body is pruned, ``entry`` is null.
    """
    if isinstance(kept, Refusal):
        return kept
    proven = node.log.prove(connection, kept.receipt.audit_id)
    return Answer(_written(proven, receipt=kept.receipt.jws), kept.is_new)


def use_proof(connection: Connection, client: AuthenticatedClient) -> None:
    """Enter the proof of possession of a request as used, in the transaction of its effect."""
    add_used(connection, client.unit, client.proof_id, client.proof_expires_at)


def use_proofs(connection: Connection, clients: Sequence[AuthenticatedClient]) -> list[bool]:
    """Do so for many requests at once; returns for each whether its proof was unused."""
    return add_all_used(
        connection,
        [(client.unit, client.proof_id, client.proof_expires_at) for client in clients],
    )


def refusable(
    node: Node, connection: Connection, client: AuthenticatedClient, work: Callable[[], T]
) -> T | Refusal:
    """Do what was asked, or return the refusal: the proof of possession is used up either way.

    A refusal that were raised would take the use of the proof back with all else, and the proof
    could be shown a second time.
    """
    use_proof(connection, client)
    mark = node.log.mark()
    try:
        with savepoint(connection):
            return work()
    except Refusal as refusal:
        node.log.rewind(mark)
        return refusal


def raised(result: T | Refusal) -> T:
    """Return the result, or raise the refusal, now that what it leaves behind is kept."""
    if isinstance(result, Refusal):
        raise result
    return result


def one_of_many(
    node: Node, connection: Connection, message_id: str, work: Callable[[], T]
) -> T | None:
    """Do something with one message of many; where it cannot be done, the others go on.

    A row that somebody has damaged must stop nobody's clocks but its own. A trouble of the
    database is everybody's, and is raised.
    """
    mark = node.log.mark()
    try:
        with savepoint(connection):
            return work()
    except (OperationalError, Failure):
        raise
    except Exception as error:  # noqa: BLE001  whatever is wrong with it, it is wrong with it alone
        node.log.rewind(mark)
        _log.error("message.damaged", message=message_id, error=type(error).__name__)
        return None


@dataclass(frozen=True)
class Act:
    """Who does it, and when."""

    org: str
    at: float
    auth: str = ""
    basis: str | None = None
    """The sender's legal basis, where the caller has the envelope open anyway."""
    role: str = ""
    pid: str = ""
    """Role and pseudonym of a person of ``org``, where one is known to have done it."""


def say(
    node: Node,
    connection: Connection,
    message: StoredMessage,
    word: Word,
    *,
    now: float,
    members: Mapping[str, Json] = MappingProxyType({}),
) -> StoredReceipt:
    """Enter a receipt that the hub itself signs."""
    last = last_of_chain(connection, message.id, chain_of(word))
    receipt = sign(node, message, word, last, now=now, members=members)
    enter(node, connection, message, receipt, Act(node.hub_id, now))
    return receipt


def sign(
    node: Node,
    message: StoredMessage,
    word: Word,
    last: StoredReceipt | None,
    *,
    now: float,
    members: Mapping[str, Json] = MappingProxyType({}),
) -> StoredReceipt:
    """Sign a receipt of the hub that follows ``last`` in its chain; enters nothing."""
    chain = chain_of(word)
    claims: dict[str, Json] = {"env": env_digest(message.env), **members}
    if last is not None:
        claims["prv"] = last.digest
    receipt_id = new_id()
    jws = make_receipt(
        node.keys.receipt,
        word=word,
        iss=node.hub_id,
        aud=message.sender if chain == "visible" else node.hub_id,
        message_id=message.id,
        receipt_id=receipt_id,
        iat=int(now),
        members=claims,
    )
    return StoredReceipt(
        id=receipt_id,
        message_id=message.id,
        word=word,
        chain=chain,
        seq=1 if last is None else last.seq + 1,
        signer=node.hub_id,
        issued_at=int(now),
        jws=jws,
        digest=digest(jws),
        audit_id=message.audit_id if word == "accepted" else new_id(),
    )


def enter(
    node: Node,
    connection: Connection,
    message: StoredMessage,
    receipt: StoredReceipt,
    act: Act,
) -> None:
    """Enter a receipt, the events it is for others, and its log entry."""
    entered_at = note_receipt(node, connection, message, receipt, act)
    add_receipt(connection, receipt, entered_at)
    for unit in _to_be_told(message, receipt):
        add_event(connection, unit, receipt.id)
        node.waiting.promise(events_of(unit))


def note_receipt(
    node: Node,
    connection: Connection,
    message: StoredMessage,
    receipt: StoredReceipt,
    act: Act,
    *,
    key: ConversationKey | None = None,
) -> int:
    """Enter the log entry of a receipt alone; returns the second at which the receipt is entered.

    For ``enter``, and for whoever enters many receipts at once. ``key`` is that of a conversation
    that is not in the database yet.
    """
    about = key or key_of(node, connection, message.conversation)
    node.log.append(
        connection,
        Draft(
            kind="content.erased" if receipt.word == "erased" else f"message.{receipt.word}",
            entry_id=receipt.audit_id,
            at=act.at,
            act={"org": act.org, "role": act.role, "pid": act.pid, "auth": act.auth},
            rcp=(message.recipient,),
            obj={
                "ty": "message",
                "id": message.id,
                "d": receipt.digest,
                "ct": f"{message.protocol}/{message.step}",
            },
            law=laws(node, message, act.basis),
            rule=message.protocol,
            message_id=message.id if receipt.word == "accepted" else None,
            conversations=(about,),
        ),
    )
    # The time of the entry: whoever audits can hold the column against it.
    return int(node.log.newest.timestamp())


def events_of(unit: str) -> str:
    """Name the place in the waiting room where a unit waits for receipts."""
    return f"events {unit}"


def _to_be_told(message: StoredMessage, receipt: StoredReceipt) -> set[str]:
    """The sender hears of the visible chain, the addressee of a withdrawal; nobody of himself.

    The sender has the receipt of acceptance in its hands already.
    """
    if receipt.chain == "hidden" or receipt.word == "accepted":
        return set()
    told = {message.sender, *([message.recipient] if receipt.word == "withdrawn" else [])}
    return told - {receipt.signer}


def note_refusal(
    node: Node,
    connection: Connection,
    client: AuthenticatedClient,
    refusal: Refusal,
    *,
    kind: str,
    obj: Mapping[str, str],
    now: float,
) -> None:
    """Leave the one entry of a refusal, unless there are too many equal ones this minute.

    That there is nobody, or nothing, is no event and leaves none.
    """
    if isinstance(refusal, NotFound | RecipientUnknown):
        return
    if node.flood.is_counted_only(client.unit, refusal.code, int(now)):
        return
    node.log.append(
        connection,
        Draft(
            kind=kind,
            entry_id=new_id(),
            at=now,
            act={"org": client.unit},
            rcp=(),
            obj=obj,
            law=(),
            rule="",
            why=refusal.code,
            out="refused",
        ),
    )


def laws(node: Node, message: StoredMessage, basis: str | None = None) -> tuple[str, ...]:
    """Return the legal bases of a message: the sender's as signed, the recipient's by protocol."""
    protocol = node.catalogue.get(message.protocol)
    step = protocol.step(message.step) if protocol else None
    own = basis or parse_payload(unb64(message.env.split(".")[1])).lb
    return tuple(dict.fromkeys((own, *(step.basis_recipient if step else ()))))


def proven_answer(node: Node, connection: Connection, event_id: str, **texts: str) -> Answer:
    """Return an entry with its proof, where there is no receipt beside it."""
    return Answer(_written(node.log.prove(connection, event_id), **texts), is_new=True)


def _written(proven: Proof, **texts: str) -> bytes:
    """Write an answer; the entry goes into it as it lies in the log, in the bytes it has there."""
    members = [f'"{name}": {json.dumps(text)}' for name, text in texts.items()]
    entry = "null" if proven.extra is None else proven.extra.decode("utf-8")
    written = (*members, f'"entry": {entry}', f'"proof": {json.dumps(proven.text)}')
    return f"{{{', '.join(written)}}}".encode()
