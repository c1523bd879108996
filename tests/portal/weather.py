# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The line from a portal to its hub, which can be cut: altogether, or behind a question."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any, Final

from hub.enrol.invitation import invite
from hub.portal.houses import Joining, add_houses
from tests.faults.proxy import Proxy
from tests.portal.world import OFFICES, PROTOCOLS, SEAT, PortalWorld, portal_beside
from tests.world import NETWORK, SCHOOL, World, founded, free_port

PATIENCE: Final = 30


@dataclass
class Weather:
    """A line through which a portal reaches its hub, as long as it is up."""

    proxy: Proxy
    port: int
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)
    _server: asyncio.Server | None = None
    _open: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def up(self) -> None:
        """Let everything through."""
        self._do(self._listen())

    def down(self) -> None:
        """Refuse connections and end those that are open."""
        self._do(self._end())

    def lose_answers(self, part: str) -> None:
        """Carry requests whose path has this part, and lose what is answered to them."""
        self.proxy.cut = lambda path: 0.0 if part in path else None

    def calm(self) -> None:
        """Lose nothing more."""
        self.proxy.cut = lambda _path: None

    @contextmanager
    def running(self) -> Iterator["Weather"]:
        thread = Thread(target=self._loop.run_forever, daemon=True)
        thread.start()
        self.up()
        try:
            yield self
        finally:
            self.down()
            self._loop.call_soon_threadsafe(self._loop.stop)
            thread.join()
            self._loop.close()

    def _do(self, work: Any) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(PATIENCE)

    async def _listen(self) -> None:
        if self._server is None:
            self._server = await asyncio.start_server(self._carry, "127.0.0.1", self.port)

    async def _end(self) -> None:
        if self._server is not None:
            self._server.close()
        self._server = None
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    async def _carry(self, client: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(self.proxy.carry(client, back))
        self._open.add(task)
        task.add_done_callback(self._open.discard)
        try:
            await task
        finally:
            back.close()


@contextmanager
def a_hub_in_weather(home: Path) -> Iterator[tuple[World, Weather]]:
    """Found a hub that those who come later reach by a line that can be cut."""
    with founded(home, NETWORK) as world:
        for organisation in OFFICES:
            world.join(organisation, protocols=PROTOCOLS)
        weather = Weather(Proxy(int(world.url.rpartition(":")[2])), free_port())
        with weather.running():
            yield world, weather


def add_school(portal: PortalWorld, weather: Weather) -> None:
    """Have the portal serve a school that knows its hub by this line."""
    world = portal.world
    made = world.node.writer.commit_now(
        lambda connection: invite(SCHOOL, int(world.clock()), connection)
    )
    add_houses(portal.desk, Joining(SCHOOL, weather.url, made.code, SEAT))


@contextmanager
def a_portal_in_weather(home: Path, **said: Any) -> Iterator[tuple[PortalWorld, Weather]]:
    """Found a hub and a portal whose one school reaches the hub by a line that can be cut."""
    with (
        a_hub_in_weather(home) as (world, weather),
        portal_beside(world, home, demo=True, **said) as portal,
    ):
        add_school(portal, weather)
        yield portal, weather
