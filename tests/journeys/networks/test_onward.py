# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A matter goes on once, whatever breaks off on the way; and what is done with, goes."""

import asyncio
import json
from pathlib import Path
from typing import Any, Final

import pytest
import typer

from hub.client import Agency, Draft, Hub, Message, Untrustworthy
from hub.client.continuing import check_passed
from hub.client.drafts import Wish
from hub.client.erasing import let_go
from hub.client.inbox import receive_batch
from hub.client.proofs import ProvenReceipt
from hub.errors import StepNotAllowed
from hub.main.erasing import erase
from hub.main.handing import hand_over, pass_on
from hub.sealing.canonical import b64, digest
from tests.journeys.networks.werne import (
    ASD,
    LUENEN,
    MONDAY,
    PATROL,
    SATURDAY,
    SERVICE,
    at,
    content,
    entries,
    fetch,
    files,
    travel,
)
from tests.world import World

pytestmark = pytest.mark.anyio

NOTICE: Final = "ordnungsamt-mitteilung"
HANDOVER: Final = "krisendienst-uebergabe"
NUMBER_OF_LUENEN: Final = "+49 221 4710 704"
BY_DAY: Final = at(2026, 10, 12, 10, 0)


class Died(Exception):  # noqa: N818  somebody pulled the plug
    """The program ended here."""


class DiesBefore(Hub):
    """Ends when the message lies in the outbox, and nothing has left the house."""

    async def submit(self, draft: Draft) -> ProvenReceipt:
        assert self.outbox.load(draft.id) is not None
        raise Died


class DiesBetween(Hub):
    """Ends when the hub has the message, and not yet the word that the matter goes on with it."""

    async def submit(self, draft: Draft) -> ProvenReceipt:
        await super().submit(draft)
        raise Died


def onward(**more: Any) -> dict[str, Any]:
    return {**content("jugendamt-mitteilung", "mitteilung"), **more}


async def noted(world: World) -> tuple[str, Message]:
    """Have a notice come to Werne by day, and a person there take note of it."""
    await travel(world, BY_DAY)
    notice = await files(world)
    async with world.hub(ASD) as office:
        [message] = await fetch(office)
        await message.acknowledge("fachkraft")
    return notice.id, message


async def waiting(world: World, unit: str) -> list[str]:
    """Have a unit take what waits and a person take note of it; returns the ids."""
    async with world.hub(unit) as hub:
        got = await fetch(hub)
        for message in got:
            await message.acknowledge("fachkraft")
    return [message.id for message in got]


async def shown(world: World, message: str) -> list[str]:
    async with world.hub(PATROL) as patrol:
        return [each.line for each in await patrol.sender_view(message)]


async def test_a_matter_is_passed_on_in_one_step_and_the_sender_sees_to_whom(
    night: World,
) -> None:
    notice, _ = await noted(night)
    async with night.hub(ASD) as office:
        on = await office.pass_on(notice, to=LUENEN, content=onward(), urgency="sofort")
        assert await office.finish() == []
    before = await shown(night, notice)

    assert await waiting(night, LUENEN) == [on.id]

    assert (await shown(night, notice))[: len(before)] == before
    assert [line for line in await shown(night, notice) if line not in before] == [
        f"Weitergegeben an Allgemeiner Sozialer Dienst, {NUMBER_OF_LUENEN}"
    ]


async def test_the_new_office_speaks_in_the_conversation_and_is_answered_there(
    night: World,
) -> None:
    notice, _ = await noted(night)
    async with night.hub(ASD) as office:
        on = await office.pass_on(notice, to=LUENEN, content=onward(), urgency="sofort")
    await waiting(night, LUENEN)
    async with night.hub(LUENEN) as luenen, night.hub(PATROL) as patrol:
        [thread] = await luenen.continued(on.id)
        assert thread.partner_of(LUENEN) == PATROL
        question = Wish(
            NOTICE,
            "rueckfrage",
            PATROL,
            "sofort",
            content(NOTICE, "rueckfrage", "ein-teil"),
            thread=thread,
        )
        asked = await luenen.compose_in(question)
        await luenen.submit(asked)

        [message] = await fetch(patrol)
        assert (message.id, message.envelope.iss) == (asked.id, LUENEN)
        answer = await message.answer("antwort", content(NOTICE, "antwort", "nicht-bekannt"))
        assert answer.to == LUENEN
        [heard] = await fetch(luenen)
        assert heard.id == answer.id


