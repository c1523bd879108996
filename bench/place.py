# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Where a benchmark keeps what it needs, and where its results go."""

import fcntl
import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parent.parent
RESULTS: Final = ROOT / "bench" / "results"
VAR: Final = ROOT / "var" / "bench"
"""Never committed; ``make clean`` empties it."""


@contextmanager
def alone() -> Iterator[None]:
    """Hold the folder for this process: two benchmarks at a time would measure each other."""
    VAR.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(VAR.parent / "bench.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise SystemExit("another benchmark runs in this checkout") from None
    try:
        yield
    finally:
        os.close(descriptor)


def fresh(name: str) -> Path:
    """Return an empty folder of that name."""
    folder = VAR / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    return folder


def free_port() -> int:
    """Return a port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
