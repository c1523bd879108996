# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Does every municipality have exactly one office of each kind on every day?

Each cell may be right and the whole still wrong: two offices on one day, a day without any, an
office nobody listed. Answers are sentences with keys and ids, which are public.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise

from hub.directory.grounds import GROUNDS
from hub.directory.kinds import is_well_named
from hub.directory.rows import Assignment, ListedOffice, Place, Tables
from hub.model.ids import kind_of

_KINDS = tuple(dict.fromkeys(ground.kind for ground in GROUNDS.values()))


def unsound(tables: Tables) -> tuple[str, ...]:
    """Return everything for which these tables cannot be used."""
    places = {place.ags: place for place in tables.places}
    offices = {office.organisation: office for office in tables.offices}
    return (
        *_of_places(places),
        *_of_offices(offices),
        *_of_rows(tables.assignments, places, offices),
        *_of_days(tables.assignments, places, offices),
        *(
            f"Die Postleitzahl {row.plz} nennt die Gemeinde {row.ags}, die nicht verzeichnet ist."
            for row in tables.postcodes
            if row.ags not in places
        ),
    )


def _of_places(places: Mapping[str, Place]) -> Iterator[str]:
    for ags, place in places.items():
        if _ends_early(place):
            yield f"Die Gemeinde {ags} endet, bevor sie beginnt."
        if place.successor and place.successor not in places:
            yield f"Die Nachfolgerin der Gemeinde {ags} ist nicht verzeichnet."
        if bool(place.successor) != (place.valid_until is not None):
            yield f"Für die Gemeinde {ags} gehören Ende und Nachfolgerin zusammen."
        if _goes_in_circles(ags, places):
            yield f"Die Nachfolge der Gemeinde {ags} führt im Kreis."


def _of_offices(offices: Mapping[str, ListedOffice]) -> Iterator[str]:
    for name, office in offices.items():
        if not is_well_named(name) or kind_of(name) != office.kind:
            yield f"{name} ist keine Kennung einer Stelle dieser Art."
        if _ends_early(office):
            yield f"Die Stelle {name} endet, bevor sie beginnt."
        if not office.successor:
            continue
        if office.successor not in offices:
            yield f"Die Nachfolgerin der Stelle {name} ist nicht verzeichnet."
        if kind_of(office.successor) != office.kind:
            yield f"Die Nachfolgerin der Stelle {name} ist von anderer Art."
        if office.valid_until is None:
            yield f"Die Stelle {name} hat eine Nachfolgerin, aber kein Ende."
        if _goes_in_circles(name, offices):
            yield f"Die Nachfolge der Stelle {name} führt im Kreis."


def _of_rows(
    rows: Iterable[Assignment], places: Mapping[str, Place], offices: Mapping[str, ListedOffice]
) -> Iterator[str]:
    for row in rows:
        where = f"{row.kind} für {row.ags} ab {row.valid_from}"
        ground, office = GROUNDS.get(row.basis), offices.get(row.organisation)
        if _ends_early(row):
            yield f"{where} endet, bevor es beginnt."
        if row.ags not in places:
            yield f"{where}: Die Gemeinde ist nicht verzeichnet."
        if ground is None or ground.kind != row.kind:
            yield f"{where}: Die Begründung passt nicht zu dieser Art."
        if office is None or office.kind != row.kind:
            yield f"{where}: Die Stelle ist nicht verzeichnet oder von anderer Art."
        elif row.valid_from < office.valid_from:
            yield f"{where}: Die Stelle gibt es an diesem Tag noch nicht."


def _of_days(
    rows: Iterable[Assignment], places: Mapping[str, Place], offices: Mapping[str, ListedOffice]
) -> Iterator[str]:
    table: dict[tuple[str, str], list[Assignment]] = defaultdict(list)
    for row in rows:
        table[row.kind, row.ags].append(row)
    for (kind, ags), each in table.items():
        place = places.get(ags)
        end = place.valid_until if place else None
        yield from _of_series(f"{kind} für {ags}", sorted(each, key=_begin), end, offices)
    for ags, place in places.items():
        if place.valid_until is None:
            missing = [kind for kind in _KINDS if (kind, ags) not in table]
            yield from (f"Für die Gemeinde {ags} fehlt: {kind}." for kind in missing)


def _of_series(
    what: str, rows: Sequence[Assignment], end: date | None, offices: Mapping[str, ListedOffice]
) -> Iterator[str]:
    """Look at the rows of one kind and municipality, in the order of their beginnings."""
    for row, following in pairwise(rows):
        if row.valid_until is None or row.valid_until >= following.valid_from:
            yield f"{what}: Ab {following.valid_from} wären zwei Stellen zuständig."
        elif row.valid_until + timedelta(days=1) < following.valid_from:
            yield f"{what}: Nach {row.valid_until} wäre keine Stelle zuständig."
    last = rows[-1].valid_until
    if last is not None and (end is None or last < end):
        yield f"{what}: Nach {last} wäre keine Stelle zuständig."
    for row in rows:
        ceased = _ceases(row.organisation, offices)
        until = row.valid_until or end
        if ceased is not None and (until is None or ceased < until):
            yield f"{what}: Nach {ceased} wäre keine Stelle zuständig, denn sie besteht nicht mehr."


def _ceases(organisation: str, offices: Mapping[str, ListedOffice]) -> date | None:
    """Return the last day of an office and of all that succeed it; None if there is none."""
    seen: set[str] = set()
    office = offices.get(organisation)
    while office is not None and office.successor and office.organisation not in seen:
        seen.add(office.organisation)
        office = offices.get(office.successor)
    return office.valid_until if office else None


def _goes_in_circles(start: str, known: Mapping[str, Place | ListedOffice]) -> bool:
    seen = set()
    name = start
    while name in known and name not in seen:
        seen.add(name)
        name = known[name].successor
    return name in seen


def _ends_early(row: Place | ListedOffice | Assignment) -> bool:
    return row.valid_until is not None and row.valid_until < row.valid_from


def _begin(row: Assignment) -> date:
    return row.valid_from
