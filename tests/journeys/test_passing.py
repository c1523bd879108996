# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
# ruff: noqa: S608  raw SQL, put together from constants, is what is tried here
"""A matter goes on with another office: not before it has taken note, and then altogether.

§ 8a Abs. 6 SGB VIII; until then the first stays on duty (§ 86d SGB VIII).
"""

import asyncio
import json
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import pytest
from uuid_utils.compat import uuid7

from hub import clock
from hub.audit.verify import verify_db, verify_evidence
from hub.client import Agency, Draft, Hub, Message, Refused
from hub.client.handing import JWT
from hub.client.incidents import not_for_us
from hub.client.passing import completed
from hub.main.work import turn
from hub.protocols.legal import load_law
from hub.schemas import SPECS
from hub.sealing.canonical import digest
from hub.trust.jose import sign_token
from hub.trust.kinds import PASSING
from tests.databases import sqlite_only
from tests.journeys.copies import copy_of
from tests.journeys.networks.places import a_place
from tests.journeys.networks.test_kreis_wesel import OWN
from tests.journeys.receipts import claims_of, word_of, words_of
from tests.journeys.stories import SCHOOL_NOTICE, fetch, notify, take
from tests.journeys.tampering import cells, flip, opened
from tests.world import FEEDBACK, KREIS, RHEINBERG, SCHOOL, World, example

pytestmark = pytest.mark.anyio

MOERS: Final = "jugendamt:05170024.asd"
ONWARD: Final = "jugendamt-mitteilung"
TOO_EARLY: Final = "weitergegeben an jemanden, der davor nicht Kenntnis genommen hat"
"""What the auditor's program says of it."""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    home: Path = tmp_path_factory.mktemp("weiter")
    joining = (SCHOOL, "jugendamt:05170032", "jugendamt:05170000", "jugendamt:05170024")
    with a_place(home, "kreis-wesel", joining=joining) as made:
        yield made


@dataclass(frozen=True)
class Named:
    """A message as a statement names it."""

    id: str
    env: str

    @classmethod
    def of(cls, draft: Draft) -> "Named":
        return cls(draft.id, draft.sealed.env_digest)


async def notice_of_the_school(world: World, *, noted: bool = True) -> Draft:
    """Let the school tell Rheinberg, where a person takes note of it."""
    async with world.hub(SCHOOL) as school, world.hub(RHEINBERG) as office:
        draft = await notify(school, SCHOOL_NOTICE, "planbar")
        if noted:
            await take(office, draft, "fachkraft")
    return draft


async def tell(world: World, by: str, to: str) -> Draft:
    """Let one Jugendamt tell another; the hub does not yet know of what."""
    async with world.hub(by) as hub:
        await hub.directory()
        content = completed(example(SCHOOL_NOTICE, "mitteilung"), OWN)
        draft = hub.compose(
            protocol=ONWARD, step="mitteilung", to=to, urgency="planbar", content=content
        )
        await hub.submit(draft)
    return draft


async def say(hub: Hub, conversation: str, step: str, to: str, cause: str | None = None) -> Draft:
    """Say a step of the school's conversation; feedback is the only one that no example has."""
    await hub.directory()
    draft = hub.compose(
        protocol=SCHOOL_NOTICE,
        step=step,
        to=to,
        urgency="planbar",
        content=FEEDBACK if step == "rueckmeldung" else example(SCHOOL_NOTICE, step),
        conversation=await hub.conversation(conversation),
        cause=cause,
    )
    await hub.submit(draft)
    return draft


async def note(world: World, unit: str, draft: Draft) -> Message:
    async with world.hub(unit) as hub:
        return await take(hub, draft, "fachkraft")


def statement(agency: Agency, first: Named, second: Named, **changes: Any) -> str:
    """Return the word of a unit that a message goes on with another; changes take effect last."""
    reader = agency.recall("reply-keys").get(first.id)
    claims = {
        "iss": agency.id,
        "hub": agency.hub.id,
        "sub": first.id,
        "jti": str(uuid7()),
        "iat": int(clock.now()),
        "env": first.env,
        "by": {"id": second.id, "env": second.env},
        **({} if reader is None else {"reader": reader}),
        **changes,
    }
    return sign_token(agency.signing, PASSING.typ, claims)


