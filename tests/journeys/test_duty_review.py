# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What goes wrong between those who are asked, and must leave nobody without an owner.

Somebody cannot read, somebody never opened, the hub was away, an answer did not arrive.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import pytest

from hub import clock
from hub.audit.verify import verify_db
from hub.client import Hub, Refused
from hub.client.saying import Subject, chains_of, say
from hub.model.roster import Roster
from hub.sealing.canonical import digest
from hub.sealing.envelope import env_digest
from tests.databases import sqlite_only
from tests.journeys.copies import copy_of
from tests.journeys.networks.werne import publish
from tests.journeys.receipts import claims_of, words_of
from tests.journeys.stories import SCHOOL_NOTICE, fetch, notify, take
from tests.journeys.tampering import opened
from tests.journeys.test_passing import entries
from tests.journeys.test_turns import STANDBY, pass_time, urgent, waiting
from tests.world import FEEDBACK, RHEINBERG, SCHOOL, World, a_world

pytestmark = pytest.mark.anyio
DAY: Final = 86_400


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A hub of its own for each test: time goes on for a whole hub, and only forward."""
    with a_world(tmp_path, "schule:999001", "jugendamt:05170032") as made:
        yield made


def roster_of(world: World) -> Roster:
    unit = world.node.directory.unit(RHEINBERG)
    assert unit is not None
    assert unit.roster is not None
    return unit.roster


async def test_an_answer_that_did_not_arrive_is_owed_again_and_asked_for(world: World) -> None:
    """The conversation is open again, so its clock runs again (§ 4 Abs. 4 KKG)."""
    async with world.hub(SCHOOL) as school, world.hub(RHEINBERG) as office:
        notice = await notify(school, SCHOOL_NOTICE)
        at_office = await take(office, notice, "fachkraft")
        feedback = await at_office.answer("rueckmeldung", FEEDBACK)
        at_school = await fetch(school, feedback)
        await at_school.reject([{"code": "wrap-unopenable", "pointers": ["/readers/0"]}])
        owed = (await office.line.get(f"/v1/conversations/{notice.id}"))["owed"]
    await pass_time(world, 15 * DAY)

    assert owed == ["rueckmeldung"]
    reminded = [each for each in entries(world, "reminder.sent") if each.get("why") == "owed"]
    assert [each["rcp"] for each in reminded] == [[RHEINBERG]]


async def test_an_answer_that_was_never_fetched_is_owed_again_once_it_has_expired(
    world: World,
) -> None:
    async with world.hub(SCHOOL) as school, world.hub(RHEINBERG) as office:
        notice = await notify(school, SCHOOL_NOTICE)
        at_office = await take(office, notice, "fachkraft")
        await at_office.answer("rueckmeldung", FEEDBACK)
    await pass_time(world, 61 * DAY)
    await pass_time(world, 15 * DAY)

    assert [each["rcp"] for each in entries(world, "reminder.sent") if each.get("why") == "owed"]


async def test_that_it_was_opened_is_said_once_also_after_a_person_took_note(world: World) -> None:
    async with world.hub(SCHOOL) as school, world.hub(RHEINBERG) as office:
        notice = await notify(school, SCHOOL_NOTICE)
        await take(office, notice, "fachkraft")
        before = await office.state(notice.id)
        for _ in range(3):
            await _says_opened(office, notice.id)
        after = await office.state(notice.id)

    assert words_of(after).count("opened") == words_of(before).count("opened") == 1


async def _says_opened(hub: Hub, message: str) -> None:
    state = await hub.state(message)
    _, hidden = chains_of(state)
    members = claims_of(hidden[-1])["events"]["urn:meldeweg:receipt:opened"]
    members = {name: members[name] for name in ("classes", "kid")}
    about = Subject(message, state["sender"], env_digest(state["envelope"]), digest(hidden[-1]))
    await say(hub, about, "opened", members)


async def test_that_a_deputy_cannot_open_it_is_nothing_that_its_sender_sees(world: World) -> None:
    """It would say that somebody else had been asked; who was asked first still has his time."""
    notice = await urgent(world)
    await pass_time(world, 121)
    async with world.hub(STANDBY) as standby, world.hub(SCHOOL) as school:
        for _ in range(5):
            await (await fetch(standby, notice)).give_back(failed=True)
        assert await waiting(standby) == []
        seen = words_of(await school.state(notice.id))

    assert seen == ["accepted"]


async def test_nobody_who_stands_in_takes_note_of_what_he_has_not_opened(world: World) -> None:
    notice = await urgent(world)
    await pass_time(world, 121)
    async with world.hub(STANDBY) as standby, world.hub(RHEINBERG) as office:
        message = await fetch(standby, notice)
        await take(office, notice)
        with pytest.raises(Refused) as refused:
            await message.acknowledge("bereitschaft")

    assert refused.value.code == "not-permitted"


async def test_its_sender_hears_of_silence_before_the_content_is_gone(world: World) -> None:
    """An office that is closed for weeks has no working day before the ``end``."""
    closed = tuple(clock.today() + timedelta(days=each) for each in range(1, 31))
    publish(world, RHEINBERG, roster=_closed_on(roster_of(world), closed))
    async with world.hub(SCHOOL) as school:
        notice = await notify(school, SCHOOL_NOTICE, "planbar")
        state = await school.state(notice.id)

    [accepted] = [claims_of(jws) for jws in state["receipts"]]
    due = accepted["events"]["urn:meldeweg:receipt:accepted"]["due"]
    assert due["overdue"] <= claims_of(state["envelope"])["end"]


@sqlite_only
async def test_the_auditor_finds_what_somebody_made_the_hub_forget(
    world: World, tmp_path: Path
) -> None:
    """Nobody signs when the hub looks again, but an open message without that moment is no rule."""
    await urgent(world)
    copy = copy_of(world.data, tmp_path / "kopie.sqlite")
    assert verify_db(copy, world.node.log.vkey) == []
    with opened(copy) as connection:
        connection.execute("UPDATE message SET due_next = NULL")
    found = verify_db(copy, world.node.log.vkey)

    assert [(each.table, each.column) for each in found] == [("message", "due_next")]


def _closed_on(roster: Roster, days: tuple[date, ...]) -> Roster:
    return roster.model_copy(update={"closed": days})
