# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What sends at work: the folder is looked at, the local address answers, until it is to stop."""

import asyncio
from contextlib import suppress
from typing import Final

import structlog

from hub.adapters.connector.configuration import Configuration
from hub.adapters.connector.house import House
from hub.adapters.sending.composing import send
from hub.adapters.sending.endpoint import Endpoint, token_of
from hub.adapters.sending.folder import Picked, Watched
from hub.adapters.sending.order import OrderUnfit
from hub.adapters.sending.report import unfit
from hub.client import Untrustworthy
from hub.errors import Failure

_log: Final = structlog.stdlib.get_logger()
TOKEN_FILE: Final = "senden.token"  # noqa: S105  the name of a file


class Sender:
    """Sends for one unit what case software puts down."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._stopping = asyncio.Event()
        self.port: int | None = None
        """On which the local address answers."""

    @staticmethod
    def is_wanted(configuration: Configuration) -> bool:
        sending = configuration.settings.sending
        return sending.folder is not None or sending.port is not None

    def stop(self) -> None:
        """Pick up nothing more."""
        self._stopping.set()

    async def run(self) -> None:
        """Look and answer until ``stop``; what is being sent comes to its end."""
        endpoint = await self._listen()
        sending = self._house.configuration.settings.sending
        if sending.folder is not None:
            watched = Watched(self._house.configuration.path(sending.folder))
            while not self._stopping.is_set():
                await self._look(watched)
                with suppress(TimeoutError):
                    async with asyncio.timeout(sending.every):
                        await self._stopping.wait()
        await self._stopping.wait()
        if endpoint is not None:
            await endpoint.close()

    async def _listen(self) -> Endpoint | None:
        configuration = self._house.configuration
        sending = configuration.settings.sending
        if sending.port is None:
            return None
        named = sending.token_file
        file = configuration.path(named) if named else self._house.state / TOKEN_FILE
        endpoint = Endpoint(lambda raw, key: send(raw, key, self._house), token_of(file))
        self.port = await endpoint.listen(sending.port)
        _log.info("connector.listening", port=self.port)
        return endpoint

    async def _look(self, watched: Watched) -> None:
        try:
            for picked in await asyncio.to_thread(watched.look):
                if self._stopping.is_set():
                    return
                await self._send(picked, watched)
        except (OSError, Failure, Untrustworthy) as trouble:
            # A network drive comes and goes; what lies there waits.
            _log.warning("connector.folder-trouble", kind=type(trouble).__name__)

    async def _send(self, picked: Picked, watched: Watched) -> None:
        try:
            raw = await asyncio.to_thread(watched.read, picked)
        except OrderUnfit as problem:
            await asyncio.to_thread(watched.finish, picked, unfit(problem))
            return
        report = await send(raw, f"folder-{picked.key}", self._house)
        if report.outcome == "wartet":
            await asyncio.to_thread(watched.say, picked, report)
        else:
            await asyncio.to_thread(watched.finish, picked, report)
        _log.info("connector.sent", state=report.outcome, code=report.code or None)
