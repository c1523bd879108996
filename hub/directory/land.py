# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which office of the whole Land is responsible for a child in this municipality, and why?

The tables of the Land know every office, the networks those that take part, with units and
telephone numbers. What a network says of a municipality counts before the Land's row. Nothing is
sent, and an answer that was given once is kept.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import Self

from hub.directory.csvfile import Finding, TableInvalid
from hub.directory.grounds import FREE, german, reason
from hub.directory.municipalities import Municipalities
from hub.directory.postcodes import Postcodes, Proposal
from hub.directory.responsibility import Office, Responsibilities
from hub.directory.rows import Assignment, ListedOffice, Place, Tables
from hub.directory.soundness import unsound
from hub.directory.spells import Spell, spells
from hub.directory.tables import load_overlay, load_tables
from hub.errors import RecipientUnknown
from hub.model.network import District, ListedUnit, Municipality, Network, Responsibility
from hub.schemas import SPECS


class Land:
    """The table municipality → offices of a Land, with what the networks add to it."""

    def __init__(self, tables: Tables, networks: Iterable[Network] = ()) -> None:
        known = tuple(networks)
        self._networks = Responsibilities.of(*known)
        self._offices = {office.organisation: office for office in tables.offices}
        self._places = {place.ags: place for place in tables.places}
        self._spells = spells(tables.assignments, self._offices, self._networks.rows)
        self._named = tuple(district for network in known for district in network.districts)
        self.tables = tables

    @classmethod
    def shipped(cls, networks: Iterable[Network] = (), overlay: Path | None = None) -> Self:
        """Return the tables that come with the package, with an own folder laid over them."""
        tables = shipped_tables()
        return cls(tables if overlay is None else with_overlay(tables, overlay), networks)

    @property
    def municipalities(self) -> tuple[Municipality, ...]:
        """Every municipality of the tables, by AGS."""
        return self._municipalities.all

    def municipality(self, text: str) -> Municipality:
        """Find a municipality by AGS, an earlier one too, by name or by what a refusal offered."""
        place = self._places.get(text.strip())
        while place is not None and place.successor and not self._has_rows(place.ags):
            place = self._places.get(place.successor)
        return self._municipalities.find(place.ags if place else text)

    def by_postcode(self, plz: str) -> Proposal:
        """Return the municipalities of a postcode, with the question to ask if there are several.

        Refused where the postcode is not listed: none is guessed from its first digits.
        """
        return self._postcodes.find(plz)

    def responsible(self, kind: str, ags: str, on: date) -> Office:
        """Return the one office that is responsible for a child in this municipality."""
        for spell in self._spells.get((kind, ags), ()):
            if spell.first <= on <= spell.last:
                if spell.office is None:
                    spell.office = self._answer(spell)
                return spell.office
        return self._of_successor(kind, ags, on)

    def successor(self, organisation: str, on: date) -> str:
        """Return the organisation that has taken this one's place by that day; itself if none."""
        seen = set()
        while organisation not in seen:
            seen.add(organisation)
            office = self._offices.get(organisation)
            if office is None or not _has_ended(office, on) or not office.successor:
                break
            organisation = office.successor
        return organisation

    def unconfirmed(self, kind: str = "") -> tuple[Assignment, ...]:
        """Return the rows that somebody who knows has still to confirm."""
        return tuple(
            row
            for row in self.tables.assignments
            if row.confidence != "belegt" and kind in {"", row.kind}
        )

    def name_of(self, organisation: str) -> str:
        """Return the name of an office, or its id where the tables do not know it."""
        office = self._offices.get(organisation)
        return office.name if office else organisation

    @cached_property
    def _municipalities(self) -> Municipalities:
        # Whoever asks by AGS needs no index of names.
        return Municipalities(self._known_places(), self._districts(self._named))

    @cached_property
    def _postcodes(self) -> Postcodes:
        known = {place.ags: place for place in self.municipalities}
        return Postcodes(self.tables.postcodes, known)

    def _of_successor(self, kind: str, ags: str, on: date) -> Office:
        """Answer for the municipality into which this one was merged, or say that none is known."""
        place = self._places.get(ags)
        if place is not None and place.successor and _has_ended(place, on):
            office = self.responsible(kind, place.successor, on)
            until = german(place.valid_until or on)
            earlier = f"; der Schlüssel {ags} galt bis zum {until} für {place.name}."
            return replace(office, reason=office.reason.removesuffix(".") + earlier)
        known = (kind, ags) in self._spells
        raise RecipientUnknown(
            "Für diese Gemeinde ist an diesem Tag keine solche Stelle verzeichnet.",
            pointers=("/on" if known else "/kind" if self._has_rows(ags) else "/ags",),
        )

    def _answer(self, spell: Spell) -> Office:
        row, network = spell.row, spell.network
        if row is None or row.ags not in self._places:
            return self._of_network(spell)
        place, listed = self._places[row.ags], self._offices[row.organisation]
        unit = self._unit(row, network)
        certain = row if network is None else row._replace(confidence=network.confidence)
        before = self._offices.get(spell.before)
        return Office(
            id=unit.id if unit else listed.organisation,
            organisation=listed.organisation,
            name=listed.name if unit is None else self._name(listed, unit),
            telephone=unit.telephone if unit else "",
            reason=reason(place, certain, listed, before, joined=unit is not None),
            ags=place.ags,
            municipality=place.name,
            valid_from=spell.first,
            source=network.source if network else row.source,
            confidence=certain.confidence,
            takes_part=unit is not None,
        )

    def _of_network(self, spell: Spell) -> Office:
        assert spell.network is not None, "a spell has a row of the Land or of a network"  # noqa: S101
        office = self._networks.office(spell.network)
        if not spell.against:
            return office
        other = self.name_of(spell.against)
        named = f"; so sagt es die Netzdatei, die Tabelle des Landes nennt „{other}“."
        return replace(office, reason=office.reason.removesuffix(".") + named)

    def _unit(self, row: Assignment, network: Responsibility | None) -> ListedUnit | None:
        """Return the unit to address: the one the network names, else the first with the role."""
        listed = self._networks.organisation(row.organisation)
        for unit in listed.units if listed else ():
            if unit.id == network.unit if network else row.kind in unit.roles:
                return unit
        return None

    def _name(self, office: ListedOffice, unit: ListedUnit) -> str:
        listed = self._networks.organisation(office.organisation)
        own = listed.name if listed else office.name
        return own if unit.id == office.organisation else f"{own}, {unit.name}"

    def _has_rows(self, ags: str) -> bool:
        return any(place == ags for _, place in self._spells)

    def _known_places(self) -> Iterator[Municipality]:
        named = {row.municipality.ags: row.municipality for row in self._networks.rows}
        with_rows = {ags for _, ags in self._spells}
        for ags, place in self._places.items():
            if ags in with_rows:
                named[ags] = Municipality(ags=ags, name=place.name)
        return iter(named.values())

    def _districts(self, of_networks: Iterable[District]) -> Iterator[District]:
        named = {district.key: district for district in of_networks}
        for place in self._places.values():
            if place.kreis != FREE and not place.successor and place.ags[:5] not in named:
                named[place.ags[:5]] = District(key=place.ags[:5], name=place.kreis)
        return iter(named.values())


@cache
def shipped_tables() -> Tables:
    """Return the tables of every Land that comes with the package; read once."""
    tables = Tables()
    for folder in sorted((SPECS / "directory").iterdir()):
        if folder.is_dir():
            tables = tables.with_rows_of(load_tables(folder))
    return tables


def with_overlay(tables: Tables, folder: Path) -> Tables:
    """Return the tables with those of a folder of one's own laid over them.

    Refused as a whole where a day would then have two offices or none.
    """
    laid = tables.with_rows_of(load_overlay(folder))
    if wrong := unsound(laid):
        raise TableInvalid(Finding(0, "", sentence) for sentence in wrong)
    return laid


def _has_ended(what: Place | ListedOffice, on: date) -> bool:
    return what.valid_until is not None and what.valid_until < on
