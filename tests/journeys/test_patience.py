# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Lines break, people press twice, keys are changed: no notice is doubled and none is lost."""

import asyncio
import json
import stat
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx2
import pytest

from hub.client import Agency, Draft, Hub, Message, Refused, Unreachable, Untrustworthy
from hub.client.enrolment import enrol, hand_in, prepare, publish
from hub.client.inbox import hand_over, receive_batch, receive_steadily
from hub.client.patience import BACK_OFF
from hub.enrol.entries import confirm
from hub.enrol.invitation import invite
from hub.enrol.snapshot import refresh
from hub.main.exchanging import send
from hub.model.participant import SigningKey
from hub.sealing.canonical import digest, jcs
from hub.sealing.envelope import env_digest
from tests.journeys.stories import SCHOOL_NOTICE, fetch, notify, take
from tests.world import RHEINBERG, SCHOOL, World, a_world, example

pytestmark = pytest.mark.anyio
LATE = "schule:999002"


class Lossy(httpx2.AsyncBaseTransport):
    """A line that loses answers: what was asked arrives, what is answered does not."""

    def __init__(self, method: str, path: str, losses: int) -> None:
        self._way = httpx2.AsyncHTTPTransport()
        self._lost = (method, path)
        self.losses = losses
        self.bodies: list[bytes] = []

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        answer = await self._way.handle_async_request(request)
        method, path = self._lost
        if request.method == method and request.url.path.startswith(path):
            self.bodies.append(await request.aread())
            if self.losses > 0:
                self.losses -= 1
                await answer.aclose()
                raise httpx2.ReadError("the line broke")
        return answer

    async def aclose(self) -> None:
        await self._way.aclose()


class Pauses:
    """Notes how long it should have been waited for, and does not wait."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


class EnoughError(Exception):
    """Ends what would go on for ever."""


def lossy_hub(world: World, unit: str, line: Lossy, pauses: Pauses) -> Hub:
    client = httpx2.AsyncClient(transport=line)
    agency = world.agency(unit)
    return Hub(world.url, agency, catalogue=world.catalogue, client=client, sleep=pauses)


async def compose(school: Hub) -> Draft:
    await school.directory()
    return school.compose(
        protocol=SCHOOL_NOTICE,
        step="mitteilung",
        to=RHEINBERG,
        urgency="planbar",
        content=example(SCHOOL_NOTICE, "mitteilung"),
    )


async def drain(world: World) -> list[Message]:
    """Take all that waits for the Jugendamt; return it."""
    async with world.hub(RHEINBERG) as office:
        messages = await office.lease(limit=20)
        for message in messages:
            await message.open()
            await message.take()
    return messages


async def test_a_lost_answer_is_asked_for_with_the_same_bytes(world: World) -> None:
    line, pauses = Lossy("PUT", "/v1/messages/", 2), Pauses()
    async with lossy_hub(world, SCHOOL, line, pauses) as school:
        draft = await compose(school)
        proven = await school.submit(draft)
        left = list(school.outbox)

    assert proven.receipt.message_id == draft.id
    assert line.bodies == [draft.body] * 3
    assert pauses.seconds == [*BACK_OFF[:2]]
    assert left == []
    assert [message.id for message in await drain(world)] == [draft.id]


async def test_a_draft_without_an_answer_survives_the_process(world: World) -> None:
    async with lossy_hub(world, SCHOOL, Lossy("PUT", "/v1/messages/", 9), Pauses()) as school:
        draft = await compose(school)
        with pytest.raises(Unreachable) as trouble:
            await school.submit(draft)
    file = world.folders[SCHOOL] / "state" / "outbox" / f"{draft.id}.json"
    assert trouble.value.draft == draft.id
    assert stat.S_IMODE(file.stat().st_mode) == 0o600

    async with world.hub(SCHOOL) as school:
        again = school.outbox.load(draft.id)
        assert again is not None
        await school.submit(again)
        kept = school.secrets.recall(draft.id)

    assert again.body == draft.body
    assert kept is not None
    assert kept.secret == draft.sealed.secret
    assert not file.exists()
    assert [message.id for message in await drain(world)] == [draft.id]


async def test_a_refused_draft_does_not_stay(world: World) -> None:
    async with world.hub(SCHOOL) as school:
        draft = await compose(school)
        spoiled = draft.body.replace(b'"body":{', b'"body":{"mehr":"a",', 1)
        with pytest.raises(Refused):
            await school.submit(replace(draft, body=spoiled))
        assert list(school.outbox) == []


async def test_a_sign_in_that_is_refused_says_nothing_about_the_draft(world: World) -> None:
    """The clock of the hub is wrong; once it is right again, the same bytes go out."""
    async with world.hub(SCHOOL) as school:
        draft = await compose(school)
        world.clock.ahead = 3600
        try:
            with pytest.raises(Refused):
                await school.submit(draft)
        finally:
            world.clock.ahead = 0
        assert [kept.id for kept in school.outbox] == [draft.id]
        await school.submit(draft)
    assert [message.id for message in await drain(world)] == [draft.id]


async def test_the_same_notice_sent_again_by_command_is_one_notice(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The school presses the key again, because the first time there was no answer."""
    content = tmp_path / "mitteilung.json"
    content.write_text(json.dumps(example(SCHOOL_NOTICE, "mitteilung")), "utf-8")
    async with lossy_hub(world, SCHOOL, Lossy("PUT", "/v1/messages/", 9), Pauses()) as school:
        draft = await compose(school)
        with pytest.raises(Unreachable):
            await school.submit(draft)

    await asyncio.to_thread(
        send, content, world.folders[SCHOOL], SCHOOL_NOTICE, "mitteilung", RHEINBERG, "planbar"
    )

    assert f"Angenommen: {draft.id}" in capsys.readouterr().out
    assert [message.id for message in await drain(world)] == [draft.id]


