# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What has this house said in a matter, and what of it can be put right?

Whoever wrote something may read it again; of what was entrusted or protected everybody else sees
what they would see of a notice, and no more.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from hub.adapters.connector.house import House
from hub.adapters.connector.rows import Row
from hub.adapters.connector.spool import SpoolSpoiled
from hub.adapters.forms.classes import classes_of
from hub.adapters.forms.labelled import Group, labelled, values
from hub.adapters.forms.reduced import MaySee, reduced
from hub.adapters.inbox.acts import SENT, Act
from hub.adapters.inbox.acts_continued import continued_with
from hub.adapters.inbox.acts_said import Matter
from hub.adapters.inbox.acts_saying import Written
from hub.client.passing import OPENING, PASSING_ON
from hub.clock import BERLIN
from hub.errors import NotFound
from hub.model.protocol import Protocol, Step
from hub.protocols.catalogue import Catalogue


@dataclass(frozen=True)
class Said:
    """Something that this house has written, readable."""

    act: Act
    title: str
    content: Group
    written: Written = field(repr=False)
    """All of it, for whoever wrote it."""
    withheld: frozenset[str] = frozenset()
    """Classes of which something is not shown."""

    @property
    def classes(self) -> tuple[str, ...]:
        """Classes of which something is shown."""
        return tuple(sorted({each.class_name for each in values(self.content)}))


async def said_in(act: Act, row: Row, house: House, person: str, may: MaySee) -> Said:
    """Return what was written for an act, as far as this person may see it.

    Raises ``NotFound`` once it is gone.
    """
    going_on = await house.read(partial(continued_with, message=row.id))
    protocols = {each.conversation: each.protocol for each in going_on}
    name = protocols.get(act.conversation, row.protocol)
    found = _step_of(act, name, house.hub.catalogue)
    kept = await _kept(act, house)
    if found is None or kept is None:
        raise NotFound
    protocol, step = found
    schema = house.hub.catalogue.schemas.by_name(step.schema_name)
    classes = classes_of(kept.content, step, protocol, house.hub.catalogue)
    whole = labelled(kept.content, schema.resolved, classes)
    is_own = act.person == person
    _, shown = reduced(kept.content, whole, lambda each: is_own or may(each))
    found_classes = {each.class_name for each in values(whole)}
    withheld = frozenset(each for each in found_classes if not (is_own or may(each)))
    return Said(act, step.title, shown, kept, withheld)


def causes_of(matter: Matter, protocol: Protocol, step: Step) -> tuple[tuple[str, str], ...]:
    """Return the own messages that a step can put right or take back, each as people know it."""
    if not step.corrects:
        return ()
    titles = {each.id: each.title for each in protocol.steps}
    return tuple(
        (act.own, f"{titles[act.step]} vom {_moment(act.at)}")
        for act in matter.own
        if act.own and act.state == SENT and act.step in step.corrects
    )


def way_of_passing(catalogue: Catalogue) -> tuple[Protocol, Step]:
    """Return the newest protocol by which a Jugendamt tells another, and its first step."""
    several = [each for each in catalogue.all() if each.id == PASSING_ON]
    newest = max(several, key=lambda each: [int(part) for part in each.version.split(".")])
    step = newest.step(OPENING)
    if step is None:
        raise NotFound
    return newest, step


async def _kept(act: Act, house: House) -> Written | None:
    try:
        kept = await asyncio.to_thread(house.spool.read_written, act.id)
    except (FileNotFoundError, SpoolSpoiled):
        return None
    return Written.of(kept) if "content" in kept else None


def _step_of(act: Act, name: str, catalogue: Catalogue) -> tuple[Protocol, Step] | None:
    if act.kind == "weitergabe":
        return way_of_passing(catalogue)
    protocol = catalogue.known(name)
    step = protocol.step(act.step)
    return None if step is None else (protocol, step)


def _moment(second: int) -> str:
    return f"{datetime.fromtimestamp(second, BERLIN):%d.%m.%Y, %H:%M} Uhr"
