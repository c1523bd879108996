# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.directory.csvfile import TableInvalid
from hub.directory.land import Land, shipped_tables
from hub.directory.rows import PostcodeRow, Tables
from hub.directory.tables import written
from hub.errors import RecipientUnknown
from hub.model.network import Municipality, Network
from tests.unit.directory.builders import a_network, a_responsibility
from tests.unit.directory.rows import (
    BEGIN,
    KREIS,
    SIMPLE,
    TOWN,
    a_place,
    an_assignment,
    an_office,
)

MERGER, TODAY = date(2027, 1, 1), date(2026, 11, 22)
EVE = MERGER - timedelta(days=1)


KREIS_OFFICE = an_office(KREIS, "Amt des Kreises")


def a_merger() -> Tables:
    """Return tables in which the office of the town goes up in that of the Kreis."""
    return SIMPLE.with_rows_of(Tables(offices=(an_office(until=EVE, successor=KREIS),)))


def of_network(unit: str = f"{TOWN}.asd", begins: date = BEGIN) -> Network:
    return a_network([a_responsibility(unit, begins=begins)])


def test_an_office_that_does_not_take_part_is_named_and_to_be_rung_up() -> None:
    office = Land(SIMPLE).responsible("jugendamt", "05170032", TODAY)

    assert (office.id, office.telephone, office.takes_part) == (TOWN, "", False)
    assert office.reason.endswith("; die Stelle nimmt nicht am Meldeweg teil, bitte dort anrufen.")


def test_a_network_adds_unit_and_telephone_and_leaves_the_reason() -> None:
    office = Land(SIMPLE, [of_network()]).responsible("jugendamt", "05170032", TODAY)

    assert (office.id, office.takes_part) == (f"{TOWN}.asd", True)
    assert office.telephone.startswith("+49 221 4710 ")
    assert "weil Rheinberg ein eigenes Jugendamt hat" in office.reason
    assert "anrufen" not in office.reason


def test_what_a_network_says_counts_before_the_land() -> None:
    land = Land(SIMPLE, [of_network(f"{KREIS}.asd")])

    office = land.responsible("jugendamt", "05170032", TODAY)

    assert office.organisation == KREIS
    assert office.reason.endswith("die Tabelle des Landes nennt „Amt der Stadt“.")


def test_on_days_of_which_a_network_says_nothing_the_land_counts() -> None:
    land = Land(SIMPLE, [of_network(f"{KREIS}.asd", begins=MERGER)])

    assert land.responsible("jugendamt", "05170032", EVE).organisation == TOWN
    assert land.responsible("jugendamt", "05170032", MERGER).organisation == KREIS


def test_a_listed_office_gets_the_message_even_where_the_network_has_no_row() -> None:
    elsewhere = a_network([a_responsibility(f"{TOWN}.asd", ags="05170048", name="Wesel")])
    unit = elsewhere.participants[0].units[0].model_copy(update={"roles": ("jugendamt",)})
    listed = elsewhere.participants[0].model_copy(update={"units": (unit,)})
    network = elsewhere.model_copy(update={"participants": (listed,)})

    office = Land(SIMPLE, [network]).responsible("jugendamt", "05170032", TODAY)

    assert (office.id, office.takes_part) == (f"{TOWN}.asd", True)


def test_a_municipality_outside_the_land_is_known_from_its_network() -> None:
    network = a_network([a_responsibility("jugendamt:07111000", ags="07111000", name="Koblenz")])
    land = Land(SIMPLE, [network])

    ags = land.municipality("Koblenz").ags

    assert land.responsible("jugendamt", ags, TODAY).id == "jugendamt:07111000"


def test_the_successor_of_an_office_takes_over_at_midnight_and_says_so() -> None:
    land = Land(a_merger())

    assert land.responsible("jugendamt", "05170032", EVE).organisation == TOWN
    after = land.responsible("jugendamt", "05170032", MERGER)
    assert after.organisation == KREIS
    assert "seit dem 01.01.2027 Nachfolgerin von „Amt der Stadt“" in after.reason
    assert land.successor(TOWN, EVE) == TOWN
    assert land.successor(TOWN, MERGER) == KREIS


def test_successors_of_successors_are_followed() -> None:
    last = "jugendamt:05170048"
    kreis = an_office(KREIS, "Amt des Kreises", until=EVE + timedelta(365), successor=last)
    tables = a_merger().with_rows_of(Tables(offices=(kreis, an_office(last, "Drittes Amt"))))

    assert Land(tables).responsible("jugendamt", "05170032", date(2030, 1, 1)).id == last
    assert Land(tables).successor(TOWN, date(2030, 1, 1)) == last


def test_a_circle_of_successors_ends() -> None:
    """Soundness refuses it; loading must not hang all the same."""
    one = an_office(TOWN, "Eins", until=EVE, successor=KREIS)
    other = an_office(KREIS, "Zwei", until=EVE, successor=TOWN)
    land = Land(SIMPLE.with_rows_of(Tables(offices=(one, other))))

    assert land.responsible("jugendamt", "05170032", EVE).id == TOWN
    assert land.successor(TOWN, MERGER) in {TOWN, KREIS}


