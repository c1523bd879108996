# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Somebody looks at a message: who may see what of it, and the log of reading says so first.

Nothing of a content leaves this module before the entry about it is on the disk. Where the log
cannot be written, nothing is shown.
"""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from sqlalchemy import Connection, select

from hub.adapters.connector.house import House
from hub.adapters.connector.spool import Kept, SpoolSpoiled
from hub.adapters.connector.tables import outline
from hub.adapters.forms.labelled import values
from hub.adapters.forms.reduced import MaySee
from hub.adapters.inbox.acts_next import Standing, standing
from hub.adapters.inbox.assigned import GROUNDS, has_it_from_another
from hub.adapters.inbox.course import Event, course
from hub.adapters.inbox.need import ADDRESS, CLASSES, ENTRUSTED, OF_ALL, may_see
from hub.adapters.inbox.need import Standing as Need
from hub.adapters.inbox.presentation import Notice, present
from hub.adapters.inbox.shelves import Placed, find
from hub.adapters.inbox.waiting import Waiting, line
from hub.adapters.reading.log import ReadingLog
from hub.adapters.reading.reading import Reading
from hub.errors import Failure, NotFound, NotPermitted

SHOWN: Final = "reading.shown"
PRINTED: Final = "reading.printed"
EXPORTED: Final = "reading.exported"
OPENED: Final = "reading.entrusted"
DENIED: Final = "reading.denied"
_WITHOUT_OPENING: Final = OF_ALL | {ADDRESS}
"""What is shown at once to whoever may see it; all else is opened by an act of its own."""
_GROUNDS: Final = {
    "einwilligung": "einwilligung",
    "wechsel-zustaendigkeit": "wechsel",
    "hinzugezogene-fachkraft": "einschaetzung",
}
"""How the log calls the grounds on which somebody is named."""


class ContentSpoiled(Failure):
    """What lies here of a message is not what was put down; nobody has deleted it."""


@dataclass(frozen=True)
class Looker:
    """Who looks, in which role, and at what of it."""

    person: str
    roles: frozenset[str]
    role: str
    kind: str = SHOWN
    opens: bool = False
    """What was entrusted is opened as well."""
    ground: str = ""
    """On which somebody opens it who has the matter from somebody else."""


@dataclass(frozen=True)
class Look:
    """A message as somebody sees it now."""

    waiting: Waiting
    standing: Standing
    notice: Notice | None
    """None where the content has been deleted."""
    may_open: bool
    """There is something entrusted that this person may open, and it is not open."""
    course: tuple[Event, ...]
    asks_why: bool = False
    """Whoever looks has the matter from somebody else, and opens nothing without a ground."""
    is_opened: bool = False


async def look(message: str, by: Looker, house: House, log: ReadingLog) -> Look:
    """Return a message for somebody; raises ``NotFound``, ``NotPermitted``, or what the log has."""
    found = await house.read(partial(find, message=message))
    if found is None:
        raise NotFound
    stands = await standing(found.row, by.person, by.roles, house)
    need = need_of(by.person, by.roles, stands)
    await _check(found, by, need, log)
    asks_why = asks_ground(need, stands)
    if asks_why and by.opens and by.ground not in GROUNDS:
        by = replace(by, kind=SHOWN, opens=False)
    notice = await asyncio.to_thread(_present, await _kept(found, house), house, by, need)
    if notice is not None:
        said = logged_ground(by.ground) if asks_why and by.opens else ground_of(by.person, stands)
        await _note(found, by, said, notice, log)
    protocol = house.hub.catalogue.known(found.row.protocol)
    names = await house.read(partial(_names, messages=[each.id for each in stands.matter.rows]))
    return Look(
        line(found, stands.matter.acts, house.hub.catalogue),
        stands,
        notice,
        notice is not None and any(may_see(each, need) for each in notice.withheld),
        course(stands.matter, protocol, names),
        asks_why,
        by.opens,
    )


async def _check(found: Placed, by: Looker, need: Need, log: ReadingLog) -> None:
    """Refuse, and enter it, where somebody asks for what is not for them."""
    if not need.reads:
        await log.note(_reading(found, by, DENIED, ()))
        raise NotPermitted("Whoever works on notices reads them, and nobody else.")
    if by.opens and not may_see(ENTRUSTED, need):
        await log.note(_reading(found, by, DENIED, (ENTRUSTED,)))
        raise NotPermitted("What was entrusted is for whoever has taken the matter over.")


async def _kept(found: Placed, house: House) -> tuple[Kept, ...]:
    """Return the message, and all that came later and is about it."""
    if not found.row.has_content:
        return ()
    about = await house.read(partial(_about, message=found.row.id))
    return await asyncio.to_thread(_open, [found.row.id, *about], house)


def _open(messages: Sequence[str], house: House) -> tuple[Kept, ...]:
    """Open contents; one whose end has just come is not there any more."""
    kept: list[Kept] = []
    for each in messages:
        try:
            kept.append(house.spool.read(each))
        except FileNotFoundError:
            if not kept:
                return ()
        except SpoolSpoiled:
            if not kept:
                raise ContentSpoiled from None
    return tuple(kept)


def _present(kept: Sequence[Kept], house: House, by: Looker, need: Need) -> Notice | None:
    if not kept:
        return None
    first, *others = (each.delivery for each in kept)
    return present(first, others, house.hub.catalogue, house.agency.id, withholding(by, need))


def withholding(by: Looker, need: Need) -> MaySee:
    """Return what is shown of which class: what they may see, opened where that is due."""
    return lambda name: may_see(name, need) and (by.opens or name in _WITHOUT_OPENING)


def need_of(person: str, roles: frozenset[str], stands: Standing) -> Need:
    """Return how somebody stands to a matter: it decides which classes they may see."""
    holder = stands.assigned
    named = {each.person: each.ground for each in stands.entrusted}
    has_taken_over = holder is not None and holder.person == person
    return Need(roles, has_taken_over, named.get(person, ""))


def asks_ground(need: Need, stands: Standing) -> bool:
    """Tell whether somebody has a matter from another, and opens what was entrusted on a ground."""
    return need.has_taken_over and has_it_from_another(stands.matter.acts)


def at_once(need: Need) -> MaySee:
    """Return what is shown of which class before anything entrusted is opened."""
    return lambda name: may_see(name, need) and name in _WITHOUT_OPENING


def logged_ground(ground: str) -> str:
    """Return how the log calls a ground."""
    return _GROUNDS[ground]


def ground_of(person: str, stands: Standing) -> str:
    """Return why somebody may see what not everybody may; empty where all is for everybody."""
    if stands.assigned is not None and stands.assigned.person == person:
        return "uebernommen"
    named = {each.person: each.ground for each in stands.entrusted}
    return _GROUNDS.get(named.get(person, ""), "")


def known_classes(classes: Iterable[str]) -> tuple[str, ...]:
    """Return classes as the log knows them; one that it does not know weighs as much as any."""
    return tuple(sorted({each if each in CLASSES else ENTRUSTED for each in classes}))


async def _note(found: Placed, by: Looker, ground: str, notice: Notice, log: ReadingLog) -> None:
    await log.note(_reading(found, by, by.kind, notice.classes, ground))
    later = [(each.told.delivery, tuple(each.classes)) for each in notice.corrections]
    if notice.withdrawal is not None:
        shown = {each.class_name for each in values(notice.withdrawal.said)}
        later.append((notice.withdrawal.delivery, tuple(shown)))
    for about, classes in later:
        # What was put right or taken back is another message, and it is read as well.
        await log.note(
            Reading(
                by.person, by.role, by.kind, about.id, about.conversation, about.protocol,
                known_classes(classes), ground,
            )
        )  # fmt: skip


def _reading(
    found: Placed, by: Looker, kind: str, classes: tuple[str, ...], ground: str = ""
) -> Reading:
    row, known = found.row, known_classes(classes)
    return Reading(by.person, by.role, kind, row.id, row.conversation, row.protocol, known, ground)


def _about(connection: Connection, message: str) -> tuple[str, ...]:
    query = select(outline.c.message).where(outline.c.cause == message)
    return tuple(connection.execute(query.order_by(outline.c.position)).scalars())


def _names(connection: Connection, messages: Sequence[str]) -> dict[str, str]:
    query = select(outline.c.message, outline.c.sender_name).where(outline.c.message.in_(messages))
    return {row.message: row.sender_name for row in connection.execute(query)}
