# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
# ruff: noqa: S608  raw SQL, put together from constants, is what is tried here
"""Rows 23 to 25: what lies beside the log, in the opening store and in the index of the search.

Neither is in the auditor's copy; the one who has the key of a conversation asks the log itself.
"""

import sqlite3
from contextlib import closing

from sqlalchemy import Connection

from hub.audit.openings.file import FILE
from hub.audit.openings.key import ConversationKey
from hub.audit.openings.search import indexed, scan
from hub.audit.openings.store import NoSuchKey, Openings
from hub.errors import LogUnavailable
from hub.main.opened import looked_at
from tests.tamper.forty.scene import Copy

KEYS = "oeffnungen-schluessel"
NOT_OPENED = "der Öffnungsspeicher gibt den Schlüssel nicht her, und kein data.erased sagt es"


def a_salt_destroyed(copy: Copy) -> str:
    """The key of a conversation goes, and with it every salt; no entry says that it was erased."""
    conversation, key_id = _conversation(copy)
    _in_the_store(copy, "DELETE FROM conversation_key WHERE id = ?", key_id)
    return _looked_up(copy, key_id, conversation)


def an_opening_replaced(copy: Copy) -> str:
    """One row of the store is put in the place of another."""
    conversation, key_id = _conversation(copy)
    other = "(SELECT wrapped FROM conversation_key WHERE id <> ?1 ORDER BY id LIMIT 1)"
    _in_the_store(copy, f"UPDATE conversation_key SET wrapped = {other} WHERE id = ?1", key_id)
    return _looked_up(copy, key_id, conversation)


def a_row_of_the_index_removed(copy: Copy) -> str:
    """An entry about a conversation is no longer found; the tags in the log still say it."""
    conversation, key_id = _conversation(copy)
    key = Openings(copy.data.openings).key(key_id, conversation)
    copy.run("DELETE FROM conversation_entry WHERE key_id = :id", id=key_id)
    with copy.engine.connect() as connection:
        return _incomplete(connection, copy, key)


_RECEIPTS = """SELECT receipt.audit_id, receipt.message_id FROM receipt
JOIN message ON message.id = receipt.message_id WHERE conversation = :id"""


def _incomplete(connection: Connection, copy: Copy, key: ConversationKey) -> str:
    receipts = [row[0] for row in copy.ask(_RECEIPTS, id=key.conversation)]
    by_index = set(indexed(connection, key.id, receipts).values())
    by_tags = {found.index for found in scan(connection, key)}
    missing = len(by_tags - by_index)
    return f"die Suche mit Schlüssel findet {missing} mehr als der Index" if missing else ""


def _conversation(copy: Copy) -> tuple[str, str]:
    [(conversation, key_id)] = copy.ask(
        """SELECT id, key_id FROM conversation
        WHERE key_id IN (SELECT key_id FROM conversation_entry) ORDER BY id LIMIT 1"""
    )
    return conversation, key_id


def _in_the_store(copy: Copy, statement: str, *values: str) -> None:
    with closing(sqlite3.connect(copy.data.openings / FILE)) as connection, connection:
        assert connection.execute(statement, values).rowcount == 1


def _looked_up(copy: Copy, key_id: str, conversation: str) -> str:
    """Look for the conversation with what the store has now; returns what does not hold."""
    with copy.engine.connect() as connection:
        for found in looked_at(copy.data, connection, thorough=True):
            if found.id == KEYS and found.level == "schlimm":
                return f"doctor: {found.what}"
    erased = copy.ask("SELECT 1 FROM audit_event WHERE kind = 'data.erased'")
    try:
        key = Openings(copy.data.openings).key(key_id, conversation)
    except NoSuchKey:
        return "" if erased else NOT_OPENED
    except (LogUnavailable, ValueError) as trouble:
        return f"der Speicher öffnet es nicht: {type(trouble).__name__}"
    with copy.engine.connect() as connection:
        return _incomplete(connection, copy, key)
