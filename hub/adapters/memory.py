# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A target that lies in memory: for tests of the connector, and the plainest example there is.

What it holds is gone with its process, so it is no target for anything real.
"""

from collections import deque
from typing import ClassVar

from hub.adapters.base import HandedOver, Surroundings, TargetRefused, TargetTrouble
from hub.adapters.delivery import Delivery
from hub.adapters.health import WELL, Health, unwell
from hub.adapters.settings import TargetSettings


class MemoryAdapter:
    """Keeps each delivery once, whatever it is called with."""

    settings_type: ClassVar[type[TargetSettings]] = TargetSettings

    def __init__(self, settings: TargetSettings, surroundings: Surroundings) -> None:
        self.name = settings.called
        self.unit = surroundings.unit
        self.held: dict[str, Delivery] = {}
        self.weather: deque[TargetRefused | TargetTrouble] = deque()
        """What the next calls answer instead of taking; empty while all is well."""

    async def hand_over(self, delivery: Delivery) -> HandedOver:
        if self.weather:
            raise self.weather.popleft()
        was_there = delivery.id in self.held
        self.held.setdefault(delivery.id, delivery)
        return HandedOver(delivery.id, was_there=was_there)

    async def already_there(self, delivery: Delivery) -> HandedOver | None:
        if delivery.id not in self.held:
            return None
        return HandedOver(delivery.id, was_there=True)

    async def check(self) -> Health:
        return unwell("Das Ziel im Speicher nimmt gerade nichts an.") if self.weather else WELL

    async def close(self) -> None:
        """Nothing is open."""
