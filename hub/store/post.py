# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How does what a thread has done come back to the event loop that waits for it?

To wake a loop costs as much as deciding a small question. So results are put down, and the loop
is woken once for all that lie there: the busier it is, the fewer wake-ups.
"""

from asyncio import AbstractEventLoop, Future
from collections.abc import Callable
from threading import Lock
from typing import Any, Protocol, TypeAlias
from weakref import WeakKeyDictionary

Result: TypeAlias = tuple[Future[Any], Any, BaseException | None]


class Wakeable(Protocol):
    """What is asked of an event loop."""

    def call_soon_threadsafe(self, callback: Callable[[], object]) -> object: ...


class Post:
    """Carries results to one event loop; may be called from any thread."""

    def __init__(self, loop: Wakeable) -> None:
        self._loop = loop
        self._lying: list[Result] = []
        self._has_rung = False
        self._lock = Lock()

    def put(self, future: Future[Any], value: Any, error: BaseException | None) -> None:
        """Let the future have its result soon; nothing where nobody waits any more."""
        with self._lock:
            self._lying.append((future, value, error))
            if self._has_rung:
                return
            self._has_rung = True
        try:
            self._loop.call_soon_threadsafe(self._hand_out)
        except RuntimeError:
            # The loop is gone when a node stops; what was kept stands all the same.
            return

    def _hand_out(self) -> None:
        with self._lock:
            lying, self._lying = self._lying, []
            self._has_rung = False
        for future, value, error in lying:
            if future.done():
                continue
            if error is None:
                future.set_result(value)
            else:
                future.set_exception(error)


class Posts:
    """One post for each event loop."""

    def __init__(self) -> None:
        self._of: WeakKeyDictionary[AbstractEventLoop, Post] = WeakKeyDictionary()

    def to(self, loop: AbstractEventLoop) -> Post:
        """Return the post to a loop; called from that loop."""
        found = self._of.get(loop)
        if found is None:
            found = self._of[loop] = Post(loop)
        return found
