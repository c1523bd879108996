# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A connector that ends, or halts, at a moment that was named: the process of the crash matrix.

``python -m tests.adapters.doomed CONFIG AGENCY MOMENT die|halt FOLDER``: the first time it passes
the moment it kills itself as a power cut would, or says so in the folder and waits to be let go.
"""

import asyncio
import os
import signal
import sys
import time
from pathlib import Path

from hub.adapters.connector.configuration import read_configuration
from hub.adapters.connector.running import run
from hub.protocols.compiled import load_known
from hub.telemetry import configure

REACHED = "reached"
GO = "go"


def main() -> None:
    """Run as the command does, but for the moment."""
    config, agency, moment, way, folder = sys.argv[1:]
    doom = _Doom(moment, way, Path(folder))
    os.umask(0o077)
    configure(level="warning")
    configuration = read_configuration(Path(config))
    asyncio.run(run(configuration, [Path(agency)], load_known(None), doom.passed))


class _Doom:
    def __init__(self, moment: str, way: str, folder: Path) -> None:
        self._moment, self._way, self._folder = moment, way, folder
        self._has_come = False

    def passed(self, moment: str, _message: str) -> None:
        if moment != self._moment or self._has_come:
            return
        self._has_come = True
        (self._folder / REACHED).touch()
        if self._way == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        while not (self._folder / GO).exists():
            time.sleep(0.005)


if __name__ == "__main__":
    main()
