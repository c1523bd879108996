# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A machine that asks steadily stays below what the hub bears, and is quick after a rest."""

import asyncio
from dataclasses import dataclass, field

from hub.client.pace import Pace


@dataclass
class Hours:
    """A clock that goes on only while somebody sleeps."""

    at: float = 1000.0
    slept: list[float] = field(default_factory=list)

    def now(self) -> float:
        return self.at

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += seconds


def asked(hours: Hours, pace: Pace, count: int) -> float:
    """Ask so often, one after the other; returns how long it took."""

    async def go() -> None:
        for _ in range(count):
            await pace.turn()

    begun = hours.at
    asyncio.run(go())
    return hours.at - begun


def a_pace(hours: Hours) -> Pace:
    return Pace(10, 5, now=hours.now, sleep=hours.sleep)


def test_the_first_requests_wait_for_nothing() -> None:
    hours = Hours()

    assert asked(hours, a_pace(hours), 5) == 0
    assert hours.slept == []


def test_whoever_goes_on_asks_as_fast_as_it_may_and_no_faster() -> None:
    hours = Hours()
    pace = a_pace(hours)
    asked(hours, pace, 6)

    assert round(asked(hours, pace, 100), 6) == 10


def test_after_a_rest_some_may_go_at_once_and_no_more_than_before() -> None:
    hours = Hours()
    pace = a_pace(hours)
    asked(hours, pace, 60)
    hours.at += 3600

    assert asked(hours, pace, 5) == 0
    assert round(asked(hours, pace, 11), 6) == 1
