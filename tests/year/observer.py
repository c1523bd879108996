# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Was anybody forgotten, or asked twice? Books of its own, held against those of the hub.

What has to happen when is worked out here from the rosters as they were meant and from what desks
did, never from what the hub intends. Everything that does not agree is a finding.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from tests.year.books import Asked, Books, Row
from tests.year.towns import Office
from tests.year.wall import DAY, day_of, instant, is_holiday

MINUTE: Final = 60
HOUR: Final = 3600
GRACE: Final = 60
"""Seconds in which the hub has to act on what is due."""
EVERY: Final = 10
"""Seconds between two turns of a hub."""
WITHIN: Final = {"sofort": (120, 600, 600), "unverzueglich": (900, 7200, 14_400)}
"""Seconds to taking, to a person, to the sender being told; as the protocol says."""
STEP: Final = {"sofort": 600, "unverzueglich": 7200}
"""Seconds between two who are asked, at the most, on the first day."""
LEFT: Final = 900
"""Seconds of an opening in which somebody can still take note before it ends."""
LONGEST: Final = 6 * 24 * HOUR
"""Between two looks at anything: Christmas and a weekend."""
SETTLED: Final = frozenset({"withdrawn", "expired", "rejected"})
_SATURDAY: Final = 5


@dataclass
class Notice:
    """One accepted notice, as seen from outside."""

    id: str
    number: int
    office: Office
    urgency: str
    school: str
    env: str
    accepted_at: int
    due: dict[str, int]
    first: str
    """Who has to be asked first, by the roster."""
    is_early: bool
    """The shift changed between sealing and sending, so whoever is first has yet to be let in."""
    ends_at: int
    taken_at: int | None = None
    noted: dict[str, int] = field(default_factory=dict)
    """By the unit whose person took note."""
    settled_at: int | None = None
    """When the desk had it, or it had come to an end."""
    escalated_before: int | None = None
    """Escalations that had been said when the first person took note."""
    turn_by: int = 0
    """When the hub has taken a turn at the latest since the notice became overdue."""
    looked_at: set[str] = field(default_factory=set)
    """Clocks of which it was seen whether the next one was asked in time."""

    @property
    def planned(self) -> bool:
        return self.urgency == "planbar"

    @property
    def noted_at(self) -> int | None:
        return min(self.noted.values(), default=None)


