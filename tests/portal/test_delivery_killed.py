# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A portal is killed in the middle of its work; what it sends and takes in is there once."""

import asyncio
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import httpx2

from deploy.demo.portal_client import Person
from hub.store.leases import give_back_all
from tests import databases
from tests.faults.hub import wait_until
from tests.portal.filing import a_notice, somebody
from tests.portal.test_filings import filing_of
from tests.portal.weather import Weather, a_hub_in_weather, add_school
from tests.portal.world import portal_beside
from tests.world import FEEDBACK, RHEINBERG, World, free_port

LETTERS = 8
KILLS = (1, 5)
"""After so many words of the house the portal is killed."""


@dataclass
class Process:
    """A portal as its operator starts it."""

    world: World
    home: Path
    port: int = field(default_factory=free_port)
    running: "subprocess.Popen[bytes] | None" = field(default=None, repr=False)

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def start(self) -> None:
        with (self.home / "stderr.txt").open("ab") as file:
            self.running = subprocess.Popen(
                [sys.executable, "-m", "hub", "portal", "--demo", "--port", str(self.port)],
                stderr=file,
                stdout=subprocess.DEVNULL,
                env={
                    **os.environ,
                    "MELDEWEG_PORTAL_DATA_DIR": str(self.home / "portal"),
                    "MELDEWEG_PORTAL_PUBLIC_URL": self.url,
                    "MELDEWEG_PORTAL_LOG_LEVEL": "error",
                },
            )
        wait_until(self._is_ready, "the portal")

    def kill(self) -> None:
        """End it as a power cut would; what it held at the hub is let go, as time would do."""
        assert self.running is not None
        self.running.send_signal(signal.SIGKILL)
        self.running.wait(30)
        self.world.node.writer.commit_now(give_back_all)

    def _is_ready(self) -> bool:
        try:
            return httpx2.get(f"{self.url}/health/ready", timeout=5).status_code == 204
        except httpx2.TransportError:
            return False


@contextmanager
def a_process(world: World, home: Path) -> Iterator[Process]:
    process = Process(world, home)
    try:
        yield process
    finally:
        if process.running is not None and process.running.poll() is None:
            process.running.kill()
            process.running.wait(30)


def test_letters_are_taken_once_and_filings_sent_once_by_a_portal_that_is_killed(
    tmp_path: Path,
) -> None:
    with (
        databases.given_back(),
        a_hub_in_weather(tmp_path) as (world, weather),
        a_process(world, tmp_path) as process,
        _with_letters(world, weather, process) as head,
    ):
        for kills in KILLS:
            process.start()
            wait_until(partial(_are_taken, world, kills), "letters")
            process.kill()
        process.start()
        wait_until(partial(_are_taken, world, LETTERS), "all letters")
        _file_while_killed(process, weather, head)
        inbox = head.inbox()

    assert Counter(each["state"] for each in inbox["letters"]) == {"neu": LETTERS}
    assert Counter(each["state"] for each in inbox["filings"])["angenommen"] == 1
    assert _count(world, "SELECT count(*) FROM receipt WHERE word = 'accepted'") == 2 * LETTERS + 1


def _with_letters(world: World, weather: Weather, process: Process) -> Person:
    """File notices at a portal that ends then, have them answered, and return who filed them."""
    with portal_beside(world, process.home, demo=True) as portal:
        add_school(portal, weather)
        with somebody(portal, "Petra Erfunden-Leitung") as person:
            for _ in range(LETTERS):
                person.file(a_notice())
    asyncio.run(_answer_all(world))
    # The books go on with another process, and so does the session.
    head = Person(process.url, person.catalogue, own=person.own)
    head.client.cookies.update(person.client.cookies)
    return head


async def _answer_all(world: World) -> None:
    async with world.hub(RHEINBERG) as line:
        await line.directory()
        for message in await line.lease(limit=20):
            await message.open()
            await message.take()
            await message.answer("rueckmeldung", FEEDBACK)


def _file_while_killed(process: Process, weather: Weather, head: Person) -> None:
    head.refresh()
    notice = head.prepare(a_notice())
    weather.down()
    assert head.submit(notice)["state"] == "wartet"
    process.kill()
    weather.up()
    process.start()
    wait_until(lambda: filing_of(head, notice.id)["state"] == "angenommen", "the answer")


def _are_taken(world: World, number: int) -> bool:
    of = "SELECT count(*) FROM receipt WHERE word = 'taken' AND signer = 'schule:999001'"
    return _count(world, of) >= number


def _count(world: World, query: str) -> int:
    return world.node.readers.run_now(
        lambda connection: int(connection.exec_driver_sql(query).scalar_one())
    )
