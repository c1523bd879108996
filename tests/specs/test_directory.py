# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The tables of the Land: whole, well formed, each row with a source that is explained."""

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from hub.directory.grounds import FREE, GROUNDS
from hub.directory.land import Land, shipped_tables
from hub.directory.network import load_network
from hub.directory.soundness import unsound
from hub.directory.tables import KINDS, load_tables, parse_tables
from hub.schemas import SPECS

NRW = SPECS / "directory" / "nrw"
FILES = ("gemeinden.csv", "stellen.csv", "zustaendigkeit.csv")
NETWORKS = sorted((SPECS / "networks").glob("*.yaml"))
TODAY = date(2026, 11, 22)
TABLES = load_tables(NRW)
LAND = Land(TABLES)


def sources() -> dict[str, Any]:
    known: dict[str, Any] = YAML(typ="safe", pure=True).load(NRW / "quellen.yaml")
    return known


@pytest.mark.parametrize("name", FILES)
def test_a_shipped_table_has_the_form_that_an_import_must_have(name: str) -> None:
    """The shipped ones are loaded without looking; so it is looked here."""
    place = next(place for place, kind in enumerate(KINDS) if kind.file == name)

    assert parse_tables((NRW / name).read_bytes())[place] == TABLES[place]


def test_the_tables_are_sound() -> None:
    assert unsound(TABLES) == ()


def test_there_are_396_municipalities_in_53_districts() -> None:
    now = [place for place in TABLES.places if place.valid_until is None]

    assert len(now) == 396
    assert len({place.ags[:5] for place in now}) == 53
    assert sum(place.kreis == FREE for place in now) == 22


@pytest.mark.parametrize(
    ("kind", "offices"),
    [
        ("jugendamt", 186),
        ("polizei", 47),
        ("landesjugendamt", 2),
        ("staatsanwaltschaft", 19),
        ("gericht", 123),
    ],
)
def test_all_municipalities_resolve_to_exactly_one_office_of_each_kind(
    kind: str, offices: int
) -> None:
    rows = Counter(row.ags for row in TABLES.assignments if row.kind == kind)
    found = {LAND.responsible(kind, place.ags, TODAY).id for place in LAND.municipalities}

    assert len(LAND.municipalities) == 396
    assert set(rows.values()) == {1}
    assert len(found) == offices


def test_186_jugendaemter_are_91_in_westfalen_and_95_in_the_rheinland() -> None:
    land = {
        LAND.responsible("jugendamt", place.ags, TODAY).id: LAND.responsible(
            "landesjugendamt", place.ags, TODAY
        ).id
        for place in LAND.municipalities
    }

    assert Counter(land.values()) == {"landesjugendamt:lwl": 91, "landesjugendamt:lvr": 95}


@pytest.mark.parametrize("key", ["05158000", "05562000", "05362000"])
def test_three_kreise_have_no_jugendamt(key: str) -> None:
    assert f"jugendamt:{key}" not in {office.organisation for office in TABLES.offices}


def test_every_source_is_explained_and_every_explained_one_is_used() -> None:
    explained = {cited for each in sources()["sources"] for cited in each.get("cited", ())}

    assert {row.source for row in TABLES.assignments} == explained


def test_what_was_not_read_is_marked_as_to_be_confirmed() -> None:
    unread = {
        cited
        for each in sources()["sources"]
        if each["id"] == "allgemeine-kenntnis"
        for cited in each["cited"]
    }

    for row in TABLES.assignments:
        alone = row.basis == "eines-von-mehreren-gerichten"
        assert (row.confidence == "angenommen") == (row.source in unread or alone)


def test_every_reason_is_one_german_sentence() -> None:
    for row in TABLES.assignments:
        said = LAND.responsible(row.kind, row.ags, TODAY).reason

        assert said.startswith("Für ein Kind in ")
        assert said.endswith(".")
        assert "{" not in said
        assert ". " not in said.replace("(Westf.)", "").replace("(Rhld.)", "")


def test_every_ground_occurs() -> None:
    assert {row.basis for row in TABLES.assignments} == set(GROUNDS)


def test_each_municipality_has_a_postcode_and_few_postcodes_have_several() -> None:
    places: dict[str, set[str]] = {}
    for row in TABLES.postcodes:
        places.setdefault(row.plz, set()).add(row.ags)

    assert set().union(*places.values()) == {each.ags for each in LAND.municipalities}
    assert sorted(plz for plz, found in places.items() if len(found) > 1) == [
        "33154", "33161", "40472", "40721", "51467", "52525", "52538",
    ]  # fmt: skip


@pytest.mark.parametrize("path", NETWORKS, ids=lambda path: path.name)
def test_a_network_does_not_contradict_the_land(path: Path) -> None:
    """A network may know better, but then a row here is wrong and is to be mended."""
    network = load_network(path)
    land = Land(shipped_tables(), [network])

    for row in network.responsibilities:
        office = land.responsible(row.kind, row.municipality.ags, TODAY)

        assert office.id == row.unit
        assert office.organisation == LAND.responsible(row.kind, office.ags, TODAY).organisation
        assert office.takes_part


def test_all_networks_together_make_one_table() -> None:
    land = Land.shipped(load_network(path) for path in NETWORKS)

    assert len(land.municipalities) == 396
