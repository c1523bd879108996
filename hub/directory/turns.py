# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Whose turn is it with a message of this urgency: first, and after those who were asked?

What can be planned waits for the office (``planbar``): a crisis service that is woken for it at
night learns to ignore what wakes it. So it goes to the addressed unit at any hour, and later to
nobody outside its organisation.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from hub.directory.duty import Turn, on_duty
from hub.directory.participants import Directory
from hub.model.contact import Reached
from hub.model.ids import organisation_of
from hub.model.stored import StoredMessage

PLANNED: Final = "planbar"
ENTRUSTED: Final = "anvertraut"
"""§ 65 SGB VIII: what was entrusted to one house is read by nobody who stands in for it."""


@dataclass(frozen=True)
class First:
    """The unit that is asked first, and where it hears of it."""

    unit: str
    reached: Reached
    waits: bool = False
    """It comes from whoever stands in for the desk just now, and is for when the desk is there."""


def first_asked(
    unit: str, urgency: str, directory: Directory, at: int, *, sender: str = ""
) -> First:
    """Return who is asked first about what is addressed to a unit at an instant.

    Nobody is asked about what comes from himself: what a service that stands in at night hands
    over is for the desk, and its time begins when the office opens.
    """
    turns = on_duty(unit, directory, at).turns
    who = unit if urgency == PLANNED else next((each.unit for each in turns if each.unit), unit)
    waits = _comes_from(sender, who, unit)
    who = unit if waits else who
    return First(who, reached_of(who, unit, turns, directory), waits)


def next_asked(
    message: StoredMessage, directory: Directory, at: int, asked: Collection[str]
) -> Turn | None:
    """Return who is asked next, of those who are there at that instant; None where all were.

    ``asked`` holds units, and the telephone numbers of those who were only called.
    """
    unit, is_planned = message.recipient, message.urgency == PLANNED
    for turn in on_duty(unit, directory, at).turns:
        if is_planned and not is_of(unit, turn.unit):
            continue
        if _comes_from(message.sender, turn.unit, unit):
            continue
        if (turn.unit or turn.telephone) not in asked:
            return turn
    return None


def _comes_from(sender: str, who: str | None, unit: str) -> bool:
    """Tell whether somebody would be asked about what its own organisation has sent.

    Within one organisation the units are each for themselves: its Bereitschaft stands in at night
    for what one desk has sent to the other.
    """
    if who is None or who == unit:
        return False
    return who == sender or (is_of(sender, who) and not is_of(unit, who))


def is_of(unit: str, other: str | None) -> bool:
    """Tell whether a turn is one of the organisation's own."""
    return other is not None and organisation_of(other) == organisation_of(unit)


def reached_of(who: str, unit: str, turns: Collection[Turn], directory: Directory) -> Reached:
    """Return where a unit hears of what waits for it: as its line says, else as it says itself."""
    line = next((each.reached for each in turns if each.unit == who), None)
    if line is not None:
        return line
    known = directory.unit(unit)
    lines = known.roster.lines if known is not None and known.roster is not None else ()
    return next((each.reached for each in lines if each.unit == who), Reached())
