# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Nobody accepted is forgotten, and nothing is kept longer than it is needed.

The clients live in the present; the hub takes its turns at the moment that a test names.
"""

import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx2
import pytest
from sqlalchemy import Connection, text

from hub.audit.verify import verify_db, verify_evidence
from hub.client import Draft, Hub, Message, Refused
from hub.client.agency import add_person_key
from hub.client.enrolment import publish
from hub.client.proofs import ProvenReceipt
from hub.main.assembly import create_hub
from hub.main.folder import DataDir
from hub.main.work import turn
from hub.remind import remind
from tests.databases import a_data_dir, given_back, sqlite_only, with_its_database
from tests.journeys.copies import copy_of
from tests.journeys.receipts import claims_of, word_of, words_of
from tests.world import (
    FEEDBACK,
    HUB_ID,
    NETWORK,
    RHEINBERG,
    SCHOOL,
    World,
    example,
    running,
)

pytestmark = pytest.mark.anyio

MINUTE = 60
HOUR = 3600
DAY = 24 * HOUR
PIECE = 48
PARTIES = ("schule:999001", "jugendamt:05170032")


def lasting_port() -> int:
    """Return a port that nobody is given by chance while the hub is down between two tests."""
    for port in range(21_000 + os.getpid() % 5_000, 32_000):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise LookupError


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A hub that two have joined and that has stopped again."""
    home = tmp_path_factory.mktemp("founded")
    with given_back():
        data = a_data_dir(home / "hub")
        create_hub(data, HUB_ID, (NETWORK,))
        with running(data, lasting_port(), home) as made:
            for organisation in PARTIES:
                made.join(organisation)
        yield made


@pytest.fixture
def world(founded: World, tmp_path: Path) -> Iterator[World]:
    """A hub of its own for each test: time goes on for a whole hub, and only forward."""
    home = tmp_path / "world"
    shutil.copytree(founded.home, home)
    with again(founded, with_its_database(founded.data, home / "hub"), home) as made:
        yield made


@contextmanager
def again(before: World, data: DataDir, home: Path) -> Iterator[World]:
    """Run a hub that was founded before, at the address that its participants know."""
    port = int(before.url.rpartition(":")[2])
    with running(data, port, home, before.clock) as made:
        made.folders = {
            unit: home / folder.relative_to(before.home) for unit, folder in before.folders.items()
        }
        yield made


async def notify(school: Hub, urgency: str = "unverzueglich") -> tuple[Draft, ProvenReceipt]:
    """Submit a notice; returns it with the receipt of its acceptance."""
    await school.directory()
    draft = school.compose(
        protocol="schule-mitteilung",
        step="mitteilung",
        to=RHEINBERG,
        urgency=urgency,
        content=example("schule-mitteilung", "mitteilung"),
    )
    return draft, await school.submit(draft)


async def fetch(office: Hub) -> Message:
    """Lease, open and take the one message that waits."""
    [message] = await office.lease()
    await message.open()
    await message.take()
    return message


async def words(hub: Hub, draft: Draft) -> list[str]:
    return words_of(await hub.state(draft.id))


async def has_content(hub: Hub, draft: Draft) -> bool:
    return bool((await hub.state(draft.id))["content"])


def due(accepted: ProvenReceipt, what: str = "overdue") -> int:
    times = accepted.receipt.members["due"]
    assert isinstance(times, dict)
    return int(str(times[what]))


def end_of(draft: Draft) -> int:
    return int(claims_of(draft.sealed.env)["end"])


async def said_at(hub: Hub, draft: Draft, word: str) -> int:
    """Return when a word was said, as its receipt has it."""
    state = await hub.state(draft.id)
    [found] = [jws for jws in state["receipts"] if word_of(jws) == word]
    return int(claims_of(found)["iat"])


def entered_at(world: World, draft: Draft, word: str) -> int:
    """Return when the hub entered a word: its clocks begin there, whenever it was signed."""
    query = text("SELECT entered_at FROM receipt WHERE message_id = :id AND word = :word")
    asked = {"id": draft.id, "word": word}
    return world.node.readers.run_now(
        lambda connection: int(connection.execute(query, asked).scalar_one())
    )


