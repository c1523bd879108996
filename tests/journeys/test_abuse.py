# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who holds connections and says nothing, or little, or too much, takes nothing from others.

A real hub in a process of its own. The abusers come from several loopback addresses, because one
address has its share and no more; ``bench/abuse.py`` is the long form.
"""

import asyncio
import contextlib
import json
import select
import signal
import socket
import statistics
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager

import pytest

from hub.client import Hub
from hub.web.crowd import Room
from tests.journeys.processes import Place, Running, founded, started
from tests.world import RHEINBERG, SCHOOL, example

pytestmark = pytest.mark.anyio
IDLE = 500
SLOW = 50
ASKED = 100
BOUND = 0.5
"""Seconds within which 99 of 100 requests of somebody else are answered, on a machine that answers
a third as fast when nobody disturbs it."""
BODY = 262_144
FLOOD = 200
GROWTH = 300 * 1_048_576
"""Bytes that a hub may grow by in a flood."""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return founded(tmp_path_factory.mktemp("abuse"), "schule:999001", "jugendamt:05170032")


@pytest.fixture
def hub(place: Place) -> Iterator[Running]:
    with started(place) as running:
        yield running


def connect(place: Place, source: str) -> socket.socket:
    line = socket.create_connection(
        ("127.0.0.1", place.port), timeout=20, source_address=(source, 0)
    )
    line.settimeout(20)
    return line


def slow_head() -> bytes:
    return b"GET / HTTP/1.1\r\nHost: localhost\r\n"


def announced(length: int) -> bytes:
    """Announce a body that is read before it is known who sends it."""
    return (
        b"PUT /v1/directory/schule:999001 HTTP/1.1\r\nHost: localhost\r\n"
        b"Content-Type: application/jwt\r\nContent-Length: %d\r\n\r\n" % length
    )


@contextmanager
def abused(place: Place) -> Iterator[list[socket.socket]]:
    """Hold idle connections, and drip heads and bodies, for as long as the block lasts."""
    with ExitStack() as stack:
        idle = [
            stack.enter_context(connect(place, f"127.0.0.{2 + number % 3}"))
            for number in range(IDLE)
        ]
        slow = [stack.enter_context(connect(place, "127.0.0.5")) for _ in range(2 * SLOW)]
        for line in slow[:SLOW]:
            line.sendall(slow_head())
        for line in slow[SLOW:]:
            line.sendall(announced(BODY))
        ended = threading.Event()
        dripping = threading.Thread(target=_drip, args=(slow, ended))
        dripping.start()
        try:
            yield idle
        finally:
            ended.set()
            dripping.join()


def _drip(lines: list[socket.socket], ended: threading.Event) -> None:
    while not ended.wait(0.2):
        for number, line in enumerate(lines):
            with contextlib.suppress(OSError):
                line.sendall(b"X-A: b\r\n" if number < SLOW else b"x")


async def submit(school: Hub) -> float:
    """Submit a notice and return how many seconds its receipt took."""
    draft = school.compose(
        protocol="schule-mitteilung",
        step="mitteilung",
        to=RHEINBERG,
        urgency="planbar",
        content=example("schule-mitteilung", "mitteilung"),
    )
    begun = time.monotonic()
    await school.submit(draft)
    return time.monotonic() - begun


def is_open(line: socket.socket) -> bool:
    line.settimeout(0)
    try:
        return line.recv(1) != b""
    except BlockingIOError:
        return True
    except OSError:
        return False


@pytest.mark.usefixtures("hub")
async def test_five_hundred_idle_connections_and_slow_heads_and_bodies_hold_up_nobody(
    place: Place,
) -> None:
    async with place.hub(SCHOOL) as school:
        await school.directory()
        await submit(school)
        quiet = max([await submit(school) for _ in range(20)])
        with abused(place) as idle:
            took = list[float]()
            begun = time.monotonic()
            while len(took) < ASKED and time.monotonic() - begun < 8:
                took.append(await submit(school))
            held = sum(is_open(line) for line in idle)

    assert held == IDLE, "they were all there, or this shows nothing"
    assert len(took) >= ASKED // 4
    assert sorted(took)[-1 - len(took) // 100] < max(BOUND, 3 * quiet)


async def test_a_flood_is_told_to_come_later_and_holds_up_nobody(
    place: Place, hub: Running
) -> None:
    """Bodies of the largest size from everywhere at once, and each without its last byte."""
    before, most, took = hub.resident(), 0, list[float]()
    async with place.hub(SCHOOL) as school:
        await school.directory()
        await submit(school)
        with flooded(place) as lines:
            for _ in range(10):
                took.append(await submit(school))
                assert await asyncio.to_thread(place.ready) == 200
                most = max(most, hub.resident())
            refused = [_parted(line.recv(65_536)) for line in _answered(lines)]

    assert statistics.median(took) < BOUND
    assert most - before < GROWTH
    assert len(refused) >= FLOOD - Room.strangers // (BODY - 1)
    assert {json.loads(body)["code"] for _, body in refused} == {"overloaded"}
    assert all(b"503" in first and b"retry-after" in first.lower() for first, _ in refused)


@contextmanager
def flooded(place: Place) -> Iterator[list[socket.socket]]:
    with ExitStack() as stack:
        lines = [
            stack.enter_context(connect(place, f"127.0.1.{1 + number % 40}"))
            for number in range(FLOOD)
        ]
        for line in lines:
            line.sendall(announced(BODY))
        with ThreadPoolExecutor(16) as pool:
            for line in lines:
                pool.submit(line.sendall, b"x" * (BODY - 1))
            yield lines


def _answered(lines: list[socket.socket]) -> list[socket.socket]:
    """Wait until no more answers come, and return the connections on which there is one."""
    found: list[socket.socket] = []
    while len(found) < len(answered := select.select(lines, [], [], 1)[0]):
        found = answered
        time.sleep(0.5)
    return found


def _parted(answer: bytes) -> tuple[bytes, bytes]:
    first, _, body = answer.partition(b"\r\n\r\n")
    return first, body


async def test_a_hub_in_the_middle_of_it_still_stops(place: Place, hub: Running) -> None:
    with abused(place):
        hub.process.send_signal(signal.SIGTERM)
        while place.ready():
            assert hub.process.poll() is None
        code, seconds = await asyncio.to_thread(hub.end, signal.SIGTERM)

    assert (code, seconds < 30) == (0, True)
