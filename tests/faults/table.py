# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The table of faults: every row, how often it is tried, and on which database."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeAlias

from tests.databases import IS_POSTGRESQL
from tests.faults.clocks import put_clocks
from tests.faults.forgetting import kill_forgetting
from tests.faults.full import fill
from tests.faults.hub import Late
from tests.faults.kills import kill
from tests.faults.lost import lose
from tests.faults.outcome import Outcome
from tests.faults.place import Place, found
from tests.faults.readonly import write_protect
from tests.faults.reminders import kill_at_night
from tests.faults.second import start_twice
from tests.faults.server import crash
from tests.faults.signed import kill_signed
from tests.faults.stops import stop
from tests.faults.syncs import fail

Trial: TypeAlias = Callable[[Place, int, int], Coroutine[Any, Any, Outcome]]
"""Tries a row so often, by a seed."""


@dataclass(frozen=True)
class Row:
    """One row: a trial, and how often it is made in each form of the table."""

    name: str
    trial: Trial
    short: int
    """Where it is 0 the row is tried in the long form alone; other tests have the short one."""
    long: int
    is_of_sqlite: bool = False
    is_of_postgresql: bool = False

    @property
    def applies(self) -> bool:
        return not (self.is_of_sqlite if IS_POSTGRESQL else self.is_of_postgresql)

    def times(self, *, is_long: bool) -> int:
        """Return how often it is tried; on the second database the short form is shorter."""
        short = max(1, self.short // 3 if IS_POSTGRESQL else self.short)
        return self.long if is_long else short

    def run(self, home: Path, *, times: int, seed: int) -> Outcome:
        """Found a hub of its own, and try it there; what comes too late was not kept."""
        place = found(home)
        try:
            return asyncio.run(self.trial(place, times, seed))
        except Late as late:
            return Outcome(self.name, self.trial.__name__, "", (), (), (str(late),))


async def _fill(place: Place, times: int, _seed: int) -> Outcome:
    return await fill(place, times)


async def _write_protect(place: Place, times: int, _seed: int) -> Outcome:
    return await write_protect(place, times)


async def _put_clocks(place: Place, times: int, _seed: int) -> Outcome:
    return await put_clocks(place, patiently=times > 1)


async def _start_twice(place: Place, times: int, _seed: int) -> Outcome:
    return await start_twice(place, times)


ROWS: Final = (
    Row("F1", kill, 20, 400),
    Row("F2", stop, 5, 50),
    # The small disk holds no more than three files that can be removed.
    Row("F3", _fill, 2, 3, is_of_sqlite=True),
    Row("F4", _write_protect, 1, 10, is_of_sqlite=True),
    Row("F5", fail, 3, 20, is_of_sqlite=True),
    Row("F6", _put_clocks, 1, 4, is_of_sqlite=True),
    Row("F7", _start_twice, 1, 5, is_of_sqlite=True),
    Row("F8", lose, 12, 100),
    Row("F9", crash, 3, 20, is_of_postgresql=True),
    Row("F10", kill_at_night, 4, 100),
    Row("F11", kill_signed, 2, 300),
    Row("F12", kill_forgetting, 0, 200),
)