async def state(world: World, by: str, first: str, jws: str) -> dict[str, Any]:
    async with world.hub(by) as hub:
        raw = await hub.line.send("PUT", f"/v1/messages/{first}/passing", jws.encode(), JWT)
    said: dict[str, Any] = json.loads(raw)
    return said


async def pass_on(world: World, first: Draft, by: str, to: str) -> Draft:
    """Tell another office, and state that the matter goes on with that."""
    second = await tell(world, by, to)
    jws = statement(world.agency(by), Named.of(first), Named.of(second))
    await state(world, by, first.id, jws)
    return second


async def seen_by(world: World, unit: str, conversation: str) -> dict[str, Any]:
    async with world.hub(unit) as hub:
        said: dict[str, Any] = await hub.line.get(f"/v1/conversations/{conversation}")
    return said


async def shown_to(world: World, unit: str, message: str) -> dict[str, Any]:
    async with world.hub(unit) as hub:
        return await hub.state(message)


async def is_unknown_to(world: World, unit: str, conversation: str) -> bool:
    with pytest.raises(Refused) as refused:
        await seen_by(world, unit, conversation)
    return refused.value.code == "not-found"


def entries(world: World, kind: str) -> list[dict[str, Any]]:
    def look(connection: Any) -> list[dict[str, Any]]:
        rows = connection.exec_driver_sql("SELECT body FROM audit_body").all()
        found = [json.loads(bytes(row[0])) for row in rows]
        return [entry for entry in found if entry["k"] == kind]

    return world.node.readers.run_now(look)


def passed_on_to(state: dict[str, Any]) -> list[str]:
    said = [claims_of(jws)["events"] for jws in state["receipts"] if word_of(jws) == "passed-on"]
    return [event["urn:meldeweg:receipt:passed-on"]["to"] for event in said]


async def test_until_somebody_there_has_taken_note_the_first_stays_on_duty(world: World) -> None:
    first = await notice_of_the_school(world)
    second = await pass_on(world, first, RHEINBERG, KREIS)
    async with world.hub(KREIS) as office:
        message = await fetch(office, second)
        await message.open()
        await message.take()

    seen = await seen_by(world, RHEINBERG, first.id)

    assert seen["partner"] == RHEINBERG
    assert seen["owed"] == ["rueckmeldung"]
    assert passed_on_to(await shown_to(world, SCHOOL, first.id)) == []
    assert "continues" not in await shown_to(world, KREIS, second.id)
    assert await is_unknown_to(world, KREIS, first.id)


async def test_then_the_second_takes_its_place_and_the_sender_learns_which_office(
    world: World,
) -> None:
    first = await notice_of_the_school(world)
    async with world.hub(SCHOOL) as school:
        await school.events(ack=tuple(await school.events()))
    second = await pass_on(world, first, RHEINBERG, KREIS)
    await note(world, KREIS, second)

    sent = await shown_to(world, SCHOOL, first.id)
    async with world.hub(SCHOOL) as school:
        heard = [word_of(jws) for jws in (await school.events()).values()]

    assert words_of(sent) == ["accepted", "taken", "acknowledged", "passed-on"]
    assert passed_on_to(sent) == [KREIS]
    assert sent["marks"] == ["passed-on"]
    assert "passed-on" in heard
    assert second.id not in json.dumps(sent), "with which message is nothing to the sender"
    assert (await seen_by(world, SCHOOL, first.id))["partner"] == KREIS
    assert (await shown_to(world, KREIS, second.id))["continues"] == [first.id]
    assert (await seen_by(world, KREIS, first.id))["owed"] == ["rueckmeldung"]


