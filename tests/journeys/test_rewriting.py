# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""In the night after something was erased the files are written anew, and nobody is refused."""

from datetime import datetime

import pytest

from hub.clock import BERLIN
from hub.main.diagnosis import examine
from hub.rewrap import keep_keys
from hub.rewrite import rewrite
from hub.store import rewriting
from hub.store.rewriting import Owed, note_erased, owed
from tests.databases import sqlite_only
from tests.journeys.forgotten import an_exchange, forget
from tests.world import World

pytestmark = [sqlite_only, pytest.mark.anyio]


def at(hour: int, day: int = 12) -> float:
    return datetime(2027, 1, day, hour, 30, tzinfo=BERLIN).timestamp()


def state(world: World) -> Owed:
    return world.node.readers.run_now(owed)


async def test_after_a_conversation_was_forgotten_both_files_are_written_anew(
    world: World,
) -> None:
    exchange, node = await an_exchange(world), world.node
    forget(world, exchange.conversation)
    assert state(world) is Owed.REWRITING

    await keep_keys(node, node.clock())
    tried = [await rewrite(node, at(hour)) for hour in (1, 2, 3)]
    node.writer.commit_now(lambda _connection: None)

    assert tried == [False, True, False]
    assert state(world) is Owed.NOTHING
    assert not node.openings.scrub(at_once=True), "the month's line had done it"


async def test_where_nothing_was_erased_nothing_is_written(world: World) -> None:
    node = world.node
    node.rewritten_on = None
    await rewrite(node, at(2))
    node.writer.commit_now(lambda _connection: None)

    assert not await rewrite(node, at(2, day=13))


async def test_a_file_that_is_too_large_is_left_to_the_operator(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A copy of it would have to lie in memory, and everybody would wait for a minute."""
    world.node.writer.commit_now(note_erased)
    monkeypatch.setattr(rewriting, "MOST", 1)

    assert not await rewrite(world.node, at(2, day=14))

    told = {each.id: each for each in examine(world.data)}
    assert told["datei-reste"].level == "hinweis"
    assert "VACUUM" in told["datei-reste"].advice
