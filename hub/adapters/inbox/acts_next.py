# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What can somebody do with a message now: which buttons does its page have, in which order?"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from uuid_utils.compat import uuid7

from hub.adapters.connector.house import House
from hub.adapters.connector.rows import OVER, UNOPENED, Row
from hub.adapters.inbox.acts import Act, Kind, acts_of
from hub.adapters.inbox.acts_continued import Continued, continued_with
from hub.adapters.inbox.acts_said import Matter, matter_of
from hub.adapters.inbox.assigned import Assigned, Entrusted, assigned_by, entrusted_by
from hub.adapters.inbox.roles import ACTING
from hub.client.passing import OPENING, PASSING_ON
from hub.directory.kinds import roles_of_kind
from hub.model.ids import organisation_of
from hub.model.protocol import Protocol, Step
from hub.protocols.catalogue import Catalogue
from hub.protocols.deadlines import ends

FEEDBACK: Final[Kind] = "rueckmeldung"
QUESTION: Final = "rueckfrage"
TAKES_OVER: Final = "uebernahme"
JUGENDAMT: Final = "jugendamt"
_LABELS: Final = {
    "kenntnis": "Zur Kenntnis genommen",
    "uebernahme": "Übernehmen",
    "rueckmeldung": "Rückmeldung geben",
    "rueckfrage": "Rückfrage stellen",
    "weitergabe": "Weitergeben",
    "unverwertbar": "Nicht verwertbar",
    "benennung": "Kollegin oder Kollegen benennen",
}
_FIRST: Final = "An die Person, die dem anderen Jugendamt zuerst mitgeteilt hat."
_STAYS: Final = (
    "An das zuständige Jugendamt. Bis dort ein Mensch Kenntnis genommen hat, bleibt diese Stelle "
    "in der Pflicht (§ 86d SGB VIII)."
)


@dataclass(frozen=True)
class NextAct:
    """One button."""

    kind: Kind
    label: str
    path: str
    """Behind ``/eingang/mitteilung/{id}/``."""
    is_direct: bool = False
    """It needs no page of its own."""
    step: str = ""
    hint: str = ""
    """German; empty where the label says it all."""
    due: int | None = None
    """Second until which it is owed."""
    left: int | None = None
    """How often it may still be said."""
    roles: tuple[str, ...] = ()
    """Roles of this person in which it can be done; the first is preset."""


@dataclass(frozen=True)
class Standing:
    """How a message stands, for one person."""

    vorgang: str
    """Fresh id for the next act: sent twice, it is done once."""
    matter: Matter
    acts: tuple[Act, ...]
    """What was done with this message, the oldest first."""
    next: tuple[NextAct, ...]
    assigned: Assigned | None
    entrusted: tuple[Entrusted, ...]


async def standing(row: Row, person: str, roles: Collection[str], house: House) -> Standing:
    """Return what was done with a message, and what this person may do now."""
    unit, catalogue = house.agency.id, house.hub.catalogue
    matter = await house.read(partial(matter_of, conversation=row.conversation, unit=unit))
    acts = await house.read(partial(acts_of, message=row.id))
    going_on = await house.read(partial(continued_with, message=row.id))
    protocol = catalogue.known(row.protocol)
    owed = _owed(going_on, acts, row, catalogue) if roles_in_order(roles) else ()
    return Standing(
        vorgang=str(uuid7()),
        matter=matter,
        acts=acts,
        next=(*next_acts(row, protocol, matter, person, roles), *owed),
        assigned=assigned_by(matter.acts),
        entrusted=entrusted_by(matter.acts),
    )


def next_acts(
    row: Row, protocol: Protocol, matter: Matter, person: str, roles: Collection[str]
) -> tuple[NextAct, ...]:
    """Return what somebody with these roles may do with a message now."""
    own = tuple(role for role in ACTING if role in roles)
    if not own or row.state in {OVER, UNOPENED}:
        return ()
    done = {each.kind for each in matter.acts if each.message == row.id and each.counts}
    if "unverwertbar" in done:
        return ()
    return (
        *_noted(done, own),
        *_taken_over(matter, person, own),
        *_steps(row, protocol, matter),
        *_passed_on(row, protocol, matter, done),
        *_unusable(done),
    )