async def test_the_hub_cannot_make_up_what_was_passed_on(night: World) -> None:
    """To whose key the feedback goes, the first office has signed (§ 4 Abs. 4 KKG)."""
    notice, _ = await noted(night)
    async with night.hub(ASD) as office:
        await office.pass_on(notice, to=LUENEN, content=onward(), urgency="sofort")
    await waiting(night, LUENEN)
    async with night.hub(LUENEN) as luenen:
        said = await luenen.line.get(f"/v1/conversations/{notice}")
        await check_passed(luenen, said)
        head, payload, _ = said["passing"].split(".")
        other = night.agency(PATROL).signing.sign(f"{head}.{payload}".encode())
        for lie in (
            {"reply_key": digest("somebody else")},
            {"reply_key": digest("somebody else"), "passing": None},
            {"passing": f"{head}.{payload}.{b64(other)}"},
        ):
            with pytest.raises(Untrustworthy):
                await check_passed(luenen, {**said, **lie})


async def test_nobody_passes_on_what_nobody_there_has_taken_note_of(night: World) -> None:
    await travel(night, BY_DAY)
    notice = await files(night)
    async with night.hub(ASD) as office:
        await fetch(office)
        with pytest.raises(StepNotAllowed):
            await office.pass_on(notice.id, to=LUENEN, content=onward(), urgency="sofort")
        assert tuple(office.outbox) == ()


@pytest.mark.parametrize("dying", [DiesBefore, DiesBetween])
async def test_what_broke_off_is_made_up_for_on_the_next_run(
    night: World, dying: type[Hub]
) -> None:
    notice, _ = await noted(night)
    async with dying(night.url, night.agency(ASD), catalogue=night.catalogue) as office:
        with pytest.raises(Died):
            await office.pass_on(notice, to=LUENEN, content=onward(), urgency="sofort")

    async with night.hub(ASD) as office:
        [told] = await office.finish()
        assert await office.finish() == []

    assert (told["id"], told["passed_on"]) == (notice, LUENEN)
    assert await waiting(night, LUENEN) == [told["by"]]
    assert "Weitergegeben" in "".join(await shown(night, notice))


@pytest.mark.parametrize("dying", [DiesBefore, DiesBetween])
async def test_whoever_asks_again_gets_no_second_notice(night: World, dying: type[Hub]) -> None:
    notice, _ = await noted(night)
    async with dying(night.url, night.agency(ASD), catalogue=night.catalogue) as office:
        with pytest.raises(Died):
            await office.pass_on(notice, to=LUENEN, content=onward(), urgency="sofort")

    async with night.hub(ASD) as office:
        on = await office.pass_on(notice, to=LUENEN, content=onward(), urgency="sofort")
        assert await office.finish() == []

    assert await waiting(night, LUENEN) == [on.id]
    assert len(entries(night, notice, "message.passing")) == 1


