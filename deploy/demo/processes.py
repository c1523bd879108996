# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The processes of a run: started here, watched here, and ended here by their own id alone."""

import asyncio
import contextlib
import itertools
import json
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeVar

from deploy.demo.place import ROOT, Place
from deploy.demo.tell import Failed

T = TypeVar("T")
PATIENCE: Final = 25
"""Seconds between the signal to end and the end."""
LONGEST_COMMAND: Final = 120
"""Seconds; they take less than one where nothing else runs."""
LAST_LINES: Final = 12
LONGEST_LINE: Final = 1_048_576
MAIL_FROM: Final = "meldeweg@meldeweg.invalid"


@dataclass
class Child:
    """A process that is to live until it is told to end."""

    name: str
    log: Path
    process: Process
    watch: "asyncio.Task[None] | None" = None
    is_ending: bool = False

    @property
    def last_lines(self) -> str:
        lines = self.log.read_text("utf-8", "replace").splitlines()[-LAST_LINES:]
        return "\n".join(f"  | {line}" for line in lines) or "  | (nichts)"

    async def end(self) -> None:
        """Ask the process to end, and insist after a while."""
        self.is_ending = True
        if self.process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self.process.send_signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(self.process.wait(), PATIENCE)
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                self.process.kill()
            await self.process.wait()
        if self.watch is not None:
            await self.watch


@dataclass
class Commands:
    """The process that runs commands (``deploy.demo.commands``), as the demo talks with it."""

    child: Child
    folder: Path
    """Where they write what they say."""
    _running: "dict[int, asyncio.Future[int]]" = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=dict)
    """What is set for them since they were loaded."""
    _numbers: Any = field(default_factory=itertools.count)
    listening: "asyncio.Task[None] | None" = None

    async def run(self, *arguments: str | Path) -> tuple[int, str, str]:
        """Run a command to its end; returns its exit code and what it said on both channels."""
        number = next(self._numbers)
        ended = self._running[number] = asyncio.get_running_loop().create_future()
        out, err = (self.folder / f"{number}.{channel}" for channel in ("out", "err"))
        line = {"id": number, "arguments": [*map(str, arguments)]}
        line |= {"out": str(out), "err": str(err), "settings": dict(self.settings)}
        assert self.child.process.stdin is not None  # noqa: S101  started with a pipe
        self.child.process.stdin.write(json.dumps(line).encode() + b"\n")
        code = await asyncio.wait_for(ended, LONGEST_COMMAND)
        return code, out.read_text("utf-8"), err.read_text("utf-8")

    async def listen(self) -> None:
        """Hear which commands have ended."""
        assert self.child.process.stdout is not None  # noqa: S101  as above
        async for line in self.child.process.stdout:
            said = json.loads(line)
            ended = self._running.pop(said["re"])
            if not ended.done():
                # Whoever asked may have given up; the reason is told there.
                ended.set_result(said["code"])


