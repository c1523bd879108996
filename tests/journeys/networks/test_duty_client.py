# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the software of a unit does by day and by night, of its own accord and without asking."""

import asyncio
import json
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest
import typer

from hub.client import Draft, Refused, Untrustworthy
from hub.client.drafts import Wish
from hub.client.hearing import check_speaker, verify_heard
from hub.client.inbox import receive_batch
from hub.client.patience import anew
from hub.errors import NoDutyDesk, NotAddressed
from hub.main.exchanging import send
from hub.main.work import turn
from hub.model.roster import Roster
from hub.sealing.envelope import parse_claims, parse_message
from tests.journeys.networks.werne import (
    ASD,
    CONTROL_CENTRE,
    HEAD,
    LUENEN,
    PATROL,
    SATURDAY,
    SERVICE,
    SERVICE_OF_LUENEN,
    at,
    content,
    fetches,
    files,
    pass_time,
    publish,
    travel,
)
from tests.journeys.receipts import word_of, words_of
from tests.world import World

pytestmark = pytest.mark.anyio

NOTICE: Final = "ordnungsamt-mitteilung"
NUMBER_OF_WERNE: Final = "+49 221 4710 701"
NUMBER_OF_SERVICE: Final = "+49 171 39200 01"


def a_wish(urgency: str = "sofort") -> Wish:
    return Wish(NOTICE, "mitteilung", ASD, urgency, content(NOTICE, "mitteilung"))


def roster_of(world: World, unit: str) -> Roster:
    known = world.node.directory.unit(unit)
    assert known is not None
    assert known.roster is not None
    return known.roster


def without(roster: Roster, unit: str) -> Roster:
    """Return a roster whose lines name everybody but one unit."""
    return roster.model_copy(
        update={"lines": tuple(line for line in roster.lines if line.unit != unit)}
    )


def nothing_waits(world: World, unit: str) -> bool:
    return not tuple(world.hub(unit).outbox)


async def test_what_is_urgent_is_not_sealed_to_a_desk_where_nobody_is(night: World) -> None:
    """Whoever rings needs a number; whoever thinks that it was sent does not ring."""
    await travel(night, SATURDAY)
    publish(night, ASD, roster=None)
    async with night.hub(PATROL) as patrol:
        with pytest.raises(NoDutyDesk) as nobody:
            await patrol.compose_in(a_wish())
        later = await patrol.compose_in(a_wish(str(nobody.value.offers)))

    told = nobody.value.detail
    assert NUMBER_OF_WERNE in told
    assert "110" in told
    assert "+49 221 4710 70" in told.replace(NUMBER_OF_WERNE, ""), "a desk of the same Kreis"
    assert parse_claims(parse_message(later.body)).urg == "unverzueglich"
    assert nothing_waits(night, PATROL)


