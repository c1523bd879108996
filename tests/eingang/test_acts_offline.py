# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""While the hub is away people read and act as always; nothing is lost, and nothing goes twice."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

import httpx2
import pytest
from uuid_utils.compat import uuid7

from hub.adapters.connector.house import House, a_house
from hub.adapters.connector.rows import change_row, read_row
from hub.adapters.inbox.acts import By, Kind, acts_of, change_act, due_acts
from hub.adapters.inbox.acts_doing import Wanted
from hub.adapters.inbox.acts_doing import do as keep
from hub.adapters.inbox.acts_receipts import problems_of
from hub.adapters.inbox.acts_sending import send_due
from hub.main.assembly import create_hub
from hub.model.json import JsonObject
from tests import databases
from tests.adapters.world import MEMORY, an_office, configured, notices, until, words
from tests.databases import a_data_dir
from tests.eingang.acting import a_notice, acts, at_school, do, said
from tests.eingang.world import ORGANISATIONS, Inbox, an_inbox
from tests.world import HUB_ID, KREIS, NETWORK, RHEINBERG, World, example, free_port, running

ANSWERS: Final = {"anhaltspunkte_bestaetigt": "ja", "taetig_geworden": "ja", "noch_taetig": "ja"}
BY: Final = By("erfunden", "Bereitschaft Erfunden", "bereitschaft")


@dataclass
class Place:
    """A hub that can go away and come back, with all that it knew."""

    home: Path
    port: int = field(default_factory=free_port)
    running: ExitStack = field(default_factory=ExitStack)
    folders: dict[str, Path] = field(default_factory=dict)
    world: World = field(init=False)

    def come(self) -> None:
        """Let the hub answer, at the address that it had."""
        data = a_data_dir(self.home / "hub")
        self.world = self.running.enter_context(running(data, self.port, self.home))
        self.world.folders = self.folders

    def go(self) -> None:
        """Let it answer no more."""
        self.running.close()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    made = Place(tmp_path_factory.mktemp("ort"))
    with databases.given_back(), made.running:
        create_hub(a_data_dir(made.home / "hub"), HUB_ID, (NETWORK,))
        made.come()
        for organisation, protocols in ORGANISATIONS.items():
            made.world.join(organisation, protocols=protocols)
        yield made


@contextmanager
def away(place: Place) -> Iterator[None]:
    """Let the hub be away for as long as the block lasts."""
    place.go()
    try:
        yield
    finally:
        place.come()


def test_what_is_done_while_the_hub_is_away_reaches_it_once_it_is_back(
    place: Place, tmp_path: Path
) -> None:
    world = place.world
    with an_inbox(world, tmp_path) as inbox:
        duty, notice = inbox.visitor("bereitschaft"), a_notice(inbox)
        with away(place):
            noted = do(duty, notice.id, "kenntnis")
            do(duty, notice.id, "rueckmeldung", **ANSWERS)
            do(duty, notice.id, "uebernahme")
            page = duty.get(f"mitteilung/{notice.id}")
            states = [each.state for each in acts(inbox, notice.id)]
            inbox.run(until(lambda: bool(inbox.room.trouble_of_hub(inbox.unit)), "it is noticed"))
            banner = duty.text()
        inbox.run(_sent(inbox, notice.id))

        assert noted.status_code == httpx2.codes.SEE_OTHER
        assert page.status_code == httpx2.codes.OK, "what was taken can be read"
        assert "Der Hub ist gerade nicht erreichbar" in banner
        assert states == ["wartet", "wartet", "vermerkt"]
        assert Counter(said(inbox, notice.id))["acknowledged"] == 1
        assert [step for step, _ in at_school(place.world)] == ["rueckmeldung"]


async def _sent(inbox: Inbox, message: str) -> None:
    await until(lambda: not any(each.is_open for each in acts(inbox, message)), "all is sent")


class Killed(BaseException):
    """What happens to a process that ends here."""


LONG: Final = pytest.mark.interop
MOMENTS: Final = (
    "act-answered",
    pytest.param("act-named", marks=LONG),
    pytest.param("act-sealed", marks=LONG),
    pytest.param("act-sent", marks=LONG),
)


