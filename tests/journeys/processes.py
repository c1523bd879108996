# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A hub as the operator starts it: a process of its own, with signals and an exit code."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx2

from hub.client import Agency, Hub
from hub.main.folder import DataDir
from hub.protocols.catalogue import Catalogue
from hub.protocols.compiled import load_compiled
from tests.world import a_world

START = 60
"""Seconds within which a hub has to be there, on a machine that has other things to do."""


@dataclass
class Place:
    """A founded hub that does not run, and the folders of those who take part in it."""

    data: DataDir
    port: int
    folders: dict[str, Path]
    catalogue: Catalogue = field(repr=False)

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def hub(self, unit: str) -> Hub:
        return Hub(self.url, Agency.load(self.folders[unit]), catalogue=self.catalogue)

    def ready(self) -> int:
        """Return what the hub answers when asked whether it is ready; 0 where nobody answers."""
        try:
            return httpx2.get(f"{self.url}/health/ready", timeout=5).status_code
        except httpx2.TransportError:
            return 0


def founded(home: Path, *organisations: str) -> Place:
    """Found a hub, let organisations join, and stop it."""
    with a_world(home, *organisations) as world:
        folders = dict(world.folders)
        port = int(world.url.rpartition(":")[2])
    return Place(world.data, port, folders, load_compiled())


@dataclass
class Running:
    """The process of a hub."""

    process: "subprocess.Popen[bytes]"
    said: Path
    """What it writes on its error output."""

    def lines(self) -> str:
        return self.said.read_text("utf-8")

    def end(self, number: int, seconds: float = 40) -> tuple[int, float]:
        """Send a signal; return the exit code and after how many seconds it came."""
        begun = time.monotonic()
        self.process.send_signal(number)
        return self.process.wait(seconds), time.monotonic() - begun

    def resident(self) -> int:
        """Return how many bytes of memory the process has now."""
        pages = Path(f"/proc/{self.process.pid}/statm").read_text("ascii").split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")


def command(
    place: Place, environment: Mapping[str, str] | None = None, *, strict: bool = False
) -> Running:
    """Start ``meldeweg serve`` and wait for nothing."""
    words = ["--data-dir", str(place.data.path), *(["--strict"] if strict else [])]
    said = place.data.path.parent / "stderr.txt"
    with said.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "hub", "serve", *words],
            stderr=file,
            stdout=subprocess.DEVNULL,
            env={
                **os.environ,
                "MELDEWEG_DATABASE_URL": place.data.url,
                "MELDEWEG_PUBLIC_URL": place.url,
                "MELDEWEG_PORT": str(place.port),
                **(environment or {}),
            },
        )
    return Running(process, said)


@contextmanager
def started(place: Place, environment: Mapping[str, str] | None = None) -> Iterator[Running]:
    """Run the hub until it is ready, and no longer than the block lasts."""
    running = command(place, environment)
    try:
        until = time.monotonic() + START
        while place.ready() != 200:
            if running.process.poll() is not None or time.monotonic() > until:
                raise AssertionError(running.lines())
            time.sleep(0.05)
        yield running
    finally:
        if running.process.poll() is None:
            running.process.kill()
        running.process.wait()
