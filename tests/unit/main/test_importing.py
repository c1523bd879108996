# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from hub.directory.land import shipped_tables
from hub.directory.tables import written
from hub.main.cli import app_for

HEAD = "kind,ags,organisation,valid_from,valid_until,basis,confidence,source\n"
TOWN = "jugendamt,05170032,jugendamt:05170032,2023-11-30,2026-12-31,eigenes-jugendamt,belegt,Erlass"
KREIS = "jugendamt,05170032,jugendamt:05170000,2027-01-01,,kreisjugendamt,belegt,Erlass"


def directory(*words: str | Path) -> Result:
    arguments = ["directory", *map(str, words)]
    return CliRunner().invoke(app_for(arguments), arguments)


def a_table(folder: Path, *rows: str, head: str = HEAD) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / "zeilen.csv"
    path.write_text(head + "".join(f"{row}\n" for row in rows), "utf-8")
    return path


def whose(folder: Path, on: str) -> str:
    said = directory(
        "responsible", "--kind", "jugendamt", "--ags", "05170032", "--on", on,
        "--dir", folder, "--json",
    )  # fmt: skip
    return str(json.loads(said.stdout)["organisation"])


def test_a_dry_run_shows_what_would_change_and_changes_nothing(tmp_path: Path) -> None:
    own = tmp_path / "eigene"

    said = directory("import", a_table(tmp_path, TOWN, KREIS), "--dir", own, "--dry-run")

    assert said.exit_code == 0
    assert "neu: Ab 01.01.2027 ist für ein Kind in Rheinberg (05170032)" in said.stdout
    assert "Es ist nichts übernommen." in said.stdout
    assert not own.exists()


def test_what_was_imported_counts_from_its_day_on(tmp_path: Path) -> None:
    own = tmp_path / "eigene"

    said = directory("import", a_table(tmp_path, TOWN, KREIS), "--dir", own, "--json")

    assert json.loads(said.stdout)["applied"]
    assert [each["what"] for each in json.loads(said.stdout)["changes"]] == ["geaendert", "neu"]
    assert whose(own, "2026-12-31") == "jugendamt:05170032"
    assert whose(own, "2027-01-01") == "jugendamt:05170000"
    assert [path.name for path in own.iterdir()] == ["zustaendigkeit.csv"]


def test_the_same_import_again_changes_nothing(tmp_path: Path) -> None:
    table = a_table(tmp_path, TOWN, KREIS)
    directory("import", table, "--dir", tmp_path / "eigene")

    again = directory("import", table, "--dir", tmp_path / "eigene")

    assert "Es ändert sich nichts." in again.stdout


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([KREIS], "zwei Stellen zuständig"),
        ([TOWN], "keine Stelle zuständig"),
        ([TOWN.replace("05170032,", "05999999,")], "Gemeinde ist nicht verzeichnet"),
        ([TOWN.replace("Erlass", "=Erlass")], "Spalte source: beginnt wie eine Formel."),
    ],
)
def test_tables_that_cannot_be_used_are_not_taken(
    tmp_path: Path, rows: list[str], said: str
) -> None:
    own = tmp_path / "eigene"

    refused = directory("import", a_table(tmp_path, *rows), "--dir", own)

    assert refused.exit_code == 1
    assert said in refused.stderr
    assert not own.exists()


def test_an_edition_ends_what_it_replaces(tmp_path: Path) -> None:
    """Only a new edition may do so by itself: it names everything that there is."""
    edition, own = tmp_path / "stand", tmp_path / "eigene"
    rows = written(shipped_tables())["zustaendigkeit.csv"].decode().splitlines()
    changed = [row for row in rows[1:] if not row.startswith("jugendamt,05170032,")]
    table = a_table(edition, KREIS, *changed)

    said = directory("update", edition, "--dir", own, "--on", "2027-01-01", "--json")

    assert table.is_file()
    assert [each["what"] for each in json.loads(said.stdout)["changes"]] == ["endet", "neu"]
    assert whose(own, "2026-12-31") == "jugendamt:05170032"
    assert whose(own, "2027-01-01") == "jugendamt:05170000"


def test_a_folder_without_tables_is_no_edition(tmp_path: Path) -> None:
    said = directory("update", tmp_path, "--dir", tmp_path / "eigene")

    assert said.exit_code == 1
    assert "keine CSV-Datei" in said.stderr


def test_what_is_to_be_confirmed_is_listed() -> None:
    said = json.loads(directory("unconfirmed", "--kind", "jugendamt", "--json").stdout)

    assert {"Kreis Warendorf", "Städteregion Aachen"} <= {each["kreis"] for each in said}
    assert "Kreis Wesel" not in {each["kreis"] for each in said}


def test_a_postcode_is_answered_where_the_office_is_the_same_and_asked_about_elsewhere(
    tmp_path: Path,
) -> None:
    rows = ["47495,05170032", "47499,05170032", "47499,05170052", "46509,05170052",
            "46509,05170004"]  # fmt: skip
    own = tmp_path / "eigene"
    directory("import", a_table(tmp_path, *rows, head="plz,ags\n"), "--dir", own)

    def asked(plz: str) -> Result:
        return directory("responsible", "--kind", "jugendamt", "--plz", plz, "--dir", own)

    assert asked("47495").stdout.startswith("jugendamt:05170032\n")
    assert asked("46509").stdout.startswith("jugendamt:05170000\n")
    assert asked("47499").exit_code == 1
    assert "Rheinberg (05170032) oder Xanten (05170052)?" in asked("47499").stderr
    assert "In welcher Gemeinde ist das Kind?" in asked("20095").stderr


def test_municipality_or_postcode_but_not_both() -> None:
    for words in ([], ["--ags", "Xanten", "--plz", "46509"]):
        assert directory("responsible", "--kind", "jugendamt", *words).exit_code == 1
