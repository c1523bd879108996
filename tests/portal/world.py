# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A portal in front of a hub, for tests that go over HTTP or through a browser.

Both are real, each on a loopback port; houses and people come to it as in life: the operator names
them, and everything else they do themselves.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, TypeVar

from starlette.types import ASGIApp, Receive, Scope, Send

from hub.client import Hub, Message
from hub.enrol.entries import confirm
from hub.enrol.invitation import invite as invite_organisation
from hub.enrol.snapshot import refresh
from hub.main.portal import application, open_desk
from hub.people.change import OPERATOR
from hub.people.grants import Naming
from hub.people.invitations import invite
from hub.people.place import changing_now
from hub.portal import delivery, joining
from hub.portal.books.people_houses import StoredHouse, read_house
from hub.portal.desk import Desk
from hub.portal.houses import Joining, add_houses
from hub.portal.settings import PortalSettings
from hub.remind import remind
from hub.web.limits import Buckets, Rate
from hub.web.server import Listener, serving
from tests.world import NETWORK, RHEINBERG, SCHOOL, World, founded, free_port

T = TypeVar("T")
OFFICES: Final = ("jugendamt:05170032", "jugendamt:05170000")
PROTOCOLS: Final = ("schule-mitteilung/1.1.0", "schule-mitteilung/1.0.0")
PASSING_ON: Final = "jugendamt-mitteilung/1.0.0"
SEAT: Final = "05170052"
"""Xanten, where the Jugendamt of the Kreis is responsible and not that of Rheinberg."""
EVERYTHING: Final = ("verfassen", "freigeben", "lesen", "verwalten")
PATIENCE: Final = 60


@dataclass
class _Looped:
    """The application, with its loop within reach of a test."""

    app: ASGIApp
    loop: asyncio.AbstractEventLoop | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.loop = asyncio.get_running_loop()
        await self.app(scope, receive, send)


