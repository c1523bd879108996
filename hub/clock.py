# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What time is it? One answer for the whole program.

It is the time of this machine. Only where everything is invented may somebody put it ahead, so
that a night, a deadline or a holiday can be shown without waiting for it: ``hub.main.demotime``
and ``hub.client.agency`` decide where that is. What is measured and not dated takes ``monotonic``.
"""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

VARIABLE: Final = "MELDEWEG_DEMO_CLOCK"
"""In the environment: path of the file that says by how many seconds a demonstration is ahead."""
BERLIN: Final = ZoneInfo("Europe/Berlin")
Source = Callable[[], float]


def now() -> float:
    """Return the seconds since 1970 by which this process lives."""
    return _lived_by[-1]()


def today() -> date:
    """Return the day that it is in Berlin."""
    return datetime.fromtimestamp(now(), BERLIN).date()


@dataclass(eq=False)
class Hands:
    """A clock that runs with the machine's and can be put ahead."""

    ahead: float = 0

    def __call__(self) -> float:
        return time.time() + self.ahead


@dataclass(eq=False)
class DemoClock:
    """A clock that is ahead by what a file says, from the moment the file says it."""

    file: Path
    _ahead: float = field(default=0, init=False)
    _seen: tuple[int, int] = field(default=(0, 0), init=False)

    def __call__(self) -> float:
        return time.time() + self.ahead

    @property
    def ahead(self) -> float:
        """Seconds; a file that is gone or not readable changes nothing."""
        try:
            about = self.file.stat()
            if self._seen != (about.st_mtime_ns, about.st_ino):
                self._ahead = float(self.file.read_text(encoding="ascii"))
                self._seen = (about.st_mtime_ns, about.st_ino)
        except (OSError, ValueError):
            pass
        return self._ahead


def demo_clock() -> DemoClock | None:
    """Return the clock that the environment names, whether or not anybody goes by it."""
    named = os.environ.get(VARIABLE)
    return DemoClock(Path(named)) if named else None


def put_ahead() -> float | None:
    """Return by how much a demonstration is ahead; None where nobody can put the clock."""
    source = _lived_by[-1]
    return source.ahead if isinstance(source, DemoClock) else None


@contextmanager
def lived_by(source: Source) -> Iterator[None]:
    """Let the whole process live by another clock for as long as the block lasts."""
    _lived_by.append(source)
    try:
        yield
    finally:
        _lived_by.remove(source)


def live_by(source: Source) -> None:
    """Let the whole process live by another clock from now on, beside whatever a block says."""
    _lived_by[0] = source


@contextmanager
def ahead(seconds: float) -> Iterator[None]:
    """Let the whole process live so many seconds ahead for as long as the block lasts."""
    before = _lived_by[-1]
    with lived_by(lambda: before() + seconds):
        yield


_lived_by: Final[list[Source]] = [time.time]