async def test_an_answer_whose_receipt_was_lost_is_not_composed_anew(world: World) -> None:
    async with world.hub(SCHOOL) as school:
        notice = await notify(school, SCHOOL_NOTICE, "planbar")
    line = Lossy("PUT", "/v1/messages/", 0)
    async with lossy_hub(world, RHEINBERG, line, Pauses()) as office:
        message = await take(office, notice)
        question = example(SCHOOL_NOTICE, "rueckfrage")
        line._lost, line.losses = ("PUT", "/v1/messages/"), 9
        with pytest.raises(Unreachable) as trouble:
            await message.answer("rueckfrage", question)
        line.losses = 0
        said = await message.answer("rueckfrage", question)
        thread = await office.conversation(notice.conversation)

    assert said.id == trouble.value.draft
    assert len(thread.messages) == 2


async def test_a_message_taken_back_meanwhile_holds_up_no_other(
    world: World, tmp_path: Path
) -> None:
    async with world.hub(SCHOOL) as school, world.hub(RHEINBERG) as office:
        first = await notify(school, SCHOOL_NOTICE, "planbar")
        second = await notify(school, SCHOOL_NOTICE, "planbar")
        leased = await office.lease()
        await school.withdraw(first.id)
        said = {each["id"]: each for each in [await hand_over(m, tmp_path) for m in leased]}

    assert "refused" in said[first.id]
    assert not (tmp_path / f"{first.id}.json").exists()
    assert (tmp_path / f"{second.id}.json").exists()


async def test_what_cannot_even_be_read_is_named_by_its_lease(world: World, tmp_path: Path) -> None:
    async with world.hub(SCHOOL) as school, world.hub(RHEINBERG) as office:
        notice = await notify(school, SCHOOL_NOTICE, "planbar")
        message = await fetch(office, notice)
        said = await hand_over(replace(message, raw=b"{", _parsed=None), tmp_path)

    assert said["id"] == message.lease
    assert "refused" in said
    await drain(world)


async def test_receipts_lie_beside_the_content(world: World, tmp_path: Path) -> None:
    async with world.hub(SCHOOL) as school, world.hub(RHEINBERG) as office:
        notice = await notify(school, SCHOOL_NOTICE, "planbar")
        await receive_batch(office, tmp_path, lambda _: None)

    kept = json.loads((tmp_path / f"{notice.id}.quittungen.json").read_bytes())
    assert len(kept["receipts"]) == 2
    assert kept["taken"]["receipt"] == kept["receipts"][-1]
    assert kept["taken"]["proof"]


