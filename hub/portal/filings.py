# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The way of a filing: from what a browser sealed to a message that the hub has accepted.

Nothing is lost and nothing is sent twice: what is signed is kept durably before its first byte
leaves, the same bytes are sent until there is an answer, and a filing that comes a second time
gets the answer of the first.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final
from weakref import WeakValueDictionary

from sqlalchemy import Connection

from hub.client.directory import DirectoryView
from hub.client.relaying import Relayed, SealedElsewhere, check_claims, payload_of, sign_sealed
from hub.errors import IdReused, NotFound, NotPermitted, StepNotAllowed
from hub.model.json import Json
from hub.portal.books.drafts import StoredDraft, read_draft
from hub.portal.books.mail_filings import (
    WAITS,
    StoredFiling,
    add_filing,
    is_filed,
    read_filing,
)
from hub.portal.books.people_houses import WORKS, read_house
from hub.portal.confirmation import Confirmed, Filer, check_confirmed
from hub.portal.desk import Desk
from hub.portal.filings_sending import send
from hub.portal.offices import full_name
from hub.portal.offices_shelf import consult
from hub.sealing.canonical import digest
from hub.sealing.envelope import write_message

WRITES: Final = "verfassen"
RELEASES: Final = "freigeben"


@dataclass(frozen=True)
class Submitted:
    """What a browser hands in."""

    id: str
    sealed: SealedElsewhere
    confirmation: Mapping[str, Json] = field(repr=False)
    note: str | None = field(default=None, repr=False)
    draft: str | None = None


_TURNS: Final[WeakValueDictionary[str, asyncio.Lock]] = WeakValueDictionary()
"""One filing after the other, of those that bear one id."""


async def file(submitted: Submitted, by: Filer, desk: Desk) -> StoredFiling:
    """Sign, keep and send; returns the filing as it stands then.

    It stands at ``wartet`` where the hub did not answer; then it is sent again without anybody
    asking, for as long as the hub would take it. Raises what this house, or the hub, refuses.
    """
    turn = _TURNS.setdefault(submitted.id, asyncio.Lock())
    # A double click is two requests at a time; its passkey answers only once.
    async with turn:
        known = await desk.books.read(partial(read_filing, message_id=submitted.id))
        if known is None:
            known = await _begin(submitted, by, desk)
        _check_same(known, submitted, by)
        return await send(known, desk) if known.state == WAITS else known


async def _begin(submitted: Submitted, by: Filer, desk: Desk) -> StoredFiling:
    role = await desk.books.read(partial(_role, submitted=submitted, by=by))
    line = desk.line(by.unit)
    envelope = check_claims(submitted.id, submitted.sealed, line.agency, now=desk.second)
    known = await consult(desk, by.unit, envelope.aud)
    message = sign_sealed(envelope, submitted.sealed, line.agency, known.view, desk.catalogue)
    shown = submitted.confirmation
    confirmed = await check_confirmed(shown, submitted.sealed.digest, role, by, desk)
    row = _row(submitted, message, confirmed, by, known.view)
    keeping = partial(_keep, row=row, confirmed=confirmed, by=by, second=desk.second)
    return await desk.books.write(keeping)


def _role(connection: Connection, submitted: Submitted, by: Filer) -> str:
    """Return the role in which somebody confirms this.

    Raises ``NotPermitted`` where they hold none, and where the house has four eyes look at
    everything and these are the two that wrote it; ``NotFound`` for a draft of others.
    """
    draft = _draft(connection, submitted, by)
    house = read_house(connection, by.unit)
    if house is None or house.state != WORKS:
        raise NotPermitted("Diese Stelle nimmt noch nicht teil.")
    if house.four_eyes and (draft is None or draft.author == by.person):
        raise NotPermitted(
            "In dieser Stelle bestätigt eine andere Person als die, die geschrieben hat."
        )
    if draft is not None and draft.is_passed and RELEASES in by.roles:
        return RELEASES
    if WRITES not in by.roles:
        raise NotPermitted("Dafür fehlt hier die Rolle „verfassen“.")
    return WRITES


def _draft(connection: Connection, submitted: Submitted, by: Filer) -> StoredDraft | None:
    if submitted.draft is None:
        return None
    if is_filed(connection, submitted.draft):
        raise StepNotAllowed("Dieser Entwurf ist schon abgesandt.", pointers=("/draft",))
    draft = read_draft(connection, submitted.draft, by.unit, by.person)
    if draft is None:
        raise NotFound(pointers=("/draft",))
    if draft.holder != by.person:
        raise StepNotAllowed("Der Entwurf ist weitergegeben.", pointers=("/draft",))
    return draft


def _row(
    submitted: Submitted,
    message: Relayed,
    confirmed: Confirmed,
    by: Filer,
    view: DirectoryView,
) -> StoredFiling:
    envelope = message.envelope
    return StoredFiling(
        id=message.id,
        unit=by.unit,
        person=by.person,
        conversation=envelope.cnv,
        protocol=envelope.proto,
        step=envelope.step,
        urgency=envelope.urg,
        addressed=envelope.aud,
        addressed_name=full_name(envelope.aud, view),
        addressed_telephone=view.unit(envelope.aud).telephone,
        made_at=envelope.iat,
        ends_at=envelope.end,
        env=message.env,
        message=message.body,
        request=digest(message.body),
        confirmed="",
        proof=confirmed.proof,
        state=WAITS,
        marks="",
        sendable_until=message.sendable_until,
        is_unsure=False,
        due_at=envelope.iat,
        tries=0,
        answer=None,
        problem=None,
        note=submitted.note,
        draft=submitted.draft,
    )


def _keep(
    connection: Connection, row: StoredFiling, confirmed: Confirmed, by: Filer, second: int
) -> StoredFiling:
    """Keep a message before it is sent, and use its confirmation; of two for one draft, the first.

    All of it or nothing: a confirmation that is used up has its message here.
    """
    if row.draft is not None and is_filed(connection, row.draft):
        raise StepNotAllowed("Dieser Entwurf ist schon abgesandt.", pointers=("/draft",))
    if read_filing(connection, row.id) is not None:
        raise IdReused(pointers=("/jti",))
    told = str(confirmed.enter(connection, by, second))
    kept = replace(row, confirmed=told, author=_author(connection, row))
    add_filing(connection, kept)
    return kept


def _author(connection: Connection, row: StoredFiling) -> str | None:
    """Return who wrote what a colleague confirms: it stays theirs to follow."""
    draft = row.draft and read_draft(connection, row.draft, row.unit, row.person)
    return draft.author if draft and draft.author != row.person else None


def _check_same(known: StoredFiling, submitted: Submitted, by: Filer) -> None:
    """Refuse other bytes under an id that is taken, and the filings of others."""
    sealed = submitted.sealed
    again = digest(write_message(known.env, sealed.body, sealed.keys))
    is_theirs = (known.unit, known.person) == (by.unit, by.person)
    if not is_theirs or payload_of(known.env) != sealed.payload or known.request != again:
        raise IdReused(pointers=("/jti",))
