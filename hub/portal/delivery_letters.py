# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What came for a house? Fetched sealed, verified from outside, kept durably, and then taken.

``taken`` says that the hand-over is durable in this house, and so it is: the bytes lie here until
somebody with the key has opened them in a browser. Killed in between, the portal fetches the same
message again, finds it here, and says ``taken`` for the first time.
"""

import json
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import Any, Final

import structlog
from sqlalchemy import Connection

from hub.client.answers import Refused, Unreachable
from hub.client.attesting import Attested, attest
from hub.client.hub import MOST_KIDS, Hub
from hub.client.receiving import Message
from hub.errors import Failure, IdReused
from hub.portal.books.mail_letters import (
    NEW,
    StoredLetter,
    add_letter,
    change_letter,
    read_letter,
)
from hub.portal.delivery_doubts import has_to_wait, note_doubt
from hub.portal.desk import Desk
from hub.portal.offices import full_name
from hub.portal.room import listed_keys
from hub.portal.telling import tell_readers
from hub.portal.vault_keys import PublicReadingKey
from hub.sealing.canonical import digest
from hub.sealing.envelope import env_digest

AT_ONCE: Final = 10
LENT_FOR: Final = 30
"""Seconds for writing a row and saying so."""
_log: Final = structlog.stdlib.get_logger()


async def fetch(unit: str, desk: Desk) -> None:
    """Take in what waits for a house, one after the other; one that fails holds up no other."""
    keys = await desk.books.read(partial(listed_keys, unit=unit, second=desk.second))
    if not keys:
        return
    line, waiting = desk.line(unit), list[Message]()
    # The keys of the desk come first, so a message that two of them open is asked for with both.
    for some in _at_most(keys, MOST_KIDS):
        while leased := await _lease(line, some):
            for message in leased:
                if has_to_wait(line, digest(message.raw), desk.second):
                    waiting.append(message)
                else:
                    await _take_in(message, line, keys, desk)
            if len(leased) < AT_ONCE:
                break
    # Only now, or it would stand in front of the others again.
    for message in waiting:
        with suppress(Refused):
            await message.give_back()


def _at_most(keys: Sequence[PublicReadingKey], most: int) -> list[Sequence[PublicReadingKey]]:
    return [keys[begin : begin + most] for begin in range(0, len(keys), most)]


async def _lease(line: Hub, keys: Sequence[PublicReadingKey]) -> list[Message]:
    kids = [key.kid for key in keys]
    body = {"kids": kids, "max": AT_ONCE, "wait": 0, "ttl": LENT_FOR}
    said = await line.line.post("/v1/leases", body)
    return [_message(line, each) for each in said["leases"]]


def _message(line: Hub, said: dict[str, Any]) -> Message:
    return Message(
        line,
        said["lease"],
        said["message"].encode(),
        list(said["receipts"]),
        turn=int(said.get("turn", 1)),
        taken=bool(said.get("taken", False)),
    )


async def _take_in(
    message: Message, line: Hub, keys: Sequence[PublicReadingKey], desk: Desk
) -> None:
    try:
        attested = await attest(message.parsed, line, {key.kid for key in keys})
        row = await _letter(message, attested, keys, desk)
        await desk.books.write(partial(_keep, row=row))
        await message.take()
        await desk.books.write(partial(_taken, row=row, chain=tuple(message.chain)))
    except (Unreachable, Failure, OSError):
        # That is not about this message.
        raise
    except Refused as refused:
        _log.warning("portal.letter-not-taken", unit=line.agency.id, code=refused.code)
        with suppress(Refused):
            await message.give_back()
    except Exception as doubt:  # noqa: BLE001  whatever came, the others are fetched
        # Whatever is wrong with it, it is not for this house to reject what it did not open.
        _log.exception("portal.letter-refused", unit=line.agency.id, exc_info=doubt)
        note_doubt(line, digest(message.raw), desk.second)
        with suppress(Refused):
            await message.give_back(failed=True)


async def _letter(
    message: Message, attested: Attested, keys: Sequence[PublicReadingKey], desk: Desk
) -> StoredLetter:
    envelope, unit = attested.envelope, message.hub.agency.id
    view = await message.hub.directory_with(envelope.iss, unit)
    whose = {key.kid: key.person for key in keys if key.use == "person"}
    persons = [whose[kid] for kid in attested.kids if kid in whose]
    return StoredLetter(
        unit=unit,
        id=envelope.jti,
        conversation=envelope.cnv,
        protocol=envelope.proto,
        step=envelope.step,
        urgency=envelope.urg,
        sender=envelope.iss,
        sender_name=full_name(envelope.iss, view),
        env=env_digest(message.parsed.env),
        kids=" ".join(attested.kids),
        person=persons[0] if persons and len(persons) == len(attested.kids) else None,
        message=message.raw,
        receipts=json.dumps(message.chain),
        state=NEW,
        is_taken=message.taken,
        received_at=desk.second,
        ends_at=envelope.end,
        acknowledged_at=None,
    )


def _keep(connection: Connection, row: StoredLetter) -> None:
    """Keep a letter once; raises ``IdReused`` where another message has its id."""
    if add_letter(connection, row):
        tell_readers(connection, row, row.received_at)
        return
    known = read_letter(connection, row.id, row.unit)
    if known is None or known.env != row.env:
        raise IdReused(pointers=("/jti",))


def _taken(connection: Connection, row: StoredLetter, chain: Sequence[str]) -> None:
    receipts = json.dumps(list(chain))
    change_letter(connection, row.id, row.unit, is_taken=True, receipts=receipts)
