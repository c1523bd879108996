# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2

from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from hub.directory.network import NetworkInvalid, load_network

A_NETWORK: dict[str, Any] = {
    "title": "Erfundenes Netz",
    "participants": [
        {
            "id": "jugendamt:05170032",
            "name": "Erfundenes Jugendamt",
            "units": [
                {
                    "id": "jugendamt:05170032.asd",
                    "name": "Dienst",
                    "roles": ["jugendamt"],
                    "telephone": "+49 221 4710 997",
                }
            ],
        }
    ],
    "responsibilities": [
        {
            "kind": "jugendamt",
            "valid_from": date(2020, 1, 1),
            "basis": "erfundene Vereinbarung",
            "source": "erfunden",
            "confidence": "angenommen",
            "rows": [{"ags": "05170032", "name": "Rheinberg", "unit": "jugendamt:05170032.asd"}],
        }
    ],
}


def written(folder: Path, network: dict[str, Any]) -> Path:
    path = folder / "netz.yaml"
    with path.open("w", encoding="utf-8") as file:
        YAML(typ="safe", pure=True).dump(network, file)
    return path


def findings(folder: Path, network: dict[str, Any]) -> dict[str, str]:
    with pytest.raises(NetworkInvalid) as refused:
        load_network(written(folder, network))
    return dict(refused.value.findings)


def test_a_network_is_no_demonstration_unless_it_says_so(tmp_path: Path) -> None:
    network = load_network(written(tmp_path, A_NETWORK))

    assert not network.demo
    assert network.responsibilities[0].municipality.name == "Rheinberg"


def changed(*path: str | int, to: object) -> dict[str, Any]:
    network: Any = deepcopy(A_NETWORK)
    place = network
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = to
    return dict(network)


UNIT = A_NETWORK["participants"][0]["units"][0]
ROW = A_NETWORK["responsibilities"][0]["rows"][0]


@pytest.mark.parametrize(
    ("network", "pointer"),
    [
        (changed("surprise", to=1), ""),
        (changed("participants", 0, "surprise", to=1), "/participants/0"),
        (changed("participants", 0, "units", 0, "kid", to="x"), "/participants/0/units/0"),
        (changed("responsibilities", 0, "rows", 0, "note", to="x"), "/responsibilities/0/rows/0"),
        (changed("title", to=""), "/title"),
        (changed("demo", to="yes"), "/demo"),
        (changed("participants", to=[]), "/participants"),
        (changed("participants", 0, "units", to=[]), "/participants/0/units"),
        (changed("participants", 0, "id", to="jugendamt:5170032"), "/participants/0/id"),
        (changed("participants", 0, "id", to="gasthof:05170032"), "/participants/0/id"),
        (changed("participants", 0, "units", to=[UNIT, UNIT]), "/participants/0/units/1/id"),
        (
            changed("participants", to=[A_NETWORK["participants"][0]] * 2),
            "/participants/1/id",
        ),
        (
            changed("participants", 0, "units", to=[UNIT, UNIT | {"id": "jugendamt:05170032"}]),
            "/participants/0/units/1/id",
        ),
        (
            changed("participants", 0, "units", 0, "id", to="jugendamt:05170044.asd"),
            "/participants/0/units/0/id",
        ),
        (
            changed("participants", 0, "units", 0, "roles", to=["polizei"]),
            "/participants/0/units/0/roles",
        ),
        (
            changed("participants", 0, "units", 0, "office", to="richter"),
            "/participants/0/units/0/office",
        ),
        (
            changed("participants", 0, "units", 0, "telephone", to="bitte anrufen"),
            "/participants/0/units/0/telephone",
        ),
        (
            changed("responsibilities", 0, "rows", 0, "unit", to="jugendamt:05170044.asd"),
            "/responsibilities/0/rows/0/unit",
        ),
        (
            changed("responsibilities", 0, "rows", 0, "ags", to="0517003"),
            "/responsibilities/0/rows/0/ags",
        ),
        (changed("responsibilities", 0, "kind", to="polizei"), "/responsibilities/0/rows/0/unit"),
        (changed("responsibilities", 0, "rows", to=[ROW, ROW]), "/responsibilities/0/rows/1"),
        (
            changed("responsibilities", 0, "rows", to=[ROW, ROW | {"name": "Rheinstadt"}]),
            "/responsibilities/0/rows/1/name",
        ),
        (
            changed("responsibilities", 0, "valid_until", to=date(2019, 12, 31)),
            "/responsibilities/0",
        ),
        (changed("districts", to=[{"key": "05170", "name": "Kreis"}] * 2), "/districts/1/key"),
    ],
)
def test_a_file_that_is_not_understood_in_full_is_refused(
    tmp_path: Path, network: dict[str, Any], pointer: str
) -> None:
    assert pointer in findings(tmp_path, network)


