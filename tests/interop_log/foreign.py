# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which verifiers that are not ours are here, and what do they say?

A verifier that is missing is a reason to skip, and says so loudly; where ``MELDEWEG_INTEROP`` is
``required`` it is a failure, so that a green run means that they were asked.
"""

import os
import shutil
import subprocess
from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final, NoReturn

import pytest

HERE: Final = Path(__file__).parent
PLACE: Final = HERE.parents[1] / ".stamps" / "interop"
MODULES: Final = Path("/usr/share/gocode")
"""Where Debian puts ``golang-golang-x-mod-dev``."""
_TLOG: Final = MODULES / "src" / "golang.org" / "x" / "mod" / "sumdb" / "tlog"
BESIDE: Final = HERE.parents[1] / ".venv" / "bin"
_ENVIRONMENT: Final = "the environment of sigstore, pymerkle and scitt-cose"
_PYTHON: Final = PLACE / "venv" / "bin" / "python"
_NEWER: Final = PLACE / "venv312" / "bin"
"""The environment of what needs Python 3.12."""


def absent(tool: str) -> NoReturn:
    """Skip, or fail where a verifier must not be missing."""
    text = f"NOT VERIFIED: {tool} is missing; tests/interop_log/tools.sh sets it up"
    if os.environ.get("MELDEWEG_INTEROP") == "required":
        pytest.fail(text)
    # Skipped aloud: a machine without Go can still run everything else; `make interop` requires it.
    pytest.skip(text)


@cache
def go() -> Path | None:
    """Return our program over golang.org/x/mod, built once for its text; None without Go."""
    compiler, source = shutil.which("go"), HERE / "go" / "main.go"
    if compiler is None or not _TLOG.is_dir():
        return None
    program = PLACE / f"verify-{sha256(source.read_bytes()).hexdigest()[:16]}"
    if not program.exists():
        PLACE.mkdir(parents=True, exist_ok=True)
        # Several runners may build at once; each moves a whole program into place.
        fresh = program.with_suffix(f".{os.getpid()}")
        alone = {
            "GO111MODULE": "off",
            "GOPATH": str(MODULES),
            "GOCACHE": str(PLACE / "go-cache"),
            "GOFLAGS": "",
            "GOPROXY": "off",
            "GOTOOLCHAIN": "local",
        }
        command = [compiler, "build", "-o", str(fresh), source.name]
        subprocess.run(command, cwd=source.parent, env=os.environ | alone, check=True)
        fresh.replace(program)
    return program


def ask_go(*words: str | Path) -> "subprocess.CompletedProcess[str]":
    """Ask the program over golang.org/x/mod; it ends with 0 where everything holds."""
    program = go()
    if program is None:
        absent("Go with golang.org/x/mod")
    return _run(program, *words)


def go_verdicts(questions: Iterable[str]) -> list[bool]:
    """Return what golang.org/x/mod says to each proof."""
    program = go()
    if program is None:
        absent("Go with golang.org/x/mod")
    return _verdicts(questions, program, "verdicts")


def ask_python(*words: str) -> str:
    """Return what pymerkle, sigstore or scitt-cose say, in their own environment."""
    if not _PYTHON.exists():
        absent(_ENVIRONMENT)
    answer = _run(_PYTHON, HERE / "python_verdicts.py", *words)
    assert answer.returncode == 0, answer.stderr
    return answer.stdout


def sigstore_verdicts(questions: Iterable[str]) -> list[bool]:
    """Return what sigstore says to each proof of inclusion."""
    if not _PYTHON.exists():
        absent(_ENVIRONMENT)
    return _verdicts(questions, _PYTHON, HERE / "python_verdicts.py", "verdicts")


def scitt_verdicts(questions: Iterable[str]) -> list[bool]:
    """Return what scitt-cose says to each proof."""
    if not _PYTHON.exists():
        absent(_ENVIRONMENT)
    return _verdicts(questions, _PYTHON, HERE / "python_verdicts.py", "scitt")


def ask_aics(*words: str | Path) -> "subprocess.CompletedProcess[str]":
    """Ask ``aics-tlog``; it ends with 0 where everything holds."""
    return _run(aics("aics-tlog"), *words)


def aics(program: str) -> Path:
    """Return a program of the environment that needs Python 3.12."""
    if not (_NEWER / program).exists():
        # No Python of this machine is new enough; tools.sh says so, and nobody can make it one.
        pytest.skip(f"NOT VERIFIED: {program} needs Python 3.12; tests/interop_log/tools.sh")
    return _NEWER / program


def node() -> str:
    """Return the Node of this machine, or of the lock file."""
    found = shutil.which("node") or shutil.which("node", path=str(BESIDE))
    return found or absent("Node")


def shell(script: str, directory: Path) -> "subprocess.CompletedProcess[str]":
    """Run the lines of a paper with the tools of this machine."""
    for tool in ("openssl", "sha256sum", "bash"):
        if shutil.which(tool) is None:
            absent(tool)
    text = f"set -eu -o pipefail\n{script}"
    return _run("bash", "-c", text, cwd=directory)


def _run(
    program: str | Path, *words: str | Path, cwd: Path | None = None, said: str | None = None
) -> "subprocess.CompletedProcess[str]":
    command = [str(program), *map(str, words)]
    return subprocess.run(
        command, cwd=cwd, input=said, check=False, capture_output=True, text=True, timeout=240
    )


def _verdicts(questions: Iterable[str], program: str | Path, *words: str | Path) -> list[bool]:
    answer = _run(program, *words, said="\n".join(questions) + "\n")
    assert answer.returncode == 0, answer.stdout[-500:] + answer.stderr[-500:]
    return [line == "true" for line in answer.stdout.splitlines()]
