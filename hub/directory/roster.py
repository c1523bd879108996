# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Can this roster be relied on at night?

Whoever writes a roster decides who is asked when a child is in danger. What could be read in two
ways, ends before it begins or could not be sealed to is refused when it is published, and not found
out at the first call. A gap is no such mistake: an office may say that nobody is there, and then
nothing urgent begins with it. Gaps are shown to whoever signs.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Final, Self

from pydantic import Field

from hub.directory.hours import DAY, Interval, term, union
from hub.directory.plan import Plan
from hub.errors import EnvelopeInvalid
from hub.model.contact import Reached
from hub.model.ids import organisation_of
from hub.model.network import ListedUnit
from hub.model.noun import Noun
from hub.model.participant import DirectoryEntry, Unit
from hub.model.roster import Hours, Line, Roster, Service

MOST_READERS: Final = 8
"""Keys that a message can be sealed to (SL1 § 6)."""
LONGEST: Final = 400
"""Days that a roster may run; one that nobody renews is one that nobody stands behind."""
Findings = Iterator[tuple[str, str]]
"""JSON pointers below the unit, each with a German sentence."""


class Duty(Noun):
    """What a unit publishes of its duty, as a file names it."""

    roster: Roster | None = None
    serves: Annotated[tuple[Service, ...], Field(max_length=8)] = ()
    callback: Reached | None = None

    @classmethod
    def of(cls, unit: Unit | ListedUnit) -> Self:
        return cls(roster=unit.roster, serves=unit.serves, callback=unit.callback)


@dataclass(frozen=True)
class Bearer:
    """Whose roster it is, as far as a roster has to fit."""

    unit: str
    units: frozenset[str] | None
    """All units of its organisation; None where they are not known."""
    readers: int
    """Units for which a message to it has room beside its own reading keys."""


def check_rosters(entry: DirectoryEntry) -> None:
    """Refuse an entry whose units say of their duty what cannot be relied on.

    The first failure ends it. That another organisation agrees to stand in may come later.
    """
    for place, unit in enumerate(entry.units):
        for below, wrong in unsound(Duty.of(unit), bearer_of(unit, entry)):
            raise EnvelopeInvalid(wrong, pointers=(f"/units/{place}{below}",))


def bearer_of(unit: Unit, entry: DirectoryEntry) -> Bearer:
    """Return what the roster of a unit has to fit.

    Keys whose end is announced leave room: while two overlap, a sender takes fewer of the others.
    """
    desk = sum(key.use == "desk" and key.not_after is None for key in unit.reading)
    return Bearer(unit.id, frozenset(each.id for each in entry.units), MOST_READERS - desk)


def unsound(duty: Duty, bearer: Bearer | None = None) -> Findings:
    """Say everything that is wrong; without a bearer, what is wrong whoever bears it."""
    for place, service in enumerate(duty.serves):
        yield from _of_service(service, bearer, f"/serves/{place}")
    if duty.roster is not None:
        yield from _of_roster(duty.roster, bearer)


def gaps(roster: Roster, span: Interval) -> tuple[Interval, ...]:
    """Return the instants of a span at which nobody stands in the roster.

    Whether those of other organisations have agreed to stand in for it is not asked here.
    """
    return tuple(union(each for each, lines in _followed(roster, span) if not lines))


def _of_service(service: Service, bearer: Bearer | None, pointer: str) -> Findings:
    if service.valid_until < service.valid_from:
        yield f"{pointer}/valid_until", "Der Vertrag endet, bevor er beginnt."
    if organisation_of(service.organisation) != service.organisation:
        yield f"{pointer}/organisation", "Das ist eine Einheit; hier steht, für welche Stelle."
    elif bearer is not None and service.organisation == organisation_of(bearer.unit):
        yield f"{pointer}/organisation", "Für die eigene Stelle braucht es keine Zusage."


