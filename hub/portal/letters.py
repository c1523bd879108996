# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who may see a letter of the house, open it, and say something about it?

What the law has one person read, that person alone gets (§ 4 Abs. 4 KKG: "dieser Person"); the
others of the house see that an answer came to that person, and nothing else of it.
"""

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from sqlalchemy import Connection

from hub.client.answers import Unreachable
from hub.errors import ContentErased, NotAddressed, NotFound, NotPermitted, StepNotAllowed
from hub.model.json import Json, JsonObject
from hub.model.receipt import Word
from hub.people.colleagues import name_of
from hub.portal.books.mail_filings import read_filings
from hub.portal.books.mail_letters import (
    GONE,
    NEW,
    StoredLetter,
    change_letter,
    read_letter,
    read_letters,
)
from hub.portal.confirmation import Filer
from hub.portal.desk import Desk
from hub.portal.letters_saying import ROLE, owe, say_due
from hub.portal.offices import organisations_of
from hub.portal.offices_shelf import consult
from hub.portal.vault_keys import public_keys
from hub.sealing.envelope import parse_claims, parse_message
from hub.trust.receipts import REJECTIONS

READS: Final = "lesen"
WORDS: Final = {
    "neu": "Neu",
    "geoeffnet": "Geöffnet",
    "bestaetigt": "Eingang bestätigt",
    "abgelehnt": "Als nicht verwertbar zurückgegeben",
    "geloescht": "Inhalt gelöscht",
}
_ENDED: Final = frozenset({"abgelehnt", GONE})


@dataclass(frozen=True)
class _Done:
    """What becomes of a letter by what somebody has done, and what the house says about it."""

    state: str
    word: Word
    members: JsonObject
    at: int | None = None


def shown(connection: Connection, letter: StoredLetter, by: Filer) -> JsonObject:
    """Say what somebody may know of a letter without opening it."""
    own = read_filings(connection, letter.unit, conversation=letter.conversation)
    name = name_of(connection, letter.person or "")
    return _shown(letter, name, own[-1].id if own else None, usable(connection, by))


def _shown(letter: StoredLetter, name: str, about: str | None, kids: frozenset[str]) -> JsonObject:
    person = letter.person
    return {
        "id": letter.id,
        "cnv": letter.conversation,
        "protocol": letter.protocol,
        "step": letter.step,
        "urgency": letter.urgency,
        "from": letter.sender,
        "from_name": letter.sender_name,
        "received_at": letter.received_at,
        "acknowledged_at": letter.acknowledged_at,
        "end": letter.ends_at,
        "kids": [*letter.kids.split()],
        "for": None if person is None else {"id": person, "name": name},
        "openable": letter.message is not None and not kids.isdisjoint(letter.readers),
        "state": letter.state,
        "state_text": WORDS[letter.state],
        "about": about,
    }


def all_of(connection: Connection, by: Filer, conversation: str | None = None) -> list[Json]:
    """Show what came for the house, as far as somebody may know of it."""
    filed = read_filings(connection, by.unit, conversation=conversation)
    mine = {row.conversation for row in filed if by.person in row.persons}
    # The newest come first, so what remains is the one that began the conversation.
    about = {row.conversation: row.id for row in filed}
    kids = usable(connection, by)
    return [
        _shown(each, name_of(connection, each.person or ""), about.get(each.conversation), kids)
        for each in read_letters(connection, by.unit, conversation)
        if READS in by.roles or each.person == by.person or each.conversation in mine
    ]


async def one(letter_id: str, by: Filer, desk: Desk) -> JsonObject:
    """Return a letter with what its reader needs to verify it.

    Raises ``NotFound`` for whoever cannot open it, ``ContentErased`` where it is gone.
    """
    letter = await desk.books.read(partial(_openable, letter_id=letter_id, by=by))
    if letter.message is None:
        raise ContentErased
    envelope = parse_claims(parse_message(letter.message, delivered=True))
    known = await consult(desk, by.unit, letter.sender, envelope.aud)
    return {
        "letter": await desk.books.read(partial(shown, letter=letter, by=by)),
        "raw": letter.message.decode(),
        "receipts": json.loads(letter.receipts),
        "list": known.shelved.listed,
        "organisations": organisations_of(known, letter.sender, envelope.aud, by.unit),
        "fetched_at": known.shelved.fetched_at,
        "stale": known.is_stale,
    }


async def say_opened(
    letter_id: str, kid: str, classes: tuple[str, ...], by: Filer, desk: Desk
) -> JsonObject:
    """Enter that somebody has opened a letter, and with which key.

    Raises ``NotAddressed`` for a key that it is not sealed to, or is another person's.
    """

    def opened(connection: Connection, letter: StoredLetter) -> _Done:
        if kid not in letter.readers or kid not in usable(connection, by):
            raise NotAddressed(pointers=("/kid",))
        _check_classes(letter, kid, classes)
        state = "geoeffnet" if letter.state == NEW else letter.state
        return _Done(state, "opened", {"kid": kid, "classes": list(classes)})

    return await _do(letter_id, opened, by, desk)


async def say_acknowledged(letter_id: str, by: Filer, desk: Desk) -> JsonObject:
    """Enter that somebody has taken note; the role is committed to and stays in this house."""

    def acknowledged(connection: Connection, letter: StoredLetter) -> _Done:
        del connection
        if letter.state == NEW:
            raise StepNotAllowed("Erst öffnen, dann den Eingang bestätigen.")
        role = READS if READS in by.roles and letter.person is None else "verfassen"
        return _Done("bestaetigt", "acknowledged", {ROLE: role}, at=desk.second)

    return await _do(letter_id, acknowledged, by, desk)


async def say_rejected(
    letter_id: str, problems: list[JsonObject], by: Filer, desk: Desk
) -> JsonObject:
    """Enter that a letter cannot be used: with codes and places, and no value."""

    def rejected(connection: Connection, letter: StoredLetter) -> _Done:
        del connection
        if not problems or any(each.get("code") not in REJECTIONS for each in problems):
            raise NotPermitted("Only a reader's codes reject a message.", pointers=("/problems",))
        if letter.state == "bestaetigt":
            raise StepNotAllowed("Der Eingang ist schon bestätigt.")
        said: list[Json] = [*problems]
        return _Done("abgelehnt", "rejected", {"problems": said})

    return await _do(letter_id, rejected, by, desk)


async def erase(letter_id: str, by: Filer, desk: Desk) -> JsonObject:
    """Delete the sealed copy of a letter that somebody took note of, and say so."""

    def erased(connection: Connection, letter: StoredLetter) -> _Done:
        if letter.state != "bestaetigt":
            raise StepNotAllowed("Gelöscht wird, wovon jemand Kenntnis genommen hat.")
        change_letter(connection, letter.id, letter.unit, message=None)
        return _Done(GONE, "erased", {})

    return await _do(letter_id, erased, by, desk)


async def _do(
    letter_id: str,
    doing: Callable[[Connection, StoredLetter], _Done],
    by: Filer,
    desk: Desk,
) -> JsonObject:
    """Do something about a letter in one transaction, then tell the hub as far as it answers."""

    def work(connection: Connection) -> JsonObject:
        letter = _openable(connection, letter_id, by)
        if letter.state in _ENDED:
            raise StepNotAllowed("Diese Nachricht ist abgeschlossen.")
        done = doing(connection, letter)
        at = letter.acknowledged_at if done.at is None else done.at
        change_letter(connection, letter.id, letter.unit, state=done.state, acknowledged_at=at)
        owe(connection, letter, done.word, done.members)
        return shown(connection, replace(letter, state=done.state, acknowledged_at=at), by)

    said = await desk.books.write(work)
    with suppress(Unreachable):
        await say_due(by.unit, desk, letter=letter_id)
    return said


def _openable(connection: Connection, letter_id: str, by: Filer) -> StoredLetter:
    """Return a letter that this person may open; to all others it is not there."""
    letter = read_letter(connection, letter_id, by.unit)
    if letter is None or usable(connection, by).isdisjoint(letter.readers):
        raise NotFound
    return letter


def usable(connection: Connection, by: Filer) -> frozenset[str]:
    """Return the keys that somebody has: their own, and those of the desk if they read for it."""
    return frozenset(
        key.kid
        for key in public_keys(connection, by.unit)
        if (key.person == by.person if key.use == "person" else READS in by.roles)
    )


def _check_classes(letter: StoredLetter, kid: str, classes: tuple[str, ...]) -> None:
    """Refuse classes that this key does not open; a key added later opens what was added."""
    if letter.message is None:
        raise ContentErased
    parsed = parse_message(letter.message, delivered=True)
    named = next((each for each in parse_claims(parsed).readers if each.kid == kid), None)
    ascending = tuple(sorted(set(classes)))
    if not classes or classes != ascending or (named and set(classes) - set(named.classes)):
        raise NotAddressed(pointers=("/classes",))