@dataclass
class Processes:
    """All processes of one run; ends them in the reverse order of their start."""

    place: Place
    public_url: str
    portal_url: str
    inbox_url: str
    mail_port: int
    """Where the mail server of the demo listens."""
    later: dict[str, str] = field(default_factory=dict)
    """Settings that are known only when the hub is founded: who signs and who watches its log."""
    _commands: Commands | None = None
    _children: list[Child] = field(default_factory=list)
    _trouble: "asyncio.Future[Failed]" = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )

    @property
    def environment(self) -> dict[str, str]:
        """Return the settings of this run: nothing of what else is set for a hub counts."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith("MELDEWEG_")}
        if kept.pop("PYTHONDONTWRITEBYTECODE", None):
            # The commands of a run are many and short; what they compile stays in the folder.
            kept["PYTHONPYCACHEPREFIX"] = str(ROOT / self.place.path / "bytecode")
        return kept | self.settings | {"PYTHONUTF8": "1"}

    @property
    def settings(self) -> dict[str, str]:
        """Return what a hub and its agencies are told in this run."""
        return {
            "MELDEWEG_PUBLIC_URL": self.public_url,
            "MELDEWEG_DEMO_CLOCK": str(ROOT / self.place.clock),
            "MELDEWEG_SMTP_URL": f"smtp://localhost:{self.mail_port}",
            "MELDEWEG_MAIL_FROM": MAIL_FROM,
            "MELDEWEG_PORTAL_DATA_DIR": str(self.place.portal),
            "MELDEWEG_PORTAL_HUB": self.public_url,
            "MELDEWEG_PORTAL_PUBLIC_URL": self.portal_url,
            "MELDEWEG_PORTAL_DEMO": "true",
            "MELDEWEG_PORTAL_LOG_LEVEL": "warning",
            "MELDEWEG_PORTAL_SMTP_URL": f"smtp://localhost:{self.mail_port}",
            "MELDEWEG_PORTAL_MAIL_FROM": MAIL_FROM,
        } | self.later

    @property
    def commands(self) -> Commands:
        """Return what runs commands; it is there from ``prepare`` on."""
        assert self._commands is not None  # noqa: S101  the demo begins with it
        return self._commands

    async def prepare(self) -> None:
        """Load the commands."""
        folder = ROOT / self.place.logs / "commands"
        folder.mkdir(mode=0o700)
        clock = ROOT / self.place.clock
        child = await self.start("commands", "deploy.demo.commands", clock, speaks=True)
        self._commands = Commands(child, folder, settings=self.later)
        self._commands.listening = asyncio.create_task(self._commands.listen())

    async def start(self, name: str, *arguments: str | Path, speaks: bool = False) -> Child:
        """Start a Python module as a process; ``speaks`` where it is talked with."""
        log = ROOT / self.place.logs / f"{name}.log"
        pipe = PIPE if speaks else DEVNULL
        with log.open("wb") as errors:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                *map(str, arguments),
                stdin=pipe,
                stdout=pipe,
                stderr=errors,
                cwd=ROOT,
                env=self.environment,
                limit=LONGEST_LINE,
                # Strg-C is meant for the demo, which then ends its processes in order.
                start_new_session=True,
            )
        child = Child(name, log, process)
        child.watch = asyncio.create_task(self._watch(child))
        self._children.append(child)
        return child

    async def supervised(self, work: Coroutine[Any, Any, T]) -> T:
        """Do the work, and stop as soon as a process ends that should not."""
        doing = asyncio.create_task(work)
        awaited: set[asyncio.Future[Any]] = {doing, self._trouble}
        try:
            await asyncio.wait(awaited, return_when=asyncio.FIRST_COMPLETED)
            if self._trouble.done():
                raise self._trouble.result()
            return doing.result()
        finally:
            doing.cancel()
            await asyncio.gather(doing, return_exceptions=True)

    async def end(self) -> list[Child]:
        """End all that were started here; returns those that did not end cleanly."""
        ended = []
        while self._children:
            ended.append(self._children.pop())
            await ended[-1].end()
        return [child for child in ended if child.process.returncode != 0]

    async def _watch(self, child: Child) -> None:
        code = await child.process.wait()
        if not child.is_ending and not self._trouble.done():
            text = f"Der Prozess „{child.name}“ endete von selbst ({code}). Seine letzten Zeilen:"
            self._trouble.set_result(Failed(f"{text}\n{child.last_lines}"))


async def run(*arguments: str | Path, environment: Mapping[str, str]) -> tuple[int, str, str]:
    """Run Python to the end; returns its exit code and what it said on both channels."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *map(str, arguments),
        stdin=DEVNULL,
        stdout=PIPE,
        stderr=PIPE,
        cwd=ROOT,
        env=environment,
        start_new_session=True,
    )
    try:
        out, err = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return process.returncode or 0, out.decode(), err.decode()


async def meldeweg(processes: Processes, *arguments: str | Path) -> str:
    """Run the command as anybody would, and return what it said."""
    code, out, err = await processes.commands.run(*arguments)
    if code:
        named = " ".join(map(str, arguments[:2]))
        raise Failed(f"„meldeweg {named} …“ endete mit {code}:\n{err or out}")
    return out