async def test_the_command_says_whom_to_ring_and_how_to_send_it_all_the_same(
    night: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await travel(night, SATURDAY)
    publish(night, ASD, roster=None)
    file = tmp_path / "mitteilung.json"
    file.write_text(json.dumps(content(NOTICE, "mitteilung")), "utf-8")
    folder = night.folders[PATROL]

    def said(urgency: str) -> tuple[str, str]:
        send(file, folder, NOTICE, "mitteilung", ASD, urgency)
        return capsys.readouterr()

    with pytest.raises(typer.Exit):
        await asyncio.to_thread(said, "sofort")
    told = capsys.readouterr().err
    assert told.startswith("Noch nichts gesendet.")
    assert NUMBER_OF_WERNE in told
    assert "--urgency unverzueglich" in told

    assert "Angenommen" in (await asyncio.to_thread(said, "unverzueglich"))[0]


async def test_a_conversation_that_runs_is_not_held_up_by_a_roster(night: World) -> None:
    await travel(night, SATURDAY)
    notice = await files(night)
    await fetches(night, SERVICE)
    publish(night, ASD, roster=None)
    async with night.hub(PATROL) as patrol:
        thread = await patrol.conversation(notice.conversation)
        said = content(NOTICE, "berichtigung", "eintrag")
        more = Wish(NOTICE, "berichtigung", ASD, "sofort", said, thread=thread, cause=notice.id)
        await patrol.submit(await patrol.compose_in(more))


async def test_where_the_roster_changed_on_the_way_it_is_sealed_anew_and_once(
    night: World,
) -> None:
    await travel(night, SATURDAY)
    before = roster_of(night, ASD)
    publish(night, ASD, roster=without(before, SERVICE))
    tried: list[Draft] = []

    async with night.hub(PATROL) as patrol:

        async def go() -> Draft:
            draft = await patrol.compose_in(a_wish())
            if not tried:
                publish(night, ASD, roster=before)
            tried.append(draft)
            await patrol.submit(draft)
            return draft

        accepted = await anew(go)
        assert len(tried) == 2
        assert tried[0].id != accepted.id
        assert tuple(patrol.outbox) == ()
        with pytest.raises(Refused):
            await patrol.state(tried[0].id)

    assert await fetches(night, SERVICE) == [accepted.id]


async def test_a_service_opens_what_is_addressed_to_the_jugendamt(night: World) -> None:
    await travel(night, SATURDAY)
    await files(night)
    async with night.hub(SERVICE) as service:
        [message] = await service.lease()
        said = await message.open()
        taken = await message.take()

    assert message.envelope.aud == ASD
    assert (said, message.partial) == (content(NOTICE, "mitteilung"), False)
    assert taken is not None
    assert taken.receipt.iss == SERVICE


async def a_passed_on_matter(world: World) -> Draft:
    """Have Lünen tell Werne of a child, with what somebody entrusted to it (§ 65 SGB VIII)."""
    async with world.hub(LUENEN) as luenen:
        wish = Wish(
            "jugendamt-mitteilung",
            "mitteilung",
            ASD,
            "sofort",
            content("jugendamt-mitteilung", "mitteilung"),
        )
        draft = await luenen.compose_in(wish)
        await luenen.submit(draft)
    return draft


async def test_a_service_reads_what_is_not_entrusted_and_knows_that_there_is_more(
    night: World, tmp_path: Path
) -> None:
    await travel(night, SATURDAY)
    draft = await a_passed_on_matter(night)
    told: list[dict[str, Any]] = []
    async with night.hub(SERVICE) as service:
        await receive_batch(service, tmp_path, told.append)

    whole = content("jugendamt-mitteilung", "mitteilung")
    assert whole.pop("anvertrautes")
    assert json.loads((tmp_path / f"{draft.id}.json").read_text("utf-8")) == whole
    assert [(each["id"], each["partial"]) for each in told] == [(draft.id, True)]


async def test_the_jugendamt_itself_reads_the_whole(night: World) -> None:
    await travel(night, at(2026, 10, 12, 10, 0))
    await a_passed_on_matter(night)
    async with night.hub(ASD) as office:
        [message] = await office.lease()
        assert await message.open() == content("jugendamt-mitteilung", "mitteilung")
        await message.take()

    assert not message.partial


async def test_whom_no_roster_names_does_not_open_even_what_it_has_a_key_for(
    night: World,
) -> None:
    """The sender's directory, or the hub, may be wrong about who stands in for whom."""
    await travel(night, SATURDAY)
    for_luenen = await files(night, to=LUENEN)
    async with night.hub(SERVICE_OF_LUENEN) as service:
        [message] = await service.lease()
        # The roster of Lünen names nobody any more; the wrap is there still.
        await asyncio.to_thread(publish, night, LUENEN, roster=None)
        assert message.id == for_luenen.id
        with pytest.raises(NotAddressed) as refused:
            await message.open()

    assert refused.value.pointers == ("/aud",)


async def test_taken_is_said_once_whoever_is_quicker(night: World) -> None:
    """Both have been asked by then, and both have it; the sender hears of it once."""
    await travel(night, SATURDAY)
    notice = await files(night)
    async with night.hub(SERVICE) as service, night.hub(HEAD) as head:
        [first] = await service.lease(ttl=3600)
        await pass_time(night, 10)
        [second] = await head.lease()
        assert (first.turn, second.turn, second.taken) == (1, 2, False)
        for message in (first, second):
            await message.open()
        assert await second.take() is not None
        assert await first.take() is None
        assert first.taken
        assert await service.lease() == []
        await first.acknowledge("bereitschaft")
        words = words_of(await service.state(notice.id))

    assert (words.count("taken"), words.count("acknowledged")) == (1, 1)


async def test_whoever_comes_later_is_told_and_ends_its_lease(night: World, tmp_path: Path) -> None:
    await travel(night, SATURDAY)
    notice = await files(night)
    await fetches(night, SERVICE)
    await pass_time(night, 10)
    told: list[dict[str, Any]] = []
    async with night.hub(HEAD) as head:
        await receive_batch(head, tmp_path, told.append)
        assert await head.lease() == []

    assert [(each["id"], each["turn"]) for each in told] == [(notice.id, 2)]
    receipts = json.loads((tmp_path / f"{notice.id}.quittungen.json").read_text("utf-8"))
    assert receipts["taken"] is None


async def test_the_sender_believes_whoever_stood_in_as_the_roster_says(night: World) -> None:
    await travel(night, SATURDAY)
    notice = await files(night)
    await fetches(night, SERVICE)
    async with night.hub(PATROL) as patrol:
        heard = await patrol.events()
        view = await patrol.directory_with(ASD)
        message = parse_claims(parse_message(notice.body))
        [jws] = [jws for jws in heard.values() if word_of(jws) == "taken"]
        taken = verify_heard(jws, patrol.agency, view)
        assert taken.iss == SERVICE
        check_speaker(taken, message, patrol.agency, view)

        # The same word by somebody whom Werne's roster does not name is nobody's word.
        stranger = replace(taken, iss=SERVICE_OF_LUENEN)
        with pytest.raises(Untrustworthy):
            check_speaker(stranger, message, patrol.agency, view)


async def test_the_sender_is_shown_whom_to_ring(night: World) -> None:
    await travel(night, SATURDAY)
    notice = await files(night)
    await pass_time(night, 10)
    async with night.hub(PATROL) as patrol:
        late = await patrol.sender_view(notice.id)
        await fetches(night, SERVICE)
        async with night.hub(SERVICE) as service:
            await service.acknowledge(notice.id, "bereitschaft")
        noted = await patrol.sender_view(notice.id)

    assert [(each.text, each.telephone) for each in late] == [
        ("Angenommen", None),
        ("Frist überschritten", NUMBER_OF_SERVICE),
    ]
    assert late[1].line == (
        f"Frist überschritten: Rufbereitschaft, {NUMBER_OF_SERVICE}; "
        f"dann Leitung, +49 171 39200 02; dann Leitstelle, {CONTROL_CENTRE}"
    )
    assert [each.text for each in noted] == [
        "Angenommen",
        "Frist überschritten",
        "Zugestellt",
        "Eingang bestätigt",
    ]


async def test_the_number_is_that_of_whoever_is_on_duty_when_somebody_looks(
    night: World,
) -> None:
    await travel(night, SATURDAY)
    notice = await files(night)
    await pass_time(night, 10)
    await travel(night, at(2026, 10, 12, 10, 0))
    await turn(night.node, night.clock())
    async with night.hub(PATROL) as patrol:
        shown = {each.word: each for each in await patrol.sender_view(notice.id)}

    assert shown["overdue"].telephone == NUMBER_OF_WERNE