def roles_in_order(roles: Collection[str]) -> tuple[str, ...]:
    """Return the roles in which somebody can act, the one that is preset first."""
    return tuple(role for role in ACTING if role in roles)


def may_pass_on(row: Row, protocol: Protocol, matter: Matter) -> bool:
    """Tell whether a message is one that a Jugendamt passes on to the responsible one."""
    step = protocol.step(row.step)
    return (
        step is not None
        and step.opens
        and step.id == OPENING
        and not protocol.unlinked
        and JUGENDAMT in roles_of_kind(matter.unit)
        and JUGENDAMT in step.recipient
        and organisation_of(row.recipient) == organisation_of(matter.unit)
    )


def _noted(done: Collection[str], own: tuple[str, ...]) -> Iterator[NextAct]:
    if "kenntnis" not in done:
        yield NextAct("kenntnis", _LABELS["kenntnis"], "kenntnis", is_direct=True, roles=own)


def _taken_over(matter: Matter, person: str, own: tuple[str, ...]) -> Iterator[NextAct]:
    holder = assigned_by(matter.acts)
    if holder is None or holder.person != person:
        hint = f"Jetzt bei: {holder.name}." if holder else "Noch hat es niemand namentlich."
        label = _LABELS["uebernahme"]
        yield NextAct("uebernahme", label, "uebernahme", is_direct=True, hint=hint, roles=own)
    else:
        hint = "Für das, was anvertraut ist (§ 65 SGB VIII)."
        yield NextAct("benennung", _LABELS["benennung"], "benennung", hint=hint)


def _steps(row: Row, protocol: Protocol, matter: Matter) -> Iterator[NextAct]:
    for step in sorted(matter.allowed(protocol), key=_rank):
        if step.id in {FEEDBACK, QUESTION}:
            kind: Kind = FEEDBACK if step.id == FEEDBACK else QUESTION
            path, label = str(kind), _LABELS[kind]
        else:
            kind, path, label = "schritt", f"schritt/{step.id}", step.title
        due = None if step.reminder is None else ends(step.reminder, row.received_at)
        left = matter.left(step) if step.answers is None and not step.closes else None
        hint = "Berichtigt oder nimmt zurück, was diese Stelle gesagt hat." if step.corrects else ""
        yield NextAct(kind, label, path, step=step.id, hint=hint, due=due, left=left)


def _owed(
    going_on: Sequence[Continued], acts: Sequence[Act], row: Row, catalogue: Catalogue
) -> Iterator[NextAct]:
    """Yield the feedback that the office before this one owed (§ 4 Abs. 4 KKG)."""
    given = {each.conversation for each in acts if each.kind == FEEDBACK and each.counts}
    for each in going_on:
        step = catalogue.known(each.protocol).step(FEEDBACK)
        if step is not None and each.conversation not in given:
            due = None if step.reminder is None else ends(step.reminder, row.received_at)
            path = f"{FEEDBACK}?fuer={each.conversation}"
            yield NextAct(FEEDBACK, _LABELS[FEEDBACK], path, step=step.id, hint=_FIRST, due=due)


def _passed_on(
    row: Row, protocol: Protocol, matter: Matter, done: Collection[str]
) -> Iterator[NextAct]:
    if "kenntnis" in done and "weitergabe" not in done and may_pass_on(row, protocol, matter):
        label = _LABELS["weitergabe"]
        yield NextAct("weitergabe", label, "weitergabe", step=PASSING_ON, hint=_STAYS)


def _unusable(done: Collection[str]) -> Iterator[NextAct]:
    if "kenntnis" not in done:
        hint = "Die Mitteilung lässt sich nicht verwenden, oder sie ist für eine andere Stelle."
        yield NextAct("unverwertbar", _LABELS["unverwertbar"], "unverwertbar", hint=hint)


def _rank(step: Step) -> tuple[bool, bool, str]:
    """Return what puts corrections last, and what is owed first."""
    return (bool(step.corrects), step.reminder is None, step.id)
