# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which office is responsible for a child in this municipality, and why?

Asked at the sender's side alone: a child's place never reaches the hub, for that a Jugendamt and
a family are in contact is itself a secret.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Self

from hub.directory.kinds import key_of
from hub.directory.municipalities import Municipalities
from hub.errors import RecipientUnknown
from hub.model.ids import organisation_of
from hub.model.network import (
    District,
    ListedOrganisation,
    ListedUnit,
    Municipality,
    Network,
    Responsibility,
)


@dataclass(frozen=True)
class Office:
    """The unit to address, with what a person needs in order to trust the answer."""

    id: str
    """The unit: what a message is addressed to."""
    organisation: str
    name: str
    telephone: str
    reason: str
    """One German sentence."""
    ags: str
    municipality: str
    valid_from: date
    source: str
    confidence: str
    takes_part: bool = True
    """Where not, ``id`` is the organisation: no unit of it is known, and nothing can be sent."""


class Responsibilities:
    """The table municipality → offices, as it stands.

    No two rows of one kind and municipality are in force on the same day, so an answer is the
    only one there is. Of an organisation or unit listed twice, the later listing counts.
    """

    def __init__(
        self,
        rows: Iterable[Responsibility],
        organisations: Iterable[ListedOrganisation],
        districts: Iterable[District] = (),
    ) -> None:
        self._rows: dict[tuple[str, str], list[Responsibility]] = defaultdict(list)
        for row in (known := tuple(rows)):
            self._rows[row.kind, row.municipality.ags].append(row)
        if overlaps(known):
            raise ValueError("two offices would be responsible on the same day")
        every = tuple(organisations)
        self._organisations = {listed.id: listed for listed in every}
        self._units = {unit.id: unit for listed in every for unit in listed.units}
        if any(row.unit not in self._units for row in known):
            raise ValueError("a responsible unit is not listed")
        self._municipalities = Municipalities((row.municipality for row in known), districts)

    @classmethod
    def of(cls, *networks: Network) -> Self:
        return cls(
            (row for network in networks for row in network.responsibilities),
            (listed for network in networks for listed in network.participants),
            (district for network in networks for district in network.districts),
        )

    @property
    def municipalities(self) -> tuple[Municipality, ...]:
        """Every municipality of the table, by AGS."""
        return self._municipalities.all

    def municipality(self, text: str) -> Municipality:
        """Find a municipality by AGS, by name or by what a refusal offered."""
        return self._municipalities.find(text)

    def responsible(self, kind: str, ags: str, on: date) -> Office:
        """Return the one office that is responsible for a child in this municipality."""
        rows = self._rows.get((kind, ags), [])
        row = next((row for row in rows if row.in_force_on(on)), None)
        if row is None:
            known = any(place == ags for _, place in self._rows)
            raise RecipientUnknown(
                "Für diese Gemeinde ist an diesem Tag keine solche Stelle verzeichnet.",
                pointers=("/on" if rows else "/kind" if known else "/ags",),
            )
        return self.office(row)

    @property
    def rows(self) -> tuple[Responsibility, ...]:
        return tuple(row for rows in self._rows.values() for row in rows)

    def organisation(self, organisation: str) -> ListedOrganisation | None:
        """Return an organisation that some network lists."""
        return self._organisations.get(organisation)

    def office(self, row: Responsibility) -> Office:
        """Return the office that a row names."""
        unit = self._units[row.unit]
        organisation = self._organisations[organisation_of(unit.id)]
        return Office(
            id=unit.id,
            organisation=organisation.id,
            name=_name(organisation, unit),
            telephone=unit.telephone,
            reason=_reason(row, organisation),
            ags=row.municipality.ags,
            municipality=row.municipality.name,
            valid_from=row.valid_from,
            source=row.source,
            confidence=row.confidence,
        )


def overlaps(rows: Sequence[Responsibility]) -> tuple[int, ...]:
    """Return the positions of rows that are in force beside an earlier one of the same kind."""
    latest: dict[tuple[str, str], date] = {}
    found = []
    # In the order of their beginnings it is enough to know how far the rows so far reach.
    for place, row in sorted(enumerate(rows), key=lambda item: item[1].valid_from):
        key = row.kind, row.municipality.ags
        if key in latest and row.valid_from <= latest[key]:
            found.append(place)
        latest[key] = max(latest.get(key, date.min), row.valid_until or date.max)
    return tuple(sorted(found))


def _name(organisation: ListedOrganisation, unit: ListedUnit) -> str:
    if unit.id == organisation.id:
        return organisation.name
    return f"{organisation.name}, {unit.name}"


def _reason(row: Responsibility, organisation: ListedOrganisation) -> str:
    place = row.municipality.name
    if row.kind == "jugendamt" and key_of(organisation.id) != row.municipality.ags:
        place += " (ohne eigenes Jugendamt)"
    return (
        f"Für ein Kind in {place} ist „{organisation.name}“ zuständig, denn es entscheidet der "
        "Ort des Kindes und nicht der Sitz der Schule oder einer anderen mitteilenden Stelle "
        f"({row.basis})."
    )
