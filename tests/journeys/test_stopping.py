# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A hub that is told to stop finishes what it has begun, and ends; a real process each time."""

import asyncio
import json
import signal
import socket
import subprocess
import sys
import time

import pytest

from hub.main.lastresort import CUT_OFF
from hub.web.server import HASTE
from tests.journeys.processes import Place, command, founded, started
from tests.world import RHEINBERG, SCHOOL, example

pytestmark = pytest.mark.anyio
PROMPT = 8
"""Seconds for what takes less than one on a quiet machine."""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    home = tmp_path_factory.mktemp("stopping")
    return founded(home, "schule:999001", "jugendamt:05170032")


async def notify(place: Place) -> str:
    async with place.hub(SCHOOL) as school:
        await school.directory()
        draft = school.compose(
            protocol="schule-mitteilung",
            step="mitteilung",
            to=RHEINBERG,
            urgency="planbar",
            content=example("schule-mitteilung", "mitteilung"),
        )
        await school.submit(draft)
        return draft.id


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_hub_in_order(place: Place, number: int) -> None:
    with started(place) as hub:
        idle = [socket.create_connection(("127.0.0.1", place.port)) for _ in range(3)]
        code, seconds = hub.end(number)
        for line in idle:
            line.close()

    assert (code, seconds < PROMPT) == (0, True)
    assert place.ready() == 0


def test_a_signal_before_it_listens_ends_it_as_well(place: Place) -> None:
    hub = command(place)
    until = time.monotonic() + 60
    while not place.data.socket.exists() and time.monotonic() < until:
        assert hub.process.poll() is None, hub.lines()
    code, _ = hub.end(signal.SIGTERM)

    assert code == 0


async def test_who_waits_for_a_message_is_sent_home_with_an_answer(place: Place) -> None:
    with started(place) as hub:
        async with place.hub(RHEINBERG) as office:
            for each in await office.lease(limit=20):
                await each.open()
                await each.take()
            waiting = asyncio.create_task(office.lease(wait=50))
            await asyncio.to_thread(_until_somebody_waits, place)
            code, seconds = await asyncio.to_thread(hub.end, signal.SIGTERM)
            assert await waiting == []

    assert (code, seconds < PROMPT) == (0, True)


def _until_somebody_waits(place: Place) -> None:
    """A request that came later is answered only after the one before has begun to wait."""
    for _ in range(20):
        assert place.ready() == 200


async def test_what_was_lent_can_be_fetched_again_at_once(place: Place) -> None:
    with started(place) as hub:
        sent = await notify(place)
        async with place.hub(RHEINBERG) as office:
            assert sent in {each.id for each in await office.lease(limit=20)}
            assert await office.lease(limit=20) == []
        code, _ = hub.end(signal.SIGTERM)
    assert code == 0

    with started(place):
        async with place.hub(RHEINBERG) as office:
            assert sent in {each.id for each in await office.lease(limit=20)}


def test_while_it_drains_it_serves_and_is_not_ready(place: Place) -> None:
    with started(place, {"MELDEWEG_DRAIN_SECONDS": "2"}) as hub:
        hub.process.send_signal(signal.SIGTERM)
        until = time.monotonic() + 1.5
        while (answer := place.ready()) == 200 and time.monotonic() < until:
            pass
        code = hub.process.wait(40)

    assert (answer, code) == (503, 0)


def test_a_request_under_way_keeps_the_hub_and_a_second_signal_hastens_it(place: Place) -> None:
    head = b"POST /oauth/token HTTP/1.1\r\nHost: localhost\r\n"
    kind = b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 9\r\n\r\n"
    with started(place) as hub, socket.create_connection(("127.0.0.1", place.port)) as slow:
        slow.sendall(head + kind)
        assert place.ready() == 200
        hub.process.send_signal(signal.SIGTERM)
        with pytest.raises(subprocess.TimeoutExpired):
            hub.process.wait(1)
        code, seconds = hub.end(signal.SIGTERM)

    assert (code, HASTE / 2 < seconds < PROMPT) == (0, True)


def test_a_process_that_does_not_come_to_its_end_is_cut_off() -> None:
    program = (
        "import threading\n"
        "from hub.main.lastresort import LastResort\n"
        "last = LastResort(0.2)\n"
        "last.arm()\n"
        "last.arm()\n"
        "threading.Event().wait()\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, timeout=60, check=False
    )

    assert ended.returncode == CUT_OFF
    assert json.loads(ended.stderr)["event"] == "stop.cut-off"
