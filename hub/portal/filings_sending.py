# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Sending what is kept until the hub has said something definite about it.

As long as no byte of a message can have reached the hub, it ends with the time in which the hub
would take it, and the person confirms anew. Where an answer may have been lost, the same bytes are
sent beyond that time too: the hub then says which of the two it was, and nobody is made to file
twice what has arrived.
"""

import asyncio
import json
from collections.abc import Mapping
from functools import partial
from http import HTTPStatus
from typing import Any, Final
from weakref import WeakValueDictionary

import structlog
from sqlalchemy import Connection

from hub.client.answers import Refused, Unreachable, Untrustworthy
from hub.client.outbox import PASSING
from hub.client.proofs import ProvenReceipt
from hub.client.relaying import INTERACTIVE, relay, relayed
from hub.errors import IssuedOutsideWindow, ReaderKeyStale, ReadersInvalid
from hub.portal.books.drafts import remove_draft
from hub.portal.books.mail_filings import (
    ACCEPTED,
    WAITS,
    State,
    StoredFiling,
    change_filing,
    read_filing,
)
from hub.portal.desk import Desk
from hub.portal.offices_shelf import forget, note_unreachable
from hub.trust.confirmation import Confirmation

NEVER_LEFT: Final = frozenset({"ConnectError", "ConnectTimeout"})
"""Troubles of the line before which no byte was sent."""
WATCHED: Final = 2
"""Seconds between two attempts while somebody may be looking at the page that waits."""
LONGEST: Final = 60
"""The same once nobody is: the hub takes it as new no more, and only its answer is missing."""
SENDING: Final = 20
"""Seconds in which an attempt has ended, one way or the other, unless the portal has crashed."""
REFUSED: Final[State] = "zurueckgewiesen"
TOO_LATE: Final[State] = "abgelaufen"
_BY_ANOTHER_ROSTER: Final = frozenset({ReaderKeyStale.code, ReadersInvalid.code})
_ATTEMPTS: Final[WeakValueDictionary[str, asyncio.Lock]] = WeakValueDictionary()
_log: Final = structlog.stdlib.get_logger()


class RefusedByHub(Exception):  # noqa: N818  the hub's answer, passed on to the browser
    """The hub said no to something that this house asked of it."""

    def __init__(self, problem: Mapping[str, Any]) -> None:
        self.problem = problem
        super().__init__(str(problem["code"]))


async def send(row: StoredFiling, desk: Desk, *, patience: float = INTERACTIVE) -> StoredFiling:
    """Send a message that waits, once; returns the filing as it stands then.

    One attempt after the other: of two side by side, one would not know what the other has left
    open, and call not sent what has arrived.
    """
    async with _ATTEMPTS.setdefault(row.id, asyncio.Lock()):
        known = await _again(row, desk)
        return await _send(known, desk, patience) if known.state == WAITS else known


async def _send(row: StoredFiling, desk: Desk, patience: float) -> StoredFiling:
    if row.message is None or _is_over(row, desk.second):
        return await _change(row, desk, state=TOO_LATE)
    # Until the answer is here, it may have arrived: so says the row after a crash as well.
    await _change(row, desk, is_unsure=True, due_at=desk.second + SENDING)
    line = desk.line(row.unit)
    confirmed = _confirmation(row.confirmed)
    try:
        proven = await relay(
            relayed(row.message), confirmed, line.line, line.agency.hub, patience=patience
        )
    except Unreachable as trouble:
        note_unreachable(desk, row.unit)
        is_unsure = row.is_unsure or str(trouble) not in NEVER_LEFT
        return await _wait(row, desk, is_unsure=is_unsure)
    except Refused as refused:
        return await _refused(row, refused, desk)
    except Untrustworthy as doubt:
        _log.error("portal.answer-doubtful", unit=row.unit, message=row.id, reason=str(doubt))
        return await _wait(row, desk, is_unsure=True)
    line.ledger.keep(proven.receipt, proven.raw)
    await desk.books.write(partial(_accept, row=row, proven=proven))
    return await _again(row, desk)


async def end_waiting(row: StoredFiling, desk: Desk) -> StoredFiling:
    """Say of a filing that it did not go out; the person confirms it anew."""
    return await _change(row, desk, state=TOO_LATE)


def problem_of(refused: Refused) -> dict[str, Any]:
    """Return what the hub said no with, as it is kept and shown."""
    return {
        "status": refused.status,
        "code": refused.code,
        "title": refused.title,
        "detail": refused.detail,
        "advice": refused.advice,
        "basis": refused.basis,
        "pointers": list(refused.pointers),
        "allowed": list(refused.allowed),
    }


def _is_over(row: StoredFiling, second: int) -> bool:
    return second > row.sendable_until and not row.is_unsure


async def _refused(row: StoredFiling, refused: Refused, desk: Desk) -> StoredFiling:
    if not refused.is_rule or refused.status in PASSING:
        # Whoever gave up waiting on the way does not know whether it arrived.
        is_unsure = row.is_unsure or refused.status == HTTPStatus.REQUEST_TIMEOUT
        return await _wait(row, desk, is_unsure=is_unsure)
    if refused.code in _BY_ANOTHER_ROSTER:
        forget(desk, row.unit)
    late = refused.code == IssuedOutsideWindow.code
    problem = json.dumps(problem_of(refused), ensure_ascii=False)
    return await _change(row, desk, state=TOO_LATE if late else REFUSED, problem=problem)


async def _wait(row: StoredFiling, desk: Desk, *, is_unsure: bool) -> StoredFiling:
    pause = WATCHED if desk.second <= row.sendable_until else LONGEST
    return await _change(
        row, desk, is_unsure=is_unsure, tries=row.tries + 1, due_at=desk.second + pause
    )


async def _change(row: StoredFiling, desk: Desk, **values: Any) -> StoredFiling:
    await desk.books.write(partial(_change_waiting, row=row, values=values))
    return await _again(row, desk)


async def _again(row: StoredFiling, desk: Desk) -> StoredFiling:
    found = await desk.books.read(partial(read_filing, message_id=row.id))
    return row if found is None else found


def _change_waiting(connection: Connection, row: StoredFiling, values: Mapping[str, Any]) -> None:
    """Change what still waits: somebody else may have had the answer meanwhile."""
    known = read_filing(connection, row.id)
    if known is None or known.state != WAITS:
        return
    # What another attempt has left open meanwhile, this one knows nothing of.
    is_unsure = {"is_unsure": True} if known.is_unsure and known.tries != row.tries else {}
    change_filing(connection, row.id, **{**values, **is_unsure})


def _accept(connection: Connection, row: StoredFiling, proven: ProvenReceipt) -> None:
    """Keep the answer; the draft has become a message and goes."""
    known = read_filing(connection, row.id)
    if known is None or known.answer is not None:
        return
    values = {"state": ACCEPTED, "answer": proven.raw.decode(), "problem": None}
    change_filing(connection, row.id, **values)
    if row.draft is not None:
        remove_draft(connection, row.draft, row.unit)


def _confirmation(told: str) -> Confirmation:
    return Confirmation(*told.split(";"))
