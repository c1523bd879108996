# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""An office with its inbox, beside a real hub: what was taken in, and people who look at it.

The process of the connector runs in a thread of its own, as it would on a machine of the office: a
worker, and the web server on a real port. Nothing is a double; signing in alone is shortened.
"""

import asyncio
import re
from collections.abc import Coroutine, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from typing import Any, Final, TypeVar

import httpx2

from hub.adapters.connector.configuration import Configuration
from hub.adapters.connector.house import House, a_house
from hub.adapters.connector.rows import Row, read_row
from hub.adapters.connector.running import work
from hub.adapters.connector.worker import Connector
from hub.adapters.inbox.opening import a_room, beside
from hub.adapters.inbox.room import Room
from hub.client import Draft
from hub.main.problems import problem_texts
from hub.people.books.sessions import IDLE
from hub.people.grants import Naming
from hub.people.naming import name_person
from hub.people.place import changing_now
from hub.people.sessions import Opening, open_session
from hub.web.eingang.serving import InboxServer, listener_of
from hub.web.eingang.visitor import jar_of
from hub.web.problems import Problems
from tests.adapters.world import PATIENCE, QUICK, configured
from tests.journeys.canaries import richest
from tests.world import (
    KREIS,
    NETWORK,
    POLICE,
    RHEINBERG,
    SCHOOL,
    World,
    example,
    founded,
    free_port,
)

T = TypeVar("T")
ENTRUSTED: Final = "jugendamt-mitteilung/1.0.0"
"""A protocol of which parts may be entrusted (§ 65 SGB VIII)."""
READS: Final = ("bereitschaft",)
ORGANISATIONS: Final = {
    "schule:999001": ("schule-mitteilung/1.0.0",),
    "polizei:kpb-wesel": ("polizei-mitteilung/1.0.0",),
    "jugendamt:05170032": ("schule-mitteilung/1.0.0", "polizei-mitteilung/1.0.0", ENTRUSTED),
    "jugendamt:05170000": ("schule-mitteilung/1.0.0", "polizei-mitteilung/1.0.0", ENTRUSTED),
}


@dataclass
class Visitor:
    """Somebody signed in, without the ceremony: a browser that has the cookie already."""

    inbox: "Inbox"
    person: str
    secret: str
    client: httpx2.Client = field(repr=False)

    @property
    def marke(self) -> str:
        return jar_of(self.inbox.room).marke(self.secret)

    @property
    def cookie(self) -> tuple[str, str]:
        """Name and value, for a real browser."""
        return jar_of(self.inbox.room).name(), self.secret

    def get(self, path: str = "", **headers: str) -> httpx2.Response:
        """Open a page below ``/eingang``, or at an address that begins with a slash."""
        return self.client.get(_path(path), headers=headers)

    def post(self, path: str, **fields: str | list[str]) -> httpx2.Response:
        """Send a form as one of our pages would, with its token."""
        return self.client.post(_path(path), data={"marke": self.marke, **fields})

    def text(self, path: str = "") -> str:
        """Return what can be read on a page, with one blank between two words."""
        answer = self.get(path)
        assert answer.status_code == httpx2.codes.OK, (path, answer.status_code)
        return words_of(answer.text)


@dataclass
class Inbox:
    """The inbox of one office, at work."""

    world: World
    room: Room
    house: House
    url: str
    loop: asyncio.AbstractEventLoop
    sent: dict[str, Draft] = field(default_factory=dict)
    """Notices that were sent before, by who sent them: ``schule``, ``polizei``."""
    lines: ExitStack = field(default_factory=ExitStack, repr=False)
    """Connections of the browsers; they end with the inbox."""

    @property
    def unit(self) -> str:
        return self.house.agency.id

    def run(self, work_: Coroutine[Any, Any, T]) -> T:
        """Do something in the process of the connector, and wait for it."""
        return asyncio.run_coroutine_threadsafe(work_, self.loop).result(PATIENCE)

    def person(self, *roles: str, name: str = "Bereitschaft Erfunden") -> str:
        """Enter somebody with these roles; returns the id."""
        naming = Naming(name, tuple(roles), self.unit)
        return changing_now(self.room, "betrieb", lambda change: name_person(change, naming))

    def visitor(
        self, *roles: str, name: str = "Bereitschaft Erfunden", person: str = ""
    ) -> Visitor:
        """Let somebody with these roles be signed in; ``person`` where there is one already."""
        who = person or self.person(*roles, name=name)
        opening = Opening("passkey", "Browser", self.unit)
        opened = self.room.people.write_now(
            lambda connection: open_session(connection, who, opening, self.room.second)
        )
        jar = jar_of(self.room)
        client = httpx2.Client(
            base_url=self.url,
            cookies={jar.name(): opened.secret},
            headers={"origin": self.url, "accept": "text/html"},
            timeout=PATIENCE,
        )
        return Visitor(self, who, opened.secret, self.lines.enter_context(client))

    def stranger(self) -> httpx2.Client:
        """Return a browser that nobody is signed in with."""
        return httpx2.Client(base_url=self.url, headers={"accept": "text/html"})

    def row(self, message: str) -> Row | None:
        return self.house.books.read_now(lambda connection: read_row(connection, message))

    def take_in(self, *drafts: Draft) -> None:
        """Wait until notices have been taken in."""
        self.run(self._taken([each.id for each in drafts]))

    async def _taken(self, messages: Sequence[str]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not all((row := self.row(each)) and row.taken_at for each in messages):  # noqa: ASYNC110  the connector tells nobody
                await asyncio.sleep(0.01)

    def send(self, sender: str, **said: Any) -> Draft:
        """Have another office send something here, and wait until it is taken in."""
        draft = asyncio.run(_send(self.world, sender, **said))
        self.take_in(draft)
        return draft


@contextmanager
def a_world_of_offices(home: Path) -> Iterator[World]:
    """Run a hub with a school, the police and two youth offices."""
    with founded(home, NETWORK) as world:
        for organisation, protocols in ORGANISATIONS.items():
            world.join(organisation, protocols=protocols)
        yield world


@contextmanager
def an_inbox(
    world: World, home: Path, text: str = "", *, unit: str = RHEINBERG, port: int = 0
) -> Iterator[Inbox]:
    """Run connector and inbox of an office for as long as the block lasts.

    ``text`` goes on with the table ``[inbox]``; other tables may follow in it.
    """
    begun = _Begun()
    where = port or free_port()
    demo = "" if "demo =" in text else "demo = true"
    address = f'port = {where}\npublic_url = "http://localhost:{where}"'
    said = f'data_dir = "{home}"\n{QUICK}\n[inbox]\n{address}\n{demo}\n{text}\n'
    configuration = configured(said, home)
    running = Thread(target=lambda: begun.go(_work(world, configuration, unit, begun)))
    running.start()
    begun.ready.wait()
    try:
        if begun.made is None:
            raise RuntimeError("the inbox did not start") from begun.trouble
        with begun.made.lines:
            yield begun.made
    finally:
        begun.end()
        running.join()
        if begun.trouble is not None:
            raise begun.trouble


def with_notices(inbox: Inbox) -> Inbox:
    """Have a school and the police send what cannot wait, and take it in."""
    school = {**example("schule-mitteilung", "mitteilung")}
    inbox.sent["schule"] = inbox.send(
        SCHOOL, protocol="schule-mitteilung", content=school, urgency="sofort"
    )
    police = example("polizei-mitteilung", "mitteilung")
    assert police["hinweise"]["gewalt"], "the notice is to warn of violence"
    inbox.sent["polizei"] = inbox.send(
        POLICE, protocol="polizei-mitteilung", content=police, urgency="sofort"
    )
    return inbox


def entrusted(inbox: Inbox) -> Draft:
    """Have another youth office pass on something of which a part was entrusted to it."""
    content = richest("jugendamt-mitteilung", "mitteilung")
    return inbox.send(
        KREIS, protocol="jugendamt-mitteilung", content=content, urgency="unverzueglich"
    )


def words_of(page: str) -> str:
    """Return the text of a page without its marks."""
    body = re.sub(r"(?s)<(script|style)\b.*?</\1>", " ", page)
    bare = re.sub(r"<[^>]+>", " ", body).replace("&nbsp;", " ").replace("\u00a0", " ")
    return " ".join(bare.split())


@dataclass
class _Begun:
    """What the thread of the connector says to the one that started it."""

    ready: Event = field(default_factory=Event)
    made: Inbox | None = None
    workers: Sequence[Any] = ()
    trouble: BaseException | None = None

    def go(self, working: Coroutine[Any, Any, None]) -> None:
        try:
            asyncio.run(working)
        except BaseException as trouble:  # noqa: BLE001  it is raised where somebody waits
            self.trouble = trouble
            self.ready.set()

    def end(self) -> None:
        if self.made is not None and not self.made.loop.is_closed():
            for each in self.workers:
                self.made.loop.call_soon_threadsafe(each.stop)


async def _work(world: World, configuration: Configuration, unit: str, begun: _Begun) -> None:
    agency = world.agency(unit)
    async with world.hub(unit) as hub:
        with (
            a_house(configuration, agency, world.catalogue, hub) as house,
            a_room(configuration, [house]) as room,
        ):
            problems = Problems(room.public_url, problem_texts())
            server = InboxServer(room, problems, listener_of(configuration))
            begun.workers = (Connector(house), server, *beside(room))
            loop = asyncio.get_running_loop()
            begun.made = Inbox(world, room, house, room.public_url, loop)
            begun.ready.set()
            await work(begun.workers)


async def _send(world: World, sender: str, **said: Any) -> Draft:
    async with world.hub(sender) as line:
        await line.directory()
        draft = line.compose(step="mitteilung", to=RHEINBERG, **said)
        await line.submit(draft)
    return draft


def _path(path: str) -> str:
    if path.startswith("/"):
        return path
    return f"/eingang/{path}".rstrip("/").replace("/?", "?")


assert IDLE > PATIENCE, "a session must outlive the longest wait of a test"