class Observer:
    """Keeps the books and the findings."""

    def __init__(self, books: Books) -> None:
        self.books = books
        self.findings: list[str] = []
        self.counts: Counter[str] = Counter()
        self.open: dict[str, Notice] = {}
        self.must_be_told: set[str] = set()
        """Ids of the notices that nobody took note of in time."""

    def find(self, what: str, notice: Notice | None = None, at: int | None = None) -> None:
        """Note a finding."""
        about = f" {notice.urgency} {notice.office.organisation} {notice.id}" if notice else ""
        when = f" at {at}" if at is not None else ""
        self.findings.append(f"{what}:{about}{when}")

    # What happens, as the driver sees it.

    def accepted(self, notice: Notice) -> None:
        """Enter a notice, and see that the hub has given it to the right one."""
        self.open[notice.id] = notice
        self.counts["accepted"] += 1
        row = self.books.message(notice.id)
        if row is None:
            self.find("accepted and not there", notice)
            return
        self.counts[f"first: {_role(row.on_duty)}"] += 1
        if row.on_duty != notice.first:
            self.find(f"asked {row.on_duty} instead of {notice.first}", notice, notice.accepted_at)
        is_there = notice.office.covering(notice.accepted_at)
        if notice.urgency == "sofort" and not is_there:
            self.find("accepted though nobody is there", notice, notice.accepted_at)
        if any(notice.due[name] != at for name, at in _due(notice).items()):
            self.find(f"due {notice.due} instead of {_due(notice)}", notice, notice.accepted_at)

    def refused(self, office: Office, urgency: str, at: int, code: str) -> None:
        """Enter that a notice was not taken, which may only be where nobody is there."""
        self.counts[f"refused: {code}"] += 1
        is_there = bool(office.covering(at))
        if code != "no-duty-desk" or urgency != "sofort" or is_there or not office.may_have_gaps:
            self.find(f"refused {code} {urgency} {office.organisation}", at=at)

    def leased(self, notice: Notice, unit: str, turn: int, at: int) -> None:
        """See that whoever got a message was asked for it, and is there."""
        self.counts["leased"] += 1
        asked = self.books.asked_of(notice.id)
        said = [each.word for each in self.books.said_of(notice.id)]
        later = [each for each in asked if each.unit == unit and each.reason != "first"]
        if unit != notice.first and (not later or turn != later[0].turn):
            self.find(f"{unit} got it and was never asked", notice, at)
        is_escalated = unit != notice.first and all(each.reason == "escalated" for each in later)
        if (is_escalated or notice.is_early) and "escalated" not in said:
            self.find(f"{unit} got a wrap before its escalation was said", notice, at)
        if any(each.ended_at is not None for each in asked if each.unit == unit):
            self.find(f"{unit} got it after its turn", notice, at)
        if not notice.office.is_own(unit) and unit not in notice.office.asked(at):
            self.find(f"{unit} got it outside its shift", notice, at)

    def noted(self, notice: Notice, unit: str, at: int, up_since: int) -> None:
        """Enter that a person took note, which the hub has confirmed."""
        if not notice.noted:
            notice.turn_by = max(notice.due["overdue"], up_since) + EVERY
        notice.noted.setdefault(unit, at)
        self.counts[f"noted: {_role(unit)}"] += 1
        if notice.escalated_before is None:
            notice.escalated_before = self._escalations(notice)
        if unit == notice.office.desk:
            self.settle(notice, at)

    def settle(self, notice: Notice, at: int) -> None:
        """Enter that nobody has to be asked about a notice any more."""
        notice.settled_at = at
        row = self.books.message(notice.id)
        if row is None or row.due_next is not None:
            self.find("settled, and still has a clock", notice, at)
        self._close(notice, at)

    # What is looked at.

    def after_turn(self, touched: list[str], now: int) -> None:
        """See that a turn has left nothing undone, and everything with an owner and a clock."""
        if left := self.books.due_by(now):
            self.find(f"{len(left)} are due after the turn, first {left[0]}", at=now)
        for message in self.books.untold(now):
            self.find(f"overdue, and not said: {message}", at=now)
        for message in self.books.without_clock():
            self.find(f"no clock: {message}", at=now)
        for message in self.books.without_owner():
            self.find(f"no owner: {message}", at=now)
        for message in touched:
            self._look_at(message, now)

    def look(self, notice: Notice, now: int) -> None:
        """See, once the time of grace is over, that what was due has happened."""
        if now >= notice.due["overdue"] + GRACE:
            self._look_whether_told(notice, now)
        if not notice.noted and notice.settled_at is None:
            clock = "taken" if notice.taken_at is None else "acknowledged"
            self._look_whether_asked(notice, clock, now)

    def look_whether_returned(self, notice: Notice, now: int) -> None:
        """See that a desk has got back what somebody noted in its place, now that it is open.

        What was noted so late that its content has gone cannot be given to anybody any more.
        """
        if notice.settled_at is not None or now > notice.ends_at:
            return
        desk = notice.office.desk
        its = [each for each in self.books.asked_of(notice.id) if each.unit == desk]
        if not its and notice.first != desk:
            self.find("not given back to the desk", notice, now)
        if its and its[0].ended_at is not None:
            self.find("given back, and ended", notice, now)

    def at_end(self, now: int) -> None:
        """Hold everything against each other once the year is over."""
        for notice in self.open.values():
            if notice.noted and now > notice.ends_at:
                # Somebody has it who stood in; its desk was reminded for as long as it was here.
                self.counts["never taken back"] += 1
            else:
                self.find("still open at the end", notice, now)
        self._count_all()

    def _look_at(self, message: str, now: int) -> None:
        notice, row = self.open.get(message), self.books.message(message)
        if notice is None or row is None:
            self.find(f"touched and not open: {message}", at=now)
            return
        if row.state in SETTLED:
            self.counts[row.state] += 1
            self.settle(notice, now)
            return
        self._look_at_the_clock(notice, row, now)
        self._look_at_turns(notice, now)

    def _look_at_the_clock(self, notice: Notice, row: Row, now: int) -> None:
        if row.due_next is None:
            return
        longest = LONGEST
        if notice.noted_at is None and now < notice.due["overdue"] + 23 * HOUR:
            longest = STEP.get(notice.urgency, LONGEST)
        if row.due_next > now + longest:
            self.find(f"asked again only in {row.due_next - now} s", notice, now)

    def _look_at_turns(self, notice: Notice, now: int) -> None:
        """See that nobody was asked twice, nor without being there, nor after a person."""
        asked = self.books.asked_of(notice.id)
        escalated = [each for each in asked if each.reason == "escalated"]
        names = [notice.first, *(each.unit or each.telephone for each in escalated)]
        if len(set(names)) != len(names):
            self.find("somebody was asked twice", notice, now)
        if self._escalations(notice) != len(escalated) + notice.is_early:
            self.find("not one escalation for each who was asked", notice, now)
        for each in escalated:
            if each.since == now and not self._may_be_asked(notice, each):
                self.find(f"{each.unit or each.telephone} was asked off duty", notice, now)
        if notice.escalated_before not in {None, self._escalations(notice)}:
            self.find("escalated after a person took note", notice, now)

    def _may_be_asked(self, notice: Notice, asked: Asked) -> bool:
        there = notice.office.covering(asked.since)
        names = {name for shift in there for name in (shift.unit, shift.telephone)}
        return bool({asked.unit, asked.telephone} - {None} & names) or (
            asked.unit == notice.office.desk and not any(shift.unit for shift in there)
        )

    def _look_whether_told(self, notice: Notice, now: int) -> None:
        told = [each for each in self.books.said_of(notice.id) if each.word == "overdue"]
        # What was noted, or withdrawn, after its time and before the next turn, may be either.
        ended = notice.noted_at if notice.noted else notice.settled_at
        if notice.id in self.must_be_told or (ended is not None and ended < notice.due["overdue"]):
            return
        if told or ended is None or ended > notice.turn_by:
            self.must_be_told.add(notice.id)
        elif not told:
            self.counts["noted before the turn"] += 1
            return
        if len(told) != 1:
            self.find(f"{len(told)} times overdue", notice, now)
        elif not self.books.is_told(notice.school, told[0].id):
            self.find("overdue, and the sender hears nothing", notice, now)
        elif told[0].entered_at < notice.due["overdue"]:
            self.find("told too early", notice, now)

    def _look_whether_asked(self, notice: Notice, clock: str, now: int) -> None:
        """See that the next one was asked about what nobody has fetched, or read, in time."""
        if now < notice.due[clock] + GRACE or clock in notice.looked_at:
            return
        notice.looked_at.add(clock)
        there = notice.office.asked(now - GRACE, planned=notice.planned)
        others = [name for name in there if name != notice.first]
        escalated = [e for e in self.books.asked_of(notice.id) if e.reason == "escalated"]
        if others and not escalated:
            self.find(f"{others[0]} was not asked ({clock})", notice, now)
        if others and escalated:
            self.counts[f"asked next: {_role(escalated[0].unit or 'called')}"] += 1

    def _escalations(self, notice: Notice) -> int:
        return sum(each.word == "escalated" for each in self.books.said_of(notice.id))

    def _close(self, notice: Notice, now: int) -> None:
        self._look_at_turns(notice, now)
        self.open.pop(notice.id, None)

    def _count_all(self) -> None:
        """Count over all rows, whatever was looked at before."""
        for what, query in TOTALS.items():
            found = self.books.all_of(query)
            if found:
                self.find(f"{what} ({len(found)}), first {found[0][0]}")
        rows = {row[0] for row in self.books.all_of("SELECT id FROM message")}
        if len(rows) != self.counts["accepted"]:
            self.find(f"{self.counts['accepted']} were accepted, {len(rows)} are there")
        told = self.books.all_of("SELECT message_id FROM receipt WHERE word = 'overdue'")
        if {row[0] for row in told} != self.must_be_told:
            self.find(f"{len(self.must_be_told)} breaches, {len(told)} senders were told")
        self.counts["overdue"] = len(told)
        for word in ("escalated", "taken", "acknowledged", "opened", "erased"):
            query = "SELECT count(*) FROM receipt WHERE word = ?"
            self.counts[f"receipts: {word}"] = self.books.all_of(query, word)[0][0]


