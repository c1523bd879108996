# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A network as its file describes it: who is to take part, and who is responsible where."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from hub.model.contact import Reached, Telephone, Text
from hub.model.ids import Party
from hub.model.noun import Noun
from hub.model.participant import Office
from hub.model.procedure import RulesOfProcedure
from hub.model.protocol import RoleId
from hub.model.roster import Roster, Service

Ags = Annotated[str, StringConstraints(pattern=r"^[0-9]{8}$")]
"""Amtlicher Gemeindeschluessel; it has no check digit, so only a lookup can tell it is right."""
Kind = Annotated[str, StringConstraints(pattern=r"^[a-z]{4,20}$")]
Confidence = Literal["belegt", "angenommen"]
"""``belegt``: the named source says so. ``angenommen``: to be confirmed before real use."""


class ListedUnit(Noun):
    """A unit without its keys."""

    id: Party
    name: Text
    roles: Annotated[tuple[RoleId, ...], Field(max_length=8)]
    telephone: Telephone
    office: Office | None = None
    """Its signing key is issued to the holder of this office in person."""
    roster: Roster | None = None
    """What the unit signs at its enrolment; from then on it publishes its own."""
    serves: Annotated[tuple[Service, ...], Field(max_length=8)] = ()
    callback: Reached | None = None


class ListedOrganisation(Noun):
    """An organisation without its keys; it brings them itself when it enrols."""

    id: Party
    name: Text
    units: Annotated[tuple[ListedUnit, ...], Field(min_length=1, max_length=16)]


class District(Noun):
    """A Kreis or a kreisfreie Stadt."""

    key: Annotated[str, StringConstraints(pattern=r"^[0-9]{5}$")]
    """First five digits of the AGS of its municipalities."""
    name: Text


class Municipality(Noun):
    """A Gemeinde or a Stadt."""

    ags: Ags
    name: Text


class Responsibility(Noun):
    """One unit is responsible for one municipality in one respect, from one day to another.

    A table entry, never a rule: which town has a Jugendamt of its own was decided on its
    application, and one town may look after another by agreement.
    """

    kind: Kind
    municipality: Municipality
    unit: Party
    valid_from: date
    valid_until: date | None = None
    """The last day; None as long as no end is known."""
    basis: Text
    """Citation of what makes this place the one that decides."""
    source: Text
    confidence: Confidence

    def in_force_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)


class Network(Noun):
    """The participants and responsibilities that one file proposes."""

    title: Text
    demo: bool
    """For demonstration and tests; only such a network may be used without real enrolment."""
    districts: tuple[District, ...]
    participants: tuple[ListedOrganisation, ...]
    responsibilities: tuple[Responsibility, ...]
    rules: tuple[RulesOfProcedure, ...] = ()
    """For the members alone: the directory that everybody may fetch does not show them."""
