# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A hub as its operator runs it: a process of its own on a data directory, started and stopped.

Whatever happens in a test, the process is ended at the end of its block, by its own id.
"""

import contextlib
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any, Final

from tests.faults.disk import Disk, preloaded
from tests.house.source import ROOT

PATIENCE: Final = 60
"""Seconds after which a test stops waiting for whatever it waits for."""
MOMENT: Final = 0.01
"""Seconds between two looks."""
PORTS: Final = range(20_000, 30_000)
"""Below those that the system gives to clients: one that knocks at its own port hears itself."""


class Late(Exception):  # noqa: N818  a finding of a test
    """Something did not happen in time."""


@dataclass
class HubProcess:
    """``meldeweg serve`` on one data directory and one port, again and again."""

    data: Path
    port: int
    url: str
    """The address by which participants know the hub."""
    log: Path
    disk: Disk | None = None
    database_url: str = ""
    settings: Mapping[str, str] = field(default_factory=dict)
    entrance: Sequence[str] = ()
    """What the command begins with, where it has to be run somewhere else."""
    _process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        return self._running.pid

    @property
    def code(self) -> int | None:
        """The exit code; None while the process lives."""
        return self._running.poll()

    @property
    def said(self) -> str:
        """What the process has said on its channel for errors, over all its lives."""
        return self.log.read_text("utf-8", "replace")

    def start(self) -> None:
        """Start the process; returns before it listens."""
        with self.log.open("ab") as errors:
            self._process = subprocess.Popen(
                [
                    *LEASH,
                    *self.entrance,
                    *COMMAND,
                    "serve",
                    "--data-dir",
                    self.data,
                    "--port",
                    str(self.port),
                ],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=errors,
                cwd=ROOT,
                env=self.environment,
                start_new_session=True,
            )

    def start_and_wait(self) -> float:
        """Start the process and return after how many seconds it was ready."""
        began = time.monotonic()
        self.start()
        self.wait_ready()
        return time.monotonic() - began

    @property
    def environment(self) -> dict[str, str]:
        kept = preloaded(self.disk)
        # A hub in service finds its modules compiled; how long it takes to start is counted here.
        kept.pop("PYTHONDONTWRITEBYTECODE", None)
        own = {
            "MELDEWEG_PUBLIC_URL": self.url,
            "MELDEWEG_DATABASE_URL": self.database_url,
            "MELDEWEG_LOG_LEVEL": "warning",
            "PYTHONPYCACHEPREFIX": str(ROOT / "var" / "bytecode"),
            "PYTHONUTF8": "1",
        }
        return kept | own | dict(self.settings)

    def wait_ready(self) -> None:
        """Wait until the hub takes messages; raises ``Late`` where it ends or does not come."""
        wait_until(lambda: self.is_ready() or self.code is not None, "the hub is ready")
        if self.code is not None:
            raise Late(f"the hub ended with {self.code}: {self.said[-2000:]}")

    def is_ready(self) -> bool:
        """Ask the hub once; a hub that gives no answer is not ready."""
        return self.readiness() == HTTPStatus.OK

    def readiness(self) -> int | None:
        """Return the status of ``/health/ready``; None where nobody answers."""
        line = HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            line.request("GET", "/health/ready", headers={"host": "localhost"})
            return line.getresponse().status
        except (OSError, HTTPException):
            return None
        finally:
            line.close()

    def kill(self) -> None:
        """End the process as a power switch does."""
        self._running.kill()
        self._running.wait(PATIENCE)

    def terminate(self) -> None:
        """Ask the process to end; returns at once."""
        self._running.send_signal(signal.SIGTERM)

    def wait(self, seconds: float = PATIENCE) -> int:
        """Wait for the end of the process and return its exit code."""
        return self._running.wait(seconds)

    def stop(self) -> int:
        """End the process in order and return its exit code."""
        self.terminate()
        return self.wait()

    def run(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        """Run another command of the hub's, with the same settings, to its end."""
        return subprocess.run(
            [*COMMAND, *arguments],
            capture_output=True,
            text=True,
            check=False,
            cwd=ROOT,
            env=self.environment,
            timeout=PATIENCE,
        )

    def close(self) -> None:
        """End the process if it still lives."""
        if self._process is not None and self._process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
            self._process.wait(PATIENCE)

    @property
    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            raise Late("the hub was never started")
        return self._process


COMMAND: Final = (sys.executable, "-m", "hub")
LEASH: Final = ("setpriv", "--pdeathsig", "KILL")
"""Where the tests are killed, the system ends the hub."""


@contextmanager
def a_hub(**what: Any) -> Iterator[HubProcess]:
    """Give a hub that is not started yet; it does not outlive the block."""
    hub = HubProcess(**what)
    try:
        yield hub
    finally:
        hub.close()


def wait_until(condition: Callable[[], bool], what: str, seconds: float = PATIENCE) -> float:
    """Look again and again until it holds, and return how long it took; raises ``Late``."""
    began = time.monotonic()
    while not condition():
        if time.monotonic() - began > seconds:
            raise Late(f"not within {seconds:g} s: {what}")
        time.sleep(MOMENT)
    return time.monotonic() - began


def steady_port() -> int:
    """Return a port that stays free while the hub is down."""
    start = PORTS.start + (time.monotonic_ns() // 1_000) % len(PORTS)
    for port in (*range(start, PORTS.stop), *range(PORTS.start, start)):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return int(port)
    raise Late("there is no free port")