async def test_what_was_handed_over_is_not_handed_over_again(world: World, tmp_path: Path) -> None:
    """The receipt never arrives, so the hub lends it again; its reader has moved the file on."""
    async with world.hub(SCHOOL) as school:
        notice = await notify(school, SCHOOL_NOTICE, "planbar")
    line = Lossy("PUT", "/v1/messages/", 0)
    async with lossy_hub(world, RHEINBERG, line, Pauses()) as office:
        message = await fetch(office, notice)
        assert not message.is_repeated
        await message.open()
        office.agency.remember(
            "seen", **{f"{SCHOOL} {notice.id}": [message_env(message), notice.end]}
        )
        await message.give_back()
        again = await fetch(office, notice)
        assert again.is_repeated
        said = await hand_over(again, tmp_path)

    assert "refused" not in said
    assert not (tmp_path / f"{notice.id}.json").exists()


def message_env(message: Message) -> str:
    return env_digest(message.parsed.env)


async def test_a_hub_that_is_away_is_waited_for(world: World, tmp_path: Path) -> None:
    async with world.hub(SCHOOL) as school:
        notice = await notify(school, SCHOOL_NOTICE, "planbar")
    pauses = Pauses()
    async with lossy_hub(world, RHEINBERG, Lossy("POST", "/oauth/token", 3), pauses) as office:
        reports: list[dict[str, Any]] = []

        def report(said: dict[str, Any]) -> None:
            reports.append(said)
            if "file" in said:
                raise EnoughError

        with pytest.raises(EnoughError):
            await receive_steadily(office, tmp_path, report, sleep=pauses)

    assert pauses.seconds == [1, 2, 4]
    assert [said.get("id") for said in reports] == [None, None, None, notice.id]


async def test_taking_note_twice_keeps_the_opening_of_the_role(world: World) -> None:
    async with world.hub(SCHOOL) as school, world.hub(RHEINBERG) as office:
        notice = await notify(school, SCHOOL_NOTICE, "planbar")
        await take(office, notice)
        first = await office.acknowledge(notice.id, "bereitschaft")
        again = await office.acknowledge(notice.id, "bereitschaft")
        other = await office.acknowledge(notice.id, "leitung")
        opening = office.agency.recall("roles")[notice.id]

    assert again.receipt == first.receipt == other.receipt
    assert opening[1] == "bereitschaft"
    assert first.receipt.members["role"] == digest(jcs(opening))


async def test_what_was_signed_before_a_change_of_keys_is_still_opened(world: World) -> None:
    async with world.hub(SCHOOL) as school, world.hub(RHEINBERG) as office:
        notice = await notify(school, SCHOOL_NOTICE, "planbar")
        old = world.agency(SCHOOL).signing.kid
        await asyncio.to_thread(publish, world.folders[SCHOOL], new_signing_key=True)
        message = await fetch(office, notice)
        assert message.parsed.header["kid"] == old
        await message.open()
        await message.take()
        unit = (await office.directory_with(SCHOOL)).unit(SCHOOL)
    new = world.agency(SCHOOL).signing.kid
    async with world.hub(SCHOOL) as school, world.hub(RHEINBERG) as office:
        await take(office, await notify(school, SCHOOL_NOTICE, "planbar"))

    assert [key.kid for key in unit.signing] == [new, old]
    assert [key.not_after is None for key in unit.signing] == [True, False]


async def test_an_event_that_nobody_signed_destroys_nothing(world: World) -> None:
    async with world.hub(SCHOOL) as school, world.hub(RHEINBERG) as office:
        known = tuple(await school.events())
        notice = await notify(school, SCHOOL_NOTICE, "planbar")
        await take(office, notice, "fachkraft")
        forged = world.agency(SCHOOL).signing.public(0)
        lying = with_receipt_key(school, forged)
        async with lying:
            with pytest.raises(Untrustworthy):
                await lying.events(known)
            assert lying.secrets.recall(notice.id) is not None
        await school.events(known)
        assert school.secrets.recall(notice.id) is None


