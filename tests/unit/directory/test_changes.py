# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2

from datetime import date, timedelta

import pytest

from hub.directory.changes import changes, edition
from hub.directory.rows import PostcodeRow, Tables
from hub.directory.soundness import unsound
from tests.unit.directory.rows import (
    KREIS,
    SIMPLE,
    TOWN,
    a_place,
    an_assignment,
    an_office,
)

CHANGE = date(2027, 1, 1)
EVE = CHANGE - timedelta(days=1)
HANDED_OVER = (
    an_assignment(until=EVE),
    an_assignment(KREIS, begins=CHANGE, basis="kreisjugendamt"),
)


def told(rows: Tables) -> list[tuple[str, str]]:
    return [(each.what, each.sentence) for each in changes(SIMPLE, SIMPLE.with_rows_of(rows))]


def test_nothing_new_is_no_change() -> None:
    assert told(SIMPLE) == []


def test_a_change_of_office_is_an_end_and_a_beginning() -> None:
    child = "ein Kind in Rheinberg (05170032)"
    town, kreis = f"„Amt der Stadt“ ({TOWN})", f"„Amt des Kreises“ ({KREIS})"

    assert told(Tables(assignments=HANDED_OVER)) == [
        ("endet", f"Für {child} ist {town} bis zum 31.12.2026 zuständig."),
        ("neu", f"Ab 01.01.2027 ist für {child} {kreis} zuständig."),
    ]


def test_an_office_that_goes_up_in_another_is_told_with_its_successor() -> None:
    ended = an_office(until=EVE, successor=KREIS)
    town, kreis = f"„Amt der Stadt“ ({TOWN})", f"„Amt des Kreises“ ({KREIS})"

    assert told(Tables(offices=(ended,))) == [
        ("nachfolge", f"Auf {town} folgt ab 01.01.2027 {kreis}.")
    ]


def test_a_confirmed_row_is_told_by_its_column() -> None:
    doubtful = SIMPLE.with_rows_of(Tables(assignments=(an_assignment(confidence="angenommen"),)))

    said = changes(doubtful, SIMPLE)

    assert [(each.what, each.sentence) for each in said] == [
        ("geaendert", "Rheinberg (05170032), jugendamt ab 01.01.2024: Stand der Prüfung.")
    ]


def test_a_merged_municipality_is_told_with_its_successor() -> None:
    merged = a_place(until=EVE, successor="05170048")
    rows = Tables(places=(merged, a_place("05170048", "Wesel")))

    assert ("nachfolge", "Auf Rheinberg (05170032) folgt ab 01.01.2027 Wesel (05170048).") in told(
        rows
    )


def test_a_changed_name_and_new_postcodes_are_told() -> None:
    rows = Tables(
        places=(a_place(name="Rheinberg am Rhein"),),
        offices=(an_office(name="Fachbereich Jugend"),),
        postcodes=(PostcodeRow("47495", "05170032"),),
    )

    assert [what for what, _ in told(rows)] == ["geaendert", "geaendert", "neu"]


def test_sound_tables_are_sound() -> None:
    assert unsound(SIMPLE) == ()
    assert unsound(SIMPLE.with_rows_of(Tables(assignments=HANDED_OVER))) == ()


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (
            Tables(assignments=(an_assignment(KREIS, begins=CHANGE, basis="kreisjugendamt"),)),
            "zwei Stellen",
        ),
        (Tables(assignments=(an_assignment(until=EVE),)), "keine Stelle"),
        (
            Tables(
                assignments=(
                    an_assignment(until=EVE - timedelta(days=1)),
                    an_assignment(KREIS, begins=CHANGE, basis="kreisjugendamt"),
                )
            ),
            "keine Stelle",
        ),
        (Tables(assignments=(an_assignment(ags="05999999"),)), "Gemeinde ist nicht verzeichnet"),
        (Tables(assignments=(an_assignment("jugendamt:05999999"),)), "Stelle ist nicht"),
        (Tables(assignments=(an_assignment(basis="polizeibezirk"),)), "Begründung"),
        (Tables(assignments=(an_assignment(until=date(2023, 1, 1)),)), "bevor es beginnt"),
        (Tables(offices=(an_office(until=EVE),)), "besteht nicht mehr"),
        (Tables(offices=(an_office(begins=CHANGE),)), "noch nicht"),
        (Tables(offices=(an_office(successor=KREIS),)), "kein Ende"),
        (Tables(offices=(an_office(until=EVE, successor="jugendamt:05999999"),)), "Nachfolgerin"),
        (Tables(offices=(an_office(until=EVE, successor="polizei:kpb-wesel"),)), "anderer Art"),
        (Tables(offices=(an_office(until=EVE, successor=TOWN),)), "im Kreis"),
        (Tables(offices=(an_office("jugendamt:Wesel"),)), "keine Kennung"),
        (Tables(offices=(an_office(until=date(2023, 1, 1), successor=KREIS),)), "bevor sie"),
        (Tables(places=(a_place(until=EVE),)), "gehören Ende und Nachfolgerin"),
        (Tables(places=(a_place(until=EVE, successor="05999999"),)), "nicht verzeichnet"),
        (Tables(places=(a_place(until=EVE, successor="05170032"),)), "im Kreis"),
        (Tables(places=(a_place(until=date(2023, 1, 1), successor="05170032"),)), "bevor sie"),
        (Tables(places=(a_place("05170048", "Wesel"),)), "fehlt: jugendamt"),
        (Tables(postcodes=(PostcodeRow("47495", "05999999"),)), "Postleitzahl"),
    ],
)
def test_tables_that_cannot_be_used_are_named(rows: Tables, said: str) -> None:
    found = unsound(SIMPLE.with_rows_of(rows))

    assert any(said in each for each in found)


def test_a_new_edition_ends_what_it_no_longer_names() -> None:
    new = SIMPLE._replace(
        offices=tuple(office for office in SIMPLE.offices if office.organisation != TOWN),
        assignments=(
            an_assignment(KREIS, begins=CHANGE, basis="kreisjugendamt"),
            *SIMPLE.assignments[1:],
        ),
    )

    after = SIMPLE.with_rows_of(edition(SIMPLE, new, CHANGE))

    assert unsound(after) == ()
    assert [each.what for each in changes(SIMPLE, after)] == ["endet", "endet", "neu"]


def test_the_same_said_from_a_later_day_on_is_no_change() -> None:
    """Otherwise every edition would cut every row in two."""
    later = SIMPLE._replace(
        assignments=tuple(row._replace(valid_from=CHANGE) for row in SIMPLE.assignments)
    )

    after = SIMPLE.with_rows_of(edition(SIMPLE, later, CHANGE))

    assert changes(SIMPLE, after) == ()


def test_an_edition_without_a_table_leaves_that_table_alone() -> None:
    after = SIMPLE.with_rows_of(edition(SIMPLE, Tables(places=SIMPLE.places), CHANGE))

    assert changes(SIMPLE, after) == ()
