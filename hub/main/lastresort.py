# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The end of a process that does not come to its end.

A reader that hangs or a disk that answers no more would keep a hub from stopping for ever, and
whoever waits for it would kill it without a word. Nothing is lost by ending: what was answered is
on the disk.
"""

import json
import os
import select
from datetime import UTC, datetime
from threading import Thread
from typing import Final

CUT_OFF: Final = 70
"""Exit code of a process that had to be cut off."""


class LastResort:
    """Ends the process some seconds after it was told to stop, if it is still there.

    The thread stands ready from the beginning. In the handler of a signal no thread may be
    started and no lock be taken, but one byte can be written.
    """

    def __init__(self, seconds: float) -> None:
        self.is_armed = False
        self._seconds = seconds
        self._told, self._tell = os.pipe()
        os.set_blocking(self._tell, False)
        Thread(target=self._wait, name="last-resort", daemon=True).start()

    def arm(self) -> None:
        """Begin to count the seconds; may be called in the handler of a signal, and again."""
        self.is_armed = True
        try:
            os.write(self._tell, b".")
        except BlockingIOError:
            return

    def _wait(self) -> None:
        os.read(self._told, 1)
        select.select([], [], [], self._seconds)
        said = {
            "event": "stop.cut-off",
            "exit_code": CUT_OFF,
            "level": "critical",
            "timestamp": datetime.now(UTC).isoformat(),
        }
        # Around the log: its lock may be what hangs.
        os.write(2, json.dumps(said, sort_keys=True).encode() + b"\n")
        os._exit(CUT_OFF)