def with_receipt_key(hub: Hub, key: SigningKey) -> Hub:
    """Return the same unit with a hub whose receipts are signed by another key."""
    agency = hub.agency
    pinned = type(agency.hub)(**{**vars(agency.hub), "receipt_key": key})
    other = Agency(**{**vars(agency), "hub": pinned})
    return Hub(agency.hub.url, other, catalogue=hub.catalogue)


async def test_a_log_that_begins_anew_is_not_believed(world: World) -> None:
    async with world.hub(SCHOOL) as school:
        await notify(school, SCHOOL_NOTICE, "planbar")
        await school.directory()
        kept = school.agency.recall("log")
        [(name, note)] = kept.items()
        origin, size, _, *rest = note.split("\n")
        forked = "\n".join([origin, size, "A" * 43 + "=", *rest])
        school.agency.remember("log", **{name: forked})
        await notify_blindly(school)
        with pytest.raises(Untrustworthy, match="log"):
            await school.directory()
        school.agency.remember("log", **kept)
        await school.directory()
    await drain(world)


async def notify_blindly(school: Hub) -> None:
    """Let the log grow without a look at it."""
    draft = school.compose(
        protocol=SCHOOL_NOTICE,
        step="mitteilung",
        to=RHEINBERG,
        urgency="planbar",
        content=example(SCHOOL_NOTICE, "mitteilung"),
    )
    await school.submit(draft)


async def test_a_directory_that_goes_back_is_not_believed(world: World) -> None:
    async with world.hub(SCHOOL) as school:
        await school.directory()
        agency = school.agency
        versions = agency.recall("versions")
        agency.remember("versions", **{"polizei:kpb-wesel": [99, "x"]})
        async with world.hub(SCHOOL) as other:
            with pytest.raises(Untrustworthy, match="newer"):
                await other.directory()
        agency.remember("versions", **{**versions, "polizei:kpb-wesel": [1, "x"]})
        async with world.hub(SCHOOL) as other:
            with pytest.raises(Untrustworthy, match="same version"):
                await other.directory()
        agency.remember("versions", **versions)
        world.clock.ahead -= 3600
        try:
            async with world.hub(SCHOOL) as other:
                with pytest.raises(Untrustworthy, match="older"):
                    await other.directory()
        finally:
            world.clock.ahead += 3600


async def test_a_token_that_the_hub_forgot_is_renewed(world: World) -> None:
    async with world.hub(SCHOOL) as school:
        await school.events()
        school.line._token.value = school.line._token.value[:-6] + "AAAAAA"
        assert isinstance(await school.events(), dict)


async def test_joining_goes_on_where_it_broke_off(tmp_path: Path) -> None:
    """The answer was lost: the same keys and the same entry, with a new code."""
    with a_world(tmp_path) as world:
        folder, organisation = tmp_path / "schule", LATE
        code = invited(world, organisation)
        first = prepare(folder, organisation, world.url)
        entry = json.loads((folder / "eintrag.json").read_bytes())["entry"]
        copy = (folder / "eintrag.json").read_bytes()
        hand_in(folder, code)
        (folder / "eintrag.json").write_bytes(copy)

        with pytest.raises(Refused):
            enrol(folder, organisation, world.url, code)
        with pytest.raises(FileExistsError):
            enrol(folder, "schule:999001", world.url, code)
        again = enrol(folder, organisation, world.url, invited(world, organisation))

        assert again == first
        assert entry.count(".") == 2
        with pytest.raises(FileExistsError):
            prepare(folder, organisation, world.url)
        world.node.writer.commit_now(
            lambda connection: confirm(organisation, first.fingerprint, world.node, connection)
        )
        world.node.readers.run_now(lambda connection: refresh(world.node, connection))
        assert world.node.directory.is_active(organisation)


def invited(world: World, organisation: str) -> str:
    made = world.node.writer.commit_now(
        lambda connection: invite(organisation, int(world.clock()), connection)
    )
    return made.code