def noon_of_the_next_weekday(second: int) -> int:
    berlin = ZoneInfo("Europe/Berlin")
    day = datetime.fromtimestamp(second, berlin).date() + timedelta(days=1)
    while day.isoweekday() > 5:
        day += timedelta(days=1)
    return int(datetime.combine(day, time(12), berlin).timestamp())


@pytest.mark.parametrize(
    ("urgency", "after"), [("sofort", 10 * MINUTE), ("unverzueglich", 4 * HOUR), ("planbar", None)]
)
async def test_the_sender_is_told_once_when_nobody_took_note_in_time(
    world: World, urgency: str, after: int | None
) -> None:
    async with world.hub(SCHOOL) as school:
        draft, accepted = await notify(school, urgency)
        at = accepted.receipt.iat
        when = noon_of_the_next_weekday(at) if after is None else at + after
        assert due(accepted) == when

        await turn(world.node, when - 1)
        assert await words(school, draft) == ["accepted"]

        await turn(world.node, when)
        assert await words(school, draft) == ["accepted", "overdue"]
        for later in (0, 1, HOUR):
            await turn(world.node, when + later)
        assert await words(school, draft) == ["accepted", "overdue"]


async def test_overdue_comes_to_the_sender_by_itself_and_until_it_took_note(world: World) -> None:
    """RFC 8936: an event comes again until it is acknowledged, and then never."""
    async with world.hub(SCHOOL) as school, world.hub(RHEINBERG) as office:
        draft, accepted = await notify(school)
        assert await school.events() == {}

        await turn(world.node, due(accepted))

        told = await school.events()
        assert [word_of(jws) for jws in told.values()] == ["overdue"]
        assert {claims_of(jws)["txn"] for jws in told.values()} == {draft.id}
        assert await school.events() == told
        assert await school.events(tuple(told)) == {}
        assert await office.events() == {}


async def test_what_was_taken_is_overdue_until_a_person_took_note(world: World) -> None:
    async with world.hub(SCHOOL) as school, world.hub(RHEINBERG) as office:
        draft, accepted = await notify(school)
        await fetch(office)

        await turn(world.node, due(accepted))

        assert await words(school, draft) == ["accepted", "taken", "overdue"]


async def test_a_person_who_took_note_stops_the_clock(world: World) -> None:
    async with world.hub(SCHOOL) as school, world.hub(RHEINBERG) as office:
        draft, accepted = await notify(school)
        message = await fetch(office)
        await message.acknowledge("bereitschaft")

        await turn(world.node, due(accepted))

        assert await words(school, draft) == ["accepted", "taken", "acknowledged"]


async def test_overdue_is_no_end(world: World) -> None:
    """The office that comes late finds the message as it was."""
    async with world.hub(SCHOOL) as school, world.hub(RHEINBERG) as office:
        draft, accepted = await notify(school)
        await turn(world.node, due(accepted))

        message = await fetch(office)
        await message.acknowledge("fachkraft")

        assert await words(school, draft) == ["accepted", "overdue", "taken", "acknowledged"]


async def test_what_nobody_takes_expires_at_its_end_having_been_reported(world: World) -> None:
    async with world.hub(SCHOOL) as school, world.hub(RHEINBERG) as office:
        draft, accepted = await notify(school)
        assert end_of(draft) - claims_of(draft.sealed.env)["iat"] == 14 * DAY
        await turn(world.node, due(accepted))

        await turn(world.node, end_of(draft) - 1)
        assert (await school.state(draft.id))["state"] == "accepted"
        assert await has_content(school, draft)

        await turn(world.node, end_of(draft))
        state = await school.state(draft.id)
        assert (state["state"], state["content"]) == ("expired", False)
        assert words_of(state) == ["accepted", "overdue", "expired", "erased"]
        assert await office.lease() == []

        await turn(world.node, end_of(draft) + DAY)
        assert words_of(await school.state(draft.id)) == words_of(state)


async def test_a_hub_that_slept_reports_before_it_lets_expire(world: World) -> None:
    """„Never for an unreported message“, even where the first turn is the last possible one."""
    async with world.hub(SCHOOL) as school:
        draft, _ = await notify(school)

        await turn(world.node, end_of(draft))

        assert await words(school, draft) == ["accepted", "overdue", "expired", "erased"]


