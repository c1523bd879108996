# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A few threads read; none of them writes, and none of them holds up the writer.

Under load a thread answers several small questions in one transaction: to begin one, and to go
from one thread to another, costs as much as such a question.
"""

import queue
from asyncio import AbstractEventLoop, Future, get_running_loop
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Lock, Thread
from typing import Any, TypeAlias, TypeVar

import structlog
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as NoneFree

from hub.errors import LogUnavailable, Overloaded
from hub.store.post import Post, Posts

T = TypeVar("T")
THREADS = 4
AT_ONCE = 8
"""Questions that one transaction answers at most; the last of them waits for the others."""
SMALL = 16
"""Small questions that the event loop answers before it looks at anything else."""
WAITING = 1024
"""Questions that may wait for a thread; beyond, the hub says so instead of growing."""
_Answer: TypeAlias = tuple[Any, Exception | None]
_log = structlog.stdlib.get_logger()


@dataclass(frozen=True)
class _Asked:
    question: Callable[[Connection], Any]
    future: Future[Any]
    post: Post

    def answer(self, value: Any, error: BaseException | None = None) -> None:
        self.post.put(self.future, value, error)


class Readers:
    """Runs pure decisions and queries off the event loop, each on a consistent snapshot."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._asked: queue.SimpleQueue[_Asked | None] = queue.SimpleQueue()
        self._posts = Posts()
        self._threads: list[Thread] = []
        self._starting = Lock()
        self._has_ended = False
        self._answers_here = engine.dialect.name == "sqlite"
        self._here: Connection | None = None
        """For the event loop alone: it must never wait for a connection that threads have."""
        self._soon: deque[tuple[Callable[[Connection], Any], Future[Any]]] = deque()

    async def run(self, question: Callable[[Connection], T]) -> T:
        """Answer ``question`` in a reading thread; ``Overloaded`` where too many wait."""
        loop = get_running_loop()
        future: Future[T] = loop.create_future()
        if self._asked.qsize() >= WAITING:
            raise Overloaded
        self._asked.put(_Asked(question, future, self._posts.to(loop)))
        if not self._threads:
            self._start()
        if self._has_ended:
            self._turn_away()
        return await future

    async def run_soon(self, question: Callable[[Connection], T]) -> T:
        """Answer a question of a fraction of a millisecond, where that needs no other thread.

        Whoever computes holds the interpreter, in whichever thread: to hand a small question to
        another one and its answer back takes longer than to answer it. What has come since the
        loop looked last is answered in one transaction, a few at a time. PostgreSQL is asked in
        a thread, because there one waits for a network.
        """
        if not self._answers_here:
            return await self.run(question)
        if len(self._soon) >= WAITING:
            raise Overloaded
        loop = get_running_loop()
        future: Future[T] = loop.create_future()
        self._soon.append((question, future))
        if len(self._soon) == 1:
            loop.call_soon(self._answer_some, loop)
        return await future

    def run_now(self, question: Callable[[Connection], T]) -> T:
        """Answer ``question`` in this thread.

        A connection may have died while nobody used it, so what died with it is asked once more:
        a question changes nothing. Raises ``LogUnavailable`` where the database is in trouble.
        """
        try:
            return self._ask(question)
        except OperationalError as trouble:
            if not trouble.connection_invalidated:
                raise _unavailable(trouble) from None
        except NoneFree as trouble:
            raise _unavailable(trouble) from None
        try:
            return self._ask(question)
        except (OperationalError, NoneFree) as trouble:
            raise _unavailable(trouble) from None

    def stop(self) -> None:
        """End the threads; what still waits is told that nobody answers."""
        with self._starting:
            self._has_ended = True
            threads, self._threads = self._threads, []
        self._turn_away()
        for _ in threads:
            self._asked.put(None)
        for thread in threads:
            thread.join()
        self._turn_away()
        if self._here is not None:
            self._here.close()

    def _answer_some(self, loop: AbstractEventLoop) -> None:
        taken = [self._soon.popleft() for _ in range(min(SMALL, len(self._soon)))]
        if self._soon:
            # Others have their turn in between.
            loop.call_soon(self._answer_some, loop)
        answers = self._answers_to([question for question, _ in taken])
        for (_, future), (value, error) in zip(taken, answers, strict=True):
            if future.done():
                continue
            if error is None:
                future.set_result(value)
            else:
                future.set_exception(error)

    def _answers_to(self, questions: Sequence[Callable[[Connection], Any]]) -> list[_Answer]:
        if self._has_ended:
            return [(None, LogUnavailable("The node stops.")) for _ in questions]
        try:
            if self._here is None:
                self._here = self._engine.connect()
            with self._here.begin():
                return [_told(_tried(question, self._here)) for question in questions]
        except (OperationalError, NoneFree) as trouble:
            return [(None, _unavailable(trouble)) for _ in questions]

    def _ask(self, question: Callable[[Connection], T]) -> T:
        with self._engine.connect() as connection, connection.begin():
            return question(connection)

    def _start(self) -> None:
        with self._starting:
            if self._threads or self._has_ended:
                return
            self._threads = [
                Thread(target=self._run, name=f"reader-{number}", daemon=True)
                for number in range(THREADS)
            ]
            for thread in self._threads:
                thread.start()

    def _run(self) -> None:
        while (first := self._asked.get()) is not None:
            taken = self._collect(first)
            self._answer(taken)

    def _collect(self, first: _Asked) -> deque[_Asked]:
        """Take a fair share of what waits; where little waits, each thread takes one."""
        taken = deque([first])
        share = min(AT_ONCE, 1 + self._asked.qsize() // THREADS)
        while len(taken) < share:
            try:
                asked = self._asked.get_nowait()
            except queue.Empty:
                break
            if asked is None:
                self._asked.put(None)
                break
            taken.append(asked)
        return taken

    def _answer(self, taken: deque[_Asked]) -> None:
        try:
            with self._engine.connect() as connection, connection.begin():
                while taken:
                    value, error = _tried(taken[0].question, connection)
                    if isinstance(error, DBAPIError):
                        # It may have spoiled the transaction for those behind it.
                        break
                    taken.popleft().answer(value, error)
        except Exception as trouble:  # noqa: BLE001  whoever still waits asks alone, and is told
            _log.debug("questions.apart", kind=type(trouble).__name__)
        for asked in taken:
            try:
                asked.answer(self.run_now(asked.question))
            except Exception as error:  # noqa: BLE001  it belongs to the one who asked
                asked.answer(None, error)

    def _turn_away(self) -> None:
        while True:
            try:
                asked = self._asked.get_nowait()
            except queue.Empty:
                return
            if asked is not None:
                asked.answer(None, LogUnavailable("The node stops."))


def _tried(question: Callable[[Connection], Any], connection: Connection) -> _Answer:
    try:
        return question(connection), None
    except Exception as error:  # noqa: BLE001  it belongs to the one who asked
        return None, error


def _told(answer: _Answer) -> _Answer:
    value, error = answer
    return (value, _unavailable(error)) if isinstance(error, OperationalError) else answer


def _unavailable(trouble: Exception) -> LogUnavailable:
    _log.warning("question.failed", kind=type(trouble).__name__)
    return LogUnavailable("The database does not answer.")
