# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Krefeld: some weeks of ordinary notices, half a year before the story."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from deploy.demo.actor import Actor, enter
from deploy.demo.catalogue import example
from deploy.demo.clock import set_to
from deploy.demo.enrol import KREFELD, KREFELDS_POLICE, KREFELDS_PRACTICE, KREFELDS_SCHOOL
from deploy.demo.halfyear import Past
from deploy.demo.processes import Processes
from deploy.demo.story import content
from deploy.demo.tell import say

DESK: Final = f"{KREFELD}.asd"
STANDBY: Final = f"{KREFELD}.bereitschaft"
_DAYTIME: Final = {
    "school": ("sofort",) * 2 + ("planbar",) * 3 + ("unverzueglich",) * 6,
    "police": ("sofort",) * 2 + ("unverzueglich",) * 2,
    "practice": ("planbar",) * 2 + ("unverzueglich",) * 3,
}
"""What is said on one of three days."""
_NIGHT: Final = ("sofort",) * 6
_PROTOCOLS: Final = {
    "school": "schule-mitteilung",
    "police": "polizei-mitteilung",
    "practice": "gesundheit-mitteilung",
}
_LATER: Final = 2
"""The last so many of each sender are read by a person only after a while."""
_WITHOUT_FEEDBACK: Final = 5


@dataclass
class Krefeld:
    """The units of this network that work in those weeks, and what was said."""

    past: Past
    school: Actor
    police: Actor
    practice: Actor
    desk: Actor
    standby: Actor
    unanswered: list[tuple[Actor, str]] = field(default_factory=list)
    """Notices to which feedback is due, and from whom they are."""
    returned: list[str] = field(default_factory=list)
    """Notices of a night that the desk finds in the morning."""
    said: Counter[str] = field(default_factory=Counter)
    """How many notices came from whom."""
    answers: int = 0
    answered: list[str] = field(default_factory=list)
    """Notices of the school that are over: feedback was given and read."""

    @property
    def all(self) -> tuple[Actor, ...]:
        return (self.school, self.police, self.practice, self.desk, self.standby)

    @property
    def notices(self) -> int:
        return self.said.total()

    async def say_at(self, who: str, urgencies: Sequence[str]) -> list[str]:
        """Have one of the senders say something so many times; returns the ids."""
        sender: Actor = getattr(self, who)
        ids: list[str] = await sender.ask(
            "send_all",
            protocol=_PROTOCOLS[who],
            step="mitteilung",
            to=DESK,
            urgencies=urgencies,
            content=example(_PROTOCOLS[who], "mitteilung"),
        )
        self.said[who] += len(ids)
        return ids


async def half_a_year_before(processes: Processes, past: Past) -> Krefeld:
    """Play some weeks of one half-year; then those who worked in them are not needed any more."""
    there = await _enter(processes, past)
    await _day(there, processes, 1)
    await _night(there, processes, (past.on_sunday(1, 22, 30),))
    await _day(there, processes, 2)
    await _night(there, processes, (past.by_day(3, 1, 20), past.by_day(3, 1, 50)))
    await _day(there, processes, 4)
    set_to(processes.place, past.by_day(5, 11))
    await _feed_back(there, but=_WITHOUT_FEEDBACK)
    say(
        f"Vier Wochen später: {there.notices} Mitteilungen einer Schule, einer Praxis und der "
        f"Polizei, am Tag, nachts und am Sonntag, und {there.answers} Rückmeldungen.",
        f"{len(_NIGHT)} lagen in einer Nacht länger als zehn Minuten: Frist überschritten. Auf "
        f"{_WITHOUT_FEEDBACK} gab es keine Rückmeldung.",
    )
    await asyncio.gather(*(actor.child.end() for actor in there.all))
    return there


async def _enter(processes: Processes, past: Past) -> Krefeld:
    names = (
        (KREFELDS_SCHOOL, "Grundschule in Krefeld"),
        (KREFELDS_POLICE, "Polizei Krefeld"),
        (KREFELDS_PRACTICE, "Kinderarztpraxis in Krefeld"),
        (DESK, "Jugendamt Krefeld, ASD"),
        (STANDBY, "Jugendamt Krefeld, Bereitschaft"),
    )
    entered = await asyncio.gather(*(enter(processes, *each) for each in names))
    school, police, practice, desk, standby = entered
    return Krefeld(past, school, police, practice, desk, standby)


async def _day(there: Krefeld, processes: Processes, week: int) -> None:
    """Have all say something at ten, a part of which somebody reads only at twenty to eleven."""
    set_to(processes.place, there.past.by_day(week, 10))
    await _take_back(there)
    await _feed_back(there)
    said = await asyncio.gather(*(there.say_at(who, each) for who, each in _DAYTIME.items()))
    await _arrived(there.desk, *said)
    at_once = [each for ids in said for each in ids[:-_LATER]]
    await there.desk.ask("acknowledge_all", messages=at_once, role="fachkraft")
    set_to(processes.place, there.past.by_day(week, 10, 40))
    later = [each for ids in said for each in ids[-_LATER:]]
    await there.desk.ask("acknowledge_all", messages=later, role="fachkraft")
    there.unanswered += [(there.school, each) for each in said[0]]
    there.unanswered += [(there.practice, each) for each in said[2]]


async def _night(there: Krefeld, processes: Processes, moments: Sequence[datetime]) -> None:
    """Have the police say something; the standby reads it at the last of the moments."""
    first, *others = moments
    set_to(processes.place, first)
    there.returned = await there.say_at("police", _NIGHT)
    await _arrived(there.standby, there.returned)
    for moment in others:
        set_to(processes.place, moment)
    await there.standby.ask("acknowledge_all", messages=there.returned, role="bereitschaft")


async def _take_back(there: Krefeld) -> None:
    """Have the desk take note of what the standby read for it."""
    await _arrived(there.desk, there.returned)
    await there.desk.ask("acknowledge_all", messages=there.returned, role="fachkraft")
    there.returned = []


async def _feed_back(there: Krefeld, but: int = 0) -> None:
    """Have the desk answer what it has not answered yet, all but the last so many."""
    due = there.unanswered[: len(there.unanswered) - but]
    there.unanswered.clear()
    ids = await there.desk.ask(
        "answer_all",
        messages=[notice for _, notice in due],
        step="rueckmeldung",
        content=content("rueckmeldung"),
    )
    there.answers += len(ids)
    for each in (there.school, there.practice):
        to = [id_ for (sender, _), id_ in zip(due, ids, strict=True) if sender is each]
        await _arrived(each, to)
        await each.ask("acknowledge_all", messages=to, role="fachkraft")
    there.answered += [notice for sender, notice in due if sender is there.school]


async def _arrived(actor: Actor, *said: Sequence[str]) -> None:
    await asyncio.gather(*(actor.received(each) for ids in said for each in ids))