@asynccontextmanager
async def a_quiet_house(world: World, home: Path) -> AsyncIterator[House]:
    """Open the house of an office in which nobody works: what is sent is sent by the test."""
    configuration = configured(f'data_dir = "{home}"\n{MEMORY}', home)
    async with world.hub(RHEINBERG) as hub:
        with a_house(configuration, world.agency(RHEINBERG), world.catalogue, hub) as house:
            yield house


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_question_reaches_the_school_once_wherever_the_process_ends(
    place: Place, tmp_path: Path, moment: str
) -> None:
    """What a crash leaves behind is what a new process begins with."""
    world = place.world
    content = {"gegenstand": "kind", "frage": f"Erfunden bei {moment}?"}

    async def go() -> list[str]:
        message = await _taken(world, tmp_path)
        written = {"content": content, "urgency": "planbar"}
        async with a_quiet_house(world, tmp_path) as house:
            await _kept(house, message, "rueckfrage", "rueckfrage", written)
            house.watch = partial(_end_at, moment)
            with pytest.raises(Killed):
                await send_due(house)
        async with a_quiet_house(world, tmp_path) as house:
            await send_due(house)
            await send_due(house)
            return [each.state for each in await house.read(partial(acts_of, message=message))]

    assert asyncio.run(go()) == ["gesendet"]
    assert at_school(world) == [("rueckfrage", content)]


@pytest.mark.parametrize(
    "moment",
    ["act-named", pytest.param("act-answered", marks=LONG), pytest.param("act-sent", marks=LONG)],
)
def test_a_notice_is_passed_on_once_wherever_the_process_ends(
    place: Place, tmp_path: Path, moment: str
) -> None:
    world = place.world
    content = example("jugendamt-mitteilung", "mitteilung")
    written: JsonObject = {"content": content, "urgency": "planbar"}

    async def go() -> list[str]:
        message = await _taken(world, tmp_path)
        async with a_quiet_house(world, tmp_path) as house:
            await _kept(house, message, "kenntnis")
            await send_due(house)
            row = await house.read(partial(read_row, message=message))
            assert row is not None
            wanted = Wanted(str(uuid7()), "weitergabe", written=written, recipient=(KREIS, "Kreis"))
            await keep(wanted, BY, row, house)
            house.watch = partial(_end_at, moment)
            with pytest.raises(Killed):
                await send_due(house)
        async with a_quiet_house(world, tmp_path) as house:
            await house.hub.finish()
            await send_due(house)
            return [each.state for each in await house.read(partial(acts_of, message=message))]

    assert asyncio.run(go()) == ["gesendet", "gesendet"]
    assert [step for step, _ in at_school(world, KREIS)] == ["mitteilung"]


def test_a_person_is_said_once_to_have_taken_note_wherever_the_process_ends(
    place: Place, tmp_path: Path
) -> None:
    world = place.world

    async def go() -> str:
        message = await _taken(world, tmp_path)
        async with a_quiet_house(world, tmp_path) as house:
            await _kept(house, message, "kenntnis")
            house.watch = partial(_end_at, "act-sent")
            with pytest.raises(Killed):
                await send_due(house)
        async with a_quiet_house(world, tmp_path) as house:
            await send_due(house)
        assert (await words(world, message)).count("acknowledged") == 1
        return message

    asyncio.run(go())


def test_nobody_is_said_to_have_taken_note_before_the_message_is_here(
    place: Place, tmp_path: Path
) -> None:
    world = place.world

    async def go() -> tuple[str, str]:
        message = await _taken(world, tmp_path)
        async with a_quiet_house(world, tmp_path) as house:
            await _set_taken(house, message, None)
            await _kept(house, message, "kenntnis")
            await send_due(house)
            [before] = await house.read(partial(acts_of, message=message))
            await _set_taken(house, message, house.second)
            await send_due(house)
            [after] = await house.read(partial(acts_of, message=message))
        return before.state, after.state

    assert asyncio.run(go()) == ("wartet", "gesendet")


