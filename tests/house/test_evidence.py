# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""No check can be left out: evidence is made in one place, and the next stage demands it."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from hub.model import evidence
from tests.house.source import ROOT, dotted, modules

ESTABLISHED = {
    "AuthenticatedClient": "hub.trust.tokens",
    "VerifiedSignature": "hub.trust.signatures",
    "SoundEnvelope": "hub.trust.envelope",
    "SoundForm": "hub.protocols.scope",
    "AdmittedStep": "hub.protocols.admit",
    "Addressee": "hub.directory.addressee",
    "FirstAsked": "hub.directory.addressee",
    "Accepted": "hub.submit",
}

# A call of ``hub.submit.decide``, what would stand in its place if somebody left it out, and what
# mypy says then.
LEFT_OUT = {
    "verify_signature": (
        "parsed",
        '"check_envelope" has incompatible type "ParsedMessage"; expected "VerifiedSignature"',
    ),
    "check_envelope": (
        "signature",
        '"check_scope" has incompatible type "VerifiedSignature"; expected "SoundEnvelope"',
    ),
    "check_scope": (
        "sound",
        '"admit" has incompatible type "SoundEnvelope"; expected "SoundForm"',
    ),
    "admit": (
        "form",
        '"check_addressee" has incompatible type "SoundForm"; expected "AdmittedStep"',
    ),
    "check_addressee": (
        "admitted",
        '"Accepted" has incompatible type "AdmittedStep"; expected "Addressee"',
    ),
    "Accepted": (
        "form",
        'got "SoundForm", expected "Accepted | Known"',
    ),
}

REPLACING = {"replace", "dataclasses.replace"}


def test_the_table_names_every_kind_of_evidence() -> None:
    classes = {name for name, value in vars(evidence).items() if isinstance(value, type)}
    own = {name for name in classes if vars(evidence)[name].__module__ == evidence.__name__}

    assert own == ESTABLISHED.keys()


@pytest.mark.parametrize("kind", ESTABLISHED)
def test_evidence_is_constructed_where_it_is_established_and_nowhere_else(kind: str) -> None:
    places = [
        module.name
        for module in modules()
        for _, called in module.calls()
        if called.rpartition(".")[2] == kind
    ]

    assert places == [ESTABLISHED[kind]]


def test_evidence_goes_by_no_other_name() -> None:
    """Renamed, or altered after the fact, it would be made in a second place unseen."""
    renamed = [
        (module.name, alias.name)
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
        if alias.name in ESTABLISHED and alias.asname
    ]
    altered = [
        (module.name, called)
        for module in modules()
        if evidence.__name__ in module.imports()
        for _, called in module.calls()
        if called.endswith(("__setattr__", "__new__")) or called in REPLACING
    ]

    assert (renamed, altered) == ([], [])


@pytest.fixture(scope="module")
def complaints(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What mypy says of ``hub/submit.py`` with each stage left out, and of an unchanged copy."""
    folder = tmp_path_factory.mktemp("left_out")
    whole = (ROOT / "hub" / "submit.py").read_text(encoding="utf-8")
    (folder / "without_nothing.py").write_text(whole, encoding="utf-8")
    for stage, (instead, _) in LEFT_OUT.items():
        altered = without(whole, stage, instead)
        (folder / f"without_{stage}.py").write_text(altered, encoding="utf-8")
    said = mypy(folder)
    return {
        path.stem: "\n".join(line for line in said if path.name in line)
        for path in sorted(folder.glob("*.py"))
    }


def without(source: str, function: str, instead: str) -> str:
    """Return the source with something else in the place of the one call of a function."""
    [call] = [
        ast.get_source_segment(source, node)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and dotted(node.func) == function
    ]
    assert call is not None
    return source.replace(call, instead)


def mypy(folder: Path) -> list[str]:
    """Return the lines that mypy has to say of the files in a folder, in one run."""
    files = [str(path) for path in sorted(folder.glob("*.py"))]
    command = [sys.executable, "-m", "mypy", "--config-file", "pyproject.toml", "--no-pretty"]
    ran = subprocess.run([*command, *files], cwd=ROOT, capture_output=True, text=True, check=False)
    assert not ran.stderr, ran.stderr
    return ran.stdout.splitlines()


def test_the_line_as_it_stands_has_no_error(complaints: dict[str, str]) -> None:
    assert complaints["without_nothing"] == ""


@pytest.mark.parametrize("stage", LEFT_OUT)
def test_leaving_out_a_stage_is_an_error_of_types(complaints: dict[str, str], stage: str) -> None:
    _, expected = LEFT_OUT[stage]

    assert expected in complaints[f"without_{stage}"]
