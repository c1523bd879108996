# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every network file loads, and the one of Kreis Wesel says what S2 needs."""

import re
from datetime import date
from pathlib import Path

import pytest

from hub.directory.network import load_network
from hub.directory.responsibility import Responsibilities
from hub.errors import RecipientUnknown
from hub.model.network import Network

NETWORKS = Path(__file__).parents[2] / "specs" / "networks"
TODAY = date(2026, 6, 1)

RESERVED = re.compile(r"\+49 (30 23125|69 90009|40 66969|221 4710|89 99998) [0-9]{3}")
"""Blocks that the Bundesnetzagentur keeps free for film and other media (Mitteilung 148/2021)."""

WESEL = {
    "05170004": "05170000",
    "05170008": "05170008",
    "05170012": "05170000",
    "05170016": "05170000",
    "05170020": "05170020",
    "05170024": "05170024",
    "05170028": "05170000",
    "05170032": "05170032",
    "05170036": "05170000",
    "05170040": "05170000",
    "05170044": "05170044",
    "05170048": "05170048",
    "05170052": "05170000",
}
"""Municipality → Traeger of the Jugendamt, written down a second time on purpose."""


def kreis_wesel() -> Network:
    return load_network(NETWORKS / "kreis-wesel.yaml")


@pytest.mark.parametrize("path", sorted(NETWORKS.glob("*.yaml")), ids=lambda path: path.name)
def test_every_network_loads_and_answers(path: Path) -> None:
    network = load_network(path)
    table = Responsibilities.of(network)

    for row in network.responsibilities:
        assert table.responsible(row.kind, row.municipality.ags, row.valid_from).id == row.unit


@pytest.mark.parametrize("path", sorted(NETWORKS.glob("*.yaml")), ids=lambda path: path.name)
def test_in_a_demonstration_nobody_real_is_rung_up(path: Path) -> None:
    network = load_network(path)
    units = [unit for organisation in network.participants for unit in organisation.units]

    assert not network.demo or all(RESERVED.fullmatch(unit.telephone) for unit in units)
    assert len({unit.telephone for unit in units}) == len(units)


@pytest.mark.parametrize("path", sorted(NETWORKS.glob("*.yaml")), ids=lambda path: path.name)
def test_in_a_demonstration_schools_are_invented(path: Path) -> None:
    network = load_network(path)
    schools = [known for known in network.participants if known.id.startswith("schule:")]

    assert not network.demo or all(
        school.id.startswith("schule:999") and "Erfunden" in school.name for school in schools
    )


def test_each_of_the_13_municipalities_has_exactly_one_of_the_7_jugendaemter() -> None:
    table = Responsibilities.of(kreis_wesel())

    found = {
        place.ags: table.responsible("jugendamt", place.ags, TODAY).organisation
        for place in table.municipalities
    }

    assert found == {ags: f"jugendamt:{traeger}" for ags, traeger in WESEL.items()}
    assert len(found) == 13
    assert len(set(found.values())) == 7


def test_every_jugendamt_has_its_service_and_its_standby() -> None:
    units = {unit.id for known in kreis_wesel().participants for unit in known.units}

    for traeger in set(WESEL.values()):
        assert {f"jugendamt:{traeger}.asd", f"jugendamt:{traeger}.bereitschaft"} <= units


def test_all_13_municipalities_have_one_police_authority() -> None:
    table = Responsibilities.of(kreis_wesel())

    assert {
        table.responsible("polizei", place.ags, TODAY).id for place in table.municipalities
    } == {"polizei:kpb-wesel"}


def test_a_school_in_xanten_reaches_the_jugendamt_of_the_child_in_rheinberg() -> None:
    table = Responsibilities.of(kreis_wesel())

    seat = table.responsible("jugendamt", table.municipality("Xanten").ags, TODAY)
    home = table.responsible("jugendamt", table.municipality("Rheinberg").ags, TODAY)

    assert seat.id == "jugendamt:05170000.asd"
    assert home.id == "jugendamt:05170032.asd"
    assert home.name == "Jugendamt der Stadt Rheinberg, Allgemeiner Sozialer Dienst"
    assert home.municipality == "Rheinberg"
    assert home.telephone.startswith("+49 221 4710 ")


def test_the_reason_is_one_sentence_that_a_teacher_understands() -> None:
    office = Responsibilities.of(kreis_wesel()).responsible("jugendamt", "05170052", TODAY)

    assert office.reason == (
        "Für ein Kind in Xanten (ohne eigenes Jugendamt) ist „Jugendamt des Kreises Wesel“ "
        "zuständig, denn es entscheidet der Ort des Kindes und nicht der Sitz der Schule oder "
        "einer anderen mitteilenden Stelle (§ 86 SGB VIII)."
    )


def test_the_source_of_the_table_is_named() -> None:
    office = Responsibilities.of(kreis_wesel()).responsible("jugendamt", "05170052", TODAY)

    assert "© Statistisches Bundesamt (Destatis)" in office.source
    assert office.valid_from == date(2023, 11, 30)
    assert office.confidence == "belegt"


def test_nothing_is_said_of_the_time_before_the_source() -> None:
    with pytest.raises(RecipientUnknown):
        Responsibilities.of(kreis_wesel()).responsible("jugendamt", "05170052", date(2023, 11, 29))
