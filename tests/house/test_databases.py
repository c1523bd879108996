# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Whatever opens a database is tested on both; only what opens none runs once."""

import ast
import re
from pathlib import Path

import pytest

from tests.house.source import ROOT

OPENING = (
    "hub.audit.log",
    "hub.main.assembly",
    "hub.main.genesis",
    "hub.store",
    "sqlalchemy",
    "tests.databases",
    "tests.postgresql",
    "tests.world",
)
KINDS = (ast.FunctionDef, ast.AsyncFunctionDef)
FIXTURES = {"world"}
"""What ``tests/conftest.py`` gives to whoever asks for it by its name."""


def left_out() -> list[str]:
    """Return the folders that the second run of ``make test`` leaves out."""
    text = (ROOT / "Makefile").read_text(encoding="utf-8").replace("\\\n", " ")
    [said] = re.findall(r"^WITHOUT_DATABASE := (.*)$", text, re.MULTILINE)
    plain, prefixed = (
        re.sub(r"\$\(.*?\)", "", said),
        re.findall(r"\$\(addprefix (.*?),(.*?)\)", said),
    )
    return [
        *plain.split(),
        *(f"{where}{name}" for where, names in prefixed for name in names.split()),
    ]


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def opening(path: Path, seen: set[Path] | None = None) -> set[str]:
    """Return through what a test could open a database, by all that it imports from the tests."""
    known = set() if seen is None else seen
    known.add(path)
    found = set()
    for name in imported(path):
        if name.startswith(OPENING):
            found.add(name)
        below = ROOT.joinpath(*name.split(".")).with_suffix(".py")
        if (
            name.startswith(("tests.", "specs.", "deploy."))
            and below.exists()
            and below not in known
        ):
            found |= opening(below, known)
    return found


def asked_for(path: Path) -> set[str]:
    functions = [node for node in ast.walk(tree(path)) if isinstance(node, KINDS)]
    tests = [each for each in functions if each.name.startswith("test_")]
    return {argument.arg for each in tests for argument in each.args.args} & FIXTURES


@pytest.mark.parametrize("folder", left_out())
def test_what_is_left_out_opens_no_database(folder: str) -> None:
    files = [path for path in (ROOT / folder).rglob("*.py") if path != Path(__file__)]

    assert files
    assert {path.name: opening(path) for path in files if opening(path)} == {}
    assert {path.name: asked_for(path) for path in files if asked_for(path)} == {}


@pytest.mark.parametrize(
    "name", ["tests/unit/store/test_writer.py", "tests/journeys/test_receipts.py", "tests/world.py"]
)
def test_the_search_finds_what_opens_one(name: str) -> None:
    assert opening(ROOT / name)


def test_a_world_that_is_asked_for_by_name_is_found() -> None:
    assert asked_for(ROOT / "tests" / "journeys" / "test_rueckmeldung_put_right.py") >= {"world"}


def test_the_second_run_is_that_of_the_makefile() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")

    assert "MELDEWEG_TEST_DATABASE=postgresql $(PYTEST) $(WITHOUT_DATABASE" in text
    assert "$(WITHOUT_DATABASE:%=--ignore=%)" in text
