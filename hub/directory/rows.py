# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What do the tables of a Land say, row by row?

Municipalities, offices, who is responsible where, postcodes. Tables can be laid over others: a row
takes the place of the one with the same key.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple


class Place(NamedTuple):
    """A municipality, from one day to another; one that was merged names its successor."""

    ags: str
    name: str
    kreis: str
    """Name of its Kreis; ``kreisfrei`` where it is none of a Kreis."""
    valid_from: date
    valid_until: date | None
    successor: str

    @property
    def key(self) -> tuple[str, ...]:
        return (self.ags,)


class ListedOffice(NamedTuple):
    """An office as it is known, whether it takes part or not."""

    organisation: str
    kind: str
    name: str
    valid_from: date
    valid_until: date | None
    successor: str
    confidence: str
    remark: str

    @property
    def key(self) -> tuple[str, ...]:
        return (self.organisation,)


class Assignment(NamedTuple):
    """One office is responsible for one municipality in one respect, from one day to another."""

    kind: str
    ags: str
    organisation: str
    valid_from: date
    valid_until: date | None
    basis: str
    """Why it is this office: a word of ``hub.directory.grounds``."""
    confidence: str
    source: str

    @property
    def key(self) -> tuple[str, ...]:
        return (self.kind, self.ags, self.valid_from.isoformat())


class PostcodeRow(NamedTuple):
    """A municipality in which a postcode is in use; there may be several."""

    plz: str
    ags: str

    @property
    def key(self) -> tuple[str, ...]:
        return (self.plz, self.ags)


class Tables(NamedTuple):
    """The four tables."""

    places: tuple[Place, ...] = ()
    offices: tuple[ListedOffice, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    postcodes: tuple[PostcodeRow, ...] = ()

    def with_rows_of(self, other: "Tables") -> "Tables":
        """Return these tables with the rows of another, which replace those of the same key."""
        return Tables(*(_merged(mine, new) for mine, new in zip(self, other, strict=True)))


def _merged(mine: Sequence[Any], new: Sequence[Any]) -> tuple[Any, ...]:
    if not new or not mine:
        return tuple(mine or new)
    known = {row.key: row for row in mine} | {row.key: row for row in new}
    return tuple(known[key] for key in sorted(known))
