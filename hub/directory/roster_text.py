# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How is a roster said in German: its lines, the week ahead, and what a change changes?"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from hub.directory.duty import Known, OnDuty, on_duty
from hub.directory.duty_words import dated
from hub.directory.hours import Interval, union
from hub.directory.roster import Duty
from hub.model.roster import Hours, Line, Roster, Service

NOBODY: Final = "niemand; „sofort“ wird nicht angenommen"
_WHEN: Final = {
    "always": "immer",
    "office-hours": "in der Dienstzeit",
    "outside": "außerhalb der Dienstzeit",
}


@dataclass(frozen=True)
class Shift:
    """Some time in which the same are asked, in the same order."""

    begins: int
    ends: int
    duty: OnDuty

    @property
    def text(self) -> str:
        asked = ", dann ".join(f"{turn.name} ({turn.telephone})" for turn in self.duty.turns)
        who = asked if self.duty.is_valid else NOBODY
        return f"bis {dated(self.ends)}: {who}"


def shifts_of(unit: str, directory: Known, span: Interval) -> Iterator[Shift]:
    """Give who is asked in a span, from one change to the next."""
    at, end = span
    while at < end:
        duty = on_duty(unit, directory, at)
        until = end if duty.until is None else min(duty.until, end)
        yield Shift(at, until, duty)
        at = until


def unattended(unit: str, directory: Known, span: Interval) -> tuple[Interval, ...]:
    """Return the times of a span at which nobody has to act by the roster.

    Unlike ``gaps`` of a roster this asks whether those of other organisations have agreed.
    """
    shifts = shifts_of(unit, directory, span)
    return tuple(union((each.begins, each.ends) for each in shifts if not each.duty.is_valid))


def week_text(unit: str, directory: Known, span: Interval) -> Iterator[str]:
    """Say who is asked in a span."""
    yield f"Ab {dated(span[0])}:"
    yield from (f"  {shift.text}" for shift in shifts_of(unit, directory, span))


def gap_text(gap: Interval) -> str:
    """Say a time at which nobody has to act."""
    return f"Lücke: {dated(gap[0])} bis {dated(gap[1])}"


def duty_text(duty: Duty) -> Iterator[str]:
    """Say what a unit publishes of its duty."""
    if duty.roster is None:
        yield "Kein Bereitschaftsplan: „sofort“ wird nicht angenommen."
    else:
        yield _term_text(duty.roster)
        yield f"Dienstzeit: {_hours_text(duty.roster.office_hours)}"
        yield from (_line_text(line) for line in sorted(duty.roster.lines, key=_order))
    yield from (_service_text(each) for each in duty.serves)
    yield from _callback_text(duty)


def differences(before: Duty, after: Duty) -> Iterator[str]:
    """Say what a change takes away and what it adds; nothing where all stays."""
    old, new = list(duty_text(before)), list(duty_text(after))
    yield from (f"- {line}" for line in old if line not in new)
    yield from (f"+ {line}" for line in new if line not in old)


def _term_text(roster: Roster) -> str:
    closed = f", dazu {len(roster.closed)} Schließtage" if roster.closed else ""
    return f"Plan vom {_day(roster.valid_from)} bis {_day(roster.valid_until)}{closed}"


def _line_text(line: Line) -> str:
    reads = line.unit or "wird nur angerufen"
    when = _WHEN[line.when] if isinstance(line.when, str) else _hours_text(line.when)
    holidays = "" if line.on_holidays or line.when == "outside" else ", nicht an Feiertagen"
    basis = f", Grundlage {line.basis}" if line.basis else ""
    reached = [*line.reached.email, *line.reached.sms]
    heard = f", Bescheid an {', '.join(reached)}" if reached else ""
    return (
        f"{line.order}. {line.name} ({reads}), {line.telephone}, {when}{holidays}, "
        f"{_day(line.valid_from)} bis {_day(line.valid_until)}{basis}{heard}"
    )


def _hours_text(hours: tuple[Hours, ...]) -> str:
    said = (f"{'/'.join(each.days)} {each.begins} bis {each.ends}" for each in hours)
    return "; ".join(said) or "keine"


def _service_text(service: Service) -> str:
    return (
        f"Springt ein für {service.organisation}, "
        f"{_day(service.valid_from)} bis {_day(service.valid_until)}"
    )


def _callback_text(duty: Duty) -> Iterator[str]:
    if duty.callback is not None:
        heard = [*duty.callback.email, *duty.callback.sms]
        yield f"Bescheid über eigene Mitteilungen an {', '.join(heard) or 'niemanden'}"


def _order(line: Line) -> int:
    return line.order


def _day(day: date) -> str:
    return f"{day:%d.%m.%Y}"