async def test_nothing_expires_unreported_even_if_it_was_never_due_to_be_reported(
    world: World,
) -> None:
    """A protocol may set a clock wrongly; the sender must not be the one who pays for it."""
    async with world.hub(SCHOOL) as school:
        draft, _ = await notify(school)
        world.node.writer.commit_now(
            lambda connection: connection.execute(
                text("UPDATE message SET due_overdue = ends_at + 1")
            )
        )

        await turn(world.node, end_of(draft))

        assert await words(school, draft) == ["accepted", "overdue", "expired", "erased"]


async def test_a_damaged_message_stops_no_clock_but_its_own(world: World) -> None:
    async with world.hub(SCHOOL) as school:
        damaged, _ = await notify(school)
        draft, accepted = await notify(school)
        world.node.writer.commit_now(
            lambda connection: connection.execute(
                text("UPDATE message SET env = 'kaputt' WHERE id = :id"), {"id": damaged.id}
            )
        )

        await turn(world.node, due(accepted))
        assert await words(school, draft) == ["accepted", "overdue"]

        await turn(world.node, end_of(draft))
        assert await words(school, draft) == ["accepted", "overdue", "expired", "erased"]


async def test_while_the_clock_is_not_trusted_one_is_told_and_nothing_ends(world: World) -> None:
    async with world.hub(SCHOOL) as school:
        draft, _ = await notify(school)

        await turn(world.node, end_of(draft), may_end=False)
        assert await words(school, draft) == ["accepted", "overdue"]

        await turn(world.node, end_of(draft))
        assert await words(school, draft) == ["accepted", "overdue", "expired", "erased"]


async def test_expiring_and_erasing_are_one_transaction(world: World) -> None:
    """The line of time alone does both; the line of forgetting has nothing left to do."""
    async with world.hub(SCHOOL) as school:
        draft, _ = await notify(school)

        await remind(world.node, end_of(draft))

        assert not await has_content(school, draft)

    def groups(connection: Connection) -> list[tuple[str, int]]:
        rows = connection.execute(
            text(
                "SELECT e.kind, (SELECT min(size) FROM checkpoint WHERE size > l.idx)"
                " FROM audit_leaf AS l JOIN audit_event AS e ON e.id = l.event_id"
                " WHERE e.kind IN ('message.overdue', 'message.expired', 'content.erased')"
                " ORDER BY l.idx"
            )
        )
        return [(row[0], row[1]) for row in rows]

    found = world.node.readers.run_now(groups)
    assert [kind for kind, _ in found] == ["message.overdue", "message.expired", "content.erased"]
    assert len({checkpoint for _, checkpoint in found}) == 1


async def test_nobody_takes_what_has_expired(world: World) -> None:
    async with world.hub(SCHOOL) as school, world.hub(RHEINBERG) as office:
        draft, _ = await notify(school)
        [message] = await office.lease()
        await message.open()
        await turn(world.node, end_of(draft))

        with pytest.raises(Refused) as refused:
            await message.take()

    assert refused.value.code == "step-not-allowed"


async def test_content_goes_a_day_after_a_person_took_note_and_no_sooner(world: World) -> None:
    async with world.hub(SCHOOL) as school, world.hub(RHEINBERG) as office:
        draft, _ = await notify(school)
        message = await fetch(office)
        await message.acknowledge("bereitschaft")
        noted = entered_at(world, draft, "acknowledged")

        await turn(world.node, noted + DAY - 1)
        assert await has_content(school, draft)

        await turn(world.node, noted + DAY)
        state = await school.state(draft.id)
        assert (state["state"], state["content"]) == ("acknowledged", False)
        assert words_of(state) == ["accepted", "taken", "acknowledged", "erased"]
        assert state["marks"] == ["erased"]


