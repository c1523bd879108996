# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Whether the database takes something is found out by writing, and said in good time."""

import asyncio
import time
from collections.abc import Iterator

import pytest
from sqlalchemy import event, text

from hub.store.engine import Database
from hub.store.probe import AT_MOST, Probe, try_to_write
from hub.store.writer import Writer
from tests.unit.store.journal import Gate, Journal, a_writer

pytestmark = pytest.mark.anyio


@pytest.fixture
def writer(database: Database) -> Iterator[Writer]:
    with a_writer(database, Journal()) as made:
        yield made


def rows(database: Database) -> int:
    with database.reading.connect() as connection:
        return int(connection.execute(text("SELECT count(*) FROM replay")).scalar_one())


async def test_a_probe_writes_and_leaves_nothing(database: Database, writer: Writer) -> None:
    said: list[str] = []
    event.listen(database.writing, "before_cursor_execute", lambda *call: said.append(call[2]))

    await writer.commit(try_to_write)

    assert any("DELETE" in each for each in said)
    assert rows(database) == 0


async def test_it_holds_where_something_can_be_written_and_is_not_asked_again_at_once(
    database: Database, writer: Writer
) -> None:
    """A commit for each who asks would be a way to keep the disk busy."""
    commits: list[object] = []
    event.listen(database.writing, "commit", commits.append)
    probe = Probe(writer)

    answers = [await probe.holds() for _ in range(50)]

    assert all(answers)
    assert len(commits) == 1


async def test_a_stuck_writer_holds_up_nobody_who_asks(writer: Writer) -> None:
    """However many ask, one question waits in the queue of the writer."""
    probe, gate = Probe(writer), Gate()
    stuck = asyncio.create_task(writer.commit(gate))
    await gate.wait()
    begun = time.monotonic()
    answers = await asyncio.gather(*(probe.holds() for _ in range(50)))
    took = time.monotonic() - begun
    waiting = writer._jobs.qsize()
    gate.released.set()
    await stuck

    assert not any(answers)
    assert AT_MOST / 2 < took < AT_MOST + 2
    assert waiting == 1
    await asyncio.sleep(0)
    assert await probe.holds(), "it is asked anew by itself"


async def test_a_writer_that_has_ended_holds_nothing(database: Database) -> None:
    with a_writer(database, Journal()) as writer:
        probe = Probe(writer)
        assert await probe.holds()
    assert not await probe.holds()