A_ROSTER: dict[str, Any] = {
    "land": "nw",
    "office_hours": [{"days": ["mo"], "begins": "08:00", "ends": "16:00"}],
    "valid_from": "heute-30",
    "valid_until": "heute+365",
    "lines": [
        {
            "unit": "jugendamt:05170032.asd",
            "name": "Dienst",
            "telephone": "0221 4710997",
            "order": 1,
            "when": "always",
            "valid_from": "heute",
            "valid_until": "heute+365",
        }
    ],
}
HERE = "/participants/0/units/0"


def with_duty(**duty: Any) -> dict[str, Any]:
    network = changed("participants", 0, "units", 0, to=UNIT | {"roster": A_ROSTER} | duty)
    return network | {"demo": True}


def test_a_demonstration_counts_the_days_of_its_rosters_from_the_day_it_is_read(
    tmp_path: Path,
) -> None:
    service = {"organisation": "jugendamt:05170044", "valid_from": "heute-1"}
    network = with_duty(serves=[service | {"valid_until": date(2026, 12, 31)}])

    (unit,) = load_network(written(tmp_path, network), date(2026, 11, 1)).participants[0].units

    assert unit.roster is not None
    assert (unit.roster.valid_from, unit.roster.valid_until) == (
        date(2026, 10, 2),
        date(2027, 11, 1),
    )
    assert unit.roster.lines[0].valid_from == date(2026, 11, 1)
    assert unit.serves[0].valid_from == date(2026, 10, 31)


def test_a_real_network_names_real_days(tmp_path: Path) -> None:
    assert set(findings(tmp_path, with_duty() | {"demo": False})) == {
        f"{HERE}/roster/valid_from",
        f"{HERE}/roster/valid_until",
        f"{HERE}/roster/lines/0/valid_from",
        f"{HERE}/roster/lines/0/valid_until",
    }


@pytest.mark.parametrize("counted", ["heute+1000", "heute 1", "morgen", "heute+", "2026-11-01"])
def test_days_are_counted_in_one_way_alone(tmp_path: Path, counted: str) -> None:
    network = with_duty(roster=A_ROSTER | {"valid_from": counted})

    assert f"{HERE}/roster/valid_from" in findings(tmp_path, network)


def test_days_of_anything_else_are_never_counted(tmp_path: Path) -> None:
    network = with_duty()
    network["responsibilities"][0]["valid_from"] = "heute"

    assert list(findings(tmp_path, network)) == ["/responsibilities/0/valid_from"]


@pytest.mark.parametrize(
    ("roster", "pointer"),
    [
        (A_ROSTER | {"valid_until": "heute+400"}, f"{HERE}/roster/valid_until"),
        (
            A_ROSTER | {"lines": [A_ROSTER["lines"][0] | {"unit": "jugendamt:05170032.jgh"}]},
            f"{HERE}/roster/lines/0/unit",
        ),
        (
            A_ROSTER | {"lines": [A_ROSTER["lines"][0] | {"when": [{"days": ["mo"]}]}]},
            f"{HERE}/roster/lines/0/when/0/begins",
        ),
        (
            A_ROSTER | {"lines": [A_ROSTER["lines"][0] | {"when": "nachts"}]},
            f"{HERE}/roster/lines/0/when",
        ),
        (
            A_ROSTER | {"lines": [A_ROSTER["lines"][0] | {"geheim": "Lina"}]},
            f"{HERE}/roster/lines/0",
        ),
    ],
)
def test_a_roster_that_nobody_could_rely_on_is_not_proposed(
    tmp_path: Path, roster: dict[str, Any], pointer: str
) -> None:
    found = findings(tmp_path, with_duty(roster=roster))

    assert pointer in found
    assert not any("geheim" in place or "Lina" in place for place in found)


def test_a_refusal_repeats_nothing_that_stood_in_the_file(tmp_path: Path) -> None:
    network = changed("participants", 0, "geheim", to="Lina")
    network["responsibilities"][0]["rows"][0]["unit"] = "Lina"

    with pytest.raises(NetworkInvalid) as refused:
        load_network(written(tmp_path, network))

    assert "Lina" not in str(refused.value)
    assert "geheim" not in str(refused.value)


@pytest.mark.parametrize(
    "text",
    [
        "title: a\ntitle: b\n",
        "title: [",
        "",
        "- 1\n",
        "--- a\n--- b\n",
        "!!python/name:os.system",
        "a: 2023-13-45",
    ],
)
def test_what_is_not_one_network_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "netz.yaml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(NetworkInvalid):
        load_network(path)


def test_bytes_that_are_not_text_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "netz.yaml"
    path.write_bytes(b"title: \xff\xfe\n")

    with pytest.raises(NetworkInvalid):
        load_network(path)
