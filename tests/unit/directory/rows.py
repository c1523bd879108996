# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Rows of the tables of an invented corner of a Land."""

from datetime import date

from hub.directory.rows import Assignment, ListedOffice, Place, Tables

BEGIN = date(2024, 1, 1)
TOWN, KREIS = "jugendamt:05170032", "jugendamt:05170000"


def a_place(
    ags: str = "05170032",
    name: str = "Rheinberg",
    *,
    until: date | None = None,
    successor: str = "",
) -> Place:
    return Place(ags, name, "Kreis Wesel", BEGIN, until, successor)


def an_office(
    organisation: str = TOWN,
    name: str = "Amt der Stadt",
    *,
    begins: date = BEGIN,
    until: date | None = None,
    successor: str = "",
) -> ListedOffice:
    kind = organisation.partition(":")[0]
    return ListedOffice(organisation, kind, name, begins, until, successor, "belegt", "")


def an_assignment(
    organisation: str = TOWN,
    ags: str = "05170032",
    *,
    begins: date = BEGIN,
    until: date | None = None,
    basis: str = "eigenes-jugendamt",
    confidence: str = "belegt",
) -> Assignment:
    kind = organisation.partition(":")[0]
    return Assignment(kind, ags, organisation, begins, until, basis, confidence, "erfunden")


OTHERS = {
    "landesjugendamt:lvr": "landesteil",
    "polizei:kpb-wesel": "polizeibezirk",
    "gericht:R1306": "gerichtsbezirk",
    "staatsanwaltschaft:R1300S": "landgerichtsbezirk",
}
"""The other kinds of office, which every municipality has too, with the ground of each."""


def whole(
    places: tuple[Place, ...],
    offices: tuple[ListedOffice, ...],
    assignments: tuple[Assignment, ...],
) -> Tables:
    """Return tables in which nothing is missing: the other kinds of office are filled in."""
    return Tables(
        places,
        (*offices, *(an_office(name, f"Erfunden {name}") for name in OTHERS)),
        (
            *assignments,
            *(
                an_assignment(name, place.ags, basis=basis)
                for place in places
                if place.valid_until is None
                for name, basis in OTHERS.items()
            ),
        ),
    )


SIMPLE = whole((a_place(),), (an_office(), an_office(KREIS, "Amt des Kreises")), (an_assignment(),))
