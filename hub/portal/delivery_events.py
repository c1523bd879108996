# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What was said about the filings of a house? Receipts, each verified before it is believed.

A receipt is kept first and forgotten at the hub afterwards, so a crash between the two brings it
once more and it is known already. One that does not hold is not kept and not forgotten: it stands
in the way of nothing, and somebody may want to see it.
"""

import json
from dataclasses import dataclass
from functools import partial
from typing import Final
from weakref import WeakKeyDictionary

import structlog
from sqlalchemy import Connection

from hub.client.answers import Untrustworthy
from hub.client.hearing import check_about, issuer_of, verify_heard
from hub.client.hub import Hub
from hub.client.secrets import Kept
from hub.errors import Refusal
from hub.model.receipt import Receipt
from hub.portal.books.mail_filings import (
    StoredFiling,
    StoredHeard,
    add_heard,
    change_filing,
    read_own_filing,
)
from hub.portal.desk import Desk
from hub.portal.telling import tell_filer
from hub.sealing.canonical import digest, unb64

AT_ONCE: Final = 100
STATES: Final = {
    "taken": "zugestellt",
    "acknowledged": "bestaetigt",
    "rejected": "nicht-verwertbar",
    "withdrawn": "zurueckgezogen",
    "expired": "nicht-zugestellt",
}
MARKS: Final = {
    "overdue": "ueberfaellig",
    "held": "gestoert",
    "passed-on": "weitergegeben",
    "erased": "geloescht",
}
TELLING: Final = frozenset({"rejected", "expired", "overdue", "held", "passed-on"})
"""Words of which the person who filed it hears by mail: something has to be done, or changed."""
_RANK: Final = ("wartet", "angenommen", "zugestellt", "bestaetigt")
MOST_DOUBTED: Final = 1_000
_log: Final = structlog.stdlib.get_logger()
_DOUBTED: Final[WeakKeyDictionary[Hub, set[str]]] = WeakKeyDictionary()


@dataclass(frozen=True)
class Heard:
    """A receipt, and the filing that it is about."""

    receipt: Receipt
    about: StoredFiling


async def hear(unit: str, desk: Desk) -> None:
    """Poll for receipts until there are none; each is kept before the hub forgets it."""
    line, known = desk.line(unit), list[str]()
    while True:
        body = {"ack": known, "maxEvents": AT_ONCE, "returnImmediately": True, "wait": 0}
        said = await line.line.post("/v1/events/poll", body)
        known = [name for name, jws in said["sets"].items() if await _kept(jws, line, desk)]
        if not known:
            return


def enter(connection: Connection, heard: Heard, second: int) -> None:
    """Enter a receipt and what follows from it, once; tells the person who filed it."""
    receipt, about = heard.receipt, heard.about
    stored = StoredHeard(
        digest=digest(receipt.jws),
        unit=about.unit,
        message=about.id,
        word=receipt.word,
        at=receipt.iat,
        jws=receipt.jws,
    )
    if not add_heard(connection, stored):
        return
    _follow(connection, receipt, about)
    if receipt.word in TELLING:
        for person in sorted(about.persons):
            tell_filer(connection, person, second)


async def _kept(jws: str, line: Hub, desk: Desk) -> bool:
    """Keep a receipt that holds; returns whether the hub may forget it."""
    unit = line.agency.id
    try:
        message = _message_of(jws)
        about = await desk.books.read(partial(read_own_filing, message_id=message, unit=unit))
        if about is None:
            return True
        receipt = await _verified(jws, about, line)
    except (Untrustworthy, Refusal) as doubt:
        _note_doubt(jws, line, doubt)
        return False
    line.ledger.keep(receipt)
    second = desk.second
    await desk.books.write(partial(enter, heard=Heard(receipt, about), second=second))
    return True


def _note_doubt(jws: str, line: Hub, doubt: Exception) -> None:
    """Log once what does not hold: the hub brings it again at every poll."""
    doubted, mark = _DOUBTED.setdefault(line, set()), digest(jws)
    if mark in doubted:
        return
    if len(doubted) >= MOST_DOUBTED:
        doubted.clear()
    doubted.add(mark)
    reason = type(doubt).__name__
    _log.error("portal.receipt-doubtful", unit=line.agency.id, receipt=mark, reason=reason)


async def _verified(jws: str, about: StoredFiling, line: Hub) -> Receipt:
    """Return the receipt; it is by somebody who may speak about this very message."""
    view = await line.directory_with(about.addressed, *({issuer_of(jws)} - {line.agency.hub.id}))
    receipt = verify_heard(jws, line.agency, view)
    check_about(receipt, Kept(about.id, about.env, about.ends_at, b""), line.agency, view)
    return receipt


def _follow(connection: Connection, receipt: Receipt, about: StoredFiling) -> None:
    # Of several receipts that came together, those before have changed the row already.
    known = read_own_filing(connection, about.id, about.unit) or about
    state, mark = STATES.get(receipt.word), MARKS.get(receipt.word)
    if state is not None and not _is_behind(state, known.state):
        change_filing(connection, about.id, state=state)
    if mark is not None and mark not in known.marks.split():
        change_filing(connection, about.id, marks=f"{known.marks} {mark}".strip())


def _is_behind(state: str, known: str) -> bool:
    """Tell whether a state was left already: a second ``taken`` takes nothing back."""
    if state not in _RANK:
        return False
    return known not in _RANK or _RANK.index(state) < _RANK.index(known)


def _message_of(jws: str) -> str:
    try:
        return str(json.loads(unb64(jws.split(".")[1]))["txn"])
    except (ValueError, IndexError, KeyError, TypeError):
        raise Untrustworthy("an event is no receipt") from None
