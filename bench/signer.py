# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The signer of a log as a process of its own, as ``meldeweg signer serve`` runs it."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from bench.place import ROOT, VAR
from bench.process import START, end
from hub.main.folder import DataDir

_COMMAND: Final = (sys.executable, "-m", "hub", "signer")


def hand_over(data: DataDir, state: Path) -> None:
    """Give the key of the log to the signer; the hub has none then."""
    adopt = [*_COMMAND, "adopt", "--state", str(state), "--data-dir", str(data.path)]
    subprocess.run(adopt, cwd=ROOT, check=True, capture_output=True)


@contextmanager
def signing(state: Path) -> Iterator[Path]:
    """Run it for as long as the block lasts; gives the path of its socket."""
    socket = state / "s"
    command = [*_COMMAND, "serve", "--state", str(state), "--socket", str(socket)]
    with (VAR / "children.log").open("ab") as log:
        child = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)
    try:
        _await(child, socket)
        yield socket
    finally:
        end(child)


def _await(child: subprocess.Popen[bytes], socket: Path) -> None:
    begun = time.monotonic()
    while not socket.exists():
        if child.poll() is not None or time.monotonic() - begun > START:
            raise RuntimeError("the signer did not start")
        time.sleep(0.05)
