# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who has duty in the simulated year: all Jugendaemter of the land, with rosters made from a seed.

A roster is kept here as it was meant, line by line, so that an observer can tell without the hub
who has to be asked at a moment.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from random import Random
from typing import Final, Literal

from hub.directory.land import shipped_tables
from tests.year.wall import DAY, day_of, instant, is_holiday, weekday

Kind = Literal["own", "service", "shared", "called", "ending", "gap", "lapsed", "changing"]
KINDS: Final[tuple[tuple[Kind, int], ...]] = (
    ("own", 30),
    ("service", 25),
    ("shared", 15),
    ("called", 8),
    ("changing", 6),
    ("ending", 6),
    ("gap", 6),
    ("lapsed", 4),
)
"""How often each kind of roster occurs, in parts of a hundred."""
MEMBERS: Final = 8
"""Towns that one service stands in for, at the most."""
WORKDAYS: Final = ("mo", "di", "mi", "do")
NUMBERS: Final = (
    "Allgemeiner Sozialer Dienst",
    "Bereitschaft",
    "Leitung",
    "Krisendienst",
    "Leitstelle",
)
"""Who has which number, in every office."""
LAST: Final = date(2100, 12, 31)
Span = tuple[tuple[str, ...], str, str]
"""Days of the week, from when, until when."""
When = Literal["always", "office-hours", "outside"] | tuple[Span, ...]


ORDINARY: Final[tuple[Span, ...]] = (((*WORKDAYS, "fr"), "08:00", "16:00"),)
"""Of an office whose roster counts for nothing any more."""


@dataclass(frozen=True)
class Shift:
    """One line of a roster, as it was meant."""

    name: str
    unit: str | None
    telephone: str
    order: int
    when: When
    first: date
    last: date
    agreed_until: date
    """The last day to which the other organisation has agreed."""

    @property
    def asked(self) -> str:
        """By what it is known that somebody was asked."""
        return self.unit or self.telephone


@dataclass(frozen=True)
class Office:
    """One Jugendamt with its desk and all who stand in for it."""

    organisation: str
    opens: str
    closes: str
    on_fridays: str
    shifts: tuple[Shift, ...]
    first: date
    last: date
    """Of the roster."""
    may_have_gaps: bool

    @property
    def desk(self) -> str:
        return f"{self.organisation}.asd"

    @property
    def hours(self) -> tuple[Span, ...]:
        return (WORKDAYS, self.opens, self.closes), (("fr",), self.opens, self.on_fridays)

    def opening(self, day: date) -> tuple[int, int] | None:
        """Return from when until when the office is open on a day."""
        hours = self.hours if self.first <= day <= self.last else ORDINARY
        for days, begins, ends in hours:
            if weekday(day) in days and not is_holiday(day):
                return instant(day, begins), instant(day, ends)
        return None

    def is_open(self, at: int) -> bool:
        return self.closes_after(at) is not None

    def closes_after(self, at: int) -> int | None:
        """Return when the opening ends that runs."""
        opening = self.opening(day_of(at))
        return opening[1] if opening and opening[0] <= at < opening[1] else None

    def opens_next(self, at: int) -> int:
        """Return the first second from ``at`` on at which the office is open."""
        day = day_of(at)
        while (opening := self.opening(day)) is None or opening[1] <= at:
            day += DAY
        return max(at, opening[0])

    def covering(self, at: int) -> list[Shift]:
        """Return who is there at a second, in the order in which they are asked."""
        if not self.first <= day_of(at) <= self.last:
            return []
        there = [shift for shift in self.shifts if self._is_there(shift, at)]
        return sorted(there, key=lambda shift: shift.order)

    def asked(self, at: int, *, planned: bool = False) -> list[str]:
        """Return by what those are known that are asked at a second, the first of all first."""
        there = self.covering(at)
        names = [shift.asked for shift in there if not planned or self.is_own(shift.unit)]
        reads = any(shift.unit for shift in there)
        return names if reads else [self.desk, *(name for name in names if name != self.desk)]

    def first_asked(self, at: int, *, planned: bool = False) -> str:
        if planned:
            return self.desk
        return next((each.unit for each in self.covering(at) if each.unit), self.desk)

    def is_own(self, unit: str | None) -> bool:
        return unit is not None and unit.startswith(f"{self.organisation}.")

    def _is_there(self, shift: Shift, at: int) -> bool:
        day = day_of(at)
        if not shift.first <= day <= min(shift.last, shift.agreed_until):
            return False
        match shift.when:
            case "always":
                return True
            case "office-hours":
                return self.is_open(at)
            case "outside":
                return not self.is_open(at)
            case spans:
                return any(_runs(span, begun, at) for span in spans for begun in (day - DAY, day))


