# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Results of threads reach the loop that waits for them, and one wake-up serves many."""

import asyncio
from asyncio import AbstractEventLoop, Future, get_running_loop
from collections.abc import Callable
from functools import partial
from threading import Thread
from typing import Any

import pytest

from hub.store.post import Post, Posts

pytestmark = pytest.mark.anyio


class Listener:
    """A loop that counts how often it is woken from outside."""

    def __init__(self, loop: AbstractEventLoop) -> None:
        self._loop = loop
        self.rung = 0

    def call_soon_threadsafe(self, callback: Callable[[], object]) -> None:
        self.rung += 1
        self._loop.call_soon_threadsafe(callback)


def from_a_thread(work: Callable[[], None]) -> None:
    thread = Thread(target=work)
    thread.start()
    thread.join()


async def test_many_results_wake_the_loop_once() -> None:
    loop = get_running_loop()
    listener = Listener(loop)
    post = Post(listener)
    futures: list[Future[int]] = [loop.create_future() for _ in range(50)]

    def work() -> None:
        for number, future in enumerate(futures):
            post.put(future, number, None)

    # The loop does not run meanwhile: this coroutine waits for the thread.
    from_a_thread(work)

    assert await asyncio.gather(*futures) == list(range(50))
    assert listener.rung == 1


async def test_it_rings_again_for_what_comes_later() -> None:
    loop = get_running_loop()
    listener = Listener(loop)
    post = Post(listener)
    for number in range(3):
        future: Future[int] = loop.create_future()
        from_a_thread(partial(post.put, future, number, None))
        assert await future == number

    assert listener.rung == 3


async def test_an_error_is_raised_where_one_waits() -> None:
    future: Future[Any] = get_running_loop().create_future()

    Posts().to(get_running_loop()).put(future, None, LookupError())

    with pytest.raises(LookupError):
        await future


async def test_who_waits_no_more_holds_up_nobody() -> None:
    loop = get_running_loop()
    gone, here = loop.create_future(), loop.create_future()
    gone.cancel()
    post = Post(loop)

    post.put(gone, 1, None)
    post.put(here, 2, None)

    assert await here == 2


def test_a_loop_that_has_ended_is_no_failure() -> None:
    """A node that stops has nobody left to tell; what was kept stands all the same."""
    loop = asyncio.new_event_loop()
    future: Future[int] = loop.create_future()
    post = Post(loop)
    loop.close()

    post.put(future, 1, None)

    assert not future.done()


async def test_each_loop_has_one_post() -> None:
    posts = Posts()
    loop = get_running_loop()

    assert posts.to(loop) is posts.to(loop)
