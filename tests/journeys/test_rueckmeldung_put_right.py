# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""§ 64 Abs. 4 SGB VIII over HTTP: a wrong Rückmeldung is put right by three facts, for one person.

Nothing here relies on the SDK to hold back: what the hub must not carry is sent by a client that
would send it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest

from hub.client.drafts import Wish
from tests.greedy import Greedy, Talk, claims_of, seal_anyway
from tests.world import FEEDBACK, RHEINBERG, SCHOOL, World, example

RIGHT = {**FEEDBACK, "noch_taetig": True}


@dataclass(frozen=True)
class Told:
    """A conversation in which the reporting person has got a Rückmeldung."""

    office: Greedy
    talk: Talk
    feedback: str


@pytest.fixture
def told(world: World) -> Iterator[Told]:
    with Greedy(world, SCHOOL) as school, Greedy(world, RHEINBERG) as office:
        talk = school.say(RHEINBERG)
        raw = seal_anyway(office.wish(SCHOOL, "rueckmeldung", talk=talk, content=FEEDBACK))
        assert office.submit(raw).status_code == httpx2.codes.CREATED
        feedback = claims_of(raw)["jti"]
        school.lease_one(feedback)
        assert school.utter(feedback, "taken").status_code == httpx2.codes.CREATED
        yield Told(office, Talk.after(raw), feedback)


def problem_of(answer: httpx2.Response) -> dict[str, Any]:
    problem: dict[str, Any] = answer.json()
    return problem


def test_a_text_about_a_rueckmeldung_is_not_carried(told: Told) -> None:
    wish = told.office.wish(SCHOOL, "berichtigung", talk=told.talk).saying(cau=told.feedback)

    answer = told.office.submit(seal_anyway(wish))

    problem = problem_of(answer)
    assert answer.status_code == httpx2.codes.CONFLICT
    assert problem["type"].endswith("/step-not-allowed")
    assert "ausschließlich" in problem["detail"]
    assert problem["basis"] == "§ 64 Abs. 4 SGB VIII"
    assert problem["allowed"] == ["rueckmeldung-berichtigung", "ruecknahme"]


def test_the_three_facts_are_not_carried_to_the_desk(world: World, told: Told) -> None:
    """§ 4 Abs. 4 KKG: "dieser Person", and not her school."""
    desk = (key.public for key in world.agency(SCHOOL).desk)
    wish = told.office.wish(SCHOOL, "rueckmeldung-berichtigung", talk=told.talk)

    answer = told.office.submit(seal_anyway(wish.saying(cau=told.feedback).sealed_to(*desk)))

    assert answer.is_client_error
    assert problem_of(answer)["pointers"][0].startswith("/readers")


def test_the_three_facts_are_carried_to_the_person(told: Told) -> None:
    wish = told.office.wish(SCHOOL, "rueckmeldung-berichtigung", talk=told.talk)

    answer = told.office.submit(seal_anyway(wish.saying(cau=told.feedback)))

    assert answer.status_code == httpx2.codes.CREATED


def test_a_step_that_there_is_not_is_refused_with_those_that_there_are_now(told: Told) -> None:
    wish = told.office.wish(SCHOOL, "rueckmeldung", talk=told.talk).saying(step="abschluss")

    problem = problem_of(told.office.submit(seal_anyway(wish)))

    assert problem["allowed"] == ["rueckmeldung-berichtigung", "ruecknahme"]


@pytest.mark.anyio
async def test_the_person_reads_what_is_right_and_nobody_else_at_the_school(world: World) -> None:
    async with world.hub(SCHOOL) as school, world.hub(RHEINBERG) as office:
        await school.directory()
        draft = school.compose(
            protocol="schule-mitteilung",
            step="mitteilung",
            to=RHEINBERG,
            urgency="planbar",
            content=example("schule-mitteilung", "mitteilung"),
        )
        await school.submit(draft)
        notice = next(each for each in await office.lease() if each.id == draft.id)
        await notice.open()
        await notice.take()
        wrong = await notice.answer("rueckmeldung", FEEDBACK)
        feedback = next(each for each in await school.lease() if each.id == wrong.id)
        await feedback.open()
        await feedback.take()

        thread = await office.conversation(draft.conversation)
        assert thread.closed
        right = await office.compose_in(
            Wish(
                protocol=thread.protocol,
                step="rueckmeldung-berichtigung",
                to=SCHOOL,
                urgency="planbar",
                content=RIGHT,
                thread=thread,
                cause=wrong.id,
                reader=office.agency.recall("reply-keys")[draft.conversation],
            )
        )
        await office.submit(right)
        correction = next(each for each in await school.lease() if each.id == right.id)

        assert await correction.open() == RIGHT
        person = school.agency.person
        assert person
        assert [reader.kid for reader in correction.envelope.readers] == [person.kid]
        assert correction.envelope.cau == wrong.id