@pytest.mark.parametrize("word", ["withdrawn", "rejected"])
async def test_content_goes_a_day_after_a_final_state_and_no_sooner(
    world: World, word: str
) -> None:
    async with world.hub(SCHOOL) as school, world.hub(RHEINBERG) as office:
        draft, _ = await notify(school)
        if word == "withdrawn":
            await school.withdraw(draft.id)
        else:
            [message] = await office.lease()
            await message.reject([{"code": "content-invalid", "pointers": []}])
        ended = entered_at(world, draft, word)

        await turn(world.node, ended + DAY - 1)
        assert await has_content(school, draft)

        await turn(world.node, ended + DAY)
        assert await words(school, draft) == ["accepted", word, "erased"]
        assert not await has_content(school, draft)


async def test_what_is_still_open_at_its_end_loses_its_content_and_nothing_else(
    world: World,
) -> None:
    """It was taken, so it is at the agency; only the hub's copy goes."""
    async with world.hub(SCHOOL) as school, world.hub(RHEINBERG) as office:
        draft, _ = await notify(school)
        message = await fetch(office)

        await turn(world.node, end_of(draft) - 1)
        assert await has_content(school, draft)
        await turn(world.node, end_of(draft))
        assert not await has_content(school, draft)
        assert (await school.state(draft.id))["state"] == "taken"

        await message.acknowledge("fachkraft")
        assert await words(school, draft) == [
            "accepted",
            "taken",
            "overdue",
            "erased",
            "acknowledged",
        ]


async def test_an_answer_waits_sixty_days_for_a_school(world: World) -> None:
    """Summer holidays are six weeks and a half; the notice itself goes after a fortnight."""
    async with world.hub(SCHOOL) as school, world.hub(RHEINBERG) as office:
        notice, _ = await notify(school)
        message = await fetch(office)
        await message.acknowledge("fachkraft")
        answer = await message.answer("rueckmeldung", FEEDBACK)
        assert end_of(answer) - claims_of(answer.sealed.env)["iat"] == 60 * DAY

        await turn(world.node, end_of(answer) - 1)
        assert not await has_content(school, notice)
        assert await has_content(office, answer)
        [feedback] = await school.lease()
        assert await feedback.open() == FEEDBACK
        await feedback.give_back()

        await turn(world.node, end_of(answer))
        assert not await has_content(office, answer)
        assert (await words(office, answer))[-2:] == [
            "expired",
            "erased",
        ]


async def test_a_conversation_ends_after_ninety_days_of_silence(world: World) -> None:
    async with world.hub(SCHOOL) as school, world.hub(RHEINBERG) as office:
        _, accepted = await notify(school)
        message = await fetch(office)
        question = await message.answer("rueckfrage", example("schule-mitteilung", "rueckfrage"))
        last = await said_at(office, question, "accepted")
        assert last >= accepted.receipt.iat

        await turn(world.node, last + 90 * DAY - 1)
        assert not (await office.conversation(question.conversation)).closed
        await turn(world.node, last + 90 * DAY)
        thread = await office.conversation(question.conversation)
        assert thread.closed
        assert set(thread.allowed) <= {"berichtigung", "ruecknahme"}

        with pytest.raises(Refused) as refused:
            await message.answer("rueckmeldung", FEEDBACK)

    assert refused.value.code == "step-not-allowed"


async def test_five_leases_in_vain_and_a_person_has_to_look(world: World) -> None:
    async with world.hub(SCHOOL) as school, world.hub(RHEINBERG) as office:
        draft, accepted = await notify(school)
        for tries in range(5):
            assert await words(school, draft) == ["accepted"], tries
            [message] = await office.lease()
            await message.give_back(failed=True)

        assert await words(school, draft) == ["accepted", "held"]
        assert [word_of(jws) for jws in (await school.events()).values()] == ["held"]
        assert await office.lease() == []

        await turn(world.node, due(accepted))
        await turn(world.node, end_of(draft))
        assert await words(school, draft) == ["accepted", "held", "overdue", "expired", "erased"]


