# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Does what a guide says, in the order in which it says it, as somebody would who types it.

What goes on in a window of its own is a process; the other commands run in this one, which is the
same program without its start. In a test no port is sure to be free: another one is put in.
"""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, chdir, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx2
from typer.testing import CliRunner

from hub.main.cli import app_for
from tests.faults.hub import wait_until
from tests.house.source import ROOT
from tests.world import free_port

PROGRAM: Final = ".venv/bin/meldeweg"
GIVEN: Final = {
    "CODE": re.compile(r"^Einmalcode für \S+: (\S+)", re.MULTILINE),
    "FINGERABDRUCK": re.compile(r"^Fingerabdruck des Wurzelschlüssels: (\S+)$", re.MULTILINE),
}
"""What a reader copies from an answer into a later command."""
HUB: Final = "8080"
INBOX: Final = "8083"
_BLOCK: Final = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def blocks(text: str, language: str) -> list[str]:
    """Return what stands between fences of a language."""
    return [block for said, block in _BLOCK.findall(text) if said == language]


def commands(text: str) -> list[list[str]]:
    """Return the commands of a guide, word by word."""
    lines = "\n".join(blocks(text, "sh")).replace("\\\n", " ").splitlines()
    return [shlex.split(line) for line in lines if line]


@dataclass
class Player:
    """Somebody who follows a guide in a folder in which the program lies."""

    folder: Path
    windows: ExitStack
    ports: dict[str, int] = field(default_factory=lambda: {HUB: free_port(), INBOX: free_port()})
    said: list[str] = field(default_factory=list)
    """Every answer, in the order of the commands."""

    @property
    def hub(self) -> str:
        return f"http://localhost:{self.ports[HUB]}"

    @property
    def inbox(self) -> str:
        return f"http://localhost:{self.ports[INBOX]}"

    def type(self, words: list[str]) -> None:
        """Do one line of the guide; asserts that it went well."""
        assert words[0] == PROGRAM, words
        arguments = [self._filled(word) for word in words[1:]]
        if arguments[0] == "serve":
            self._open(arguments, f"{self.hub}/health/ready", 200)
        elif arguments[:2] == ["connector", "--config"] and len(arguments) == len(("c", "-", "f")):
            self._open(arguments, f"{self.inbox}/eingang", 401)
        else:
            # A hand needs longer for the next line than a process to be heard of.
            wait_until(lambda: self._does(arguments), " ".join(arguments))

    def _does(self, arguments: list[str]) -> bool:
        """Type a command; one that only looks may be typed again where it finds something."""
        code, said = self._run(*arguments)
        assert code == 0 or arguments[-1] == "status", (arguments, said)
        if code == 0:
            self.said.append(said)
        return code == 0

    def run(self, *arguments: str) -> str:
        """Run one command to its end, and return what it said; asserts that it went well."""
        code, said = self._run(*arguments)
        assert code == 0, (arguments, said)
        return said

    def _run(self, *arguments: str) -> tuple[int, str]:
        with chdir(self.folder):
            done = CliRunner().invoke(app_for(arguments), arguments, env=self._environment)
        self._move_ports()
        return done.exit_code, done.stdout if done.exit_code == 0 else done.output

    @property
    def _environment(self) -> dict[str, str]:
        return {"MELDEWEG_PORT": str(self.ports[HUB]), "MELDEWEG_PUBLIC_URL": self.hub}

    def _filled(self, word: str) -> str:
        if word in GIVEN:
            found = GIVEN[word].findall("\n".join(self.said))
            return str(found[-1])
        return word.replace(f"localhost:{HUB}", f"localhost:{self.ports[HUB]}")

    def _move_ports(self) -> None:
        """Put the port of this test into a file that names the usual one."""
        for file in self.folder.glob("var/*/*/connector.toml"):
            text = file.read_text("utf-8")
            file.write_text(text.replace(INBOX, str(self.ports[INBOX])), "utf-8")

    def _open(self, arguments: list[str], address: str, status: int) -> None:
        """Open a window in which a process goes on, and wait until it answers."""
        log = self.windows.enter_context((self.folder / f"{arguments[0]}.log").open("wb"))
        process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL", sys.executable, "-m", "hub", *arguments],
            cwd=self.folder,
            env={**os.environ, **self._environment},
            stdout=log,
            stderr=log,
        )
        self.windows.callback(process.wait)
        self.windows.callback(process.terminate)
        wait_until(lambda: _status(address) == status or process.poll() is not None, address)
        assert process.poll() is None, Path(log.name).read_text("utf-8")


@contextmanager
def a_player(home: Path) -> Iterator[Player]:
    """Give somebody a folder that looks like the one of the program; ends their windows."""
    for name in ("specs", "deploy"):
        (home / name).symlink_to(ROOT / name)
    with ExitStack() as windows:
        yield Player(home, windows)


def _status(address: str) -> Any:
    try:
        return httpx2.get(address).status_code
    except httpx2.TransportError:
        return None
