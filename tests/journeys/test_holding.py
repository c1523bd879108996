# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What somebody has to be able to look at later stays, content and entries, until he is done."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import Connection, select

from hub.audit import tables
from hub.audit.verify import verify_answer, verify_db
from hub.client import Draft
from hub.erase import Wish, begin
from hub.errors import NotPermitted
from hub.hold import Ended, Wanted, place, release
from hub.inquire.search import search
from hub.model.hold import Held, Hold
from hub.prune import prune
from hub.remind import remind
from hub.retain import retain
from tests.journeys.books import entries
from tests.journeys.copies import copy_of
from tests.journeys.forgotten import an_exchange
from tests.journeys.stories import SCHOOL_NOTICE, notify, take
from tests.world import RHEINBERG, SCHOOL, World, a_world

pytestmark = pytest.mark.anyio
DAY: Final = 86_400
LAW: Final = "dsgvo-18"
REASON: Final = "Erfundene Prüfung durch die Aufsicht"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A hub of its own for each test: years go by for a whole hub."""
    with a_world(tmp_path, "schule:999001", "jugendamt:05170032") as made:
        yield made


async def pass_days(world: World, days: int) -> None:
    """Let days go by for everybody, and the hub do what is due of its forgetting."""
    world.travel(datetime.fromtimestamp(world.clock() + days * DAY, UTC))
    await retain(world.node, world.clock())
    await prune(world.node, world.clock())


async def a_noted_notice(world: World) -> Draft:
    async with world.hub(SCHOOL) as school, world.hub(RHEINBERG) as office:
        notice = await notify(school, SCHOOL_NOTICE)
        await take(office, notice, "fachkraft")
    return notice


def hold_of(world: World, wanted: Wanted) -> Hold:
    return world.node.writer.commit_now(partial(place, wanted, LAW, REASON, world.node))


def let_go(world: World, hold: Hold) -> None:
    world.node.writer.commit_now(partial(release, Ended(hold.id, REASON), world.node))


async def has_content(world: World, notice: Draft) -> bool:
    async with world.hub(RHEINBERG) as office:
        return bool((await office.state(notice.id))["content"])


def entries_about(world: World, notice: Draft) -> int:
    """Count the entries of which the hub still has the bytes, and that name a message."""

    def count(connection: Connection) -> int:
        bodies = connection.execute(select(tables.audit_body.c.body)).scalars()
        return sum(notice.id.encode() in body for body in bodies)

    return world.node.readers.run_now(count)


async def test_a_held_conversation_stays_as_a_whole_and_goes_once_it_is_released(
    world: World, tmp_path: Path
) -> None:
    held, other = await a_noted_notice(world), await a_noted_notice(world)
    answers = answers_in(world, tmp_path)
    hold = hold_of(world, Wanted("conversation", held.conversation))
    before = entries_about(world, held)
    await pass_days(world, 3)
    assert (await has_content(world, held), await has_content(world, other)) == (True, False)

    await pass_days(world, 2 * 366)
    assert entries_about(world, other) == 0
    assert entries_about(world, held) == before
    assert verify_db(copy_of(world.data, tmp_path / "held.sqlite")) == []

    let_go(world, hold)
    await pass_days(world, 0)
    assert not await has_content(world, held)
    assert entries_about(world, held) == 1
    assert verify_db(copy_of(world.data, tmp_path / "released.sqlite")) == []
    assert len(answers) == 2
    assert [verify_answer(each, world.node.log.vkey) for each in answers] == [[], []]


def answers_in(world: World, to: Path) -> list[Path]:
    """Write down what the school was answered, receipt and proof, as an auditor is shown it."""
    folder = world.folders[SCHOOL] / "state" / "receipts"
    lines = [line for path in folder.iterdir() for line in path.read_text("utf-8").splitlines()]
    answers = [answer for line in lines if (answer := json.loads(line)["answer"])]
    paths = [to / f"answer-{number}.json" for number, _ in enumerate(answers)]
    for path, answer in zip(paths, answers, strict=True):
        path.write_text(answer, "utf-8")
    return paths


async def test_a_held_message_that_nobody_took_expires_and_keeps_its_content(world: World) -> None:
    """That it is over is true all the same, and its sender has to know."""
    async with world.hub(SCHOOL) as school:
        notice = await notify(school, SCHOOL_NOTICE)
    hold = hold_of(world, Wanted("message", notice.id))
    await pass_days(world, 60)
    await remind(world.node, world.clock())
    await pass_days(world, 3)

    async with world.hub(SCHOOL) as school:
        state = await school.state(notice.id)
    assert state["state"] == "expired"
    assert state["content"]
    let_go(world, hold)
    await pass_days(world, 0)
    assert not await has_content(world, notice)


async def test_a_held_conversation_is_not_forgotten_on_anybodys_wish(world: World) -> None:
    exchange = await an_exchange(world)
    hold_of(world, Wanted("message", exchange.messages[-1]))
    size = world.node.log.size

    with pytest.raises(NotPermitted, match="ausgesetzt"):
        world.node.writer.commit_now(partial(begin, Wish(exchange.conversation, LAW), world.node))

    assert world.node.log.size == size


async def test_a_hold_on_entries_holds_what_they_are_about(world: World) -> None:
    notice = await a_noted_notice(world)
    last = world.node.log.size - 1
    hold = hold_of(world, Wanted("entries", first=last, last=last))
    await pass_days(world, 3)
    assert await has_content(world, notice)

    let_go(world, hold)
    await pass_days(world, 0)
    assert not await has_content(world, notice)


@pytest.mark.parametrize("ty", ["message", "conversation"])
async def test_whoever_searches_a_conversation_finds_its_holds(world: World, ty: Held) -> None:
    """The entry names no conversation; only its key finds it."""
    notice = await a_noted_notice(world)
    subject = notice.id if ty == "message" else notice.conversation
    hold = hold_of(world, Wanted(ty, subject))
    let_go(world, hold)
    placed, released = entries(world, world.node.log.size - 2)

    found = world.node.readers.run_now(
        lambda connection: search(notice.conversation, world.node.openings, connection, whole=True)
    )

    assert found is not None
    assert {placed["id"], released["id"]} <= set(found.indexed)
    assert (found.unlisted, found.untagged) == ((), ())
    assert [each["k"] for each in (placed, released)] == ["hold.placed", "hold.released"]
    assert placed["obj"] == released["obj"] == {"ty": "hold", "id": hold.id, "d": "", "ct": ""}
    assert placed.get("ref") == ([notice.id] if ty == "message" else None)
    assert placed["law"] == [LAW]
    assert ty == "message" or subject not in json.dumps([placed, released])
    assert REASON not in json.dumps([placed, released])
