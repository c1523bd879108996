# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A year in minutes: the next thing that happens is the next thing that is looked at.

The hub is the real one, opened on a real database and closed again where it is down. Its clock is
set to each moment; a turn of it comes up to ten seconds after something has become due by what
stands in the database, as it would by itself. Nobody waits for anything here.
"""

import asyncio
import heapq
import json
from collections.abc import Callable, Coroutine, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from pathlib import Path
from shutil import disk_usage
from tempfile import TemporaryDirectory
from typing import Any, Final

from hub import clock
from hub.deliver.leases import Leased
from hub.errors import Refusal
from hub.main.assembly import open_node
from hub.main.work import EVERY, turn
from hub.node import Node
from hub.remind import remind
from tests.year.books import Books
from tests.year.desks import Desk
from tests.year.founding import SCHOOLS, Land, found, join
from tests.year.letters import Letters
from tests.year.observer import GRACE, HOUR, Notice, Observer
from tests.year.towns import Towns, towns
from tests.year.weather import Coming, Weather

URL: Final = "http://localhost:8080"
BEFORE: Final = 3 * 24 * HOUR
"""Seconds before the year in which everybody joins."""
AFTER: Final = 90 * 24 * HOUR
"""Seconds after the year in which what is open comes to its end."""
GREEDY: Final = 0.05
"""Share of the notices at which everybody on the roster tries to fetch at once."""
WITHDRAWN: Final = 0.02
OWN: Final = 200_000_000
EACH: Final = 30_000
"""Bytes that a hub takes, and one notice with all that is said of it."""
Act = Callable[[int], Coroutine[Any, Any, None]]


@dataclass
class Moment:
    """The clock of the simulated year; it stands until it is set."""

    at: float

    def __call__(self) -> float:
        return self.at


@dataclass(frozen=True)
class Wanted:
    """Which year is to be simulated."""

    notices: int
    seed: int = 1
    first: date = date(2027, 1, 1)
    days: int = 365
    offices: int | None = None
    enough: int = 100
    """Findings after which it is not looked any further."""
    whole_turns_every: int = 24 * HOUR
    """Seconds; between them the hub does what its clocks demand, and nothing else."""


@contextmanager
def quick_home(notices: int) -> Iterator[Path]:
    """Give a folder, in the memory of the machine where there is room: no disk is tried here."""
    memory = Path("/dev/shm")  # noqa: S108  the name that Linux gives to it
    has_room = memory.is_dir() and disk_usage(memory).free > OWN + notices * EACH
    with TemporaryDirectory(prefix="mw-year-", dir=memory if has_room else None) as home:
        yield Path(home)


def simulate(home: Path, wanted: Wanted) -> Observer:
    """Simulate a year, and return what was observed."""
    made = towns(wanted.first.year, wanted.seed, wanted.offices)
    weather = Weather(made, wanted.first, wanted.days, wanted.seed)
    moment = Moment(weather.begins - BEFORE)
    with clock.lived_by(moment):
        land = found(home, made)
        books = Books(land.data.database)
        try:
            driver = Driver(land, made, weather, moment, Observer(books))
            asyncio.run(driver.run(wanted))
        finally:
            books.close()
    return driver.observer


@dataclass
class Driver:
    """Lets everything happen in its order."""

    land: Land
    towns: Towns
    weather: Weather
    moment: Moment
    observer: Observer
    _coming: list[tuple[int, int, Act]] = field(default_factory=list)
    _number: "count[int]" = field(default_factory=count)
    _polling: set[str] = field(default_factory=set)
    _open: ExitStack = field(default_factory=ExitStack)
    _node: Node | None = None
    _up_since: int = 0
    _turn_at: int | None = None
    _letters: Letters | None = None

    async def run(self, wanted: Wanted) -> None:
        """Go through the year, and as far beyond as something is open."""
        self._start(int(self.moment()))
        join(self.land, self._hub, int(self.moment()))
        self._letters = Letters(self.land, self._hub.hub_id)
        for notice in self.weather.notices(wanted.notices):
            self._at(notice.at, self._sending(notice))
        for begins, ends in self.weather.hub_is_down():
            self._at(begins, self._stops)
            self._at(ends, self._returns)
        for at in range(self.weather.begins, self.weather.ends + AFTER, wanted.whole_turns_every):
            self._at(at, self._whole_turn)
        while self._coming and (self._coming[0][0] < self.weather.ends or self.observer.open):
            if len(self.observer.findings) > wanted.enough:
                break
            await self._next()
        self.observer.at_end(int(self.moment()))
        if self._letters is not None:
            self.observer.counts["sealed anew"] = self._letters.count_of_seals
        self._open.close()

    async def _next(self) -> None:
        """Let the next thing happen: what somebody does, or a turn of the hub."""
        act: Act
        at = self._coming[0][0]
        if self._turn_at is not None and self._turn_at <= at and self._node is not None:
            at, act = self._turn_at, self._turn
        else:
            at, _, act = heapq.heappop(self._coming)
        self.moment.at = max(self.moment.at, at)
        await act(int(self.moment.at))
        self._plan_turn()

    def _at(self, at: int, act: Act) -> None:
        heapq.heappush(self._coming, (at, next(self._number), act))

    @property
    def _hub(self) -> Node:
        assert self._node is not None, "the hub is down"
        return self._node

    def _desk(self, unit: str) -> Desk:
        return Desk(unit, self.land, self._hub, self.observer.books)

    # The hub.

    def _start(self, now: int) -> None:
        self._node = self._open.enter_context(open_node(self.land.data, URL, self.moment))
        self._node.catalogue = self.land.catalogue
        self._up_since = now

    async def _stops(self, _: int) -> None:
        self._node = None
        self._open.close()
        self.observer.counts["outages of the hub"] += 1

    async def _returns(self, now: int) -> None:
        """Come back; everything that has become due meanwhile is done in the first turn."""
        self._start(now)
        self._turn_at = now + self.weather.random(f"return {now}").randint(0, EVERY)
        waiting = {notice.first for notice in self.observer.open.values()}
        for unit in sorted(waiting):
            self._poll(unit, now + 1)

    def _plan_turn(self) -> None:
        """Let the hub take its turn at most ten seconds after something has become due."""
        due = self.observer.books.next_due()
        if due is None:
            self._turn_at = None
            return
        now = int(self.moment.at)
        latest = max(due, now) + self.weather.random(f"turn {due}").randint(1, EVERY)
        if self._turn_at is None or self._turn_at < now or latest < self._turn_at:
            self._turn_at = latest

    async def _turn(self, now: int) -> None:
        self._turn_at = None
        touched = self._touched(now)
        await remind(self._hub, now)
        self._see(touched, now)

    async def _whole_turn(self, now: int) -> None:
        if self._node is not None:
            touched = self._touched(now)
            await turn(self._hub, now)
            self._see(touched, now)

    def _touched(self, now: int) -> list[str]:
        books = self.observer.books
        expiring = books.all_of(
            "SELECT id FROM message WHERE state = 'accepted' AND ends_at <= ?", now
        )
        return sorted({*books.due_by(now), *(row[0] for row in expiring)})

    def _see(self, touched: list[str], now: int) -> None:
        """Let the observer look, and those fetch who have been asked."""
        self.observer.counts["turns"] += 1
        self.observer.after_turn(touched, now)
        for message in touched:
            for asked in self.observer.books.asked_of(message):
                if asked.unit and asked.handed_over_at is None and asked.ended_at is None:
                    self._poll(asked.unit, now + 2)

    # Schools.

    def _sending(self, coming: Coming) -> Act:
        async def send(now: int) -> None:
            if self._node is None:
                # The school tries again until it has its answer.
                self._at(self._back_at(now) + coming.school, send)
                return
            await self._send(coming, now)

        return send

    async def _send(self, coming: Coming, now: int) -> None:
        assert self._letters is not None
        office, urgency = coming.office, coming.urgency
        school, sealed_at = SCHOOLS[coming.school], now - coming.sealed_before
        letter = self._letters.write(school, office.desk, urgency, self._hub.directory, sealed_at)
        try:
            due = await self._desk(school).send(letter, now)
        except Refusal as refusal:
            self.observer.refused(office, urgency, now, refusal.code)
            return
        first = office.first_asked(now, planned=urgency == "planbar")
        release = letter.releases.get(self.land.keys[first].reading.kid)
        notice = Notice(
            letter.id,
            coming.number,
            office,
            urgency,
            school,
            letter.env,
            now,
            {name: int(str(at)) for name, at in due.items()},
            first,
            release == "escalation",
            letter.ends_at,
        )
        self.observer.accepted(notice)
        self._follow(notice, now)

    def _follow(self, notice: Notice, now: int) -> None:
        """Let those come who have to do with a notice, and the observer look at the right times."""
        random = self.weather.random(notice.number)
        self._poll(notice.first, now + random.randint(1, 8))
        if random.random() < GREEDY:
            for shift in notice.office.shifts:
                if shift.unit is not None:
                    self._poll(shift.unit, now)
        if random.random() < WITHDRAWN:
            self._at(now + random.randint(1, 4000), self._withdrawing(notice))
        for due in set(notice.due.values()):
            self._at(due + GRACE, self._looking(notice))

    def _withdrawing(self, notice: Notice) -> Act:
        async def withdraw(now: int) -> None:
            if self._node is None or notice.settled_at is not None or notice.taken_at is not None:
                return
            try:
                await self._desk(notice.school).withdrew(notice.id, notice.env, now)
            except Refusal as refusal:
                self.observer.find(f"not withdrawn: {refusal.code}", notice, now)
                return
            notice.turn_by = max(notice.due["overdue"], self._up_since) + EVERY
            self.observer.counts["withdrawn"] += 1
            self.observer.settle(notice, now)

        return withdraw

    def _looking(self, notice: Notice) -> Act:
        async def look(now: int) -> None:
            if not self._puts_off(now, look):
                self.observer.look(notice, now)

        return look

    def _puts_off(self, now: int, look: Act) -> bool:
        """Put a look off while the hub is down, and for a minute after it is back."""
        back = self._back_at(now)
        if now >= back + GRACE:
            return False
        self._at(back + GRACE, look)
        return True

    def _back_at(self, now: int) -> int:
        """Return since when the hub is up, or from when on it will be."""
        if self._node is not None:
            return self._up_since
        return next(end for _, end in self.weather.hub_is_down() if end > now)

    # Desks.

    def _poll(self, unit: str, at: int) -> None:
        """Let the connector of a unit fetch, once; what rings meanwhile it finds then."""
        if unit in self._polling:
            return
        self._polling.add(unit)
        self._at(self.weather.connector_is_back(unit, at), self._fetching(unit))

    def _fetching(self, unit: str) -> Act:
        async def fetch(now: int) -> None:
            self._polling.discard(unit)
            if self._node is None:
                self._poll(unit, self._back_at(now) + 3)
                return
            for leased in await self._desk(unit).fetch(now):
                await self._take(unit, leased, now)

        return fetch

    async def _take(self, unit: str, leased: Leased, now: int) -> None:
        """Make it durable, say so, and lay it before a person."""
        desk, message = self._desk(unit), json.loads(leased.message)
        claims = self.observer.books.claims_of(message["env"])
        notice = self.observer.open.get(claims["jti"])
        if notice is None:
            self.observer.find(f"{unit} got what is settled: {claims['jti']}", at=now)
            return
        own = self.land.keys[unit].reading.kid
        if [key["kid"] for key in message["keys"]] != [own]:
            self.observer.find(f"{unit} got the wrap of another", notice, now)
        self.observer.leased(notice, unit, leased.turn, now)
        try:
            await self._confirm(desk, leased, notice, now)
        except Refusal as refusal:
            self.observer.find(f"{unit} has it and is refused {refusal.code}", notice, now)
            return
        at = self.weather.noted_at(notice.number, unit, notice.urgency, now)
        self._at(at, self._noting(notice, unit))

    @staticmethod
    async def _confirm(desk: Desk, leased: Leased, notice: Notice, now: int) -> None:
        if leased.is_taken:
            await desk.opened(notice.id, notice.env, now)
            await desk.handed_over(leased, now)
        else:
            await desk.took(notice.id, notice.env, now)
            notice.taken_at = now

    def _noting(self, notice: Notice, unit: str) -> Act:
        async def note(now: int) -> None:
            is_done = notice.noted and unit != notice.office.desk
            if notice.settled_at is not None or unit in notice.noted or is_done:
                return
            if self._node is None:
                self._at(self._back_at(now) + 5, note)
                return
            await self._note(notice, unit, now)

        return note

    async def _note(self, notice: Notice, unit: str, now: int) -> None:
        try:
            await self._desk(unit).noted(notice.id, notice.env, now)
        except Refusal as refusal:
            self.observer.find(f"{unit} took note and is refused {refusal.code}", notice, now)
            return
        self.observer.noted(notice, unit, now, self._up_since)
        if unit != notice.office.desk:
            opens = notice.office.opens_next(now)
            self._at(max(opens, now) + GRACE, self._looking_at_the_return(notice))

    def _looking_at_the_return(self, notice: Notice) -> Act:
        async def look(now: int) -> None:
            if not self._puts_off(now, look):
                self.observer.look_whether_returned(notice, now)

        return look