def _of_roster(roster: Roster, bearer: Bearer | None) -> Findings:
    if roster.valid_until < roster.valid_from:
        yield "/roster/valid_until", "Der Plan endet, bevor er beginnt."
        return
    if (roster.valid_until - roster.valid_from).days > LONGEST:
        yield "/roster/valid_until", f"Ein Plan gilt höchstens {LONGEST} Tage."
        return
    wrong = [*_of_hours(roster.office_hours, "/roster/office_hours")]
    for place, line in enumerate(roster.lines):
        wrong += _of_line(line, roster, f"/roster/lines/{place}")
        if bearer is not None:
            wrong += _of_unit(line, bearer, f"/roster/lines/{place}")
    yield from wrong
    if not wrong:
        yield from _of_order(roster)
    if bearer is not None and _most_named(roster, bearer.unit) > bearer.readers:
        yield "/roster/lines", "So viele Stellen zugleich: Eine Nachricht hat höchstens acht Leser."


def _of_hours(hours: tuple[Hours, ...], pointer: str) -> Findings:
    for place, each in enumerate(hours):
        if each.begins == each.ends:
            yield f"{pointer}/{place}/ends", "Anfang und Ende sind gleich; ein Tag hat 00:00–24:00."
        elif each.begins == "24:00":
            yield f"{pointer}/{place}/begins", "Eine Zeit beginnt spätestens um 23:59."


def _of_line(line: Line, roster: Roster, pointer: str) -> Findings:
    if line.valid_until < line.valid_from:
        yield f"{pointer}/valid_until", "Die Zeile endet, bevor sie beginnt."
    if line.valid_from < roster.valid_from:
        yield f"{pointer}/valid_from", "Die Zeile beginnt vor dem Plan."
    if line.valid_until > roster.valid_until:
        yield f"{pointer}/valid_until", "Die Zeile endet nach dem Plan."
    if not isinstance(line.when, str):
        yield from _of_hours(line.when, f"{pointer}/when")


def _of_unit(line: Line, bearer: Bearer, pointer: str) -> Findings:
    if line.unit is None:
        return
    if organisation_of(line.unit) != organisation_of(bearer.unit):
        if line.basis is None:
            yield f"{pointer}/basis", "Für eine andere Stelle fehlt die Rechtsgrundlage."
    elif bearer.units is not None and line.unit not in bearer.units:
        yield f"{pointer}/unit", "Diese Einheit hat die Stelle nicht."


def _of_order(roster: Roster) -> Findings:
    """Find lines of one order that meet: nobody could say which of them is asked first."""
    if len({(line.order, _who(line)) for line in roster.lines}) == len(
        {line.order for line in roster.lines}
    ):
        return
    span = term(roster.valid_from, roster.valid_until)
    found = {place for _, lines in _followed(roster, span) for place in _twice(roster, lines)}
    for place in sorted(found):
        yield f"/roster/lines/{place}/order", "Zur selben Zeit steht schon jemand auf diesem Platz."


def _twice(roster: Roster, places: Sequence[int]) -> Iterator[int]:
    """Give the lines that share their order with another one's of those that cover together."""
    first: dict[int, str] = {}
    for place in places:
        line = roster.lines[place]
        if first.setdefault(line.order, _who(line)) != _who(line):
            yield place


def _followed(roster: Roster, span: Interval) -> Iterator[tuple[Interval, tuple[int, ...]]]:
    """Give the times of a span in which nothing changes, each with the lines that cover it."""
    plan = Plan(roster, [(line, None) for line in roster.lines])
    places = sorted(range(len(roster.lines)), key=lambda place: roster.lines[place].order)
    at, end = span
    while at < end:
        until = plan.until(at)
        following = end if until is None else min(until, end)
        yield (at, following), tuple(places[cover] for cover in plan.covers(at))
        at = following


def _who(line: Line) -> str:
    return line.unit or line.telephone


def _most_named(roster: Roster, unit: str) -> int:
    """Return how many other units a message may have to be sealed to on one day.

    Those of the day and of the next: a shift that begins tonight reads what is sent now.
    """
    others = [line for line in roster.lines if line.unit not in {None, unit}]
    days = {line.valid_from - DAY for line in others}
    return max(
        (
            len({each.unit for each in others if each.valid_from - DAY <= day <= each.valid_until})
            for day in days
        ),
        default=0,
    )