def test_a_merged_municipality_is_found_under_its_old_key() -> None:
    before = a_place("05170099", "Altdorf", until=EVE, successor="05170032")
    row = an_assignment(KREIS, ags="05170099", until=EVE, basis="kreisjugendamt")
    land = Land(Tables((a_place(), before), (an_office(), KREIS_OFFICE), (an_assignment(), row)))

    assert land.responsible("jugendamt", "05170099", EVE).organisation == KREIS
    after = land.responsible("jugendamt", "05170099", MERGER)
    assert (after.organisation, after.ags) == (TOWN, "05170032")
    assert "der Schlüssel 05170099 galt bis zum 31.12.2026 für Altdorf." in after.reason


def test_a_row_to_be_confirmed_says_so() -> None:
    tables = SIMPLE._replace(assignments=(an_assignment(confidence="angenommen"),))
    land = Land(tables)

    assert land.unconfirmed() == land.unconfirmed("jugendamt") == tables.assignments
    assert land.unconfirmed("polizei") == ()
    assert "zu bestätigen" in land.responsible("jugendamt", "05170032", TODAY).reason


@pytest.mark.parametrize(
    ("kind", "ags", "on", "pointer"),
    [
        ("jugendamt", "05170032", BEGIN - timedelta(days=1), "/on"),
        ("schule", "05170032", TODAY, "/kind"),
        ("jugendamt", "05170099", TODAY, "/ags"),
    ],
)
def test_nobody_is_guessed(kind: str, ags: str, on: date, pointer: str) -> None:
    with pytest.raises(RecipientUnknown) as refused:
        Land(SIMPLE).responsible(kind, ags, on)

    assert refused.value.pointers == (pointer,)


POSTCODES = SIMPLE._replace(
    places=(a_place(), a_place("05170048", "Wesel")),
    assignments=(an_assignment(), an_assignment(KREIS, ags="05170048", basis="kreisjugendamt")),
    postcodes=(
        PostcodeRow("47495", "05170032"),
        PostcodeRow("47499", "05170032"),
        PostcodeRow("47499", "05170048"),
    ),
)


def test_a_postcode_of_one_municipality_needs_no_question() -> None:
    proposal = Land(POSTCODES).by_postcode("47495")

    assert [place.name for place in proposal.candidates] == ["Rheinberg"]
    assert proposal.question == ""


def test_a_postcode_of_several_municipalities_asks_which() -> None:
    proposal = Land(POSTCODES).by_postcode("47499")

    assert [place.ags for place in proposal.candidates] == ["05170032", "05170048"]
    assert proposal.question.endswith("Rheinberg (05170032) oder Wesel (05170048)?")


@pytest.mark.parametrize("plz", ["47000", "4749", "4749a", ""])
def test_a_postcode_that_is_not_listed_is_not_guessed(plz: str) -> None:
    with pytest.raises(RecipientUnknown) as refused:
        Land(POSTCODES).by_postcode(plz)

    assert refused.value.pointers == ("/plz",)


WHOLE = Land(shipped_tables())
PLACES = st.sampled_from(WHOLE.municipalities)
KINDS = st.sampled_from(
    ["jugendamt", "landesjugendamt", "polizei", "gericht", "staatsanwaltschaft"]
)
DAYS = st.dates(date(2023, 11, 30), date(2060, 12, 31))


@given(KINDS, PLACES, DAYS)
def test_every_municipality_has_an_office_of_its_kind_on_every_day(
    kind: str, place: Municipality, on: date
) -> None:
    office = WHOLE.responsible(kind, place.ags, on)

    assert office.organisation.startswith(f"{kind}:")
    assert (office.ags, office.municipality) == (place.ags, place.name)
    assert office == WHOLE.responsible(kind, place.ags, on)


@given(PLACES)
def test_what_a_municipality_is_called_leads_to_it_or_to_a_question(place: Municipality) -> None:
    label = f"{place.name} ({place.ags})"

    assert WHOLE.municipality(label) == place
    assert place in candidates(place.name)


def candidates(text: str) -> tuple[Municipality, ...]:
    try:
        return (WHOLE.municipality(text),)
    except RecipientUnknown as refused:
        return tuple(WHOLE.municipality(label) for label in refused.allowed)


def test_an_overlay_that_leaves_a_day_with_two_offices_is_not_loaded(tmp_path: Path) -> None:
    row = an_assignment(KREIS, begins=MERGER, basis="kreisjugendamt")
    (tmp_path / "zustaendigkeit.csv").write_bytes(
        written(Tables(assignments=(row,)))["zustaendigkeit.csv"]
    )

    with pytest.raises(TableInvalid, match="zwei Stellen"):
        Land.shipped(overlay=tmp_path)
