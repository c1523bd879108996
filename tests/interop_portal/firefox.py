# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Firefox with the face of our Chromium, so that the same person can sit down at either."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final

from tests.browser import ROOT, Page
from tests.interop.node import node

PROGRAM: Final = Path(__file__).with_name("firefox.mjs")
HEIGHT: Final = 900


def firefox() -> str | None:
    """Return the Firefox of this machine, if it has one."""
    return shutil.which("firefox-esr")


@dataclass
class Firefox(Page):
    """One tab of Firefox; what needs Chromium's own tools is left out."""

    _questions: IO[str] | None = None
    _answers: IO[str] | None = None
    folder: Path = field(default_factory=Path)
    """Where downloads go; Firefox is told at its start."""

    def open(self, url: str, *, width: int, height: int = HEIGHT) -> None:
        self._do("open", url=url, width=width, height=height)

    def evaluate(self, expression: str) -> Any:
        return self._do("evaluate", expression=expression)

    def type(self, text: str) -> None:
        self._do("type", text=text)

    def hit(self, key: str) -> None:
        self._do("hit", key="Space" if key == " " else key)

    def resize(self, width: int, height: int = HEIGHT) -> None:
        self._do("resize", width=width, height=height)

    def screenshot(self, path: Path) -> None:
        self._do("screenshot", path=str(path))

    def prefer(self, scheme: str, *, forced: bool = False, medium: str = "") -> None:
        """Firefox cannot be told over BiDi; Chromium looks at the colours."""

    def download_to(self, folder: Path) -> None:
        """Downloads go where Firefox was told at its start."""

    def said(self) -> list[str]:
        """Return what the browser objected to since it was asked last."""
        found: list[str] = self._do("said")
        return found

    @property
    def version(self) -> str:
        return str(self._do("version"))

    def _do(self, op: str, **question: Any) -> Any:
        assert self._questions is not None
        assert self._answers is not None
        self._questions.write(json.dumps({"op": op, **question}) + "\n")
        self._questions.flush()
        line = self._answers.readline()
        assert line, "Firefox has ended"
        answer = json.loads(line)
        assert "trouble" not in answer, answer["trouble"]
        return answer["value"]


@contextmanager
def a_firefox(home: Path) -> Iterator[Firefox]:
    """Start Firefox with one empty tab; it ends with the block."""
    program = firefox()
    assert program is not None
    places = {name: home / name for name in ("profile", "downloads")}
    for place in places.values():
        place.mkdir(parents=True, exist_ok=True)
    said = {"executable": program, **{name: str(place) for name, place in places.items()}}
    with (
        (home / "firefox.log").open("w") as log,
        subprocess.Popen(
            [node(), str(PROGRAM), json.dumps(said)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            encoding="utf-8",
        ) as child,
    ):
        try:
            yield Firefox(
                -1, -1, _questions=child.stdin, _answers=child.stdout, folder=places["downloads"]
            )
        finally:
            assert child.stdin is not None
            child.stdin.close()
            child.wait(60)
