# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Somebody does something with a message: durable when this returns, once, and by one person.

What is written is sealed first, then the act stands in the books, then it is sent. Two who press
the same button at the same time are told who was first; a page that is sent twice does nothing
twice, because it names the act that it made.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final
from weakref import WeakValueDictionary

from sqlalchemy import Connection

from hub.adapters.connector.house import House
from hub.adapters.connector.rows import OVER, UNOPENED, Row
from hub.adapters.inbox.acts import LOCAL, NOTED, WAITS, Act, By, Kind, put_act, read_act
from hub.adapters.inbox.acts_next import may_pass_on
from hub.adapters.inbox.acts_said import Matter, matter_of
from hub.adapters.inbox.assigned import GROUNDS, assigned_by
from hub.adapters.inbox.roles import ACTING
from hub.errors import ContentErased, ConversationMovedOn, NotPermitted, StepNotAllowed
from hub.model.json import JsonObject
from hub.model.protocol import Protocol

ONCE: Final = frozenset({"kenntnis", "weitergabe", "unverwertbar"})
"""What is done with a message one time, by whoever is first."""
_DOING: Final[WeakValueDictionary[str, asyncio.Lock]] = WeakValueDictionary()
"""By act: nothing is written for one while somebody looks whether it is there already."""


@dataclass(frozen=True)
class Wanted:
    """What somebody wants to do."""

    id: str
    """Drawn when the page was made: sent twice, it is done once."""
    kind: Kind
    step: str = ""
    written: JsonObject | None = field(default=None, repr=False)
    """``content`` and what else is needed to send it."""
    recipient: tuple[str, str] | None = None
    """Unit and name of the office to which it is passed on."""
    colleague: tuple[str, str] | None = None
    """Person and name of whoever is named for what was entrusted."""
    ground: str | None = None
    conversation: str | None = None
    """Another than the message's own: one that was taken over with it."""
    seen: int | None = None
    """How many messages of the other side the page knew of."""


@dataclass(frozen=True)
class Done:
    """The act that stands now."""

    act: Act
    is_new: bool
    """Where not, it was sent before, or somebody else was first."""


async def do(wanted: Wanted, by: By, row: Row, house: House) -> Done:
    """Keep an act durably.

    Raises ``NotPermitted`` for a role that does not act, ``StepNotAllowed`` for what the protocol
    does not let follow, ``ConversationMovedOn`` where something came in that whoever wrote this has
    not seen, ``ContentErased`` for a message that is over.
    """
    _check(wanted, by, row)
    async with _DOING.setdefault(f"{house.state} {wanted.id}", asyncio.Lock()):
        known = await house.read(partial(read_act, act_id=wanted.id))
        if known is not None:
            # What was written for it stays as it is: it may be on its way by now.
            return _again(known, wanted, by, row)
        return await _kept(wanted, by, row, house)


async def _kept(wanted: Wanted, by: By, row: Row, house: House) -> Done:
    made = _made(wanted, by, row, house.second)
    enter = partial(_enter, made=made, wanted=wanted, row=row, house=house)
    if wanted.written is None:
        return await house.write(enter)
    await asyncio.to_thread(house.spool.keep_written, wanted.id, wanted.written)
    try:
        done = await house.write(enter)
    except (StepNotAllowed, NotPermitted, ConversationMovedOn):
        await asyncio.to_thread(house.spool.delete_written, wanted.id)
        raise
    if done.act.id != wanted.id:
        await asyncio.to_thread(house.spool.delete_written, wanted.id)
    return done


def _again(known: Act, wanted: Wanted, by: By, row: Row) -> Done:
    """Return an act that was sent before; raises ``NotPermitted`` where it is somebody else's.

    A page of before has other buttons beside the one that was pressed, and one id for all of them.
    """
    if (known.person, known.message) != (by.person, row.id):
        raise NotPermitted("This act is another one.")
    if (known.kind, known.step) != (wanted.kind, wanted.step):
        raise StepNotAllowed("Die Seite war nicht mehr aktuell. Bitte die Mitteilung neu öffnen.")
    return Done(known, is_new=False)


