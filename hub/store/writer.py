# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""One thread writes; it commits messages and log entries of many requests as a group.

An answer leaves only after the commit of its group, so an answer means "on the disk". Each job
runs behind a savepoint: what one of them finds impossible undoes nothing of the others. The log
is handed in, because the parts of the house do not know each other.
"""

import queue
import threading
from asyncio import AbstractEventLoop, Future, get_running_loop
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar, overload

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DatabaseError, OperationalError

from hub.errors import Failure, LogUnavailable, Overloaded, ReadOnly, StorageFull
from hub.store.engine import HAS_ERASED, empty_journal

T = TypeVar("T")
U = TypeVar("U")
GROUP = 256
"""Jobs that one commit may carry."""
_SIGNS_OF_THE_DISK = ("disk I/O error", "malformed")
WAITING = 4096
"""Jobs that may wait; beyond, the hub says so instead of growing."""


class GroupLog(Protocol):
    """What the writer asks of the log."""

    def mark(self) -> int: ...
    def rewind(self, mark: int) -> None: ...
    def close_group(self, connection: Connection) -> object: ...
    def commit_group(self) -> None: ...
    def abort_group(self) -> None: ...


@dataclass(frozen=True)
class _Job:
    work: Callable[[Connection], Any]
    finish: Callable[[Connection, Any], Any]
    done: Callable[[Any, BaseException | None], None]


class Writer:
    """The only way to change the database."""

    def __init__(
        self, engine: Engine, log: GroupLog, after_commit: Callable[[], None] = lambda: None
    ) -> None:
        self._engine = engine
        self._log = log
        self._after_commit = after_commit
        self._jobs: queue.Queue[_Job | None] = queue.Queue(WAITING)
        self._broken: BaseException | None = None
        self._has_ended = False
        self._has_failing_disk = False
        # The process before this one may have ended between erasing and emptying the journal.
        self._has_erased = True
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._thread.start()

    @overload
    async def commit(self, work: Callable[[Connection], T]) -> T: ...
    @overload
    async def commit(
        self, work: Callable[[Connection], T], finish: Callable[[Connection, T], U]
    ) -> U: ...
    async def commit(
        self,
        work: Callable[[Connection], T],
        finish: Callable[[Connection, T], Any] | None = None,
    ) -> Any:
        """Run ``work`` in the next group and return its result once the group is on the disk.

        ``finish`` turns the result into the answer after the log of the group is closed, where
        inclusion proofs exist; without it the result is the answer. Raises whatever ``work``
        raised, ``Overloaded`` where too much waits, ``LogUnavailable`` or ``StorageFull`` where
        the group could not be kept or the writer has ended, and
        ``ReadOnly`` for good once the disk has failed: what it keeps then, nobody knows.
        """
        loop = get_running_loop()
        future: Future[Any] = loop.create_future()
        self._submit(_Job(work, finish or _as_it_is, _resolve(loop, future)))
        return await future

    def commit_now(self, work: Callable[[Connection], T]) -> T:
        """Do the same from a thread that may wait (commands, tests)."""
        ready = threading.Event()
        kept: list[tuple[Any, BaseException | None]] = []

        def done(result: Any, error: BaseException | None) -> None:
            kept.append((result, error))
            ready.set()

        self._submit(_Job(work, _as_it_is, done))
        ready.wait()
        result, error = kept[0]
        if error is not None:
            raise error
        same: T = result
        return same

    @property
    def is_well(self) -> bool:
        """Whether the last group could be kept."""
        return self._broken is None and not self._has_ended

    def stop(self) -> None:
        """Finish what waits, then end the thread."""
        self._jobs.put(None)
        self._thread.join()

    def _submit(self, job: _Job) -> None:
        try:
            self._jobs.put_nowait(job)
        except queue.Full:
            raise Overloaded from None
        if self._has_ended:
            self._turn_away()

    def _run(self) -> None:
        try:
            while (first := self._jobs.get()) is not None:
                group, stopping = self._collect(first)
                self._keep(group)
                if stopping:
                    return
        finally:
            # In this order: what is handed in later is turned away by whoever hands it in.
            self._has_ended = True
            self._turn_away()

    def _turn_away(self) -> None:
        """Answer those whom nobody serves any more; silence would keep them for ever."""
        while True:
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                return
            if job is not None:
                job.done(None, LogUnavailable())

    def _collect(self, first: _Job) -> tuple[list[_Job], bool]:
        group = [first]
        while len(group) < GROUP:
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                break
            if job is None:
                return group, True
            group.append(job)
        return group, False

    def _keep(self, group: list[_Job]) -> None:
        try:
            self._check_disk()
            answers = self._commit(group)
        except Exception as trouble:  # noqa: BLE001  every waiting client is told, whatever it was
            self._log.abort_group()
            self._broken = trouble
            self._has_failing_disk |= _is_of_the_disk(trouble)
            answers = [(job, None, _failure(trouble)) for job in group]
        else:
            self._log.commit_group()
            self._broken = None
            self._forget()
        for job, answer, error in answers:
            job.done(answer, error)
        self._after_commit()

    def _check_disk(self) -> None:
        if self._has_failing_disk:
            raise ReadOnly("The disk has failed; the hub has to be started anew.")

    def _commit(self, group: list[_Job]) -> list[tuple[_Job, Any, BaseException | None]]:
        with self._engine.connect() as connection, connection.begin():
            results = [(job, *self._attempt(connection, job)) for job in group]
            self._log.close_group(connection)
            self._has_erased |= connection.info.pop(HAS_ERASED, False)
            return [
                (job, *(_finished(connection, job, result) if error is None else (None, error)))
                for job, result, error in results
            ]

    def _forget(self) -> None:
        """Let the journal forget what was erased; where that has to wait, the next group tries."""
        if self._has_erased:
            self._has_erased = not empty_journal(self._engine)

    def _attempt(self, connection: Connection, job: _Job) -> tuple[Any, BaseException | None]:
        mark = self._log.mark()
        connection.exec_driver_sql("SAVEPOINT job")
        try:
            result = job.work(connection)
        except (OperationalError, Failure):
            # The database itself is in trouble, and with it the whole group.
            raise
        except Exception as error:  # noqa: BLE001  it belongs to the one who handed in the job
            connection.exec_driver_sql("ROLLBACK TO job")
            connection.exec_driver_sql("RELEASE job")
            self._log.rewind(mark)
            return None, error
        connection.exec_driver_sql("RELEASE job")
        return result, None


def _finished(connection: Connection, job: _Job, result: Any) -> tuple[Any, BaseException | None]:
    """Put the answer together; whose answer cannot be made is told so, and kept all the same.

    The log of the group is closed: nothing can be taken out of it any more. The same request
    again finds what was kept.
    """
    try:
        return job.finish(connection, result), None
    except OperationalError:
        raise
    except Exception as trouble:  # noqa: BLE001  it belongs to the one who handed in the job
        return None, _failure(trouble)


def _as_it_is(_connection: Connection, result: T) -> T:
    return result


def _resolve(
    loop: AbstractEventLoop, future: Future[Any]
) -> Callable[[Any, BaseException | None], None]:
    def settle(result: Any, error: BaseException | None) -> None:
        if future.done():
            return
        if error is None:
            future.set_result(result)
        else:
            future.set_exception(error)

    def done(result: Any, error: BaseException | None) -> None:
        # The loop may be gone already when a node stops; the commit stands all the same.
        if not loop.is_closed():
            loop.call_soon_threadsafe(settle, result, error)

    return done


def _is_of_the_disk(trouble: BaseException) -> bool:
    """Whether it cannot be known any more what the disk has kept."""
    if isinstance(trouble, DatabaseError):
        return any(sign in str(trouble.orig) for sign in _SIGNS_OF_THE_DISK)
    return isinstance(trouble, OSError)


def _failure(trouble: BaseException) -> Failure:
    if isinstance(trouble, Failure):
        return trouble
    if isinstance(trouble, DatabaseError) and "full" in str(trouble.orig):
        return StorageFull()
    return LogUnavailable()