async def test_the_new_office_sees_the_course_and_no_message_that_went_to_the_first(
    world: World,
) -> None:
    first = await notice_of_the_school(world)
    second = await pass_on(world, first, RHEINBERG, KREIS)
    await note(world, KREIS, second)

    seen = await seen_by(world, KREIS, first.id)

    assert [each["id"] for each in seen["messages"]] == [first.id]
    assert seen["messages"][0].keys() == {
        *("id", "position", "step", "sender", "recipient", "env", "state")
    }
    assert seen["reply_key"] == world.agency(SCHOOL).persons[0].kid
    assert claims_of(seen["passing"])["reader"] == seen["reply_key"]
    with pytest.raises(Refused) as refused:
        await shown_to(world, KREIS, first.id)
    assert refused.value.code == "not-found"
    async with world.hub(KREIS) as office:
        assert await office.lease() == []


async def test_the_person_who_reported_hears_from_the_new_office(world: World) -> None:
    """§ 4 Abs. 4 KKG gives the feedback to the person, whoever has become responsible."""
    first = await notice_of_the_school(world)
    second = await pass_on(world, first, RHEINBERG, KREIS)
    await note(world, KREIS, second)

    async with world.hub(KREIS) as office, world.hub(SCHOOL) as school:
        [thread] = await office.continued(second.id)
        feedback = await say(office, thread.id, "rueckmeldung", thread.partner_of(KREIS))
        got = await take(school, feedback, "lesen")

    assert got.content == FEEDBACK
    seen = await seen_by(world, RHEINBERG, first.id)
    assert [each["id"] for each in seen["messages"]] == [first.id], "what followed is not its own"
    assert (seen["owed"], seen["closed"]) == ([], True)


async def test_the_first_office_says_nothing_more_but_what_was_wrong_of_its_own(
    world: World,
) -> None:
    """Art. 16 DSGVO: who said it puts it right, whoever is responsible now."""
    first = await notice_of_the_school(world)
    async with world.hub(RHEINBERG) as office, world.hub(SCHOOL) as school:
        question = await say(office, first.id, "rueckfrage", SCHOOL)
        await take(school, question)
    second = await pass_on(world, first, RHEINBERG, KREIS)
    assert "rueckmeldung" in (await seen_by(world, RHEINBERG, first.id))["allowed"]
    await note(world, KREIS, second)

    seen = await seen_by(world, RHEINBERG, first.id)
    async with world.hub(RHEINBERG) as office, world.hub(SCHOOL) as school:
        right = await say(office, first.id, "ruecknahme", SCHOOL, question.id)
        assert (await take(school, right)).id == right.id

    assert set(seen["allowed"]) == {"berichtigung", "ruecknahme"}
    assert seen["partner"] == RHEINBERG, "where it went from there is nothing to who passed it on"


async def test_what_the_sender_puts_right_reaches_both_who_have_it(world: World) -> None:
    first = await notice_of_the_school(world)
    second = await pass_on(world, first, RHEINBERG, KREIS)
    await note(world, KREIS, second)

    for to in (KREIS, RHEINBERG):
        async with world.hub(SCHOOL) as school, world.hub(to) as office:
            back = await say(school, first.id, "ruecknahme", to, first.id)
            assert (await take(office, back)).id == back.id

    assert "ruecknahme" not in (await seen_by(world, SCHOOL, first.id))["allowed"]


async def test_said_again_it_is_answered_as_before(world: World) -> None:
    first = await notice_of_the_school(world)
    second = await tell(world, RHEINBERG, KREIS)
    jws = statement(world.agency(RHEINBERG), Named.of(first), Named.of(second))

    one = await state(world, RHEINBERG, first.id, jws)
    await note(world, KREIS, second)
    other = await state(world, RHEINBERG, first.id, jws)

    assert one == other
    [entry] = [each for each in entries(world, "message.passing") if each["ref"] == [second.id]]
    assert one["entry"] == entry
    assert (entry["act"]["org"], entry["rcp"]) == (RHEINBERG, [KREIS])
    assert (entry["obj"]["id"], entry["obj"]["d"]) == (first.id, digest(jws))
    assert set(entry["law"]) <= load_law(SPECS / "law").keys()