def test_what_waits_to_be_taken_keeps_nothing_else_from_being_sent(
    place: Place, tmp_path: Path
) -> None:
    world = place.world

    async def go() -> list[tuple[str, ...]]:
        stuck, ready = await _taken(world, tmp_path / "a"), await _taken(world, tmp_path / "b")
        found = []
        for home, message, second in (("a", stuck, None), ("b", ready, 1)):
            async with a_quiet_house(world, tmp_path / home) as house:
                await _set_taken(house, message, second)
                await _kept(house, message, "kenntnis")
                due = await house.read(due_acts)
                found.append(tuple(each.message for each in due))
        return [found[0], tuple("ready" for each in found[1] if each == ready)]

    assert asyncio.run(go()) == [(), ("ready",)]


def test_what_failed_often_goes_behind_what_was_never_tried(place: Place, tmp_path: Path) -> None:
    world = place.world

    async def go() -> list[str]:
        message = await _taken(world, tmp_path)
        async with a_quiet_house(world, tmp_path) as house:
            await _kept(house, message, "kenntnis")
            written = {"content": {"gegenstand": "kind", "frage": "Erfunden?"}}
            await _kept(house, message, "rueckfrage", "rueckfrage", written)
            first, _ = await house.read(partial(acts_of, message=message))
            await house.write(partial(change_act, act_id=first.id, tries=7))
            return [each.kind for each in await house.read(partial(due_acts, most=1))]

    assert asyncio.run(go()) == ["rueckfrage"]


def test_a_rejection_that_the_hub_has_is_not_called_refused(place: Place, tmp_path: Path) -> None:
    """The message is over by then, by this very act."""
    world = place.world

    async def go() -> tuple[str, str | None]:
        message = await _taken(world, tmp_path)
        written = {"problems": problems_of("not-addressed", ())}
        async with a_quiet_house(world, tmp_path) as house:
            await _kept(house, message, "unverwertbar", written=written)
            house.watch = partial(_end_at, "act-sent")
            with pytest.raises(Killed):
                await send_due(house)
        async with a_quiet_house(world, tmp_path) as house:
            await send_due(house)
            [act] = await house.read(partial(acts_of, message=message))
        return act.state, act.reason

    assert asyncio.run(go()) == ("gesendet", None)


def test_what_the_hub_refuses_says_why_and_keeps_what_was_written(
    place: Place, tmp_path: Path
) -> None:
    world = place.world
    content = {"gegenstand": "kind", "frage": "Erfunden, zu spät?"}

    async def go() -> None:
        message = await _taken(world, tmp_path)
        async with a_quiet_house(world, tmp_path) as house:
            written = {"content": dict.fromkeys(ANSWERS, True), "urgency": "planbar"}
            await _kept(house, message, "rueckmeldung", "rueckmeldung", written)
            asked = {"content": content, "urgency": "planbar"}
            # Written before the feedback closed the conversation, and sent behind it.
            await _kept_anyway(house, message, asked)
            await send_due(house)
            *_, refused = await house.read(partial(acts_of, message=message))
            assert (refused.state, refused.code) == ("abgewiesen", "step-not-allowed")
            assert refused.reason
            assert refused.advice
            assert house.spool.read_written(refused.id)["content"] == content

    asyncio.run(go())
    at_school(world)


async def _taken(world: World, home: Path) -> str:
    """Have a notice taken in by a connector that has ended since."""
    async with an_office(world, home) as office:
        (notice,) = await notices(world)
        await until(lambda: office.state(notice.id) == ("handed-over", True))
    return notice.id


async def _kept(
    house: House, message: str, kind: Kind, step: str = "", written: object = None
) -> None:
    row = await house.read(partial(read_row, message=message))
    assert row is not None
    wanted = Wanted(str(uuid7()), kind, step, written)  # type: ignore[arg-type]
    await keep(wanted, BY, row, house)


async def _kept_anyway(house: House, message: str, written: object) -> None:
    """Keep an act as it stood before the one that makes it impossible."""
    first, *_ = await house.read(partial(acts_of, message=message))
    await house.write(partial(change_act, act_id=first.id, state="abgewiesen"))
    await _kept(house, message, "rueckfrage", "rueckfrage", written)
    await house.write(partial(change_act, act_id=first.id, state="wartet"))


async def _set_taken(house: House, message: str, second: int | None) -> None:
    await house.write(partial(change_row, message=message, taken_at=second))


def _end_at(moment: str, passed: str, _act: str) -> None:
    if passed == moment:
        raise Killed
