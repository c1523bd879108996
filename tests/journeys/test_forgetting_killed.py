# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A process that is killed while it forgets leaves nothing that cannot be explained.

Whoever comes next goes on where it was left: what the log has said goes, goes.
"""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from hub.audit.openings.store import NoSuchKey
from hub.audit.verify import verify_db
from hub.erase import erase
from hub.main.assembly import open_node
from hub.node import Node
from tests import databases
from tests.journeys.copies import copy_of
from tests.journeys.forgotten import Exchange, an_exchange
from tests.world import World, a_world

STEPS = {
    # How many erasures the log knows, and whether key, envelope and conversation are there.
    "before": (0, True, True),
    "entries": (3, True, True),
    "key": (3, False, True),
    "all": (3, False, False),
}


@pytest.fixture
def left(tmp_path: Path) -> Iterator[tuple[World, Exchange]]:
    """A hub that has stopped, with an exchange that is over."""
    with databases.given_back():
        with a_world(tmp_path, "schule:999001", "jugendamt:05170032") as world:
            exchange = asyncio.run(an_exchange(world))
        yield world, exchange


@pytest.mark.parametrize("point", STEPS)
def test_whoever_is_killed_leaves_it_to_the_next_one(
    left: tuple[World, Exchange], point: str, tmp_path: Path
) -> None:
    world, exchange = left
    told, has_key, has_rows = STEPS[point]
    program = [sys.executable, "-m", "tests.journeys.killed_forgetting"]
    arguments = [str(world.data.path), world.data.url, exchange.conversation, point]

    ended = subprocess.run([*program, *arguments], capture_output=True, check=False)

    assert ended.returncode == -9, ended.stderr
    with open_node(world.data, world.url) as node:
        assert _state(node, exchange) == (told, has_key, has_rows)
        # A later day than that of this process: the exchange is over for two days by its clock.
        asyncio.run(erase(node, node.clock()))
        node.writer.commit_now(lambda _: None)
        if point != "before":
            assert _state(node, exchange) == (3, False, False)
        found = verify_db(copy_of(world.data, tmp_path / "kopie.sqlite"), node.log.vkey)
    assert found == []


def _state(node: Node, exchange: Exchange) -> tuple[int, bool, bool]:
    def look(connection: Connection) -> tuple[int, bool]:
        events = connection.execute(
            text("SELECT count(*) FROM audit_event WHERE kind = 'data.erased'")
        ).scalar_one()
        messages = connection.execute(
            text("SELECT count(*) FROM message WHERE env IS NOT NULL")
        ).scalar_one()
        kept = connection.execute(text("SELECT count(*) FROM conversation")).scalar_one()
        assert (messages, kept) in {(2, 1), (0, 0)}
        return events, kept == 1

    told, has_rows = node.readers.run_now(look)
    try:
        node.openings.key(exchange.key.id, exchange.conversation)
    except NoSuchKey:
        return told, False, has_rows
    return told, True, has_rows
