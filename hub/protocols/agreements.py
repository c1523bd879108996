# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Is this protocol switched on between these two organisations today?

Only a protocol that asks for an agreement can be switched, on and off. What the law commands asks
for none, so no agreement, and no end of one, touches it. A conversation that runs is spoken to its
end: feedback that is owed does not lapse with a term.
"""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from functools import lru_cache
from typing import Final

from hub.errors import NoAgreement
from hub.model.agreement import AgreedClocks, AgreedProtocol, Concluded, Standing
from hub.model.evidence import AdmittedStep
from hub.model.parties import Parties
from hub.model.protocol import Clocks, Deadline, Protocol, Step
from hub.protocols.deadlines import ZONE, ends
from hub.protocols.sides import Pair, opening_pairs

_MONDAYS: Final = (1_767_567_600, 1_774_220_400, 1_792_360_800)
"""Of an ordinary week, and of those with the shorter and the longer Sunday."""
WEEKS: Final = tuple(
    monday + hour * 3600 + second
    for monday in _MONDAYS
    for hour in range(-24, 24 * 7)
    for second in (0, 3599)
)
"""First and last second of each hour of these weeks and the Sunday before: when a clock begins."""


def today(now: float) -> date:
    """Return the day on which a term begins or ends, wherever the machine stands."""
    return datetime.fromtimestamp(now, ZONE).date()


def standing(concluded: Concluded, day: date, known: Iterable[Concluded] = ()) -> Standing:
    """Return how an agreement stands on a day, beside all that are ``known``."""
    if concluded.runs_on(day):
        return "replaced" if _is_replaced(concluded, day, known) else "in-force"
    if day > concluded.last_day:
        # Both may be the same day; then nobody's notice was what ended it.
        was_cut_short = concluded.last_day < concluded.agreement.valid_until
        return "ended" if was_cut_short else "expired"
    return "agreed" if concluded.is_complete else "proposed"


def in_force_between(
    known: Collection[Concluded], one: str, other: str, day: date
) -> tuple[Concluded, ...]:
    """Return what is in force on a day with both organisations among its parties."""
    return tuple(
        each
        for each in known
        if each.is_party(one) and each.is_party(other) and standing(each, day, known) == "in-force"
    )


def is_switched_on(
    protocol: Protocol,
    step: Step,
    sender: Collection[str],
    recipient: Collection[str],
    agreements: Iterable[Concluded],
) -> bool:
    """Tell whether agreements in force let these two sides open a conversation with this step."""
    return any(
        one in sender and other in recipient
        for concluded in agreements
        for agreed in concluded.agreement.protocols
        if agreed.names(protocol.name)
        for one, other in agreed_pairs(agreed, step, protocol)
    )


def agreed_pairs(agreed: AgreedProtocol, step: Step, protocol: Protocol) -> frozenset[Pair]:
    """Return between which roles a step opens by agreement: never more than the protocol lets."""
    possible = opening_pairs(step, protocol)
    if not agreed.between:
        return possible
    return possible & {(each.sender, each.recipient) for each in agreed.between}


def check_agreement(protocol: Protocol, step: Step, parties: Parties) -> None:
    """Refuse to open what only an agreement opens, where none in force covers both sides."""
    if not (protocol.agreement and step.opens):
        return
    roles = parties.sender_roles, parties.recipient_roles
    if not is_switched_on(protocol, step, *roles, parties.agreements):
        raise NoAgreement(
            "Dieses Verfahren eröffnet nur, wer mit der angeschriebenen Stelle eine geltende "
            "Vereinbarung darüber hat. Was das Gesetz zu melden gebietet, braucht keine: Dafür "
            "gibt es Verfahren ohne Vereinbarung, und das Telefon.",
            pointers=("/aud",),
        )


def clocks_for(admitted: AdmittedStep) -> Clocks:
    """Return by when somebody has to act: by agreement where one is stricter, else by protocol."""
    clocks = admitted.clocks
    urgency = admitted.form.sound.envelope.urg
    for concluded in admitted.agreements:
        for agreed in concluded.agreement.protocols:
            own = next((own for name, own in agreed.clocks.items() if name == urgency), None)
            if own is not None and agreed.names(admitted.protocol.name):
                clocks = stricter(clocks, own)
    return clocks


def stricter(clocks: Clocks, agreed: AgreedClocks) -> Clocks:
    """Put agreed deadlines in the place of those that they never exceed; the others stay."""
    own = deadlines_of(agreed)
    return clocks.model_copy(
        update={
            name: deadline
            for name, deadline in own.items()
            if is_never_later(deadline, getattr(clocks, name))
        }
    )


def deadlines_of(agreed: AgreedClocks) -> dict[str, Deadline]:
    """Return the deadlines that are agreed upon, by the name of the clock."""
    named = ((name, getattr(agreed, name)) for name in AgreedClocks.model_fields)
    return {
        name: Deadline(within=own.within, counted=own.counted, source=own.source)
        for name, own in named
        if own is not None
    }


@lru_cache(maxsize=4096)
def is_never_later(one: Deadline, other: Deadline) -> bool:
    """Tell whether a deadline runs out before another, or with it, whenever both begin.

    Whoever agrees does not know yet which office hours will count, and offices change theirs. So
    it has to hold for every calendar: for the office that never closes as for the one that opens
    once a week, and with any day a holiday. What is counted alike can be compared, since more of
    it never ends sooner. So can what runs by the clock: office time passes no faster, and a
    working day comes at the soonest where none is a holiday. What is counted by the office can be
    as late as its calendar likes, and is never taken for the earlier of two that differ in kind.
    """
    if one.counted == other.counted:
        return one.within <= other.within
    if one.counted != "elapsed":
        return False
    if other.counted == "office-hours":
        return one.within <= other.within
    return all(ends(one, start) <= ends(other, start) for start in WEEKS)


def _is_replaced(concluded: Concluded, day: date, known: Iterable[Concluded]) -> bool:
    own = concluded.agreement
    return any(
        other.agreement.id == own.id
        and other.agreement.version > own.version
        and other.runs_on(day)
        # Else some of the parties could put an end to what binds them with the others.
        and set(own.parties) <= set(other.agreement.parties)
        for other in known
    )