async def test_the_command_takes_over_what_was_put_down(
    night: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await travel(night, BY_DAY)
    notice = await files(night)
    async with night.hub(ASD) as office:
        await receive_batch(office, tmp_path, lambda _: None)
        await office.acknowledge(notice.id, "fachkraft")
    own = {name: part for name, part in onward().items() if name != "kind"}
    file = a_file(tmp_path / "eigenes.json", own)

    await asyncio.to_thread(pass_on, notice.id, file, night.folders[ASD], LUENEN, "sofort")

    assert "§ 86d SGB VIII" in capsys.readouterr().out
    async with night.hub(LUENEN) as luenen:
        [message] = await fetch(luenen)
    assert message.content is not None
    assert message.content["kind"] == told_of_the_child(tmp_path / f"{notice.id}.json")


def a_file(path: Path, said: dict[str, Any]) -> Path:
    path.write_text(json.dumps(said), "utf-8")
    return path


def told_of_the_child(file: Path) -> dict[str, Any]:
    child = json.loads(file.read_bytes())["kind"]
    kept = ("name", "geburt", "geschlecht", "anschrift", "aufenthalt")
    return {name: child[name] for name in kept if name in child}


async def the_night(world: World, folder: Path, file: Path) -> tuple[str, str]:
    """Have the service receive a notice and hand over with the commands of its desk."""
    await travel(world, SATURDAY)
    notice = await files(world)
    async with world.hub(SERVICE) as service:
        await receive_batch(service, folder, lambda _: None)
        await service.acknowledge(notice.id, "bereitschaft")
    a_file(file, content(HANDOVER, "uebergabe"))
    await asyncio.to_thread(
        hand_over, [notice.id, str(file)], world.folders[SERVICE], ASD, "unverzueglich"
    )
    handed = world.agency(SERVICE).recall("handovers")
    [by] = handed
    assert handed[by] == {"to": ASD, "of": notice.id}
    return notice.id, by


async def taken_over(world: World, by: str) -> None:
    """Have a named person of the desk by day take over."""
    await travel(world, MONDAY)
    async with world.hub(ASD) as office:
        for message in await fetch(office):
            await message.acknowledge("fachkraft")
            if message.id == by:
                said = content(HANDOVER, "uebernahme", "minimal")
                await message.answer("uebernahme", said)


async def test_after_the_takeover_nothing_of_the_night_is_left_at_the_service(
    night: World, tmp_path: Path
) -> None:
    inbox, file = tmp_path / "eingang", tmp_path / "uebergabe.json"
    inbox.mkdir()
    notice, by = await the_night(night, inbox, file)
    assert (inbox / f"{notice}.json").exists()
    await taken_over(night, by)
    assert entries(night, notice, "content.erased") == []
    told: list[dict[str, Any]] = []

    async with night.hub(SERVICE) as service:
        await receive_batch(service, inbox, told.append)

    assert not file.exists()
    assert not (inbox / f"{notice}.json").exists()
    [said] = told
    assert set(said["erased"]) == {notice, by}
    assert [each["act"]["org"] for each in entries(night, notice, "content.erased")] == [SERVICE]
    assert b"Erfunden" not in kept_in(night.agency(SERVICE).path / "state")
    assert night.agency(SERVICE).recall("copies").keys() == {said["id"]}


def kept_in(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())


async def test_what_went_and_was_not_signed_is_signed_on_the_next_run(
    night: World, tmp_path: Path
) -> None:
    """The service's program ends between the two; the copy is gone, and nobody knows it yet."""
    notice, by = await the_night(night, tmp_path, tmp_path / "uebergabe.json")
    await taken_over(night, by)
    async with night.hub(SERVICE) as service:
        [message] = await service.lease()
        await message.open()
        assert set(let_go(service.agency, message)) == {notice, by}
    assert entries(night, notice, "content.erased") == []

    async with night.hub(SERVICE) as service:
        assert {each["id"] for each in await service.finish()} == {notice, by}
        assert await service.finish() == []

    assert len(entries(night, notice, "content.erased")) == 1


async def test_the_takeover_of_somebody_else_lets_nothing_go(night: World, tmp_path: Path) -> None:
    """Who took over is the office that was handed to, and nobody else."""
    notice, by = await the_night(night, tmp_path, tmp_path / "uebergabe.json")
    await taken_over(night, by)
    agency = night.agency(SERVICE)
    agency.remember("handovers", **{by: {"to": LUENEN, "of": notice}})
    async with night.hub(SERVICE) as service:
        [message] = await service.lease()
        await message.open()

        assert let_go(agency, message) == ()
    assert (tmp_path / f"{notice}.json").exists()


async def test_a_copy_goes_by_command_and_only_after_somebody_has_taken_note(
    night: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await travel(night, BY_DAY)
    notice, folder = await files(night), night.folders[ASD]
    async with night.hub(ASD) as office:
        await receive_batch(office, tmp_path, lambda _: None)
    file = tmp_path / f"{notice.id}.json"
    with pytest.raises(typer.Exit):
        await asyncio.to_thread(erase, notice.id, folder, tmp_path)
    assert file.exists()

    async with night.hub(ASD) as office:
        await office.acknowledge(notice.id, "fachkraft")
    await asyncio.to_thread(erase, notice.id, folder, tmp_path, dry_run=True)
    assert file.exists()
    await asyncio.to_thread(erase, notice.id, folder, tmp_path)

    assert not file.exists()
    assert capsys.readouterr().out.count(str(file)) == 2
    assert [each["act"]["org"] for each in entries(night, notice.id, "content.erased")] == [ASD]
    assert Agency.load(folder).recall("copies") == {}
