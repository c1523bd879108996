# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What was said in a matter, and what may this house say next?

The hub knows the order of a conversation; while it does not answer, what lies here is shown, and
nothing can be said.
"""

from functools import partial
from typing import Any

from sqlalchemy import Connection

from hub.client.answers import Refused, Unreachable
from hub.client.directory import DirectoryView
from hub.client.thread import Thread
from hub.errors import Failure, NotFound, NotPermitted, Overloaded
from hub.model.json import Json, JsonObject
from hub.portal import filings_shown, letters
from hub.portal.books.mail_filings import read_filings, read_heard, read_own_filing
from hub.portal.confirmation import Filer
from hub.portal.delivery_events import Heard, enter
from hub.portal.desk import Desk
from hub.portal.filings_sending import RefusedByHub, problem_of
from hub.portal.offices import full_name
from hub.portal.offices_shelf import Consulted, consult


async def start(by: Filer, desk: Desk) -> JsonObject:
    """Return all that belongs on somebody's start page, but for the drafts."""
    units = await desk.books.read(partial(_addressees, by=by))
    known = await _directory(by, desk, *units)
    view = known.view if known else None
    return await desk.books.read(partial(_lists, by=by, view=view)) | {
        "now": desk.second,
        "reachable": known is not None and not known.is_stale,
    }


async def one(message_id: str, by: Filer, desk: Desk) -> JsonObject:
    """Return a filing with its answer; raises ``NotFound`` for those of others."""
    row = await desk.books.read(partial(read_own_filing, message_id=message_id, unit=by.unit))
    if row is None or not filings_shown.may_see(row, by):
        raise NotFound
    known = await _directory(by, desk, row.addressed)
    view = known.view if known else None
    said = await desk.books.read(partial(filings_shown.shown, row=row, by=by, view=view))
    heard = await desk.books.read(partial(read_heard, unit=by.unit, message_id=row.id))
    return {
        "filing": said,
        "state": row.state,
        "env": row.env,
        "until": row.sendable_until,
        "answer": filings_shown.answer_of(row),
        "heard": [each.jws for each in heard],
        "message": None if row.message is None else row.message.decode(),
    }


async def withdraw(message_id: str, by: Filer, desk: Desk) -> JsonObject:
    """Take back a message that nobody has taken yet, and return how it stands then.

    Raises ``RefusedByHub`` where it is too late for that: then it is put right or taken back by a
    message of its own.
    """
    row = await desk.books.read(partial(read_own_filing, message_id=message_id, unit=by.unit))
    if row is None or row.person != by.person:
        raise NotFound
    try:
        proven = await desk.line(by.unit).withdraw(message_id)
    except Refused as refused:
        raise RefusedByHub(problem_of(refused)) from None
    except Unreachable:
        raise Overloaded from None
    await desk.books.write(partial(enter, heard=Heard(proven.receipt, row), second=desk.second))
    return await one(message_id, by, desk)


async def thread(conversation: str, by: Filer, desk: Desk) -> JsonObject:
    """Return a matter of the house: its course, what may follow, and where the next one joins.

    Raises ``NotFound`` where this house has no part in it, or this person none that they may see.
    """
    lists = await desk.books.read(partial(_of_matter, conversation=conversation, by=by))
    if not lists["filings"] and not lists["letters"]:
        raise NotFound
    try:
        course = await desk.line(by.unit).conversation(conversation)
    except (Unreachable, Refused):
        return {**_unknown_course(conversation), **lists, "stale": True}
    known = await _directory(by, desk, course.partner_of(by.unit))
    view = known.view if known else None
    lists = await desk.books.read(partial(_of_matter, conversation=conversation, by=by, view=view))
    return {**_course(course, by.unit, view), **lists, "stale": False}


def _course(course: Thread, unit: str, view: DirectoryView | None) -> JsonObject:
    partner = course.partner_of(unit)
    return {
        "cnv": course.id,
        "protocol": course.protocol,
        "closed": course.closed,
        "partner": partner,
        "partner_name": partner if view is None else full_name(partner, view),
        "opener": course.opener,
        "pos": course.last_position,
        "env": course.last_env,
        "allowed": [*course.allowed],
        "owed": [*course.owed],
        "reply_key": course.reply_key,
        "messages": [_utterance(each, unit) for each in course.messages],
    }


def _unknown_course(conversation: str) -> JsonObject:
    names = ("protocol", "partner", "partner_name", "opener", "pos", "env", "reply_key")
    empty: JsonObject = dict.fromkeys(names)
    return {
        "cnv": conversation,
        "closed": False,
        **empty,
        "allowed": [],
        "owed": [],
        "messages": [],
    }


def _utterance(said: dict[str, Any], unit: str) -> JsonObject:
    return {
        "id": said["id"],
        "step": said["step"],
        "from": said["sender"],
        "to": said["recipient"],
        "position": said["position"],
        "mine": said["sender"] == unit,
    }


def _of_matter(
    connection: Connection, conversation: str, by: Filer, view: DirectoryView | None = None
) -> JsonObject:
    rows = read_filings(connection, by.unit, conversation=conversation)
    filings: list[Json] = [
        filings_shown.shown(connection, row, by, view)
        for row in rows
        if filings_shown.may_see(row, by)
    ]
    return {"filings": filings, "letters": letters.all_of(connection, by, conversation)}


def _lists(connection: Connection, by: Filer, view: DirectoryView | None) -> JsonObject:
    return {
        "filings": filings_shown.all_of(connection, by, view),
        "letters": letters.all_of(connection, by),
    }


def _addressees(connection: Connection, by: Filer) -> tuple[str, ...]:
    rows = read_filings(connection, by.unit)
    return tuple(dict.fromkeys(row.addressed for row in rows))


async def _directory(by: Filer, desk: Desk, *units: str) -> Consulted | None:
    """Return the directory where there is one; without it the lists are shown all the same."""
    try:
        return await consult(desk, by.unit, *units)
    except (Failure, NotPermitted):
        return None