async def test_whoever_was_never_right_refuses_and_another_is_asked(world: World) -> None:
    first = await notice_of_the_school(world)
    in_vain = await pass_on(world, first, RHEINBERG, KREIS)
    async with world.hub(KREIS) as office:
        assert (await not_for_us(office, in_vain.id, "andere-stelle-zustaendig")).refused
    second = await pass_on(world, first, RHEINBERG, MOERS)
    await note(world, MOERS, second)

    assert passed_on_to(await shown_to(world, SCHOOL, first.id)) == [MOERS]
    assert (await seen_by(world, MOERS, first.id))["reply_key"]
    assert await is_unknown_to(world, KREIS, first.id)


async def test_who_took_over_passes_on_all_that_it_has_taken_over(world: World) -> None:
    first = await notice_of_the_school(world)
    second = await pass_on(world, first, RHEINBERG, KREIS)
    await note(world, KREIS, second)
    third = await pass_on(world, second, KREIS, MOERS)
    before = await seen_by(world, KREIS, first.id)
    await note(world, MOERS, third)

    assert before["owed"] == ["rueckmeldung"]
    assert passed_on_to(await shown_to(world, SCHOOL, first.id)) == [KREIS, MOERS]
    assert passed_on_to(await shown_to(world, RHEINBERG, second.id)) == [MOERS]
    seen = await seen_by(world, MOERS, first.id)
    assert seen["owed"] == ["rueckmeldung"]
    assert seen["reply_key"] == world.agency(SCHOOL).persons[0].kid
    assert claims_of(seen["passing"])["iss"] == RHEINBERG, "it alone has read who reported"
    assert (await seen_by(world, MOERS, second.id))["opener"] == RHEINBERG
    continues = (await shown_to(world, MOERS, third.id))["continues"]
    assert sorted(continues) == sorted([first.id, second.id])
    assert await is_unknown_to(world, KREIS, first.id)


async def test_back_where_it_came_from_the_matter_goes_without_its_own_notice(
    world: World,
) -> None:
    """Two offices may differ on who is responsible; the school's matter goes along, each time."""
    first = await notice_of_the_school(world)
    second = await pass_on(world, first, RHEINBERG, KREIS)
    await note(world, KREIS, second)
    third = await pass_on(world, second, KREIS, RHEINBERG)
    await note(world, RHEINBERG, third)

    assert passed_on_to(await shown_to(world, SCHOOL, first.id)) == [KREIS, RHEINBERG]
    seen = await seen_by(world, RHEINBERG, first.id)
    assert (seen["partner"], seen["owed"]) == (RHEINBERG, ["rueckmeldung"])
    assert (await seen_by(world, RHEINBERG, second.id))["partner"] == KREIS


async def test_where_the_other_was_quicker_than_the_word_it_goes_on_at_once(world: World) -> None:
    first = await notice_of_the_school(world)
    second = await tell(world, RHEINBERG, KREIS)
    await note(world, KREIS, second)
    assert passed_on_to(await shown_to(world, SCHOOL, first.id)) == []

    jws = statement(world.agency(RHEINBERG), Named.of(first), Named.of(second))
    await state(world, RHEINBERG, first.id, jws)

    assert passed_on_to(await shown_to(world, SCHOOL, first.id)) == [KREIS]


async def test_what_was_passed_on_asks_nobody_at_the_first_office_any_more(world: World) -> None:
    first = await notice_of_the_school(world)
    second = await pass_on(world, first, RHEINBERG, KREIS)
    await note(world, KREIS, second)

    world.clock.ahead = 15 * 24 * 3600
    try:
        # Nobody waits in this loop for what the node does in its own.
        await asyncio.to_thread(asyncio.run, turn(world.node, world.clock()))
    finally:
        world.clock.ahead = 0

    of_it = [each for each in entries(world, "reminder.sent") if each["obj"]["id"] == first.id]
    assert {each["rcp"][0] for each in of_it} == {KREIS}
    assert {each["why"] for each in of_it} == {"owed"}


@dataclass(frozen=True)
class Wrong:
    """A statement that does not hold: what is changed in it, and what the hub says."""

    code: str
    pointer: str | None
    claims: dict[str, Any]


