# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How did a network do in half a year, without anybody being able to tell a single case from it?

Counted is what began at the Jugendaemter of the network. Every Jugendamt lies in one Kreis, so no
notice is counted in two networks, and the difference of two evaluations says nothing. Whoever
reads gets figures alone (``hub.inquire.suppression``), always the same ones.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Final

from sqlalchemy import Connection

from hub.directory.calendar import ORDINARY, Calendar
from hub.inquire.halves import Half
from hub.inquire.network import Place
from hub.inquire.suppression import Figure, suppress
from hub.inquire.tally import Handover, Notice, Tables, count_handovers, count_notices
from hub.model.ids import kind_of, organisation_of
from hub.model.participant import DirectoryEntry
from hub.node import Node
from hub.sealing.canonical import unb64
from hub.store.evaluation import Span, StoredNotice, read_handovers, read_notices
from hub.store.participants import read_versions

SERVICE: Final = "krisendienst"
_KEPT: Final = 64
_Openings = Callable[[str, int], bool]


@dataclass(frozen=True)
class Evaluation:
    """What is published of one network for one half-year; nothing else leaves this line."""

    key: str
    name: str
    half: Half
    is_demo: bool
    figures: Mapping[str, Figure]
    """By the cell that ``hub.inquire.tally`` names."""


async def evaluate(place: Place, half: Half, node: Node) -> Evaluation:
    """Return the evaluation of a network for a half-year that is settled."""
    figures = await node.readers.run(partial(evaluate_now, place, half))
    return Evaluation(place.key, place.name, half, place.demo, figures)


def evaluate_now(place: Place, half: Half, connection: Connection) -> Mapping[str, Figure]:
    """Return the figures of a network for a half-year, in this transaction."""
    span, units = Span(half.begins, half.ends, half.settled), f"jugendamt:{place.key}"
    is_open = _openings(connection)
    notices = (_notice(each, is_open) for each in read_notices(connection, units, span))
    handovers = (
        Handover(each.follows_notice, _after(each.accepted_at, each.taken_over_at))
        for each in read_handovers(connection, units, span)
    )
    counted = count_notices(notices), count_handovers(handovers)
    return {key: figure for each in counted for key, figure in _told(each)}


@lru_cache(maxsize=_KEPT)
def _told(tables: Tables) -> tuple[tuple[str, Figure], ...]:
    """Return what is shown of counts; the same counts are worked on once."""
    return tuple(suppress(tables.cells, dict(tables.totals)).items())


def _notice(stored: StoredNotice, is_open: _Openings) -> Notice:
    at = stored.accepted_at
    return Notice(
        sector=kind_of(stored.sender),
        protocol=stored.protocol.partition("/")[0],
        urgency=stored.urgency,
        taken_after=_after(at, stored.taken_at),
        known_after=_after(at, stored.acknowledged_at),
        allowed=stored.due_overdue - at,
        feedback_after=_after(at, stored.feedback_at),
        was_passed=stored.was_passed,
        by_service=kind_of(stored.taken_by or "") == SERVICE,
        in_hours=is_open(stored.recipient, at),
    )


def _after(begin: int, end: int | None) -> int | None:
    return None if end is None else max(0, end - begin)


def _openings(connection: Connection) -> _Openings:
    """Return who can tell whether the office of a unit was open, by the roster of that time."""
    versions: dict[str, list[DirectoryEntry]] = {}
    calendars: dict[tuple[str, int], Calendar] = {}

    def is_open(unit: str, at: int) -> bool:
        organisation = organisation_of(unit)
        if organisation not in versions:
            versions[organisation] = list(_entries(connection, organisation))
        said = [each for each in versions[organisation] if each.iat <= at]
        key = (unit, said[-1].version if said else 0)
        if key not in calendars:
            calendars[key] = _calendar(said[-1], unit) if said else ORDINARY
        return calendars[key].is_open(at)

    return is_open


def _entries(connection: Connection, organisation: str) -> Iterator[DirectoryEntry]:
    for stored in read_versions(connection, organisation):
        yield DirectoryEntry.model_validate_json(unb64(stored.jws.split(".")[1]))


def _calendar(entry: DirectoryEntry, unit: str) -> Calendar:
    roster = next((each.roster for each in entry.units if each.id == unit), None)
    return Calendar(roster) if roster else ORDINARY
