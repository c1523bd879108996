# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the catalogue allows can be asked at a command line, as text, as data and as a picture."""

import json
from pathlib import Path

from typer.testing import CliRunner, Result

from hub.main.cli import app_for
from hub.protocols.compiled import load_compiled
from hub.protocols.matrix import make_matrix
from hub.protocols.matrix_data import as_json
from hub.protocols.matrix_svg import as_svg


def typed(*arguments: str) -> Result:
    words = ["protocols", *arguments]
    return CliRunner().invoke(app_for(words), words)


def test_the_matrix_is_that_of_the_catalogue() -> None:
    matrix = make_matrix(load_compiled())

    assert json.loads(typed("matrix", "--json").stdout) == as_json(matrix)
    assert json.loads(typed("matrix", "--json", "--for", "schule").stdout) == as_json(
        matrix.of("schule")
    )
    assert json.loads(typed("matrix", "--json", "--opening").stdout) == as_json(matrix.opening())


def test_every_version_is_shown_to_whoever_asks_for_all() -> None:
    said = json.loads(typed("matrix", "--json", "--all").stdout)

    assert {each["name"] for each in said["protocols"]} == set(load_compiled().protocols)


def test_a_role_reads_its_own_row_in_words() -> None:
    said = typed("matrix", "--for", "schule").stdout

    assert "Schule → Jugendamt: Mitteilung gewichtiger Anhaltspunkte" in said
    assert "Polizei → Jugendamt" not in said


def test_the_picture_is_written_where_one_says(tmp_path: Path) -> None:
    done = typed("matrix", "--svg", str(tmp_path / "matrix.svg"))
    failed = typed("matrix", "--svg", str(tmp_path / "fehlt" / "matrix.svg"))

    assert (done.exit_code, failed.exit_code) == (0, 1)
    assert (tmp_path / "matrix.svg").read_text("utf-8") == as_svg(make_matrix(load_compiled()))
    assert "Das gibt es nicht" in failed.stderr


def test_a_role_or_step_that_is_not_there_names_those_that_are() -> None:
    role, step = typed("matrix", "--for", "nix"), typed("step", "schule-mitteilung", "nix")
    protocol = typed("step", "nix", "mitteilung")

    assert (role.exit_code, step.exit_code, protocol.exit_code) == (1, 1, 1)
    assert "Bekannt sind: schule, jugendamt" in role.stderr
    assert "hat die Schritte: mitteilung, rueckfrage" in step.stderr
    assert "schema-unknown" in protocol.stderr


def test_a_step_is_explained_with_the_meaning_of_its_law() -> None:
    said = typed("step", "schule-mitteilung", "mitteilung")

    assert said.exit_code == 0
    assert "so ist sie „befugt“" in said.stdout
    assert "Bewusst nicht dabei\n  Religion" in said.stdout