ANOTHER: Final = "019a6a5e-7c2a-7d41-8e5b-000000000001"
WRONG: Final = {
    "by another office": Wrong("sender-mismatch", "/iss", {"iss": KREIS}),
    "for another hub": Wrong("hub-mismatch", "/hub", {"hub": "other.invalid/demo"}),
    "about another message": Wrong("id-mismatch", "/sub", {"sub": ANOTHER}),
    "about other bytes": Wrong("envelope-invalid", "/env", {"env": "A" * 43}),
    "tomorrow's": Wrong("issued-outside-window", "/iat", {"iat": 4_000_000_000}),
    "with one that nobody knows": Wrong(
        "envelope-invalid", "/by/id", {"by": {"id": ANOTHER, "env": "A" * 43}}
    ),
    "to a person nobody knows": Wrong("reader-key-stale", "/reader", {"reader": "A" * 43}),
    "with a word more": Wrong("envelope-invalid", None, {"grund": "zustaendigkeit"}),
}


@pytest.mark.parametrize("name", WRONG)
async def test_a_statement_that_does_not_hold_is_refused_with_its_place(
    world: World, name: str
) -> None:
    first = await notice_of_the_school(world)
    second = await tell(world, RHEINBERG, KREIS)
    wrong, before = WRONG[name], len(entries(world, "access.denied"))
    jws = statement(world.agency(RHEINBERG), Named.of(first), Named.of(second), **wrong.claims)

    with pytest.raises(Refused) as refused:
        await state(world, RHEINBERG, first.id, jws)

    assert refused.value.code == wrong.code
    assert refused.value.pointers == ((wrong.pointer,) if wrong.pointer else ())
    denied = entries(world, "access.denied")
    assert len(denied) == before + 1
    assert denied[-1]["why"] == wrong.code
    await note(world, KREIS, second)
    assert passed_on_to(await shown_to(world, SCHOOL, first.id)) == []


async def is_refused(
    world: World, first: Draft, second: Draft, by: str = RHEINBERG
) -> tuple[str, tuple[str, ...]]:
    jws = statement(world.agency(by), Named.of(first), Named.of(second))
    with pytest.raises(Refused) as refused:
        await state(world, by, first.id, jws)
    return refused.value.code, tuple(refused.value.pointers)


async def test_nothing_goes_on_that_no_person_here_has_taken_note_of(world: World) -> None:
    first = await notice_of_the_school(world, noted=False)
    second = await tell(world, RHEINBERG, KREIS)

    assert await is_refused(world, first, second) == ("step-not-allowed", ("/sub",))


async def test_nothing_goes_on_with_what_was_sent_before(world: World) -> None:
    second = await tell(world, RHEINBERG, KREIS)
    world.clock.ahead = 5
    try:
        first = await notice_of_the_school(world)
    finally:
        world.clock.ahead = 0

    assert await is_refused(world, first, second) == ("step-not-allowed", ("/by/id",))


async def test_nothing_goes_on_with_what_came_from_another(world: World) -> None:
    first = await notice_of_the_school(world)
    second = await tell(world, KREIS, MOERS)

    assert await is_refused(world, first, second) == ("envelope-invalid", ("/by/id",))


async def test_nothing_goes_on_with_what_is_no_passing_on(world: World) -> None:
    first = await notice_of_the_school(world)
    async with world.hub(RHEINBERG) as office:
        question = await say(office, first.id, "rueckfrage", SCHOOL)

    assert await is_refused(world, first, question) == ("step-not-allowed", ("/by/id",))


async def test_what_is_passed_on_is_not_passed_on_again_by_the_first(world: World) -> None:
    first = await notice_of_the_school(world)
    await note(world, KREIS, await pass_on(world, first, RHEINBERG, KREIS))
    other = await tell(world, RHEINBERG, MOERS)

    assert await is_refused(world, first, other) == ("step-not-allowed", ("/sub",))


