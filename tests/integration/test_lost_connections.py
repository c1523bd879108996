# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The server ends connections, stops, crashes and comes back; the hub goes on by itself.

Nothing that was acknowledged is lost, nothing is there twice, and whoever got no answer says the
same bytes again and gets the one that was kept.
"""

import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Condition
from typing import Any

import httpx2
import pytest
from sqlalchemy import Connection, event
from sqlalchemy.exc import OperationalError

from hub.audit.verify import verify_db
from hub.main.assembly import create_hub
from hub.main.folder import DataDir
from tests.databases import postgresql_only
from tests.greedy import Greedy, seal_anyway
from tests.journeys.books import books, entries
from tests.journeys.copies import copy_of
from tests.postgresql import Server, a_server
from tests.world import HUB_ID, NETWORK, RHEINBERG, SCHOOL, World, free_port, running

pytestmark = postgresql_only

CLIENTS = 4
EACH = 10
PATIENCE = 60
"""Seconds after which somebody who insists gives up; the server is back much sooner."""


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A server that may be stopped without taking another test's database away."""
    with a_server() as made:
        yield made


@pytest.fixture(scope="module")
def world(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    home = tmp_path_factory.mktemp("world")
    data = DataDir(home / "hub", server.address(server.create()))
    create_hub(data, HUB_ID, (NETWORK,))
    with running(data, free_port(), home) as made:
        made.join("schule:999001")
        made.join("jugendamt:05170032")
        yield made


@dataclass
class Crowd:
    """Clients that say each of their messages until it is taken."""

    world: World
    taken: dict[bytes, bytes] = field(default_factory=dict)
    """Answers by the bytes that were sent."""
    failures: list[int] = field(default_factory=list)
    moved: Condition = field(default_factory=Condition)

    def insist(self, client: Greedy, raws: list[bytes]) -> None:
        for raw in raws:
            answer = self.said(client, raw)
            with self.moved:
                self.taken[raw] = answer.content
                self.moved.notify_all()

    def said(self, client: Greedy, raw: bytes) -> httpx2.Response:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            answer = client.submit(raw)
            if answer.status_code in {200, 201}:
                return answer
            self.failures.append(answer.status_code)
            time.sleep(0.02)
        raise AssertionError(answer.text)

    def wait_for(self, number: int) -> None:
        with self.moved:
            assert self.moved.wait_for(lambda: len(self.taken) >= number, PATIENCE)


@contextmanager
def under_load(world: World) -> Iterator[Crowd]:
    """Have several clients submit while the block runs, and see that all of it is there once."""
    crowd, before = Crowd(world), books(world)
    with ExitStack() as stack, ThreadPoolExecutor(CLIENTS) as pool:
        clients = [stack.enter_context(Greedy(world, SCHOOL)) for _ in range(CLIENTS)]
        work = []
        for client in clients:
            client.token()
            raws = [seal_anyway(client.wish(RHEINBERG)) for _ in range(EACH)]
            work.append(pool.submit(crowd.insist, client, raws))
        yield crowd
        for each in work:
            each.result()
        again = {raw: clients[0].submit(raw) for raw in crowd.taken}
    after = books(world)
    sent = CLIENTS * EACH
    assert {each.status_code for each in again.values()} == {200}
    assert {raw: each.content for raw, each in again.items()} == crowd.taken
    for table in ("message", "receipt", "conversation"):
        assert after.rows[table] - before.rows[table] == sent
    kinds = [entry["k"] for entry in entries(world, before.log)]
    assert kinds == ["message.accepted"] * sent
    assert set(crowd.failures) <= {503}, "never a mistake of ours, and never a refusal"


def check_whole(world: World, tmp_path: Path) -> None:
    copy = copy_of(world.data, tmp_path / "kopie.sqlite")
    assert verify_db(copy, world.node.log.vkey) == []
    assert httpx2.get(f"{world.url}/health/ready").status_code == 200


def end_connections(server: Server, like: str) -> int:
    return len(
        server.run(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"  # noqa: S608
            f" WHERE application_name LIKE 'meldeweg {like}'"
        )
    )


@pytest.mark.parametrize("like", ["writing", "reading", "%"])
def test_connections_that_the_server_ends_are_made_anew(
    world: World, server: Server, tmp_path: Path, like: str
) -> None:
    with under_load(world) as crowd:
        for number in range(1, CLIENTS * EACH, 5):
            crowd.wait_for(number)
            end_connections(server, like)

    check_whole(world, tmp_path)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT], ids=["stopped", "crashed"])
def test_a_server_that_comes_back_is_used_again(
    world: World, server: Server, tmp_path: Path, how: signal.Signals
) -> None:
    with under_load(world) as crowd:
        for number in (5, 15):
            crowd.wait_for(number)
            server.stop(how)
            assert httpx2.get(f"{world.url}/health/ready").status_code == 503
            server.start()

    assert crowd.failures, "otherwise it was never away"
    check_whole(world, tmp_path)


@pytest.mark.parametrize("is_kept", [True, False], ids=["kept", "not kept"])
def test_a_commit_whose_answer_is_lost_was_one_or_was_none(
    world: World, tmp_path: Path, *, is_kept: bool
) -> None:
    """The writer cannot know which; so it looks before it goes on."""
    done: list[str] = []

    def lose(connection: Connection) -> None:
        if done:
            return
        raw: Any = connection.connection.driver_connection
        done.append(raw.execute("COMMIT" if is_kept else "ROLLBACK").statusmessage)
        raw.close()
        raise OperationalError("COMMIT", {}, Exception("the answer was lost"))

    engine = world.node.writer._database.writing
    with Greedy(world, SCHOOL) as school:
        raw = seal_anyway(school.wish(RHEINBERG))
        school.token()
        before = books(world)
        event.listen(engine, "commit", lose)
        lost = school.submit(raw)
        event.remove(engine, "commit", lose)
        between = books(world)
        again = school.submit(raw)
        after = books(world)
        other = school.submit(seal_anyway(school.wish(RHEINBERG)))

    assert done == ["COMMIT" if is_kept else "ROLLBACK"]
    assert lost.status_code == 503
    assert "retry-after" in lost.headers
    assert between.rows["message"] - before.rows["message"] == int(is_kept)
    assert again.status_code == (200 if is_kept else 201)
    assert after.rows["message"] - before.rows["message"] == 1
    assert other.status_code == 201
    check_whole(world, tmp_path)


def test_readers_of_a_server_that_is_away_are_told_to_come_later(
    world: World, server: Server
) -> None:
    with Greedy(world, SCHOOL) as school:
        talk = school.say(RHEINBERG)
        server.stop()
        answer = school.send("GET", f"/v1/messages/{talk.id}")
        server.start()
        again = school.send("GET", f"/v1/messages/{talk.id}")

    assert (answer.status_code, again.status_code) == (503, 200)
    assert "retry-after" in answer.headers