def _runs(span: Span, day: date, at: int) -> bool:
    """Tell whether a span that began on a day runs at a second."""
    days, begins, ends = span
    over = day if ends > begins else day + DAY
    return weekday(day) in days and instant(day, begins) <= at < instant(over, ends)


@dataclass(frozen=True)
class Towns:
    """Everybody who has duty somewhere."""

    offices: tuple[Office, ...]
    services: tuple[str, ...]
    """Organisations that stand in for several towns, with one unit for each."""

    def office(self, unit: str) -> Office:
        return next(each for each in self.offices if each.organisation == unit.partition(".")[0])


def towns(year: int, seed: int, count: int | None = None) -> Towns:
    """Make rosters for the Jugendaemter of the land, or for the first few of them."""
    today, listed = date(year, 1, 1), shipped_tables().offices
    known = (
        row.organisation
        for row in listed
        if row.kind == "jugendamt" and (row.valid_until is None or today <= row.valid_until)
    )
    chosen = sorted(set(known))[:count]
    kinds = list(_kinds(len(chosen), Random(f"{seed} kinds")))  # noqa: S311
    services = _services(len(chosen))
    made = tuple(
        _office(name, kind, services[place // MEMBERS], year, Random(f"{seed} {name}"))  # noqa: S311
        for place, (name, kind) in enumerate(zip(chosen, kinds, strict=True))
    )
    return Towns(made, services)


def _kinds(count: int, random: Random) -> Iterator[Kind]:
    """Give each kind once at least, where there are enough, and else as often as it is usual."""
    named = [kind for kind, _ in KINDS]
    drawn = random.choices(named, [share for _, share in KINDS], k=max(0, count - len(named)))
    mixed = [*named, *drawn][:count]
    random.shuffle(mixed)
    yield from mixed


def _services(count: int) -> tuple[str, ...]:
    return tuple(f"krisendienst:verbund-{number:02}" for number in range(-(-count // MEMBERS)))


def _office(organisation: str, kind: Kind, service: str, year: int, random: Random) -> Office:
    middle = date(year, random.randint(2, 11), random.randint(1, 28))
    first, last = date(year - 1, 12, 1), date(year + 1, 12, 31)
    office = Office(
        organisation,
        opens=random.choice(("07:30", "08:00", "08:30")),
        closes=random.choice(("15:30", "16:00", "16:30")),
        on_fridays=random.choice(("12:00", "12:30", "14:00")),
        shifts=(),
        first=first,
        last=middle if kind == "lapsed" else last,
        may_have_gaps=kind in {"ending", "gap", "lapsed"},
    )
    crisis = f"{service}.{organisation.partition(':')[2]}"
    on_sundays = random.choice(("08:00", "02:30", "03:00"))
    return replace(office, shifts=_shifts(office, kind, crisis, middle, on_sundays))


def _shifts(
    office: Office, kind: Kind, crisis: str, middle: date, on_sundays: str
) -> tuple[Shift, ...]:
    duty, head = f"{office.organisation}.bereitschaft", f"{office.organisation}.leitung"
    evening: tuple[Span, ...] = (
        (WORKDAYS, office.closes, "22:00"),
        (("fr",), office.on_fridays, "22:00"),
        (("sa", "so"), on_sundays, "22:00"),
    )
    term = {"first": office.first, "last": LAST, "agreed_until": LAST}

    def shift(name: str, unit: str | None, order: int, when: When) -> Shift:
        telephone = f"+49 221 4710 {NUMBERS.index(name):03}"
        return Shift(name, unit, telephone, order, when, **term)

    by_day = shift("Allgemeiner Sozialer Dienst", office.desk, 1, "office-hours")
    own, behind = (
        shift("Bereitschaft", duty, 1, "outside"),
        shift("Bereitschaft", duty, 2, "always"),
    )
    heads, heads_by_day = (
        shift("Leitung", head, 3, "always"),
        shift("Leitung", head, 2, "office-hours"),
    )
    nights = shift("Krisendienst", crisis, 1, "outside")
    centre = shift("Leitstelle", None, 4, "always")
    made: dict[Kind, tuple[Shift, ...]] = {
        "own": (by_day, own, heads),
        "service": (by_day, nights, behind, centre),
        "shared": (by_day, replace(nights, when=evening), behind, heads),
        "called": (by_day, replace(centre, order=1, when="outside"), heads_by_day),
        "changing": (
            by_day,
            replace(nights, last=middle),
            replace(own, first=middle + DAY),
            heads,
        ),
        "ending": (by_day, replace(nights, agreed_until=middle)),
        "gap": (by_day, heads_by_day),
        "lapsed": (by_day, own, heads),
    }
    return made[kind]
