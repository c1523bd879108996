# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every network file loads, and those of the five places say what these need."""

import re
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path

import pytest

from hub import clock
from hub.directory.network import load_network
from hub.directory.responsibility import Responsibilities
from hub.directory.roster import gaps
from hub.errors import RecipientUnknown
from hub.model.contact import Reached
from hub.model.ids import kind_of
from hub.model.network import Network

NETWORKS = Path(__file__).parents[2] / "specs" / "networks"
TODAY = date(2026, 6, 1)
NOW = int(clock.now())
YEAR = (NOW, NOW + 360 * 86_400)
"""The rosters of a demonstration count their days from the one on which they are read."""

RESERVED = re.compile(
    r"\+49 (30 23125|69 90009|40 66969|221 4710|89 99998) [0-9]{3}|\+49 171 39200 [0-9]{2}"
)
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

STEINFURT = {
    "05566000": (
        "Altenberge Hopsten Horstmar Hörstel Ladbergen Laer Lengerich Lienen Lotte Metelen "
        "Mettingen Neuenkirchen Nordwalde Ochtrup Recke Saerbeck Steinfurt Tecklenburg "
        "Westerkappeln Wettringen"
    ),
    "05566008": "Emsdetten",
    "05566012": "Greven",
    "05566028": "Ibbenbüren",
    "05566076": "Rheine",
}
SOEST = {
    "05974000": (
        "Anröchte Bad_Sassendorf Ense Erwitte Geseke Lippetal Möhnesee Rüthen Welver Werl "
        "Wickede_(Ruhr)"
    ),
    "05974028": "Lippstadt",
    "05974040": "Soest",
    "05974044": "Warstein",
}
KREFELD = {"05114000": "Krefeld"}
UNNA = {
    "05978000": "Bönen Fröndenberg/Ruhr Holzwickede",
    "05978004": "Bergkamen",
    "05978020": "Kamen",
    "05978024": "Lünen",
    "05978028": "Schwerte",
    "05978032": "Selm",
    "05978036": "Unna",
    "05978040": "Werne",
}
COUNTED = {
    "kreis-steinfurt": (STEINFURT, 24, 5),
    "kreis-soest": (SOEST, 14, 4),
    "krefeld": (KREFELD, 1, 1),
    "kreis-unna-werne": (UNNA, 10, 8),
}
"""Traeger of the Jugendamt → its municipalities; how many of these there are, and of the former."""

COURTS = {
    "Emsdetten": ("R2715", "R2700S"),
    "Greven": ("R2706", "R2700S"),
    "Hörstel": ("R2711", "R2700S"),
    "Lotte": ("R2716", "R2700S"),
    "Neuenkirchen": ("R2715", "R2700S"),
    "Lippstadt": ("R2808", "R2800S"),
    "Geseke": ("R2808", "R2800S"),
    "Warstein": ("R1912", "R1900S"),
    "Rüthen": ("R1912", "R1900S"),
    "Werl": ("R1913", "R1900S"),
    "Krefeld": ("R1402", "R1400S"),
}
"""Municipality → XJustiz id of its Amtsgericht and of its Staatsanwaltschaft."""

KLEVE = "Alpen Kamp-Lintfort Moers Neukirchen-Vluyn Rheinberg Sonsbeck Xanten"
DUISBURG = "Dinslaken Hamminkeln Hünxe Schermbeck Voerde_(Niederrhein) Wesel"

OFFICES = {"jugendamt", "polizei", "gericht", "staatsanwaltschaft", "ordnungsamt", "schulaufsicht"}
"""Kinds of which the real ones stand in a demonstration, as addressees that do not take part."""


def the_network(name: str) -> Network:
    return load_network(NETWORKS / f"{name}.yaml")


def kreis_wesel() -> Network:
    return the_network("kreis-wesel")


def table_of(*names: str) -> Responsibilities:
    return Responsibilities.of(*(the_network(name) for name in names))


def places(text: str) -> set[str]:
    """Return names of municipalities from a line of them; an underscore stands for a blank."""
    return {name.replace("_", " ") for name in text.split()}


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
def test_in_a_demonstration_nobody_real_is_told_anything(path: Path) -> None:
    """Whoever is called by a roster, and where what waits is said, is as invented as its number."""
    network = load_network(path)
    units = [unit for organisation in network.participants for unit in organisation.units]
    lines = [line for unit in units if unit.roster for line in unit.roster.lines]
    reached = [line.reached for line in lines] + [unit.callback or Reached() for unit in units]

    assert not network.demo or all(RESERVED.fullmatch(line.telephone) for line in lines)
    for each in reached:
        assert all(address.endswith(".invalid") for address in each.email)
        assert all(re.fullmatch(r"\+4917139200[0-9]{2}", number) for number in each.sms)


@pytest.mark.parametrize("path", sorted(NETWORKS.glob("*.yaml")), ids=lambda path: path.name)
def test_in_a_demonstration_schools_are_invented(path: Path) -> None:
    network = load_network(path)
    schools = [known for known in network.participants if known.id.startswith("schule:")]

    assert not network.demo or all(
        school.id.startswith("schule:999") and "Erfunden" in school.name for school in schools
    )


