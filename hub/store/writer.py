# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""One thread writes; it commits messages and log entries of many requests as a group.

An answer leaves only after the commit of its group, so an answer means "on the disk". Each job
runs behind a savepoint: what one of them finds impossible undoes nothing of the others. The log
is handed in, because the parts of the house do not know each other.

Where a process of its own signs the log, a group takes two commits: what happened and its entries,
then the signature over them. The answers leave after the second; a group that did not come so far
is answered with a failure, and the same requests again find what was kept.
"""

import queue
import threading
import time
from asyncio import Future, get_running_loop
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol, TypeAlias, TypeVar, overload

import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import DatabaseError, InternalError, OperationalError

from hub.errors import Failure, LogUnavailable, Overloaded, ReadOnly, Refusal, StorageFull
from hub.store.database import HAS_ERASED, Database
from hub.store.post import Posts
from hub.store.postgresql import is_full
from hub.store.prepared import execute_raw

T = TypeVar("T")
U = TypeVar("U")
GROUP = 256
"""Jobs that one commit may carry."""
_SIGNS_OF_THE_DISK = ("disk I/O error", "malformed")
_TROUBLES = (OperationalError, InternalError)
"""What the database itself is in; it concerns the whole group."""
_TAKEN_UP = "taken_up"
SETTLING = 8
"""Groups after which the database is asked whether it has to settle."""
WAITING = 4096
"""Jobs that may wait; beyond, the hub says so instead of growing."""
_log = structlog.stdlib.get_logger()


class GroupLog(Protocol):
    """What the writer asks of the log."""

    def open(self, connection: Connection) -> None: ...
    def mark(self) -> int: ...
    def rewind(self, mark: int) -> None: ...
    def close_group(self, connection: Connection) -> object: ...
    def commit_group(self) -> None: ...
    def abort_group(self) -> None: ...


class Elsewhere(Protocol):
    """The same log, where somebody else signs it: he must not sign what may be rolled back."""

    def settle(self, connection: Connection) -> None: ...
    def sign(self) -> None: ...
    def keep_signature(self, connection: Connection) -> None: ...


Outcome: TypeAlias = tuple[Any, Exception | None]
"""What a job came to: its result, or what it raised."""


@dataclass(frozen=True)
class Together:
    """How jobs of one kind are run as one.

    ``work`` takes the items of all and gives an outcome for each; as with tidy work, a refusal
    leaves nothing behind.
    """

    work: Callable[[Connection, Sequence[Any]], list[Outcome]]
    item: Any


@dataclass(frozen=True)
class _Job:
    work: Callable[[Connection], Any]
    finish: Callable[[Connection, Any], Any]
    done: Callable[[Any, BaseException | None], None]
    is_tidy: bool = False
    together: Together | None = None


class _Untidy(Exception):  # noqa: N818  a state of the group
    """A job has left the transaction of its group in a state in which the others cannot go on."""


class Writer:
    """The only way to change the database."""

    def __init__(
        self,
        database: Database,
        log: GroupLog,
        after_commit: Callable[[], None] = lambda: None,
        *,
        elsewhere: Elsewhere | None = None,
        forbidden: Callable[[], Failure | None] = lambda: None,
    ) -> None:
        """``elsewhere`` is the log, where it is not signed here; ``forbidden`` says why not now."""
        self._database = database
        self._log = log
        self._elsewhere = elsewhere
        self._forbidden = forbidden
        self._after_commit = after_commit
        self._posts = Posts()
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._broken: BaseException | None = None
        self._has_ended = False
        self._has_failing_disk = False
        self._groups = 0
        self._must_rewrite = False
        self._is_in_doubt = False
        # The process before this one may have ended between erasing and emptying the journal.
        self._has_erased = True
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._thread.start()

    @overload
    async def commit(self, work: Callable[[Connection], T], *, is_tidy: bool = ...) -> T: ...
    @overload
    async def commit(
        self,
        work: Callable[[Connection], T],
        finish: Callable[[Connection, T], U],
        *,
        is_tidy: bool = ...,
        together: Together | None = ...,
    ) -> U: ...
    async def commit(
        self,
        work: Callable[[Connection], T],
        finish: Callable[[Connection, T], Any] | None = None,
        *,
        is_tidy: bool = False,
        together: Together | None = None,
    ) -> Any:
        """Run ``work`` in the next group and return its result once the group is on the disk.

        ``finish`` turns the result into the answer after the log of the group is closed, where
        inclusion proofs exist; it changes nothing. Without it the result is the answer. Work that
        ``is_tidy`` refuses before its first row is there, so it needs no savepoint. Where several
        jobs of a group say how they are run ``together``, they are.

        Raises whatever ``work`` raised, ``Overloaded`` where too much waits, ``LogUnavailable`` or
        ``StorageFull`` where the group could not be kept or the writer has ended, and
        ``ReadOnly`` for good once the disk has failed: what it keeps then, nobody knows.
        """
        loop = get_running_loop()
        future: Future[Any] = loop.create_future()
        done = partial(self._posts.to(loop).put, future)
        self._submit(_Job(work, finish or _as_it_is, done, is_tidy, together))
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

    async def rewrite(self) -> None:
        """Have the database's file written anew behind the next group; who comes then waits."""
        self._must_rewrite = True
        await self.commit(lambda _connection: None, is_tidy=True)

    @property
    def is_well(self) -> bool:
        """Whether the last group could be kept."""
        return self._broken is None and not self._has_ended

    @property
    def has_failed(self) -> bool:
        """Whether the disk has failed, and this process must not write any more."""
        return self._has_failing_disk

    def stop(self) -> None:
        """Finish what waits, then end the thread."""
        self._jobs.put(None)
        self._thread.join()

    def _submit(self, job: _Job) -> None:
        if self._jobs.qsize() >= WAITING:
            raise Overloaded
        self._jobs.put(job)
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
            self._check()
            answers = self._commit(group)
        except Exception as trouble:  # noqa: BLE001  every waiting client is told, whatever it was
            self._log.abort_group()
            self._broken = trouble
            self._is_in_doubt = True
            self._has_failing_disk |= self._database.kind == "sqlite" and _is_of_the_disk(trouble)
            _log.warning("group.failed", kind=type(trouble).__name__, count=len(group))
            answers = [(job, None, _failure(trouble)) for job in group]
        else:
            self._log.commit_group()
            self._broken = None
            self._and_see(self._forget)
        for job, answer, error in answers:
            job.done(answer, error)
        self._after_commit()
        self._groups += 1
        if self._broken is None and self._groups % SETTLING == 0:
            self._and_see(self._database.settle)
        if self._broken is None and self._must_rewrite:
            self._and_see(self._rewrite)

    def _check(self) -> None:
        if self._has_failing_disk:
            raise ReadOnly("The disk has failed; the hub has to be started anew.")
        if (why := self._forbidden()) is not None:
            raise why

    def _commit(self, group: list[_Job]) -> list[tuple[_Job, Any, BaseException | None]]:
        try:
            return self._run_group(group, is_careful=False)
        except _Untidy:
            # Nothing of the group is there any more; behind savepoints only the one that broke
            # its promise comes to nothing.
            self._log.abort_group()
            # A signature that was owed went with the transaction in which it was entered.
            self._is_in_doubt |= self._elsewhere is not None
            return self._run_group(group, is_careful=True)

    def _run_group(
        self, group: list[_Job], *, is_careful: bool
    ) -> list[tuple[_Job, Any, BaseException | None]]:
        with self._database.writing.connect() as connection, connection.begin():
            self._take_up(connection)
            results = (
                [(job, *self._attempt(connection, job)) for job in group]
                if is_careful
                else self._run_all(connection, group)
            )
            self._log.close_group(connection)
            self._has_erased |= connection.info.pop(HAS_ERASED, False)
            if self._elsewhere is None:
                return self._answers(connection, results, is_careful=is_careful)
        return self._signed_answers(self._elsewhere, results)

    def _signed_answers(
        self, log: Elsewhere, results: list[tuple[_Job, Any, BaseException | None]]
    ) -> list[tuple[_Job, Any, BaseException | None]]:
        """Have signed what is committed, and answer; nothing of the group is run a second time."""
        log.sign()
        with self._database.writing.connect() as connection, connection.begin():
            log.keep_signature(connection)
            return self._answers(connection, results, is_careful=True)

    def _answers(
        self,
        connection: Connection,
        results: list[tuple[_Job, Any, BaseException | None]],
        *,
        is_careful: bool,
    ) -> list[tuple[_Job, Any, BaseException | None]]:
        if is_careful:
            execute_raw(connection, "SAVEPOINT answers")
        finish = partial(self._finished, connection, is_careful=is_careful)
        return [
            (job, *(finish(job, result) if error is None else (None, error)))
            for job, result, error in results
        ]

    def _take_up(self, connection: Connection) -> None:
        """Let the log follow the database wherever the two may have come apart.

        Of a group that failed it is not known whether it was kept: the answer to the commit may be
        what was lost. And before a new connection somebody else may have written.
        """
        if self._is_in_doubt or connection.info.get(_TAKEN_UP) is not self:
            self._log.open(connection)
            if self._elsewhere is not None:
                self._elsewhere.settle(connection)
            connection.info[_TAKEN_UP] = self
            self._is_in_doubt = False

    def _forget(self) -> None:
        """Let the database forget what was erased; where that has to wait, the next group tries."""
        if self._has_erased:
            self._has_erased = not self._database.forget()

    def _rewrite(self) -> None:
        self._must_rewrite = False
        begun = time.monotonic()
        was_done = self._database.rewrite()
        # Done or not, the journal is as large as the file now.
        self._has_erased = True
        self._forget()
        seconds = round(time.monotonic() - begun, 1)
        (_log.info if was_done else _log.warning)("file.rewritten", done=was_done, seconds=seconds)

    def _and_see(self, work: Callable[[], None]) -> None:
        """Do what may find a failed disk after the commit.

        What was committed is on it, and may be answered; what it would keep of the next group,
        nobody knows.
        """
        try:
            work()
        except ReadOnly as trouble:
            self._broken = trouble
            self._has_failing_disk = True

    def _attempt(self, connection: Connection, job: _Job) -> tuple[Any, BaseException | None]:
        mark = self._log.mark()
        execute_raw(connection, "SAVEPOINT job")
        try:
            result = job.work(connection)
        except (*_TROUBLES, Failure):
            raise
        except Exception as error:  # noqa: BLE001  it belongs to the one who handed in the job
            execute_raw(connection, "ROLLBACK TO job")
            execute_raw(connection, "RELEASE job")
            self._log.rewind(mark)
            return None, error
        execute_raw(connection, "RELEASE job")
        return result, None

    def _run_all(
        self, connection: Connection, group: list[_Job]
    ) -> list[tuple[_Job, Any, BaseException | None]]:
        """Run jobs of one kind together, and all others each for itself."""
        kinds: dict[Any, list[_Job]] = {}
        for job in group:
            if job.together is not None:
                kinds.setdefault(job.together.work, []).append(job)
        outcomes: dict[int, Outcome] = {}
        for work, jobs in kinds.items():
            if len(jobs) > 1:
                items = [job.together.item for job in jobs if job.together is not None]
                ids = map(id, jobs)
                outcomes.update(zip(ids, self._run_kind(connection, work, items), strict=True))
        return [
            (
                job,
                *(outcomes[id(job)] if id(job) in outcomes else self._run_one(connection, job)),
            )
            for job in group
        ]

    def _run_one(self, connection: Connection, job: _Job) -> tuple[Any, BaseException | None]:
        return (self._run_tidy if job.is_tidy else self._attempt)(connection, job)

    @staticmethod
    def _run_kind(
        connection: Connection,
        work: Callable[[Connection, Sequence[Any]], list[Outcome]],
        items: Sequence[Any],
    ) -> list[Outcome]:
        try:
            return work(connection, items)
        except (*_TROUBLES, Failure):
            raise
        except Exception as error:
            raise _Untidy from error

    def _run_tidy(self, connection: Connection, job: _Job) -> tuple[Any, BaseException | None]:
        """Run a job that refuses before it writes, or not at all."""
        mark = self._log.mark()
        try:
            return job.work(connection), None
        except (*_TROUBLES, Failure):
            raise
        except Refusal as refusal:
            if self._database.is_spoiled(connection):
                raise _Untidy from refusal
            self._log.rewind(mark)
            return None, refusal
        except Exception as error:
            raise _Untidy from error

    def _finished(
        self, connection: Connection, job: _Job, result: Any, *, is_careful: bool
    ) -> tuple[Any, BaseException | None]:
        """Put the answer together; whose answer cannot be made is told so, and kept all the same.

        The log of the group is closed: nothing can be taken out of it any more. The same request
        again finds what was kept.
        """
        try:
            return job.finish(connection, result), None
        except _TROUBLES:
            raise
        except Exception as trouble:
            if is_careful:
                execute_raw(connection, "ROLLBACK TO answers")
            elif self._database.is_spoiled(connection):
                raise _Untidy from trouble
            return None, _failure(trouble)


def _as_it_is(_connection: Connection, result: T) -> T:
    return result


def _is_of_the_disk(trouble: BaseException) -> bool:
    """Whether it cannot be known any more what the disk has kept."""
    if isinstance(trouble, DatabaseError):
        return any(sign in str(trouble.orig) for sign in _SIGNS_OF_THE_DISK)
    return isinstance(trouble, OSError)


def _failure(trouble: BaseException) -> Failure:
    if isinstance(trouble, Failure):
        return trouble
    if isinstance(trouble, DatabaseError) and (
        is_full(trouble.orig) or "full" in str(trouble.orig)
    ):
        return StorageFull()
    return LogUnavailable()
