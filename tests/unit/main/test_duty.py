# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who has to act can be asked at a command line, with the proposals of files alone."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from hub.main.cli import app_for
from hub.schemas import SPECS

WERNE = "jugendamt:05978040.asd"
NETWORK = SPECS / "networks" / "kreis-unna-werne.yaml"
ENDED = """\
title: Erfundenes Netz
demo: true
participants:
  - id: jugendamt:05978099
    name: Erfundenes Kreisjugendamt
    units:
      - id: jugendamt:05978099.asd
        name: Dienst
        roles: [jugendamt]
        telephone: "0221 4710800"
        roster:
          land: nw
          valid_from: 2026-01-01
          valid_until: 2026-12-31
          office_hours: [{days: [mo], begins: "08:00", ends: "16:00"}]
          lines:
            - name: Dienst
              unit: jugendamt:05978099.asd
              telephone: "0221 4710801"
              order: 1
              when: office-hours
              valid_from: 2026-01-01
              valid_until: 2026-12-31
responsibilities: []
"""


@pytest.fixture(autouse=True)
def _no_hub_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def ended(tmp_path: Path) -> Path:
    path = tmp_path / "netz.yaml"
    path.write_text(ENDED, "utf-8")
    return path


def duty(*words: str | Path) -> Result:
    arguments = ["duty", *map(str, words)]
    return CliRunner().invoke(app_for(arguments), arguments)


def as_data(*words: str | Path) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(duty(*words, "--json").stdout)
    return said


def test_on_saturday_night_in_werne_the_crisis_service_is_asked() -> None:
    found = duty("--for", WERNE, "--at", "2026-11-21T21:52")

    assert found.exit_code == 0
    assert "Samstag 21:52 Uhr, das Amt ist geschlossen; laut Bereitschaftsplan" in found.stdout
    assert "1. Rufbereitschaft, Telefon +49 171 39200 01" in found.stdout
    assert "Grundlage: § 8a Abs. 1 SGB VIII" in found.stdout
    assert "Das gilt bis Montag, 23.11.2026, 08:00 Uhr." in found.stdout
    assert "von niemandem unterschrieben" in found.stdout


def test_the_same_is_said_to_programs() -> None:
    said = as_data("--for", WERNE, "--at", "2026-11-21T21:52", "--network", NETWORK)

    assert said["valid"]
    assert said["first"] == "krisendienst:rufbereitschaft-demo.05978040"
    assert said["until"] == "2026-11-23T08:00:00+01:00"
    assert [turn["order"] for turn in said["turns"]] == [1, 2, 3]
    assert said["turns"][2]["unit"] is None
    assert said["office"] == {
        "open": False,
        "opens": "2026-11-23T08:00:00+01:00",
        "closes": None,
        "closed_for": None,
    }


def test_of_a_time_that_there_is_twice_the_first_is_meant() -> None:
    assert as_data("--for", WERNE, "--network", NETWORK, "--at", "2026-10-25T02:30")["at"].endswith(
        "+02:00"
    )
    second = as_data("--for", WERNE, "--network", NETWORK, "--at", "2026-10-25T02:30+01:00")
    assert "(nach der Umstellung)" in second["reason"]


def test_holidays_and_school_holidays_are_said() -> None:
    assert (
        "(Fronleichnam)"
        in duty("--for", WERNE, "--network", NETWORK, "--at", "2026-06-04T10:00").stdout
    )
    assert (
        "Schulferien (Herbstferien)"
        in duty("--for", WERNE, "--network", NETWORK, "--at", "2026-10-26T10:00").stdout
    )


def test_a_week_is_a_table() -> None:
    found = duty("--for", WERNE, "--network", NETWORK, "--at", "2026-10-24T12:00", "--week")

    assert found.exit_code == 0
    assert "Sonntag, 25.10.2026 (dieser Tag hat 25 Stunden, Herbstferien)" in found.stdout
    assert "  12:30 – 24:00  Rufbereitschaft" in found.stdout
    assert found.stdout.count("  00:00 – ") == 6


def test_a_week_has_no_gap_and_ends_after_seven_days() -> None:
    said = as_data("--for", WERNE, "--network", NETWORK, "--at", "2026-10-24T12:00", "--week")
    starts = [span["from"] for span in said["spans"]]

    assert starts == sorted(starts)
    assert starts[0] == "2026-10-24T12:00:00+02:00"
    assert starts[-1] == "2026-10-30T12:30:00+01:00"


def test_where_the_roster_names_nobody_the_exit_code_says_so(ended: Path) -> None:
    found = duty("--for", "jugendamt:05978099.asd", "--at", "2026-11-21T21:52", "--network", ended)

    assert found.exit_code == 3
    assert "nennt für diese Zeit niemanden" in found.stdout
    assert "„sofort“ würde jetzt zurückgewiesen" in found.stdout
    assert "0221 4710800" in found.stdout
    assert "110" in found.stdout
    assert "Danach: Dienst." in found.stdout


def test_a_neighbour_is_named_where_there_is_one(ended: Path) -> None:
    said = as_data(
        "--for", "jugendamt:05978099.asd", "--at", "2026-11-21T21:52",
        "--network", ended, "--network", NETWORK,
    )  # fmt: skip

    assert not said["valid"]
    assert "+49 " in said["instead"]


def test_a_roster_that_ended_yesterday_is_none(ended: Path) -> None:
    unit = "jugendamt:05978099.asd"
    found = duty("--for", unit, "--at", "2027-01-01T00:00", "--network", ended)

    assert found.exit_code == 3
    assert "galt bis zum 31.12.2026" in found.stdout
    assert "Eine Änderung ist nicht abzusehen." in found.stdout


def test_a_week_with_a_gap_ends_with_the_same_code(ended: Path) -> None:
    unit = "jugendamt:05978099.asd"
    found = duty("--for", unit, "--at", "2026-11-23T09:00", "--week", "--network", ended)

    assert found.exit_code == 3
    assert "niemand; „sofort“ wird zurückgewiesen" in found.stdout


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--for", "jugendamt:05978040"), "jugendamt:05978040.asd"),
        (("--for", "jugendamt:05111000.asd"), "nicht bekannt"),
        (("--for", WERNE, "--at", "gestern"), "JJJJ-MM-TTThh:mm"),
        (("--for", WERNE, "--at", "1066-10-14"), "Der Kalender reicht von 1991 bis 2100"),
        (("--for", WERNE, "--network", "fehlt.yaml"), "Das gibt es nicht"),
    ],
)
def test_what_is_asked_wrongly_is_explained(words: tuple[str, ...], says: str) -> None:
    found = duty(*words)

    assert found.exit_code == 1
    assert says in found.stderr
