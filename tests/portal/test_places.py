# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The browser answers for every place of the Land what every other program of the network does."""

import gzip
import json
import subprocess
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import cache, partial
from pathlib import Path
from typing import Any, Final

import pytest
from ruamel.yaml import YAML

from hub.directory.land import Land, shipped_tables
from hub.directory.network import load_network
from hub.directory.responsibility import Office
from hub.directory.rows import PostcodeRow, Tables
from hub.errors import RecipientUnknown
from hub.model.network import Municipality, Network
from hub.portal.places import NAME, make, packed
from tests.interop.node import ROOT, node
from tests.unit.directory.builders import a_network, a_responsibility
from tests.unit.directory.rows import KREIS, SIMPLE, TOWN, an_office

TODAY: Final = date(2026, 11, 22)
DAYS: Final = (
    date(2009, 10, 20), date(2009, 10, 21), date(2024, 2, 29), TODAY, date(2027, 1, 1),
    date(2031, 12, 31),
)  # fmt: skip
KINDS: Final = (
    "jugendamt", "landesjugendamt", "polizei", "gericht", "staatsanwaltschaft", "ordnungsamt",
)  # fmt: skip
SHIPPED: Final = shipped_tables()
TRICKY: Final = YAML(typ="safe", pure=True).load(
    (ROOT / "tests/unit/directory/tricky.yaml").read_text("utf-8")
)
PEER: Final = Path(__file__).parent / "js" / "places_peer.js"


@cache
def shipped_networks() -> tuple[Network, ...]:
    folder = ROOT / "specs" / "networks"
    return tuple(load_network(path, TODAY) for path in sorted(folder.glob("*.yaml")))


def browser(tables: Tables, networks: Sequence[Network] = (), **asked: Any) -> dict[str, Any]:
    """Return what the browser's program says to questions about a table."""
    questions = {
        "table": packed(tables),
        "networks": [json.loads(each.model_dump_json(exclude={"rules"})) for each in networks],
        "responsible": [],
        "named": [],
        "postcodes": [],
        **asked,
    }
    told = json.dumps(questions).encode()
    ran = subprocess.run([node(), str(PEER)], input=told, check=True, capture_output=True)
    said: dict[str, Any] = json.loads(ran.stdout)
    return said


def tried(ask: Callable[[], Any]) -> Any:
    """Return an answer, or the refusal, in the form of the browser's program."""
    try:
        return ask()
    except RecipientUnknown as refused:
        return {
            "refused": refused.detail,
            "pointers": list(refused.pointers),
            "allowed": list(refused.allowed),
        }


def shown(office: Office) -> dict[str, Any]:
    names = {"valid_from": "validFrom", "takes_part": "takesPart"}
    return {
        names.get(name, name): value.isoformat() if isinstance(value, date) else value
        for name, value in vars(office).items()
    }


def office_of(land: Land, question: tuple[str, str, date]) -> dict[str, Any]:
    return shown(land.responsible(*question))


def place_of(land: Land, text: str) -> dict[str, str]:
    return place(land.municipality(text))


def places_of(land: Land, plz: str) -> list[dict[str, str]]:
    return [place(each) for each in land.by_postcode(plz).candidates]


def place(found: Municipality) -> dict[str, str]:
    return {"ags": found.ags, "name": found.name}


@pytest.mark.parametrize("with_networks", [False, True], ids=["land", "with-networks"])
def test_all_places_kinds_and_days_have_the_same_office_and_the_same_sentence(
    *, with_networks: bool
) -> None:
    networks = shipped_networks() if with_networks else ()
    land = Land(SHIPPED, networks)
    keys = [each.ags for each in SHIPPED.places] + ["05999999"]
    asked = [(kind, ags, day) for kind in KINDS for ags in keys for day in DAYS]

    said = browser(
        SHIPPED, networks, responsible=[(kind, ags, f"{day}") for kind, ags, day in asked]
    )

    assert len(said["municipalities"]) == len(land.municipalities) == 396
    for question, answer in zip(asked, said["responsible"], strict=True):
        expected = tried(partial(office_of, land, question))
        assert answer == expected, question


def test_people_who_err_are_led_to_the_right_office() -> None:
    places = browser(SHIPPED, named=[case["where"] for case in TRICKY])["named"]
    found = zip(TRICKY, places, strict=True)
    asked = [(case["kind"], each["ags"], f"{TODAY}") for case, each in found]

    said = browser(SHIPPED, responsible=asked)["responsible"]

    for case, office in zip(TRICKY, said, strict=True):
        assert office["organisation"] == case["office"], case
        assert case["says"] in office["reason"], case


def test_a_name_means_the_same_place_or_the_same_question() -> None:
    land = Land(SHIPPED, shipped_networks())
    names = sorted({each.name for each in SHIPPED.places} | {each.kreis for each in SHIPPED.places})
    texts = [
        *names,
        *(f"Stadt {name}" for name in names),
        *(name.upper() for name in names),
        *(each.name.partition(" (")[0] for each in SHIPPED.places),
        *(f"{each.name} ({each.ags})" for each in SHIPPED.places[:40]),
        *(each.ags for each in SHIPPED.places),
        " muenster ", "Städteregion Aachen", "Entenhausen", "", "STRASSE", "Preußisch Oldendorf",
        "preussisch  oldendorf", "Gemeinde Wachtberg", "05354020",
    ]  # fmt: skip

    said = browser(SHIPPED, shipped_networks(), named=texts)["named"]

    for text, answer in zip(texts, said, strict=True):
        assert answer == tried(partial(place_of, land, text)), text


def test_a_network_against_the_land_and_an_office_that_ended_are_said_alike() -> None:
    merger = date(2027, 1, 1)
    ended = an_office(until=merger - timedelta(days=1), successor=KREIS)
    tables = SIMPLE.with_rows_of(Tables(offices=(ended,)))
    days = [TODAY, merger - timedelta(days=1), merger, merger + timedelta(days=400)]
    for networks in (
        [],
        [a_network([a_responsibility(f"{TOWN}.asd")])],
        [a_network([a_responsibility(f"{KREIS}.asd")])],
        [a_network([a_responsibility(f"{TOWN}.asd", begins=merger)])],
    ):
        land = Land(tables, networks)

        asked = [("jugendamt", "05170032", f"{day}") for day in days]
        said = browser(tables, networks, responsible=asked)["responsible"]

        assert said == [shown(land.responsible("jugendamt", "05170032", day)) for day in days]


def test_a_postcode_proposes_asks_or_is_not_known() -> None:
    rows = (PostcodeRow("46509", "05170052"), PostcodeRow("47495", "05170032"),
            PostcodeRow("47495", "05170052"), PostcodeRow("99999", "01999999"))  # fmt: skip
    tables = SHIPPED.with_rows_of(Tables(postcodes=rows))
    land = Land(tables)
    codes = ["46509", "47495", "99999", "4650", "00000"]

    said = browser(tables, postcodes=codes)["postcodes"]

    assert [len(each) for each in said[:2]] == [1, 2]
    for code, answer in zip(codes, said, strict=True):
        expected = tried(partial(places_of, land, code))
        assert answer == expected, code


def test_the_table_is_small_enough_to_be_fetched_whole() -> None:
    assert NAME == "orte.json"
    raw = json.dumps(make(), separators=(",", ":"), ensure_ascii=False).encode()

    assert len(gzip.compress(raw, 9)) < 48_000
