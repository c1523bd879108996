# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.directory.csvfile import MAX_BYTES, MAX_ROWS, TableInvalid
from hub.directory.rows import Tables
from hub.directory.tables import load_overlay, parse_tables, written
from tests.unit.directory.rows import SIMPLE

HEAD = "kind,ags,organisation,valid_from,valid_until,basis,confidence,source\n"
ROW = "polizei,05170032,polizei:kpb-wesel,2024-01-01,,polizeibezirk,belegt,Verordnung\n"


def findings(text: str) -> str:
    with pytest.raises(TableInvalid) as invalid:
        parse_tables(text.encode())
    return str(invalid.value)


def test_a_table_is_known_by_its_header() -> None:
    tables = parse_tables((HEAD + ROW).encode())

    assert [row.organisation for row in tables.assignments] == ["polizei:kpb-wesel"]
    assert not [*tables.places, *tables.offices, *tables.postcodes]


@pytest.mark.parametrize(
    "text",
    [
        "\ufeff" + HEAD + ROW,
        (HEAD + ROW).replace("\n", "\r\n"),
        (HEAD + ROW).replace(",", ";"),
        HEAD + "\n" + ROW + "\n",
        (HEAD + ROW).replace(",", " , "),
    ],
)
def test_a_table_is_read_as_spreadsheets_write_it(text: str) -> None:
    assert parse_tables(text.encode()) == parse_tables((HEAD + ROW).encode())


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("Verordnung", "=HYPERLINK(1)", "Zeile 2, Spalte source: beginnt wie eine Formel."),
        ("Verordnung", "@SUM(1)", "Zeile 2, Spalte source: beginnt wie eine Formel."),
        ("Verordnung", "-1", "beginnt wie eine Formel."),
        ("Verordnung", "+1", "beginnt wie eine Formel."),
        ("Verordnung", "Ver\x07ordnung", "Zeile 2: enthält Steuer- oder unsichtbare Zeichen."),
        ("Verordnung", "Ver\u202eordnung", "unsichtbare Zeichen"),
        ("Verordnung", "Ver\tordnung", "unsichtbare Zeichen"),
        ("Verordnung", '"Ver\nordnung"', "Spalte source: hat nicht die verlangte Form."),
        ("Verordnung", "", "Spalte source: hat nicht die verlangte Form."),
        ("Verordnung", "x" * 401, "länger als 400"),
        ("05170032", "5170032", "Spalte ags: hat nicht die verlangte Form."),
        ("polizei:kpb-wesel", "polizei:kpb wesel", "Spalte organisation"),
        ("polizei:kpb-wesel", "polizei:kpb-wesel.wache", "Spalte organisation"),
        ("2024-01-01", "01.01.2024", "Spalte valid_from"),
        ("2024-01-01", "2024-02-30", "nennt einen Tag, den es nicht gibt"),
        ("belegt", "sicher", "Spalte confidence"),
        (",belegt", ",belegt,mehr", "mehr oder weniger Zellen"),
        ("source\n", "quelle\n", "Kopfzeile"),
        ("source\n", "source,source\n", "Kopfzeile"),
    ],
)
def test_a_cell_that_cannot_be_trusted_is_refused(before: str, after: str, said: str) -> None:
    assert said in findings((HEAD + ROW).replace(before, after))


def test_a_finding_never_repeats_what_stood_there() -> None:
    assert "GEHEIM" not in findings((HEAD + ROW).replace("Verordnung", "=GEHEIM"))


def test_a_row_twice_is_refused() -> None:
    assert "Zeile 3: steht schon weiter oben." in findings(HEAD + ROW + ROW)


def test_bytes_that_are_no_table_are_refused() -> None:
    for raw in (b"", b"\xff\xfe\x00", b"x" * (MAX_BYTES + 1), b'"'):
        with pytest.raises(TableInvalid):
            parse_tables(raw)


def test_a_table_without_end_is_refused() -> None:
    assert "mehr als" in findings("plz,ags\n" + "47495,05170032\n" * (MAX_ROWS + 1))


@given(st.binary(max_size=200))
def test_whatever_is_given_is_read_or_refused(raw: bytes) -> None:
    """No other exception leaves the reader, whatever the bytes."""
    with suppress(TableInvalid):
        assert isinstance(parse_tables(raw), Tables)


def test_what_was_written_is_read_again(tmp_path: Path) -> None:
    for name, content in written(SIMPLE).items():
        (tmp_path / name).write_bytes(content)

    again = load_overlay(tmp_path)

    assert again == SIMPLE
    assert load_overlay(tmp_path / "leer") == Tables()
