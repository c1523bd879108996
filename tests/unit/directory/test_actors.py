# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2

import pytest

from hub.directory.actors import preview, read_actors
from hub.directory.csvfile import TableInvalid

HEAD = "id;name;unit;unit_name;role;telephone;office\n"
SCHOOL = "schule:999001;Erfundene Schule;;;;+49 221 4710 301;\n"
COURT = (
    "gericht:R1306;Amtsgericht Rheinberg;familiengericht;Familiengericht;gericht;"
    "+49 221 4710 302;richter\n"
    "gericht:R1306;Amtsgericht Rheinberg;geschaeftsstelle;;gericht;+49 221 4710 303;\n"
)


def test_one_line_is_one_unit_and_lines_of_one_id_are_one_organisation() -> None:
    school, court = read_actors((HEAD + SCHOOL + COURT).encode())

    assert [unit.id for unit in school.units] == ["schule:999001"]
    assert school.units[0].roles == ("schule",)
    assert [unit.id for unit in court.units] == [
        "gericht:R1306.familiengericht",
        "gericht:R1306.geschaeftsstelle",
    ]
    assert [unit.office for unit in court.units] == ["richter", None]
    assert court.units[1].name == "Amtsgericht Rheinberg"


def test_three_columns_are_enough() -> None:
    (school,) = read_actors(b"id,name,telephone\nschule:999001,Erfundene Schule,0221 4710301\n")

    assert school.units[0].telephone == "0221 4710301"


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("schule:999001", "schule:12", "Zeile 2, Spalte id: ist keine Kennung"),
        ("schule:999001", "schulen:999001", "Zeile 2, Spalte id: ist keine Kennung"),
        (";;;;+49 221 4710 301", ";;;polizei;+49 221 4710 301", "Spalte role"),
        ("4710 301;", "4710 301;richter", "Spalte office"),
        ("geschaeftsstelle;", "familiengericht;", "Zeile 4, Spalte unit"),
        ("geschaeftsstelle;;", ";;", "Zeile 4, Spalte unit"),
        ("Erfundene Schule", "=cmd", "Formel"),
        ("+49 221 4710 301", "=1+1", "Spalte telephone"),
        (
            "Amtsgericht Rheinberg;geschaeftsstelle",
            "Amtsgericht Moers;geschaeftsstelle",
            "Zeile 4, Spalte name",
        ),
    ],
)
def test_a_proposal_that_cannot_be_used_is_refused(before: str, after: str, said: str) -> None:
    with pytest.raises(TableInvalid) as invalid:
        read_actors((HEAD + SCHOOL + COURT).replace(before, after, 1).encode())

    assert said in str(invalid.value)


def test_an_organisation_with_too_many_units_is_refused() -> None:
    lines = "".join(
        f"schule:999001;Erfundene Schule;einheit-{number};;;+49 221 4710 301;\n"
        for number in range(17)
    )
    with pytest.raises(TableInvalid, match="16"):
        read_actors((HEAD + lines).encode())


def test_the_preview_says_what_is_new_changed_and_the_same() -> None:
    school, court = read_actors((HEAD + SCHOOL + COURT).encode())
    renamed = school.model_copy(update={"name": "Alte Schule"})
    smaller = court.model_copy(update={"units": court.units[:1]})

    assert preview([school], {}) == (
        "neu: „Erfundene Schule“ (schule:999001) mit einer Organisationseinheit vorgeschlagen.",
    )
    assert preview([school], {school.id: school}) == (
        "unverändert: „Erfundene Schule“ (schule:999001).",
    )
    assert preview([school, court], {school.id: renamed, court.id: smaller}) == (
        "geändert: „Erfundene Schule“ (schule:999001): Name.",
        f"geändert: „Amtsgericht Rheinberg“ ({court.id}): neue Einheit {court.units[1].id}.",
    )