TOTALS: Final = {
    "overdue twice": (
        "SELECT message_id FROM receipt WHERE word = 'overdue'"
        " GROUP BY message_id HAVING count(*) > 1"
    ),
    "escalated after a person took note": (
        "SELECT late.message_id FROM receipt AS late JOIN receipt AS noted"
        " ON noted.message_id = late.message_id AND noted.word = 'acknowledged'"
        " WHERE late.word = 'escalated' AND late.entered_at > noted.entered_at"
    ),
    "overdue after a person took note in time": (
        "SELECT message.id FROM message JOIN receipt AS noted ON noted.message_id = message.id"
        " AND noted.word = 'acknowledged' AND noted.entered_at < message.due_overdue"
        " JOIN receipt AS told ON told.message_id = message.id AND told.word = 'overdue'"
    ),
    "more who were asked than escalations": (
        "SELECT message_id FROM duty WHERE reason = 'escalated' GROUP BY message_id"
        " HAVING count(*) > (SELECT count(*) FROM receipt WHERE word = 'escalated'"
        " AND receipt.message_id = duty.message_id)"
    ),
    "an open clock at the end": "SELECT id FROM message WHERE due_next IS NOT NULL",
    "an open message at the end": ("SELECT id FROM message WHERE state IN ('accepted', 'taken')"),
}
"""Questions to the whole database; each has no answer where all is well."""


def _due(notice: Notice) -> dict[str, int]:
    """Return by when what has to happen, as far as it can be said in a line."""
    at = notice.accepted_at
    if notice.urgency in WITHIN:
        taken, noted, told = (at + seconds for seconds in WITHIN[notice.urgency])
        closes = notice.office.closes_after(at)
        if closes is not None and closes >= max(taken, at + LEFT):
            noted = min(noted, closes)
        return {"taken": taken, "acknowledged": noted, "overdue": told}
    noon = noon_of_next_working_day(at)
    return {"acknowledged": noon, "overdue": noon}


def noon_of_next_working_day(at: int) -> int:
    """Return the noon by which somebody has to have looked at what can be planned."""
    day = day_of(at) + DAY
    while day.weekday() >= _SATURDAY or is_holiday(day):
        day += DAY
    return instant(day, "12:00")


def _role(unit: str) -> str:
    """Return which part a unit has, to be counted."""
    if unit.startswith("krisendienst:"):
        return "krisendienst"
    return unit.rpartition(".")[2] if "." in unit else "called"