@pytest.mark.parametrize("path", sorted(NETWORKS.glob("*.yaml")), ids=lambda path: path.name)
def test_in_a_demonstration_whoever_is_no_office_is_invented(path: Path) -> None:
    network = load_network(path)
    others = [known for known in network.participants if kind_of(known.id) not in OFFICES]

    assert not network.demo or all("Erfunden" in known.name for known in others)


def test_no_id_stands_for_two_organisations() -> None:
    """All networks are in one demonstration, so an id means the same in each."""
    names: dict[str, set[str]] = defaultdict(set)
    for path in NETWORKS.glob("*.yaml"):
        for known in load_network(path).participants:
            names[known.id].add(known.name)

    assert [sorted(several) for several in names.values() if len(several) > 1] == []


@pytest.mark.parametrize("name", COUNTED)
def test_each_municipality_has_exactly_one_jugendamt(name: str) -> None:
    expected, municipalities, jugendaemter = COUNTED[name]
    table = table_of(name)

    found: dict[str, set[str]] = defaultdict(set)
    for place in table.municipalities:
        office = table.responsible("jugendamt", place.ags, TODAY)
        found[office.organisation.removeprefix("jugendamt:")].add(place.name)

    assert found == {traeger: places(text) for traeger, text in expected.items()}
    assert len(table.municipalities) == municipalities
    assert len(found) == jugendaemter


@pytest.mark.parametrize(
    ("name", "police"),
    [
        ("kreis-steinfurt", "polizei:kpb-steinfurt"),
        ("kreis-soest", "polizei:kpb-soest"),
        ("krefeld", "polizei:pp-krefeld"),
    ],
)
def test_each_place_has_one_police_authority(name: str, police: str) -> None:
    table = table_of(name)

    found = {table.responsible("polizei", place.ags, TODAY).id for place in table.municipalities}

    assert found == {police}


@pytest.mark.parametrize("place", COURTS)
def test_the_areas_of_justice_are_not_those_of_the_jugendaemter(place: str) -> None:
    table = table_of(*COUNTED)
    ags = table.municipality(f"Stadt {place}").ags
    court, prosecutor = COURTS[place]

    assert table.responsible("gericht", ags, TODAY).id == f"gericht:{court}.familiengericht"
    assert table.responsible("staatsanwaltschaft", ags, TODAY).organisation == (
        f"staatsanwaltschaft:{prosecutor}"
    )


def test_in_kreis_unna_one_town_is_of_another_police() -> None:
    table = table_of("kreis-unna-werne")

    found = {
        place.name: table.responsible("polizei", place.ags, TODAY).id
        for place in table.municipalities
    }

    assert found.pop("Lünen") == "polizei:pp-dortmund"
    assert set(found.values()) == {"polizei:kpb-unna"}


@pytest.mark.parametrize("path", sorted(NETWORKS.glob("*.yaml")), ids=lambda path: path.name)
def test_what_is_urgent_finds_somebody_in_every_jugendamt_at_every_hour(path: Path) -> None:
    """§ 4 Abs. 2 LKiSchG NRW: „zu jeder Zeit“. No roster of an office that there is has a gap."""
    for organisation in load_network(path).participants:
        for unit in organisation.units:
            if unit.id.endswith((".asd", ".bereitschaft")) or kind_of(unit.id) == "polizei":
                assert unit.roster is not None, unit.id
                assert gaps(unit.roster, YEAR) == (), unit.id


def test_in_kreis_wesel_the_prosecutor_is_kleve_or_duisburg() -> None:
    table = table_of("kreis-wesel", "kreis-wesel-fachstellen")

    found: dict[str, set[str]] = defaultdict(set)
    for place in table.municipalities:
        found[table.responsible("staatsanwaltschaft", place.ags, TODAY).organisation].add(
            place.name
        )

    assert found == {
        "staatsanwaltschaft:R1300S": places(KLEVE),
        "staatsanwaltschaft:R1200S": places(DUISBURG),
    }


def test_krefeld_has_ninety_invented_actors_beside_the_offices() -> None:
    krefeld = the_network("krefeld")
    kinds = Counter(kind_of(known.id) for known in krefeld.participants)

    assert sum("Erfunden" in known.name for known in krefeld.participants) == 90
    assert len(krefeld.participants) == 96
    assert {kind: kinds[kind] for kind in ("schule", "gesundheit", "fachkraft", "traeger")} == {
        "schule": 32,
        "gesundheit": 24,
        "fachkraft": 8,
        "traeger": 24,
    }
    assert all(unit.telephone for known in krefeld.participants for unit in known.units)


def test_twelve_of_krefeld_have_not_accepted_the_second_version_of_the_rules() -> None:
    """Nothing of the kind is said of an office that there is: all twelve are invented."""
    [rules] = the_network("krefeld").rules
    first, second = rules.versions
    names = {known.id: known.name for known in the_network("krefeld").participants}

    assert (first.version, second.version) == ("1", "2")
    assert first.not_accepted == ()
    assert len(set(second.not_accepted)) == 12
    assert all("Erfunden" in names[member] for member in second.not_accepted)


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