def _check(wanted: Wanted, by: By, row: Row) -> None:
    if by.role not in ACTING:
        raise NotPermitted("This needs another role at the house.", allowed=ACTING)
    if row.state in {OVER, UNOPENED}:
        raise ContentErased("Diese Mitteilung ist zu Ende; daran ist nichts mehr zu tun.")
    if wanted.kind == "benennung" and wanted.ground not in GROUNDS:
        raise NotPermitted("There is no such ground.", pointers=("/grund",), allowed=tuple(GROUNDS))


def _made(wanted: Wanted, by: By, row: Row, second: int) -> Act:
    made = Act(
        id=wanted.id,
        message=row.id,
        conversation=wanted.conversation or row.conversation,
        kind=wanted.kind,
        step=wanted.step,
        person=by.person,
        name=by.name,
        role=by.role,
        state=NOTED if wanted.kind in LOCAL else WAITS,
        at=second,
        ends_at=row.ends_at,
        done_at=second if wanted.kind in LOCAL else None,
        ground=wanted.ground,
        has_content=wanted.written is not None,
    )
    unit, office = wanted.recipient or (None, None)
    person, name = wanted.colleague or (None, None)
    return replace(made, recipient=unit, recipient_name=office, for_person=person, for_name=name)


def _enter(connection: Connection, made: Act, wanted: Wanted, row: Row, house: House) -> Done:
    """Enter an act, or find the one that stands in its place; nobody else writes meanwhile."""
    matter = matter_of(connection, made.conversation, house.agency.id)
    first = _first(made, matter)
    if first is not None:
        return Done(first, is_new=False)
    _check_follows(made, wanted, row, matter, house)
    put_act(connection, made)
    return Done(made, is_new=True)


def _first(made: Act, matter: Matter) -> Act | None:
    """Return the act that somebody has done already, of what is done one time."""
    same = [each for each in matter.acts if each.kind == made.kind and each.counts]
    if made.kind in ONCE:
        return next((each for each in same if each.message == made.message), None)
    if made.kind == "uebernahme":
        holder = assigned_by(matter.acts)
        is_own = holder is not None and holder.person == made.person
        return next((each for each in same if holder and is_own and each.id == holder.act), None)
    if made.kind == "rueckmeldung":
        return next((each for each in same if each.step == made.step), None)
    return None


def _check_follows(made: Act, wanted: Wanted, row: Row, matter: Matter, house: House) -> None:
    protocol = house.hub.catalogue.known(row.protocol)
    done = {each.kind for each in matter.acts if each.message == made.message and each.counts}
    if made.kind == "benennung":
        _check_holds(made, matter)
    if made.kind == "unverwertbar" and "kenntnis" in done:
        raise StepNotAllowed("Wovon jemand Kenntnis genommen hat, das ist verwertbar.")
    if made.kind == "kenntnis" and "unverwertbar" in done:
        raise StepNotAllowed("Diese Mitteilung ist als nicht verwertbar zurückgewiesen.")
    if made.kind == "weitergabe":
        if "kenntnis" not in done or not may_pass_on(row, protocol, matter):
            raise StepNotAllowed("Erst nimmt hier ein Mensch davon Kenntnis, dann gibt er weiter.")
    elif made.step:
        _check_step(made, wanted, protocol, matter)


def _check_step(made: Act, wanted: Wanted, protocol: Protocol, matter: Matter) -> None:
    """Hold a step against what was said; of what is not known here the hub says it."""
    if wanted.seen is not None and matter.seen > wanted.seen:
        raise ConversationMovedOn(
            "Inzwischen ist in diesem Vorgang etwas gekommen. Bitte erst ansehen, dann senden."
        )
    allowed = [step.id for step in matter.allowed(protocol)]
    if matter.conversation(protocol) is not None and made.step not in allowed:
        raise StepNotAllowed("Dieser Schritt ist hier nicht mehr möglich.", allowed=allowed)


def _check_holds(made: Act, matter: Matter) -> None:
    """Refuse to be let into what was entrusted by anybody but the one who has the matter."""
    holder = assigned_by(matter.acts)
    if holder is None or holder.person != made.person:
        raise NotPermitted("Das kann nur, wer den Vorgang namentlich übernommen hat.")


def written_of(act: Act, house: House) -> Mapping[str, object]:
    """Return what was written for an act; raises ``FileNotFoundError`` once it is gone."""
    return house.spool.read_written(act.id)
