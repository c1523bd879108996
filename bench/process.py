# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A process under measurement: started, asked for its processor time, ended by its id."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.place import ROOT, VAR

TICKS: Final = os.sysconf("SC_CLK_TCK")
PAGE: Final = os.sysconf("SC_PAGE_SIZE")
START: Final = 60
"""Seconds until a process has to answer."""
_PARENT: Final = 1
_UTIME: Final = 11
_STIME: Final = 12
_RSS: Final = 21


@dataclass(frozen=True)
class Process:
    """One child process and where it listens."""

    pid: int
    port: int

    @property
    def cpu_seconds(self) -> float:
        """Processor time of all its threads, and of its own children, since they began."""
        return sum(map(_cpu_of, self._family()))

    @property
    def cpu_of_threads(self) -> dict[int, float]:
        """Processor time by thread."""
        return {int(task.name): _cpu_of(task) for task in Path(f"/proc/{self.pid}/task").iterdir()}

    def _family(self) -> list[Path]:
        """Return the process and all that descend from it; a broker starts by way of a shell."""
        family, parents = {self.pid}, _parents()
        for pid, parent in sorted(parents.items()):
            if parent in family:
                family.add(pid)
        return [Path(f"/proc/{pid}") for pid in family]

    @property
    def resident_bytes(self) -> int:
        return int(_stat(Path(f"/proc/{self.pid}/stat"))[_RSS]) * PAGE


@contextmanager
def python(
    module: str,
    *arguments: object,
    port: int,
    ready: str = "/",
    environment: Mapping[str, str] | None = None,
    interpreter: str = sys.executable,
    is_pinned: bool = True,
) -> Iterator[Process]:
    """Run a module in an interpreter of its own until the block ends; SIGTERM ends it.

    What only stands beside a server that is measured is not pinned to its core.
    """
    command = [interpreter, "-m", module, *map(str, arguments)]
    cores = _first_core() if is_pinned else None
    with running(command, port, ready, environment, cores) as process:
        yield process


def _first_core() -> set[int] | None:
    """Each server of Python has one core, and the generator another: one interpreter uses no more.

    Where a thread wakes on a second core, the time until it does is lost to both.
    """
    cores = sorted(os.sched_getaffinity(0))
    return {cores[0]} if len(cores) > 1 else None


@contextmanager
def running(
    command: list[str],
    port: int,
    ready: str,
    environment: Mapping[str, str] | None = None,
    cores: set[int] | None = None,
) -> Iterator[Process]:
    """Run a command until the block ends; it is ready once it answers at ``ready``.

    What it says goes to ``var/bench/children.log``.
    """
    with (VAR / "children.log").open("ab") as log:
        child = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, **(environment or {})}, stderr=log, stdout=log
        )
    if cores is not None:
        os.sched_setaffinity(child.pid, cores)
    try:
        _await(child, f"http://127.0.0.1:{port}{ready}")
        yield Process(child.pid, port)
    finally:
        end(child)


def end(child: subprocess.Popen[bytes]) -> None:
    """End a child, kindly at first."""
    if child.poll() is None:
        child.send_signal(signal.SIGTERM)
    try:
        child.wait(timeout=30)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def _await(child: subprocess.Popen[bytes], url: str) -> None:
    begun = time.monotonic()
    while time.monotonic() - begun < START:
        if child.poll() is not None:
            raise RuntimeError(f"ended with {child.returncode} before it was ready")
        try:
            urllib.request.urlopen(url, timeout=5).close()  # noqa: S310  loopback
        except urllib.error.HTTPError:
            return  # It answers; what it answers is not the question.
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("not ready")


def _parents() -> dict[int, int]:
    """Return which process began which."""
    found: dict[int, int] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with suppress(OSError):  # It has ended meanwhile.
                found[int(folder.name)] = int(_stat(folder / "stat")[_PARENT])
    return found


def _cpu_of(folder: Path) -> float:
    return sum(map(int, _stat(folder / "stat")[_UTIME : _STIME + 1])) / TICKS


def _stat(path: Path) -> list[str]:
    # The name of the program may hold spaces; everything counts from behind it.
    return path.read_text("ascii", errors="replace").rpartition(")")[2].split()
