# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The inbox as the target: for an office that has no software to hand a notice over to.

What is handed over lies sealed in the spool of this house already, on the disk, and stays there
until its end; that is the durable hand-over. What this adapter adds is the mark that it was made,
so that it is made once. Nothing of the content is written a second time.
"""

import asyncio
import errno
import os
from typing import ClassVar

from hub import clock
from hub.adapters.base import HandedOver, Surroundings
from hub.adapters.delivery import Delivery
from hub.adapters.disk import trouble_of
from hub.adapters.health import WELL, Health, unwell
from hub.adapters.settings import TargetSettings
from hub.adapters.traces import Traces


class InboxAdapter:
    """Puts a delivery before the people of this office, once."""

    settings_type: ClassVar[type[TargetSettings]] = TargetSettings

    def __init__(self, settings: TargetSettings, surroundings: Surroundings) -> None:
        self.name = settings.called
        self._folder = surroundings.state
        self._traces = Traces(self._folder)

    async def hand_over(self, delivery: Delivery) -> HandedOver:
        return await asyncio.to_thread(self._put, delivery)

    async def already_there(self, delivery: Delivery) -> HandedOver | None:
        return await asyncio.to_thread(self._look, delivery)

    async def check(self) -> Health:
        try:
            await asyncio.to_thread(self._tidy)
        except OSError as error:
            return unwell(trouble_of(error).reason)
        return WELL

    async def close(self) -> None:
        """Nothing is open."""

    def _put(self, delivery: Delivery) -> HandedOver:
        known = self._look(delivery)
        if known is not None:
            return known
        try:
            self._traces.note(delivery, (delivery.id,))
        except OSError as error:
            raise trouble_of(error) from None
        return HandedOver(delivery.id)

    def _look(self, delivery: Delivery) -> HandedOver | None:
        try:
            known = self._traces.of(delivery)
        except OSError as error:
            raise trouble_of(error) from None
        return None if known is None else HandedOver(delivery.id, was_there=True)

    def _tidy(self) -> None:
        """Drop old marks; raises ``OSError`` where no new one could be made."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if os.statvfs(self._folder).f_bavail == 0:
            raise OSError(errno.ENOSPC, "full")
        self._traces.forget(clock.now())