@dataclass
class PortalWorld:
    """A running portal, and the hub behind it."""

    world: World
    desk: Desk
    url: str
    _looped: _Looped
    houses: list[str] = field(default_factory=list)
    last: dict[str, Message] = field(default_factory=dict)
    """What each Jugendamt took last."""

    def run(self, work: Callable[[Desk], Awaitable[T]]) -> T:
        """Do something at the portal, in the thread where it lives."""
        assert self._looped.loop is not None

        async def doing() -> T:
            return await work(self.desk)

        return asyncio.run_coroutine_threadsafe(doing(), self._looped.loop).result(PATIENCE)

    @property
    def application(self) -> ASGIApp:
        """What answers requests, with everything around it."""
        return self._looped.app

    def have_patience(self) -> None:
        """Count nobody's requests from now on: a test asks more than a school does."""
        app: Any = self.application
        while not hasattr(app, "state"):
            app = app._app
        endless = Rate(per_second=1e6, burst=1_000_000)
        app.state.edge = replace(
            app.state.edge, visitors=Buckets(endless), strangers=Buckets(endless)
        )

    def turn(self) -> None:
        """Let the portal fetch and send now, and not at its next turn."""
        self.run(delivery.turn)

    def house(self, unit: str = SCHOOL) -> StoredHouse:
        found = self.desk.books.read_now(lambda connection: read_house(connection, unit))
        assert found is not None
        return found

    def add_house(self, unit: str, seat: str | None = SEAT) -> None:
        """Do what the operator of the portal does, with a code from the operator of the hub."""
        organisation = unit.partition(".")[0]
        made = self.world.node.writer.commit_now(
            lambda connection: invite_organisation(
                organisation, int(self.world.clock()), connection
            )
        )
        add_houses(self.desk, Joining(organisation, self.world.url, made.code, seat))
        self.houses.append(unit)

    def confirm(self, unit: str = SCHOOL, *, protocols: Sequence[str] = PROTOCOLS) -> None:
        """Compare the fingerprint as the hub's operator does; then the house takes part."""
        organisation, print_ = unit.partition(".")[0], self.house(unit).fingerprint
        node = self.world.node
        node.writer.commit_now(lambda connection: confirm(organisation, print_, node, connection))
        node.readers.run_now(lambda connection: refresh(node, connection))
        self.run(joining.turn)
        for name in protocols:
            # Drafts are adopted knowingly: nothing else of them can be tried.
            is_draft = self.world.catalogue.known(name).status == "entwurf"
            joining.adopt_protocol(self.desk, unit, name, draft=is_draft)

    def link(self, name: str, *roles: str, unit: str = SCHOOL, mail: str | None = None) -> str:
        """Name somebody and return the one-time link they get."""
        naming = Naming(name, roles or EVERYTHING, unit, mail)
        made = changing_now(self.desk, OPERATOR, lambda change: invite(change, naming))
        return f"{self.url}/portal/anmeldung/einmal#code={made.code}"

    # -- the other side -----------------------------------------------------------------------

    def office(self, work: Callable[[Hub], Awaitable[T]], unit: str = RHEINBERG) -> T:
        """Do something at the Jugendamt, with its own software."""

        async def doing() -> T:
            async with self.world.hub(unit) as line:
                await line.directory()
                return await work(line)

        return asyncio.run(doing())

    def fetched(self, *, acknowledged: bool = True, unit: str = RHEINBERG) -> dict[str, Any]:
        """Let the Jugendamt take what waits, and return the content of the last message."""
        contents: list[dict[str, Any]] = []
        self.last.pop(unit, None)

        async def fetch(line: Hub) -> None:
            for message in await line.lease(limit=20):
                contents.append(await message.open())
                await message.take()
                self.last[unit] = message
                if acknowledged:
                    await message.acknowledge("fachkraft")

        self.office(fetch, unit)
        assert contents, "nothing waits at the Jugendamt"
        return contents[-1]

    def said(self, step: str, content: dict[str, Any], *, unit: str = RHEINBERG) -> None:
        """Let the Jugendamt answer what it took last."""
        taken = self.last[unit]

        async def answer(line: Hub) -> None:
            # The line on which it was taken is closed.
            taken.hub = line
            await taken.answer(step, content)

        self.office(answer, unit)

    def passed_on(self, to: str, content: dict[str, Any], *, unit: str = RHEINBERG) -> None:
        """Let the Jugendamt pass on what it took last, and the other one take note of it."""
        taken = self.last[unit]

        async def pass_on(line: Hub) -> None:
            taken.hub = line
            await taken.pass_on(to, content)

        self.office(pass_on, unit)
        self.fetched(unit=to)

    def let_time_pass(self, seconds: int) -> None:
        """Let the hub do what is due so many seconds from now."""
        node = self.world.node
        asyncio.run(remind(node, self.world.clock() + seconds, may_expire=False))
        self.turn()

    def answered(self, step: str, content: dict[str, Any]) -> dict[str, Any]:
        """Let the Jugendamt take what waits and answer the last message; returns what it read."""
        read: list[dict[str, Any]] = []

        async def answer(line: Hub) -> None:
            last: Message | None = None
            for message in await line.lease(limit=20):
                read.append(await message.open())
                await message.take()
                last = message
            assert last is not None, "nothing waits at the Jugendamt"
            await last.answer(step, content)

        self.office(answer)
        return read[-1]


@contextmanager
def portal_beside(world: World, home: Path, **said: Any) -> Iterator[PortalWorld]:
    """Run a portal for as long as the block lasts; ``said`` are settings beside the usual ones."""
    port = said.pop("port", None) or free_port()
    url = f"http://localhost:{port}"
    settings = PortalSettings(
        data_dir=home / "portal", hub=world.url, public_url=url, port=port, log_level="error"
    ).model_copy(update=said)
    desk = open_desk(settings)
    looped = _Looped(application(desk))
    with serving(looped, Listener(port=port)):
        yield PortalWorld(world, desk, url, looped)


@contextmanager
def a_portal(home: Path, *houses: str, **said: Any) -> Iterator[PortalWorld]:
    """Found a hub with two Jugendaemter, and a portal that is to serve these houses."""
    with founded(home, NETWORK) as world:
        for organisation in OFFICES:
            world.join(organisation, protocols=(*PROTOCOLS, PASSING_ON))
        with portal_beside(world, home, **said) as portal:
            for unit in houses or (SCHOOL,):
                portal.add_house(unit)
            yield portal
