# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""From which day to which does the answer for one municipality stay the same?

Rows of the Land end, offices end before their rows do, and networks speak of other days than the
Land. Cut into such times once, a question is one look and no reckoning.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from hub.directory.responsibility import Office
from hub.directory.rows import Assignment, ListedOffice
from hub.model.ids import organisation_of
from hub.model.network import Responsibility

Place = tuple[str, str]
"""Kind of office and AGS."""


@dataclass(slots=True)
class Spell:
    """A time in which the answer for one municipality stays the same."""

    first: date
    last: date
    row: Assignment | None
    """The Land's; None where only a network speaks, or speaks otherwise."""
    network: Responsibility | None = None
    before: str = ""
    """Office whose successor the row names."""
    against: str = ""
    """Office that the Land names where the network names another."""
    office: Office | None = None
    """The answer, once it was given."""


def spells(
    rows: Iterable[Assignment],
    offices: Mapping[str, ListedOffice],
    networks: Iterable[Responsibility],
) -> dict[Place, tuple[Spell, ...]]:
    """Return the spells of each municipality in the order in which they count: networks first."""
    land: dict[Place, list[Spell]] = defaultdict(list)
    for row in rows:
        land[row.kind, row.ags] += _of_row(row, offices)
    said: dict[Place, list[Spell]] = defaultdict(list)
    for network in networks:
        place = network.kind, network.municipality.ags
        alone = Spell(network.valid_from, network.valid_until or date.max, None, network)
        said[place] += [*_beside(alone, land.get(place, ())), alone]
    return {place: (*said.get(place, ()), *land.get(place, ())) for place in {**land, **said}}


def _of_row(row: Assignment, offices: Mapping[str, ListedOffice]) -> Iterator[Spell]:
    """Cut a row where its office ends and another succeeds it."""
    first, last, before = row.valid_from, row.valid_until or date.max, ""
    seen = {row.organisation}
    while True:
        office = offices[row.organisation]
        end = office.valid_until or last
        if first <= end:
            yield Spell(first, min(last, end), row, before=before)
        if end >= last or office.successor in seen or not office.successor:
            return
        seen.add(office.successor)
        first, before = max(first, end + timedelta(days=1)), row.organisation
        row = row._replace(organisation=office.successor)


def _beside(said: Spell, land: Iterable[Spell]) -> Iterator[Spell]:
    """Cut what a network says where the Land's answer changes, be it the same office or not."""
    for spell in land:
        first, last = max(said.first, spell.first), min(said.last, spell.last)
        if said.network is None or spell.row is None or first > last:
            continue
        named = spell.row.organisation
        if organisation_of(said.network.unit) == named:
            yield Spell(first, last, spell.row, said.network, spell.before)
        else:
            yield Spell(first, last, None, said.network, against=named)