async def test_after_erasure_everything_that_proves_is_still_there(
    world: World, tmp_path: Path
) -> None:
    async with world.hub(SCHOOL) as school, world.hub(RHEINBERG) as office:
        draft, accepted = await notify(school)
        message = await fetch(office)
        await message.acknowledge("bereitschaft")
        noted = entered_at(world, draft, "acknowledged")
        before = await school.state(draft.id)
        await turn(world.node, noted + DAY)

        state = await school.state(draft.id)
        assert state["receipts"][: len(before["receipts"])] == before["receipts"]
        assert state["envelope"] == draft.sealed.env
        again = await school.submit(draft)
        assert again.raw == accepted.raw

        package = tmp_path / "beweispaket.zip"
        package.write_bytes(await school.evidence(draft.id))
        for_office = tmp_path / "fuer-das-jugendamt.zip"
        for_office.write_bytes(await office.evidence(draft.id))
    assert verify_evidence(package, world.node.log.vkey) == []
    assert verify_evidence(for_office, world.node.log.vkey) == []
    copy = copy_of(world.data, tmp_path / "kopie.sqlite")
    assert verify_db(copy, world.node.log.vkey) == []


async def test_an_added_reader_is_erased_with_the_content_and_its_receipt_stays(
    world: World,
) -> None:
    asked: list[httpx2.Request] = []

    async def note(request: httpx2.Request) -> None:
        asked.append(request)

    client = httpx2.AsyncClient(event_hooks={"request": [note]})
    line = Hub(world.url, world.agency(RHEINBERG), catalogue=world.catalogue, client=client)
    async with world.hub(SCHOOL) as school, line as office:
        await notify(school)
        feedback = await (await fetch(office)).answer("rueckmeldung", FEEDBACK)
        new = add_person_key(world.folders[SCHOOL])
        publish(world.folders[SCHOOL])
        added = await office.add_reader(feedback.id, new.kid)
        request = next(each for each in reversed(asked) if "/readers/" in each.url.path)
        await turn(world.node, feedback.end)
        assert not await has_content(office, feedback)

        again = await office.line.send("PUT", request.url.path, request.content)

    assert again == added.raw
    wraps = world.node.readers.run_now(
        lambda connection: connection.execute(text("SELECT wrap FROM addition")).scalars().all()
    )
    assert wraps == [None]


@sqlite_only
async def test_erased_content_is_in_no_file_of_the_hub(world: World) -> None:
    """Not in the database, not in its journal: the ciphertext is gone, not only unlinked."""
    async with world.hub(SCHOOL) as school, world.hub(RHEINBERG) as office:
        draft, _ = await notify(school)
        message = await fetch(office)
        await message.acknowledge("bereitschaft")
        noted = entered_at(world, draft, "acknowledged")
        assert traces(world, draft), "the search finds what is there"

        await turn(world.node, noted + DAY)

        assert traces(world, draft) == []


def traces(world: World, draft: Draft) -> list[str]:
    """Return the files of the hub that hold any piece of body or wrapped keys."""
    env = draft.sealed.env.encode()
    sealed = draft.body.replace(env, b"")
    pieces = [sealed[at : at + PIECE] for at in range(0, len(sealed) - PIECE, PIECE)]
    return sorted(
        path.name
        for path in world.data.path.rglob("*")
        if path.is_file() and any(piece in path.read_bytes() for piece in pieces)
    )


async def test_a_restart_in_between_changes_nothing(founded: World, tmp_path: Path) -> None:
    """Due times stand in the database: nobody has to be awake at the right moment."""
    home = tmp_path / "world"
    shutil.copytree(founded.home, home)
    data = with_its_database(founded.data, home / "hub")
    with again(founded, data, home) as world:
        async with world.hub(SCHOOL) as school, world.hub(RHEINBERG) as office:
            draft, accepted = await notify(school)
            await fetch(office)
        await turn(world.node, due(accepted))

    with again(founded, data, home) as world:
        await turn(world.node, due(accepted))
        async with world.hub(SCHOOL) as school:
            assert await words(school, draft) == ["accepted", "taken", "overdue"]
            assert (await school.submit(draft)).raw == accepted.raw
            told = await school.events()
        assert [word_of(jws) for jws in told.values()] == ["taken", "overdue"]

    with again(founded, data, home) as world:
        await turn(world.node, end_of(draft))
        async with world.hub(SCHOOL) as school:
            assert await words(school, draft) == ["accepted", "taken", "overdue", "erased"]
        copy = copy_of(world.data, tmp_path / "kopie.sqlite")
        assert verify_db(copy, world.node.log.vkey) == []
