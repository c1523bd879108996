# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What does a house sign about a letter, once somebody in it has opened it or taken note?

The browser says what happened, the house's key signs it. It is kept before it is said: a hub that
does not answer at that moment hears it later, and a person has to say nothing twice.
"""

import json
from functools import partial
from typing import Final

import structlog
from sqlalchemy import Connection
from uuid_utils.compat import uuid7

from hub.client.answers import Refused, Unreachable, Untrustworthy
from hub.client.commitment import Commitment
from hub.client.hub import Hub
from hub.client.saying import MOVED_ON, Subject, chains_of, say, say_unseen
from hub.errors import Refusal
from hub.model.json import JsonObject
from hub.model.receipt import HIDDEN, Word
from hub.portal.books.mail_letters import (
    StoredLetter,
    StoredSaying,
    add_saying,
    due_sayings,
    postpone_saying,
    read_letter,
    remove_sayings,
)
from hub.portal.desk import Desk
from hub.sealing.canonical import digest

LONGEST: Final = 300
"""Seconds between two attempts."""
ROLE: Final = "rolle"
"""Member under which the role lies here that ``acknowledged`` only commits to."""
_log: Final = structlog.stdlib.get_logger()


def owe(connection: Connection, letter: StoredLetter, word: Word, members: JsonObject) -> None:
    """Keep that this house has to say a word about a letter."""
    saying = StoredSaying(
        id=str(uuid7()),
        unit=letter.unit,
        message=letter.id,
        word=word,
        members=json.dumps(members),
        due_at=0,
        tries=0,
    )
    add_saying(connection, saying)


async def say_due(unit: str, desk: Desk, *, letter: str | None = None) -> None:
    """Say what is owed, in order; raises ``Unreachable``, after which it is still owed."""
    due = await desk.books.read(partial(due_sayings, unit=unit, second=desk.second, message=letter))
    for each in due:
        try:
            await _say(each, desk)
        except Unreachable:
            await _postpone(each, desk)
            raise
        except Untrustworthy as doubt:
            _log.error("portal.answer-doubtful", unit=unit, kind=each.word, reason=str(doubt))
            await _postpone(each, desk)
            continue
        except (Refused, Refusal) as no:
            # It is too late for the word, or it was said: nothing would make it possible again.
            _log.warning("portal.word-refused", unit=unit, kind=each.word, code=no.code)
        await desk.books.write(partial(remove_sayings, ids=[each.id]))


async def _postpone(owed: StoredSaying, desk: Desk) -> None:
    later = desk.second + min(2 ** (owed.tries + 1), LONGEST)
    await desk.books.write(partial(postpone_saying, saying_id=owed.id, due_at=later))


async def _say(owed: StoredSaying, desk: Desk) -> None:
    line = desk.line(owed.unit)
    members, word = owed.says(), _word(owed.word)
    letter = await desk.books.read(partial(read_letter, letter_id=owed.message, unit=owed.unit))
    if letter is None:
        return
    if word == "erased":
        # The hub may show nothing of the message any more; then it says how the chain ends now.
        last = digest(json.loads(letter.receipts)[-1])
        subject = Subject(letter.id, letter.sender, letter.env, last)
        await say_unseen(line, subject, word, {})
        return
    commitment = None
    if word == "acknowledged":
        commitment = Commitment.make(line.agency, letter.id, str(members.pop(ROLE)))
        members = commitment.members
    try:
        said = await say(line, await _subject(line, letter, word), word, members)
    except Refused as refused:
        if refused.code != MOVED_ON:
            raise
        said = await say(line, await _subject(line, letter, word), word, members)
    if commitment is not None:
        commitment.check(said)


async def _subject(line: Hub, letter: StoredLetter, word: Word) -> Subject:
    """Return what the next receipt is about, behind the last one of its chain."""
    visible, hidden = chains_of(await line.state(letter.id))
    chain = hidden if word in HIDDEN else visible
    return Subject(letter.id, letter.sender, letter.env, digest(chain[-1]) if chain else None)


def _word(word: str) -> Word:
    known: dict[str, Word] = {
        "opened": "opened",
        "acknowledged": "acknowledged",
        "rejected": "rejected",
        "erased": "erased",
    }
    return known[word]
