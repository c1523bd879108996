# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A database with the tables of this version, and rows for it; nothing random."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from sqlalchemy import Connection, insert

from hub.audit.tables import audit_event
from hub.model.json import JsonObject
from hub.model.receipt import Word
from hub.model.stored import StoredContent, StoredMessage, StoredReceipt
from hub.sealing.canonical import b64, digest, jcs
from hub.store.engine import Database, open_database
from hub.store.messages import add_conversation, add_message
from hub.store.receipts import add_receipt, chain_of, last_of_chain
from hub.store.schema import upgrade
from tests.databases import a_place

NOW = 1_795_000_000
DAY = 24 * 3600
SCHOOL = "schule:999001"
OFFICE = "jugendamt:05170032.asd"
PROTOCOL = "schule-mitteilung/1.0.0"
CONTENT = StoredContent(wraps=b'[{"kid":"k","wrap":"w"}]', body=b'{"leaf":"sealed"}')


@contextmanager
def a_database(folder: Path) -> Iterator[Database]:
    """Open a database with every table; closes it at the end."""
    database = open_database(a_place(folder))
    try:
        upgrade(database.writing)
        yield database
    finally:
        database.dispose()


def an_id(number: int) -> str:
    return f"01938f00-0000-7000-8000-{number:012x}"


def an_env(number: int, position: int, conversation: str, cause: str | None = None) -> str:
    """Return an envelope whose claims can be read; its signature is none."""
    claims: JsonObject = {
        "suite": "SL1",
        "hub": "meldeweg.invalid/test",
        "iss": SCHOOL,
        "aud": OFFICE,
        "jti": an_id(number),
        "iat": NOW,
        "end": NOW + 14 * DAY,
        "proto": PROTOCOL,
        "step": "mitteilung",
        "schema": digest("schema"),
        "cnv": conversation,
        "pos": position,
        "urg": "planbar",
        "lb": "kkg-4-3",
        "readers": [
            {"classes": ["main"], "kid": digest("kid"), "rel": "now", "wrap": digest("wrap")}
        ],
        "commit": {"main": digest("commitment")},
        "body": digest("body"),
        "_sd_alg": "sha-256",
        "_sd": [digest("leaf")],
    }
    if conversation != an_id(number):
        claims["prv"] = digest("before")
    if cause is not None:
        claims["cau"] = cause
    return f"kopf.{b64(jcs(claims))}.unterschrift"


def a_message(number: int = 1, cause: str | None = None, **members: object) -> StoredMessage:
    """Return the opening message of a conversation of its own."""
    whole = {"position": 1, "conversation": an_id(number), **members}
    plain = StoredMessage(
        id=an_id(number),
        conversation=an_id(number),
        position=1,
        protocol=PROTOCOL,
        step="mitteilung",
        sender=SCHOOL,
        recipient=OFFICE,
        urgency="planbar",
        request=digest(f"request {number}"),
        client=SCHOOL,
        state="accepted",
        accepted_at=NOW,
        ends_at=NOW + 14 * DAY,
        due_taken=NOW + 900,
        due_acknowledged=NOW + 7200,
        due_overdue=NOW + 14_400,
        on_duty=str(members.get("recipient", OFFICE)),
        due_next=NOW + 900,
        audit_id=an_id(number + 0x1000),
        env=an_env(number, int(str(whole["position"])), str(whole["conversation"]), cause),
    )
    return replace(plain, **members)  # type: ignore[arg-type]


def key_id_of(conversation: str) -> str:
    """Return the id of the key of a conversation, which lies nowhere here."""
    return f"key of {conversation}"


def enter_message(
    connection: Connection, message: StoredMessage, content: StoredContent = CONTENT
) -> StoredMessage:
    """Enter a message with its log entry, and its conversation where it opens one."""
    if message.position == 1:
        add_conversation(
            connection,
            conversation_id=message.conversation,
            protocol=message.protocol,
            opener=message.sender,
            partner=message.recipient,
            key_id=key_id_of(message.conversation),
        )
    add_message(connection, message, content)
    enter_entry(connection, message.audit_id, "message.accepted", message.id)
    return message


def enter_entry(
    connection: Connection, entry_id: str, kind: str, message_id: str | None = None
) -> None:
    connection.execute(insert(audit_event).values(id=entry_id, kind=kind, message_id=message_id))


def enter_receipt(
    connection: Connection, message: StoredMessage, word: Word, at: int = NOW, number: int = 1
) -> StoredReceipt:
    """Enter a receipt at the end of its chain, with its log entry."""
    chain = chain_of(word)
    last = last_of_chain(connection, message.id, chain)
    entry = message.audit_id if word == "accepted" else an_id(number + 0x200000)
    if word != "accepted":
        kind = "content.erased" if word == "erased" else f"message.{word}"
        enter_entry(connection, entry, kind)
    receipt = StoredReceipt(
        id=an_id(number + 0x100000),
        message_id=message.id,
        word=word,
        chain=chain,
        seq=1 if last is None else last.seq + 1,
        signer=message.recipient,
        issued_at=at,
        jws=f"jws {number}",
        digest=digest(f"jws {number}"),
        audit_id=entry,
    )
    add_receipt(connection, receipt, at)
    return receipt
