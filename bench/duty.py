# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How long does it take to say who has to act, for every office of a Land?

By turns with a plain dictionary of the hours of a week, which knows no holidays, no contracts and
no change of clocks, and gives no reason. The hub asks with every message, so the answer has to be
cheap once a week was worked out; what that costs is measured too.
"""

import random
import statistics
import time
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Final

from bench.ground import Ground
from bench.options import Options
from bench.result import Ratio, Result, compared
from hub.directory.duty import OnDuty, on_duty
from hub.directory.holidays import public_holidays
from hub.main.duty_sources import Proposed
from hub.model.network import ListedOrganisation, ListedUnit, Network
from hub.model.roster import Hours, Line, Roster, Service

GOAL_MICROSECONDS: Final = 30.0
GOAL_RATIO: Final = 80.0
GOAL_WEEK_MICROSECONDS: Final = 2_000.0
OFFICES: Final = 186
"""Jugendaemter in the Land."""
ASKED: Final = 200_000
FIRST: Final = 1_792_274_400
"""Monday 19 October 2026 in Berlin; the longer night is in the first week."""
WEEK: Final = 7 * 86_400
WEEKS: Final = 4
_BEGINS, _ENDS = date(2026, 1, 1), date(2027, 6, 30)

Question = tuple[str, int]
Way = Callable[[str, int], object]


def duty(ground: Ground, options: Options) -> Result:
    """Ask both the same random questions, each as often."""
    del ground  # Nothing is sent.
    known, asked = _offices(), ASKED // 5 if options.is_quick else ASKED
    # Loading the library belongs to the start of a hub and not to a question.
    for year in (2026, 2027):
        public_holidays("nw", year)
    questions = _questions(known, asked)
    begun = time.perf_counter()
    for unit in known.units:
        on_duty(unit.id, known, FIRST)
    first = (time.perf_counter() - begun) / OFFICES * 1e6
    ways: dict[str, Way] = {"duty": _duty(known), "dictionary": _dictionary(known)}
    _turn(ways["duty"], questions)
    turns: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(options.rounds):
        for name, way in ways.items():
            turns[name].append(_turn(way, questions) / asked * 1e6)
    middle = {name: statistics.median(each) for name, each in turns.items()}
    print("  " + ", ".join(f"{name} {each:.2f} µs" for name, each in middle.items()))
    ratios = [
        Ratio("one answer", middle["duty"], GOAL_MICROSECONDS, "at most", unit=" µs"),
        Ratio(
            "duty / dictionary",
            compared(turns["duty"], turns["dictionary"]),
            GOAL_RATIO,
            "at most",
        ),
        Ratio("first answer of an office", first, GOAL_WEEK_MICROSECONDS, "at most", unit=" µs"),
    ]
    return Result("duty", ratios, {"microseconds": turns, "first": first, "asked": asked})


def _offices() -> Proposed:
    """Return offices with a crisis service each, as many as the Land has."""
    listed = [organisation for number in range(OFFICES) for organisation in _office(number)]
    network = Network(
        title="Erfunden",
        demo=True,
        districts=(),
        participants=tuple(listed),
        responsibilities=(),
    )
    return Proposed([network])


def _office(number: int) -> tuple[ListedOrganisation, ListedOrganisation]:
    office, service = f"jugendamt:05{number:03}000", f"krisendienst:erfunden-{number}"
    asd, head = f"{office}.asd", f"{office}.bereitschaft"
    lines = (
        _line("ASD", asd, 1, "office-hours"),
        _line("Krisendienst", service, 1, "outside"),
        _line("Leitung", head, 2, "always"),
        _line("Leitstelle", None, 3, "always"),
    )
    roster = Roster(
        land="nw",
        office_hours=(
            Hours(days=("mo", "di", "mi", "do"), begins="08:00", ends="16:00"),
            Hours(days=("fr",), begins="08:00", ends="12:30"),
        ),
        valid_from=_BEGINS,
        valid_until=_ENDS,
        lines=lines,
    )
    serves = (Service(organisation=office, valid_from=_BEGINS, valid_until=_ENDS),)
    return (
        _listed(office, _unit(asd).model_copy(update={"roster": roster}), _unit(head)),
        _listed(service, _unit(service).model_copy(update={"serves": serves})),
    )


def _line(name: str, unit: str | None, order: int, when: str) -> Line:
    said = {"name": name, "unit": unit, "order": order, "when": when}
    term = {"valid_from": _BEGINS, "valid_until": _ENDS}
    return Line.model_validate({**said, **term, "telephone": "0221 4710000"})


def _unit(unit: str) -> ListedUnit:
    return ListedUnit(id=unit, name="Erfunden", roles=("jugendamt",), telephone="0221 4710000")


def _listed(organisation: str, *units: ListedUnit) -> ListedOrganisation:
    return ListedOrganisation(id=organisation, name="Erfunden", units=units)


def _questions(known: Proposed, count: int) -> Sequence[Question]:
    # The same questions in every run, and no secret hangs on them.
    chance = random.Random(20261122)  # noqa: S311
    units = [unit.id for unit in known.units if unit.roster is not None]
    spans = timedelta(weeks=WEEKS) // timedelta(seconds=1)
    return [(chance.choice(units), FIRST + chance.randrange(spans)) for _ in range(count)]


def _duty(known: Proposed) -> Way:
    def answer(unit: str, at: int) -> OnDuty:
        return on_duty(unit, known, at)

    return answer


def _dictionary(known: Proposed) -> Way:
    """Return what answers from a plain dictionary: who it was in this hour of a week."""
    answers = {
        (unit.id, hour): on_duty(unit.id, known, FIRST + WEEK + hour * 3600)
        for unit in known.units
        for hour in range(WEEK // 3600)
    }

    def answer(unit: str, at: int) -> OnDuty:
        return answers[unit, (at - FIRST) % WEEK // 3600]

    return answer


def _turn(way: Way, questions: Sequence[Question]) -> float:
    begun = time.perf_counter()
    for unit, at in questions:
        way(unit, at)
    return time.perf_counter() - begun
