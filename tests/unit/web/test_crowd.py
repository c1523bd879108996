# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""There is room for so many and so much; whoever goes makes room for the next."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send

from hub.errors import Failure, Overloaded, StorageFull
from hub.web.crowd import SMALL, Crowd, Room
from hub.web.limits import guard
from hub.web.problems import Problems

KIB = 1024
ROOM = Room(known=100 * KIB, strangers=40 * KIB, of_one=60 * KIB)
PROBLEMS = Problems("http://localhost", {})
MINE, YOURS = "192.0.2.1", "192.0.2.2"


def test_so_many_bytes_and_no_more() -> None:
    crowd = Crowd(ROOM)
    mine, yours = crowd.enter(MINE), crowd.enter(YOURS)
    mine.hold(60 * KIB)

    yours.hold(40 * KIB)
    with pytest.raises(Overloaded):
        yours.hold(1)
    mine.leave()
    yours.hold(1)


def test_one_address_has_its_share_and_others_have_theirs() -> None:
    crowd = Crowd(ROOM)
    first, second = crowd.enter(MINE), crowd.enter(MINE)
    first.hold(40 * KIB)
    second.hold(20 * KIB)

    with pytest.raises(Overloaded):
        second.hold(1)
    crowd.enter(YOURS).hold(20 * KIB)


def test_what_strangers_fill_is_not_missing_to_those_who_are_known() -> None:
    crowd = Crowd(ROOM)
    stranger = crowd.enter(MINE, is_stranger=True)
    stranger.hold(40 * KIB)
    with pytest.raises(Overloaded):
        crowd.enter(YOURS, is_stranger=True).hold(SMALL + 1)

    crowd.enter(YOURS).hold(40 * KIB)


def test_who_carries_little_is_let_in_however_full_it_is() -> None:
    """To sign in, to take note, to acknowledge: all of that is small."""
    crowd = Crowd(ROOM)
    for is_stranger in (True, False):
        with pytest.raises(Overloaded):
            crowd.enter(MINE, is_stranger=is_stranger).hold(200 * KIB)
        crowd.enter(YOURS, is_stranger=is_stranger).hold(SMALL)


def test_what_is_gone_holds_nothing() -> None:
    crowd = Crowd(ROOM)
    for _ in range(5):
        place = crowd.enter(MINE)
        place.hold(30 * KIB)
        with pytest.raises(Overloaded):
            place.hold(1000 * KIB)
        place.leave()

    assert crowd.is_empty


async def takes_all(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] != "http":
        return
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"gut"})


def client(
    crowd: Crowd, app: Any = takes_all, trouble: Failure | None = None, path: str = ""
) -> TestClient:
    def trouble_of(method: str, asked: str) -> Failure | None:
        return trouble if (method, asked) == ("PUT", path) else None

    limited = guard(
        app, problems=PROBLEMS, hosts={"testserver"}, crowd=crowd, trouble_of=trouble_of
    )
    return TestClient(limited)


def in_pieces(count: int) -> Iterator[bytes]:
    for _ in range(count):
        yield b"x" * 20 * KIB


def test_a_body_for_which_there_is_no_room_is_told_to_come_later() -> None:
    crowd = Crowd(ROOM)

    answer = client(crowd).put("/", content=in_pieces(4))

    assert (answer.status_code, answer.json()["code"]) == (503, "overloaded")
    assert int(answer.headers["retry-after"]) > 0
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert crowd.is_empty
    assert client(crowd).put("/", content=in_pieces(3)).text == "gut"


def test_a_place_is_free_again_whatever_the_application_did() -> None:
    crowd = Crowd(ROOM)

    async def fails(_: Scope, receive: Receive, __: Send) -> None:
        await receive()
        raise ZeroDivisionError

    assert client(crowd, fails).put("/", content=b"x" * KIB).status_code == 500
    assert crowd.is_empty


def test_a_request_that_is_cut_off_makes_room() -> None:
    """The task of a request is cancelled where the hub stops; nothing may stay held."""
    crowd = Crowd(ROOM)
    begun = asyncio.Event()

    async def never(_: Scope, receive: Receive, __: Send) -> None:
        await receive()
        begun.set()
        await asyncio.Event().wait()

    async def ask() -> None:
        app = guard(never, problems=PROBLEMS, hosts={"a"}, crowd=crowd)
        scope = {"type": "http", "method": "GET", "path": "/", "query_string": b""}
        scope |= {"headers": [(b"host", b"a")]}
        task = asyncio.ensure_future(app(scope, _a_body, _nowhere))
        await begun.wait()
        assert not crowd.is_empty
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(ask())
    assert crowd.is_empty


async def _a_body() -> Message:
    return {"type": "http.request", "body": b"x" * KIB, "more_body": True}


async def _nowhere(_: Message) -> None:
    raise AssertionError


def test_what_is_in_trouble_is_not_served_and_all_else_is() -> None:
    asking = client(Crowd(), trouble=StorageFull(), path="/neu")

    answer = asking.put("/neu", content=b"x")

    assert (answer.status_code, answer.json()["code"]) == (503, "storage-full")
    assert int(answer.headers["retry-after"]) > 0
    assert asking.get("/neu").status_code == asking.put("/alt").status_code == 200
