# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""One thread writes: what is answered is on the disk, and one trouble is not everybody's."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, event, text
from sqlalchemy.exc import OperationalError

from hub.errors import (
    ConversationMovedOn,
    IdReused,
    LogUnavailable,
    Overloaded,
    ReadOnly,
    StorageFull,
)
from hub.store.engine import Database
from hub.store.savepoint import savepoint
from hub.store.writer import GROUP, WAITING, Writer
from tests.databases import sqlite_only
from tests.unit.store.journal import Gate, Journal, a_writer, names, settle

pytestmark = pytest.mark.anyio

Work = Callable[[Connection], Any]


@pytest.fixture
def journal() -> Journal:
    return Journal()


@pytest.fixture
def writer(database: Database, journal: Journal) -> Iterator[Writer]:
    with a_writer(database, journal) as made:
        yield made


def enter(name: str, journal: Journal) -> Work:
    """Return a job that writes a row and an entry and gives its name back."""

    def work(connection: Connection) -> str:
        connection.execute(text("INSERT INTO hub VALUES (:name, 0)"), {"name": name})
        journal.note(name)
        return name

    return work


def refuse(name: str, journal: Journal, error: Exception) -> Work:
    """Return a job that has already written when it finds that it must not."""

    def work(connection: Connection) -> str:
        enter(name, journal)(connection)
        raise error

    return work