async def test_to_whom_it_came_from_nothing_is_passed_on(world: World) -> None:
    first = await tell(world, KREIS, RHEINBERG)
    await note(world, RHEINBERG, first)
    back = await tell(world, RHEINBERG, KREIS)

    assert await is_refused(world, first, back) == ("step-not-allowed", ("/by/id",))


async def test_one_message_is_the_object_of_one_statement(world: World) -> None:
    first = await notice_of_the_school(world)
    second = await pass_on(world, first, RHEINBERG, KREIS)

    assert await is_refused(world, first, second) == ("id-reused", ("/jti",))


async def test_a_stranger_passes_nothing_on_and_learns_nothing(world: World) -> None:
    first = await notice_of_the_school(world)
    second = await tell(world, KREIS, MOERS)
    before = len(entries(world, "access.denied"))

    for by in (KREIS, SCHOOL):
        assert await is_refused(world, first, second, by) == ("not-found", ())
    assert len(entries(world, "access.denied")) == before


async def test_a_statement_that_another_key_signed_is_none(world: World) -> None:
    first = await notice_of_the_school(world)
    second = await tell(world, RHEINBERG, KREIS)
    foreign = statement(world.agency(KREIS), Named.of(first), Named.of(second), iss=RHEINBERG)

    with pytest.raises(Refused) as refused:
        await state(world, RHEINBERG, first.id, foreign)

    assert refused.value.code == "signature-invalid"


async def test_the_sender_can_prove_to_whom_it_was_passed_on(world: World, tmp_path: Path) -> None:
    first = await notice_of_the_school(world)
    second = await pass_on(world, first, RHEINBERG, KREIS)
    await note(world, KREIS, second)
    async with world.hub(SCHOOL) as school:
        package = await school.evidence(first.id)
    path = tmp_path / "beweispaket.zip"
    path.write_bytes(package)

    with zipfile.ZipFile(BytesIO(package)) as archive:
        names = archive.namelist()
        whole = b"".join(archive.read(name) for name in names if not name.endswith(".py"))

    assert verify_evidence(path, world.node.log.vkey) == []
    assert [name for name in names if name.endswith("-passed-on.jws")]
    assert second.id.encode() not in whole


@sqlite_only
async def test_whatever_is_changed_in_a_statement_the_auditor_names_the_place(
    world: World, tmp_path: Path
) -> None:
    first = await notice_of_the_school(world)
    await note(world, KREIS, await pass_on(world, first, RHEINBERG, KREIS))
    sound, vkey = copy_of(world.data, tmp_path / "sound.sqlite"), world.node.log.vkey
    assert verify_db(sound, vkey) == []

    of_it = [cell for cell in cells(sound, "passing") if cell.key[0] == first.id]
    partner = [
        cell
        for cell in cells(sound, "conversation")
        if (cell.column, cell.key) == ("partner", (first.id,))
    ]
    for cell in (*of_it, *partner):
        copy = Path(shutil.copy(sound, tmp_path / "kopie.sqlite"))
        after = flip(copy, cell)
        findings = verify_db(copy, vkey)
        assert any(cell.is_named_by(each, after) for each in findings), cell.column
    assert {cell.column for cell in of_it} == {"message_id", "by_message", "jws", "audit_id"}


@sqlite_only
async def test_that_nobody_had_taken_note_of_it_the_auditor_sees_as_well(
    world: World, tmp_path: Path
) -> None:
    """A hub that moves a matter too early leaves a child with an office that knows nothing."""
    first = await notice_of_the_school(world)
    second = await pass_on(world, first, RHEINBERG, KREIS)
    await note(world, KREIS, second)
    gone = {
        "passing": f"message_id = '{first.id}'",
        "receipt": f"message_id = '{second.id}' AND word = 'acknowledged'",
    }

    for table, condition in gone.items():
        copy = copy_of(world.data, tmp_path / f"{table}.sqlite")
        with opened(copy) as connection:
            connection.execute(f"DELETE FROM {table} WHERE {condition}")
        found = {finding.text for finding in verify_db(copy, world.node.log.vkey)}
        assert TOO_EARLY in found
