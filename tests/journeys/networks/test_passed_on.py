# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A Jugendamt that was never the right one: the notice goes on, and nobody is left with it.

§ 8a Abs. 6 SGB VIII: the responsible Jugendamt is told what it needs. § 86d SGB VIII: until it
acts, the one that was told first does.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from hub.client import Hub, Refused
from hub.client.handing import Onward
from tests.journeys.networks.places import a_place
from tests.journeys.networks.test_kreis_wesel import MOERS, OWN, gives_feedback
from tests.journeys.networks.werne import entries, fetch, pass_time
from tests.world import FEEDBACK, KREIS, RHEINBERG, SCHOOL, World, example

pytestmark = pytest.mark.anyio

HOUR: Final = 60
"""Minutes."""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    home: Path = tmp_path_factory.mktemp("irrlauf")
    joining = (SCHOOL, "jugendamt:05170032", "jugendamt:05170000", "jugendamt:05170024")
    with a_place(home, "kreis-wesel", joining=joining) as made:
        yield made


async def a_notice(world: World) -> str:
    """Have the school tell the Jugendamt at its seat, which was never the right one."""
    async with world.hub(SCHOOL) as school:
        await school.directory()
        draft = school.compose(
            protocol="schule-mitteilung",
            step="mitteilung",
            to=KREIS,
            urgency="unverzueglich",
            content=example("schule-mitteilung", "mitteilung"),
        )
        await school.submit(draft)
    return draft.id


async def goes_on(world: World, office: str, to: str) -> Onward:
    """Have a person at an office take note of the one message there, and pass it on."""
    async with world.hub(office) as line:
        [message] = await fetch(line)
        await message.acknowledge("fachkraft")
        return await message.pass_on(to, _said(message.content or {}))


def _said(content: Any) -> dict[str, Any]:
    """Return what a professional adds; of a notice that was passed on before, nothing else."""
    return {**OWN, "beobachtungen": content["beobachtungen"]}


async def acknowledges(world: World, office: str) -> None:
    async with world.hub(office) as line:
        for message in await fetch(line):
            await message.acknowledge("fachkraft")


async def words(world: World, message: str) -> list[str]:
    async with world.hub(SCHOOL) as school:
        return [shown.word for shown in await school.sender_view(message)]


async def feedback(school: Hub) -> Any:
    [message] = await fetch(school)
    return message.content


async def test_the_first_office_stays_on_duty_until_a_person_of_the_second_has_taken_note(
    world: World,
) -> None:
    notice = await a_notice(world)
    passed = await goes_on(world, KREIS, RHEINBERG)

    assert await words(world, notice) == ["accepted", "taken", "acknowledged"]
    async with world.hub(KREIS) as kreis, world.hub(RHEINBERG) as rheinberg:
        assert (await kreis.conversation(notice)).partner == KREIS
        [told] = await fetch(rheinberg)
        with pytest.raises(Refused):
            await rheinberg.conversation(notice)
        assert await rheinberg.continued(passed.id) == ()

        await told.acknowledge("fachkraft")

        assert (await rheinberg.conversation(notice)).partner == RHEINBERG
    assert await words(world, notice) == ["accepted", "taken", "acknowledged", "passed-on"]


async def test_the_sender_sees_the_new_office_with_its_number(world: World) -> None:
    notice = await a_notice(world)
    await goes_on(world, KREIS, RHEINBERG)
    await acknowledges(world, RHEINBERG)

    async with world.hub(SCHOOL) as school:
        last = (await school.sender_view(notice))[-1]
    directory = world.node.directory
    office = directory.unit(RHEINBERG)

    assert office is not None
    assert (last.word, last.telephone) == ("passed-on", office.telephone)


async def test_passed_on_twice_the_last_office_owes_the_feedback_and_gives_it(
    world: World,
) -> None:
    notice = await a_notice(world)
    await goes_on(world, KREIS, RHEINBERG)
    passed = await goes_on(world, RHEINBERG, MOERS)
    await acknowledges(world, MOERS)

    async with world.hub(SCHOOL) as school, world.hub(MOERS) as moers:
        assert (await moers.conversation(notice)).partner == MOERS
        continued = await moers.continued(passed.id)
        assert notice in {thread.id for thread in continued}
        await gives_feedback(moers, passed.id)
        assert await feedback(school) == FEEDBACK


async def test_only_the_reporting_person_opens_the_feedback(world: World) -> None:
    """The key went on with the matter, signed by the office that had read it."""
    await a_notice(world)
    await goes_on(world, KREIS, RHEINBERG)
    passed = await goes_on(world, RHEINBERG, MOERS)
    await acknowledges(world, MOERS)
    person = world.agency(SCHOOL).person
    async with world.hub(SCHOOL) as school, world.hub(MOERS) as moers:
        await gives_feedback(moers, passed.id)
        [message] = await fetch(school)

    assert person is not None
    assert [reader.kid for reader in message.envelope.readers] == [person.kid]


async def test_an_office_that_has_passed_it_on_says_no_more_in_it(world: World) -> None:
    notice = await a_notice(world)
    await goes_on(world, KREIS, RHEINBERG)
    await acknowledges(world, RHEINBERG)

    async with world.hub(KREIS) as kreis:
        thread = await kreis.conversation(notice)
        await kreis.directory()
        late = kreis.compose(
            protocol=thread.protocol,
            step="rueckmeldung",
            to=SCHOOL,
            urgency="planbar",
            content=FEEDBACK,
            conversation=thread,
            reader=kreis.agency.recall("reply-keys")[notice],
        )
        with pytest.raises(Refused) as refused:
            await kreis.submit(late)
    assert (thread.allowed, refused.value.code) == ((), "step-not-allowed")


async def test_it_stands_in_the_log_once_for_each_office(world: World) -> None:
    notice = await a_notice(world)
    await goes_on(world, KREIS, RHEINBERG)
    await goes_on(world, RHEINBERG, MOERS)
    await acknowledges(world, MOERS)
    await pass_time(world, 3 * HOUR)

    assert len(entries(world, notice, "message.passed-on")) == 2
