# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Where is Node, and what does the other program answer?"""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import IO, Any, Final

ROOT: Final = Path(__file__).parents[2]
HERE: Final = Path(__file__).parent
OLDEST: Final = 20
"""WebCrypto with Ed25519, and strings that know whether they are well-formed."""
PACKAGES: Final = ("core", "hybridkem-x-wing")


@cache
def node() -> str:
    """Return a Node that is new enough: the one of this machine, or the one that was set up."""
    beside = Path(sys.executable).with_name("node")
    for found in (str(beside), shutil.which("node")):
        if found is not None and Path(found).exists() and _major(found) >= OLDEST:
            return found
    raise AssertionError(f"Node {OLDEST} or newer is missing: make sets it up")


def _major(program: str) -> int:
    said = subprocess.run([program, "--version"], check=True, capture_output=True, text=True)
    return int(said.stdout.strip().removeprefix("v").partition(".")[0])


def run_tests(*files: str) -> "subprocess.CompletedProcess[str]":
    """Run test files of Node to their end."""
    check_packages()
    return subprocess.run(
        [node(), "--test", "--test-reporter=tap", *(str(HERE / name) for name in files)],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )


def check_packages() -> None:
    missing = [name for name in PACKAGES if not (ROOT / "node_modules/@hpke" / name).is_dir()]
    assert missing == [], "npm ci has not run: make sets it up"


class Refused(Exception):  # noqa: N818  a refusal of the other program, named like ours
    """The other program refused, with this code and at these places."""

    def __init__(self, code: str, pointers: list[str]) -> None:
        super().__init__(code)
        self.code = code
        self.pointers = pointers


class Peer:
    """The other program, asked line by line."""

    def __init__(self, questions: IO[str], answers: IO[str]) -> None:
        self._questions = questions
        self._answers = answers

    def ask(self, op: str, **question: Any) -> dict[str, Any]:
        """Return the answer, or raise the refusal."""
        self._questions.write(json.dumps({"op": op, **question}) + "\n")
        self._questions.flush()
        line = self._answers.readline()
        assert line, "the other program has ended; its last words are on standard error"
        answer: dict[str, Any] = json.loads(line)
        if "code" in answer:
            raise Refused(answer["code"], answer["pointers"])
        return answer


@contextmanager
def a_peer() -> Iterator[Peer]:
    """Start the other program; it ends with its input."""
    check_packages()
    with subprocess.Popen(
        [node(), str(HERE / "peer.js")],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield Peer(process.stdin, process.stdout)
        process.stdin.close()
