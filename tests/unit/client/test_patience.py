# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A sender asks again a few times and not for long; whoever waits for ever asks less and less."""

from itertools import islice

import pytest

from hub.client import Refused, Unreachable
from hub.client.patience import ENOUGH, anew, persist, steady

pytestmark = pytest.mark.anyio


class Line:
    """Gives no answer for some attempts; notes the pauses and does not wait."""

    def __init__(self, silent: int, retry_after: int | None = None) -> None:
        self.attempts = 0
        self.pauses: list[float] = []
        self._silent, self._retry_after = silent, retry_after

    async def ask(self) -> str:
        self.attempts += 1
        if self.attempts <= self._silent:
            raise Unreachable("nothing", self._retry_after)
        return "said"

    async def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)


async def test_it_is_asked_again_after_growing_pauses() -> None:
    line = Line(silent=3)

    assert await persist(line.ask, line.pause) == "said"
    assert line.pauses == [1, 2, 4]


async def test_what_stays_silent_is_given_up() -> None:
    line = Line(silent=9)

    with pytest.raises(Unreachable):
        await persist(line.ask, line.pause)
    assert line.attempts == 4


@pytest.mark.parametrize(("said", "pause"), [(0, 1), (5, 5), (600, 10)])
async def test_the_hub_may_ask_for_a_longer_pause_within_reason(said: int, pause: float) -> None:
    line = Line(silent=1, retry_after=said)

    await persist(line.ask, line.pause)

    assert line.pauses == [pause]


async def test_nobody_waits_longer_than_is_enough() -> None:
    line = Line(silent=9, retry_after=600)

    with pytest.raises(Unreachable):
        await persist(line.ask, line.pause)
    assert sum(line.pauses) < ENOUGH


async def test_whoever_waits_for_ever_asks_once_a_minute_in_the_end() -> None:
    assert list(islice(steady(), 8)) == [1, 2, 4, 8, 16, 32, 60, 60]


class Sealer:
    """Is refused some times, by the codes it is given."""

    def __init__(self, *codes: str) -> None:
        self.attempts = 0
        self._codes = codes

    async def send(self) -> str:
        self.attempts += 1
        if self.attempts <= len(self._codes):
            raise Refused(409, {"code": self._codes[self.attempts - 1]})
        return "accepted"


async def test_where_the_duty_changed_on_the_way_it_is_sealed_once_more() -> None:
    sealer = Sealer("reader-key-stale")

    assert await anew(sealer.send) == "accepted"
    assert sealer.attempts == 2


@pytest.mark.parametrize(
    ("codes", "attempts"),
    [(("reader-key-stale", "reader-key-stale"), 2), (("no-duty-desk",), 1)],
)
async def test_every_other_no_is_told_at_once(codes: tuple[str, ...], attempts: int) -> None:
    sealer = Sealer(*codes)

    with pytest.raises(Refused):
        await anew(sealer.send)
    assert sealer.attempts == attempts
