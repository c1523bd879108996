# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The line of reconciliation: what a unit holds of a day, against what the hub has of it.

A unit signs the list of its receipts of a day that is over. The hub compares, enters what came of
it by its digest, and answers with it. So neither side can later say that it had agreed.
"""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from typing import Final

from sqlalchemy import Connection

from hub.audit.entry import Draft
from hub.errors import HubMismatch, IssuedOutsideWindow, Refusal, SenderMismatch
from hub.model.evidence import AuthenticatedClient
from hub.model.json import JsonObject
from hub.node import Node
from hub.record import Answer, new_id, proven_answer, raised, refusable
from hub.sealing.canonical import digest, jcs
from hub.store.reconciliations import (
    Due,
    StoredReconciliation,
    put_reconciliation,
    read_reconciliation,
    receipts_of_day,
)
from hub.trust.jose import verify_token
from hub.trust.kinds import RECONCILIATION

WINDOW: Final = 300
"""Seconds between signing and handing in."""
CLOCKS: Final = 60
DAY: Final = 86_400


@dataclass(frozen=True)
class Listed:
    """A list as it came: who hands it in, and the bytes."""

    client: AuthenticatedClient
    jws: str


@dataclass(frozen=True)
class _Found:
    """What a comparison came to, as the entry commits to it."""

    day: str
    result: str
    differences: int


@dataclass(frozen=True)
class _Entered:
    audit_id: str
    is_new: bool


async def reconcile(listed: Listed, node: Node) -> Answer:
    """Compare a day and enter it; the same list that comes to the same is entered once.

    Raises ``IssuedOutsideWindow`` for a day that is not over: what is under way would differ.
    """
    claims = _verified(listed, node)
    # The day is over, so a reader may look: the writer is everybody's.
    found = await node.readers.run(partial(_compare, listed.client.unit, claims))

    def work(connection: Connection) -> _Entered | Refusal:
        enter = partial(_enter, listed, found, node, connection)
        return refusable(node, connection, listed.client, enter)

    def answer(connection: Connection, entered: _Entered | Refusal) -> Answer | Refusal:
        if isinstance(entered, Refusal):
            return entered
        proven = proven_answer(node, connection, entered.audit_id, result=found.result)
        return Answer(proven.body, entered.is_new)

    return raised(await node.writer.commit(work, answer))


def _verified(listed: Listed, node: Node) -> JsonObject:
    unit = listed.client.unit
    claims = verify_token(
        listed.jws,
        kind=RECONCILIATION,
        key_for=lambda token: node.directory.trusted_signing_key(unit, token.kid),
    )
    if claims["iss"] != unit:
        raise SenderMismatch(pointers=("/iss",))
    if claims["hub"] != node.hub_id:
        raise HubMismatch(pointers=("/hub",))
    now, second = int(node.clock()), claims["iat"]
    assert isinstance(second, int)  # noqa: S101  the kind has established it
    if not now - WINDOW <= second <= now + CLOCKS:
        raise IssuedOutsideWindow(pointers=("/iat",))
    if begins_at(str(claims["day"])) + DAY > now:
        raise IssuedOutsideWindow("Der Tag ist noch nicht zu Ende.", pointers=("/day",))
    return claims


def begins_at(day: str) -> int:
    """Return the first second of a day in UTC; refuses one that no calendar has."""
    try:
        begun = date.fromisoformat(day)
    except ValueError:
        raise IssuedOutsideWindow(pointers=("/day",)) from None
    return int(datetime(begun.year, begun.month, begun.day, tzinfo=UTC).timestamp())


def _compare(unit: str, claims: JsonObject, connection: Connection) -> _Found:
    day, named = str(claims["day"]), claims["receipts"]
    assert isinstance(named, list)  # noqa: S101  as above
    begins = begins_at(day)
    due = {each.digest: each for each in receipts_of_day(connection, unit, begins, begins + DAY)}
    only_there = [each for each in named if each not in due]
    missed = set(due) - set(map(str, named))
    only_here = [_told(due[each]) for each in sorted(missed) if not due[each].is_fresh]
    result = jcs(
        {
            "unit": unit,
            "day": day,
            "list": digest(jcs(named)),
            "there": len(named),
            "here": len(due),
            "only_there": only_there,
            "only_here": list(only_here),
        }
    )
    return _Found(day, result.decode(), len(only_there) + len(only_here))


def _told(due: Due) -> JsonObject:
    return {"digest": due.digest, "message": due.message_id, "word": due.word}


def _enter(listed: Listed, found: _Found, node: Node, connection: Connection) -> _Entered:
    unit = listed.client.unit
    known = read_reconciliation(connection, unit, found.day)
    if known is not None and known.result == found.result:
        return _Entered(known.audit_id, is_new=False)
    event_id, now = new_id(), node.clock()
    node.log.append(
        connection,
        Draft(
            kind="reconcile.done",
            entry_id=event_id,
            at=now,
            act={"org": unit, "auth": "dpop"},
            rcp=(unit,),
            obj={"ty": "peer", "id": unit, "d": digest(found.result), "n": found.differences},
        ),
    )
    stored = StoredReconciliation(
        unit, found.day, found.result, found.differences, int(now), event_id
    )
    put_reconciliation(connection, stored)
    return _Entered(event_id, is_new=True)


def counts(result: str) -> tuple[int, int]:
    """Return how many receipts the unit named, and how many the hub has."""
    said = json.loads(result)
    return int(said["there"]), int(said["here"])
