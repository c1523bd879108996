# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""An adapter that looks right and puts every repeat there again; the contract has to find it."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from hub.adapters.base import HandedOver, Surroundings
from hub.adapters.delivery import Delivery
from hub.adapters.health import WELL, Health
from hub.adapters.stand import Spoiling


class Forgetful:
    """Appends, and never looks."""

    name = "vergesslich"

    def __init__(self) -> None:
        self.lines: list[str] = []

    async def hand_over(self, delivery: Delivery) -> HandedOver:
        self.lines.append(delivery.id)
        return HandedOver(delivery.id)

    async def already_there(self, _delivery: Delivery) -> HandedOver | None:
        return None

    async def check(self) -> Health:
        return WELL

    async def close(self) -> None:
        """Nothing is open."""


class ForgetfulStand:
    spoilings: frozenset[Spoiling] = frozenset()

    def __init__(self) -> None:
        self._one = Forgetful()

    def adapter(self) -> Forgetful:
        return self._one

    def effects(self, message_id: str) -> int:
        return self._one.lines.count(message_id)

    def fetch(self) -> None:
        """Nobody takes anything away."""

    def visible(self) -> str:
        return "\n".join(self._one.lines)

    @contextmanager
    def spoiled(self, _how: Spoiling) -> Iterator[None]:
        yield


@asynccontextmanager
async def forgetful_stand(_folder: Path, _at: Surroundings) -> AsyncIterator[ForgetfulStand]:
    yield ForgetfulStand()