def fail(connection: Connection) -> None:
    """Be a job that meets a trouble of the database."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("SELECT * FROM nirgends")
    connection.exec_driver_sql(
        "DO $$ BEGIN RAISE 'zu voll' USING ERRCODE = 'too_many_connections'; END $$"
    )


def nothing(_connection: Connection) -> None:
    """Be a job without work."""


def kept(database: Database) -> list[str]:
    with database.reading.connect() as connection:
        return names(connection)


async def together(writer: Writer, *jobs: Work) -> list[Any]:
    """Hand jobs in so that they become one group; returns results and errors."""
    gate = Gate()
    first = asyncio.create_task(writer.commit(gate))
    await gate.wait()
    tasks = [asyncio.create_task(writer.commit(job)) for job in jobs]
    await settle()
    gate.released.set()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    await first
    return results


async def test_what_waits_is_committed_as_one_group(
    database: Database, writer: Writer, journal: Journal
) -> None:
    answers = await together(writer, *(enter(name, journal) for name in "abc"))

    assert answers == ["a", "b", "c"]
    assert journal.groups == [(), ("a", "b", "c")]
    assert kept(database) == ["a", "b", "c"]


async def test_a_group_carries_so_many_jobs_and_no_more(
    database: Database, writer: Writer, journal: Journal
) -> None:
    jobs = [enter(f"job {number:04}", journal) for number in range(GROUP + 3)]

    await together(writer, *jobs)

    assert [len(group) for group in journal.groups] == [0, GROUP, 3]
    assert len(kept(database)) == GROUP + 3


async def test_the_order_of_a_group_is_close_commit_answer(
    writer: Writer, journal: Journal
) -> None:
    await writer.commit(enter("a", journal), lambda _c, _r: journal.said.append("finish"))

    assert journal.said == ["close group", "finish", "commit", "group is kept"]


async def test_whoever_waits_is_called_once_it_is_on_the_disk(
    database: Database, journal: Journal
) -> None:
    """Called sooner, he would look and find nothing."""
    with a_writer(database, journal, lambda: journal.said.append("call")) as writer:
        await writer.commit(enter("a", journal))

    assert journal.said == ["close group", "commit", "group is kept", "call"]


async def test_no_answer_leaves_before_the_commit(
    database: Database, writer: Writer, journal: Journal
) -> None:
    """An answer means "on the disk" (decisions: an answer leaves only after the commit)."""
    gate = Gate()
    event.listen(database.writing, "commit", gate)

    answer = asyncio.create_task(writer.commit(enter("a", journal)))
    await gate.wait()
    await settle()
    was_answered, was_kept = answer.done(), kept(database)
    gate.released.set()

    assert (was_answered, was_kept) == (False, [])
    assert await answer == "a"
    assert kept(database) == ["a"]


async def test_whoever_waits_in_a_thread_gets_the_answer_after_the_commit_too(
    database: Database, writer: Writer, journal: Journal
) -> None:
    gate = Gate()
    event.listen(database.writing, "commit", gate)
    answers: list[str] = []
    thread = threading.Thread(target=lambda: answers.append(writer.commit_now(enter("a", journal))))

    thread.start()
    await gate.wait()
    before = list(answers)
    gate.released.set()
    await asyncio.get_running_loop().run_in_executor(None, thread.join)

    assert (before, answers) == ([], ["a"])


async def test_one_refusal_in_a_group_undoes_nothing_of_the_others(
    database: Database, writer: Writer, journal: Journal
) -> None:
    answers = await together(
        writer,
        enter("a", journal),
        refuse("b", journal, ConversationMovedOn()),
        enter("c", journal),
    )

    assert answers[0::2] == ["a", "c"]
    assert isinstance(answers[1], ConversationMovedOn)
    assert kept(database) == ["a", "c"]
    assert journal.groups[-1] == ("a", "c"), "the log forgot what the refused job had entered"


async def test_a_bug_in_one_job_is_told_to_the_one_who_handed_it_in(
    database: Database, writer: Writer, journal: Journal
) -> None:
    bug = ZeroDivisionError("niemand hat damit gerechnet")

    answers = await together(writer, enter("a", journal), refuse("b", journal, bug))

    assert answers == ["a", bug]
    assert kept(database) == ["a"]


async def test_a_broken_constraint_is_one_jobs_own(
    database: Database, writer: Writer, journal: Journal
) -> None:
    answers = await together(writer, *(enter(name, journal) for name in ("a", "a", "b")))

    assert answers[0::2] == ["a", "b"]
    assert type(answers[1]).__name__ == "IntegrityError"
    assert kept(database) == ["a", "b"]
    assert writer.is_well


async def test_a_job_that_was_refused_can_have_kept_a_part_of_it(
    database: Database, writer: Writer, journal: Journal
) -> None:
    """So a refused submission leaves its entry, and nothing else."""

    def work(connection: Connection) -> str:
        try:
            with savepoint(connection):
                refuse("nachricht", journal, IdReused())(connection)
        except IdReused:
            enter("eintrag", journal)(connection)
            return "refused"
        return "accepted"

    assert await writer.commit(work) == "refused"
    assert kept(database) == ["eintrag"]


async def test_a_trouble_of_the_database_is_told_to_the_whole_group(
    database: Database, writer: Writer, journal: Journal
) -> None:
    answers = await together(writer, enter("a", journal), fail, enter("b", journal))

    assert [type(answer) for answer in answers] == [LogUnavailable] * 3
    assert kept(database) == []
    assert journal.said[-2:] == ["rollback", "group is lost"]
    assert not writer.is_well


async def test_after_a_trouble_the_next_group_is_kept(
    database: Database, writer: Writer, journal: Journal
) -> None:
    await together(writer, enter("a", journal), fail)

    assert await writer.commit(enter("b", journal)) == "b"
    assert writer.is_well
    assert kept(database) == ["b"]
    assert journal.groups[-1] == ("b",)


async def test_a_failure_that_a_job_names_is_passed_on_by_its_name(
    writer: Writer, journal: Journal
) -> None:
    answers = await together(
        writer, enter("a", journal), refuse("b", journal, ReadOnly("Jemand hat daran gerührt."))
    )

    assert [type(answer) for answer in answers] == [ReadOnly] * 2


async def test_what_points_nowhere_cannot_be_committed(
    database: Database, writer: Writer, journal: Journal
) -> None:
    """The reference is checked when the group is committed; so it is the group that fails."""

    def work(connection: Connection) -> None:
        connection.execute(
            text(
                "INSERT INTO audit_event (id, message_id, kind)"
                " VALUES ('e', 'nirgends', 'message.accepted')"
            )
        )

    answers = await together(writer, enter("a", journal), work)

    assert [type(answer) for answer in answers] == [LogUnavailable] * 2
    assert kept(database) == []
    assert await writer.commit(enter("b", journal)) == "b"


def fill(connection: Connection) -> None:
    """Be a job for which there is no room left."""
    if connection.dialect.name == "sqlite":
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
        connection.execute(text("INSERT INTO hub VALUES (:name, 0)"), {"name": "zu lang" * 100_000})
    connection.exec_driver_sql("DO $$ BEGIN RAISE 'kein Platz' USING ERRCODE = 'disk_full'; END $$")


def make_room(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA max_page_count=1000000")


async def test_a_full_disk_is_called_a_full_disk(
    database: Database, writer: Writer, journal: Journal
) -> None:
    answers = await together(writer, enter("a", journal), fill)

    assert [type(answer) for answer in answers] == [StorageFull] * 2
    assert kept(database) == []
    await writer.commit(make_room)
    assert await writer.commit(enter("b", journal)) == "b"
    assert writer.is_well


async def test_whose_answer_cannot_be_made_is_told_so_and_the_others_get_theirs(
    database: Database, writer: Writer, journal: Journal
) -> None:
    """The answer carries the proof; asked again, the hub makes it from what was kept."""

    def no_proof(_connection: Connection, _result: str) -> str:
        raise LookupError

    gate = Gate()
    first = asyncio.create_task(writer.commit(gate))
    await gate.wait()
    without = asyncio.create_task(writer.commit(enter("a", journal), no_proof))
    other = asyncio.create_task(writer.commit(enter("b", journal)))
    await settle()
    gate.released.set()

    with pytest.raises(LogUnavailable):
        await without
    assert await other == "b"
    await first
    assert kept(database) == ["a", "b"]
    assert writer.is_well


@sqlite_only
@pytest.mark.parametrize(
    "trouble",
    [
        OperationalError("COMMIT", {}, Exception("disk I/O error")),
        OSError("Ein-/Ausgabefehler"),
    ],
    ids=["said by the database", "said by the system"],
)
async def test_after_the_disk_has_failed_nothing_is_accepted_any_more(
    database: Database, writer: Writer, journal: Journal, trouble: Exception
) -> None:
    """What was written before may be there or not; only a restart can find out."""

    def fails(_connection: Connection) -> None:
        raise trouble

    event.listen(database.writing, "commit", fails)
    with pytest.raises(LogUnavailable):
        await writer.commit(enter("a", journal))
    event.remove(database.writing, "commit", fails)

    with pytest.raises(ReadOnly):
        await writer.commit(enter("b", journal))
    assert kept(database) == []
    assert not writer.is_well


async def test_too_much_that_waits_is_refused_instead_of_growing(
    writer: Writer, journal: Journal
) -> None:
    gate = Gate()
    first = asyncio.create_task(writer.commit(gate))
    await gate.wait()
    tasks = [asyncio.create_task(writer.commit(nothing)) for _ in range(WAITING)]
    await settle()

    with pytest.raises(Overloaded):
        await writer.commit(enter("one too many", journal))
    gate.released.set()

    assert await asyncio.gather(*tasks) == [None] * WAITING
    await first


async def test_whoever_went_away_does_not_stop_the_others(
    database: Database, writer: Writer, journal: Journal
) -> None:
    """A client that breaks off gets no answer; what it handed in is done all the same."""
    gate = Gate()
    first = asyncio.create_task(writer.commit(gate))
    await gate.wait()
    gone = asyncio.create_task(writer.commit(enter("a", journal)))
    stays = asyncio.create_task(writer.commit(enter("b", journal)))
    await settle()

    gone.cancel()
    gate.released.set()

    assert await stays == "b"
    await first
    assert kept(database) == ["a", "b"]


async def test_stopping_finishes_what_waits(
    database: Database, writer: Writer, journal: Journal
) -> None:
    gate = Gate()
    first = asyncio.create_task(writer.commit(gate))
    await gate.wait()
    waits = asyncio.create_task(writer.commit(enter("a", journal)))
    await settle()

    stopping = asyncio.get_running_loop().run_in_executor(None, writer.stop)
    gate.released.set()
    await asyncio.gather(first, waits, stopping)

    assert kept(database) == ["a"]


def test_a_stopped_writer_says_so_instead_of_keeping_somebody_waiting(
    database: Database, journal: Journal
) -> None:
    with a_writer(database, journal) as writer:
        pass

    with pytest.raises(LogUnavailable):
        writer.commit_now(enter("a", journal))
    assert not writer.is_well


async def test_a_tidy_job_that_refuses_before_it_writes_leaves_the_others(
    database: Database, writer: Writer, journal: Journal
) -> None:
    def refuses(_connection: Connection) -> None:
        raise IdReused

    gate = Gate()
    first = asyncio.create_task(writer.commit(gate))
    await gate.wait()
    tidy = asyncio.create_task(writer.commit(refuses, is_tidy=True))
    other = asyncio.create_task(writer.commit(enter("a", journal), is_tidy=True))
    await settle()
    gate.released.set()
    answers = await asyncio.gather(tidy, other, first, return_exceptions=True)

    assert isinstance(answers[0], IdReused)
    assert answers[1] == "a"
    assert kept(database) == ["a"]


async def test_a_job_that_breaks_its_promise_comes_to_nothing_alone(
    database: Database, writer: Writer, journal: Journal
) -> None:
    """Its group is run again behind savepoints: nothing of it stays, and all of the others."""
    gate = Gate()
    first = asyncio.create_task(writer.commit(gate))
    await gate.wait()
    tasks = [
        asyncio.create_task(writer.commit(work, is_tidy=True))
        for work in (
            enter("vorher", journal),
            refuse("halb", journal, LookupError()),
            enter("nachher", journal),
        )
    ]
    await settle()
    gate.released.set()
    answers = await asyncio.gather(*tasks, return_exceptions=True)
    await first

    assert answers[0] == "vorher"
    assert isinstance(answers[1], LookupError)
    assert answers[2] == "nachher"
    assert sorted(kept(database)) == ["nachher", "vorher"]
    assert journal.groups[-1] == ("vorher", "nachher")
    assert writer.is_well
