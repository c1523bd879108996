# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What would become different, and could it be used?

Whoever changes these tables decides where notices about children go. So it is said beforehand in
German sentences, and tables in which a day has two offices or none are not taken.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any, Final, Literal, NamedTuple

from hub.directory.grounds import german
from hub.directory.rows import Assignment, ListedOffice, Place, Tables

What = Literal["neu", "endet", "nachfolge", "geaendert"]
_GERMAN: Final = {
    "name": "Name",
    "kreis": "Kreis",
    "valid_from": "Beginn",
    "valid_until": "Ende",
    "successor": "Nachfolge",
    "organisation": "Stelle",
    "kind": "Art",
    "basis": "Begründung",
    "confidence": "Stand der Prüfung",
    "source": "Quelle",
    "remark": "Bemerkung",
}
_ONE_DAY: Final = timedelta(days=1)


class Change(NamedTuple):
    """One thing that would become different."""

    what: What
    sentence: str


def changes(before: Tables, after: Tables) -> tuple[Change, ...]:
    """Return what is different, as sentences for whoever has to decide."""
    names = {place.ags: place.name for place in after.places}
    offices = {office.organisation: office.name for office in after.offices}
    said = [
        *(_of_place(old, new, names) for old, new in _different(before.places, after.places)),
        *(_of_office(old, new, offices) for old, new in _different(before.offices, after.offices)),
        *(
            _of_assignment(old, new, names, offices)
            for old, new in _different(before.assignments, after.assignments)
        ),
    ]
    if more := len(after.postcodes) - len(before.postcodes):
        said.append(Change("neu", f"{more} Zeilen mit Postleitzahlen kommen hinzu."))
    return tuple(said)


def edition(current: Tables, new: Tables, on: date) -> Tables:
    """Return the rows that turn the tables into a new edition, which names everything there is.

    What it no longer names ends on the day before. A row that says the same from a later day on is
    no change: the day is then only that of the edition.
    """
    return Tables(
        (*new.places, *_ended(current.places, new.places, on)),
        (*new.offices, *_ended(current.offices, new.offices, on)),
        tuple(_assignments(current.assignments, new.assignments, on)),
        new.postcodes,
    )


def _different(before: Sequence[Any], after: Sequence[Any]) -> Iterator[tuple[Any, Any]]:
    known = {row.key: row for row in before}
    return ((known.get(row.key), row) for row in after if known.get(row.key) != row)


def _of_place(old: Place | None, new: Place, names: dict[str, str]) -> Change:
    label = f"{new.name} ({new.ags})"
    if new.valid_until is not None and (old is None or old.valid_until != new.valid_until):
        if new.successor:
            heir = f"{names.get(new.successor, '?')} ({new.successor})"
            return Change("nachfolge", f"Auf {label} folgt ab {_after(new)} {heir}.")
        return Change("endet", f"{label} besteht bis zum {german(new.valid_until)}.")
    if old is None:
        return Change("neu", f"{label} besteht ab {german(new.valid_from)}.")
    return Change("geaendert", f"Gemeinde {label}: {_columns(old, new)}.")


def _of_office(old: ListedOffice | None, new: ListedOffice, offices: dict[str, str]) -> Change:
    label = f"„{new.name}“ ({new.organisation})"
    if new.valid_until is not None and (old is None or old.valid_until != new.valid_until):
        if new.successor:
            heir = f"„{offices.get(new.successor, '?')}“ ({new.successor})"
            return Change("nachfolge", f"Auf {label} folgt ab {_after(new)} {heir}.")
        return Change("endet", f"{label} besteht bis zum {german(new.valid_until)}.")
    if old is None:
        return Change("neu", f"{label} besteht ab {german(new.valid_from)}.")
    return Change("geaendert", f"{label}: {_columns(old, new)}.")


def _of_assignment(
    old: Assignment | None, new: Assignment, names: dict[str, str], offices: dict[str, str]
) -> Change:
    place = f"{names.get(new.ags, '?')} ({new.ags})"
    office = f"„{offices.get(new.organisation, '?')}“ ({new.organisation})"
    if old is None:
        until = f" bis zum {german(new.valid_until)}" if new.valid_until else ""
        since = german(new.valid_from)
        return Change("neu", f"Ab {since}{until} ist für ein Kind in {place} {office} zuständig.")
    if new.valid_until is not None and old._replace(valid_until=new.valid_until) == new:
        until = german(new.valid_until)
        return Change("endet", f"Für ein Kind in {place} ist {office} bis zum {until} zuständig.")
    since = german(new.valid_from)
    return Change("geaendert", f"{place}, {new.kind} ab {since}: {_columns(old, new)}.")


def _after(ended: Place | ListedOffice) -> str:
    return german((ended.valid_until or ended.valid_from) + _ONE_DAY)


def _columns(old: Any, new: Any) -> str:
    pairs = zip(new._fields, old, new, strict=True)
    return ", ".join(_GERMAN[column] for column, one, other in pairs if one != other)


def _ended(current: Iterable[Any], new: Sequence[Any], on: date) -> Iterator[Any]:
    """Return what is no longer named, with the day before the edition as its last."""
    named = {row.key for row in new}
    for row in current if new else ():
        if row.key not in named and row.valid_until is None:
            yield row._replace(valid_until=on - _ONE_DAY)


def _assignments(
    current: Sequence[Assignment], new: Sequence[Assignment], on: date
) -> Iterator[Assignment]:
    """Return the rows of the edition, and the ends of those that they replace."""
    still = {(row.kind, row.ags): row for row in current if row.valid_until is None}
    named = {(row.kind, row.ags) for row in new}
    for key, row in still.items() if new else ():
        if key not in named:
            yield row._replace(valid_until=on - _ONE_DAY)
    for row in new:
        now = still.get((row.kind, row.ags))
        if now is None or row.valid_from <= now.valid_from:
            yield row
        elif (row.organisation, row.basis) == (now.organisation, now.basis):
            yield row._replace(valid_from=now.valid_from)
        else:
            yield now._replace(valid_until=row.valid_from - _ONE_DAY)
            yield row
