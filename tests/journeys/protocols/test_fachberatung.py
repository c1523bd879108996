# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""P02: somebody asks an insoweit erfahrene Fachkraft, and nobody learns about whom."""

from uuid import UUID

import pytest

from hub.client.hints import HintsUnseen
from hub.errors import BasisNotAllowed
from tests.greedy import Greedy, seal_anyway
from tests.journeys.protocols.cast import EXPERT, SEEKER
from tests.journeys.protocols.endings import closes
from tests.journeys.protocols.telling import telling
from tests.law.holds import holds
from tests.world import World

pytestmark = pytest.mark.anyio


async def test_a_question_is_asked_back_about_and_answered_with_advice(everybody: World) -> None:
    """§ 4 Abs. 2 KKG."""
    async with telling(everybody, "fachberatung", SEEKER, EXPERT) as tale:
        seeker, expert = tale.sides
        await seeker.says("frage", "vollstaendig")
        assert await seeker.may_say() == {"abschluss"}
        assert await expert.may_say() == {"rueckfrage", "beratung", "abschluss"}

        await expert.says("rueckfrage")
        await seeker.says("antwort")
        await expert.says("beratung")
        await closes(seeker, "abschluss")
        assert await seeker.may_correct() == await expert.may_correct() == set()


@holds(
    "unlinked:fachberatung", "absent:fachberatung/berichtigung", "absent:fachberatung/ruecknahme"
)
async def test_nothing_ties_a_consultation_to_anything(everybody: World) -> None:
    """Ids of chance, no cause, no correction: each would lead from here to somewhere."""
    async with telling(everybody, "fachberatung", SEEKER, EXPERT) as tale:
        seeker, expert = tale.sides
        question = await seeker.says("frage")
        reply = await expert.says("beratung", about=question)
        messages = (await expert.hub.conversation(question.conversation)).messages

    assert {UUID(said.id).version for said in (question, reply)} == {4}
    assert not any(message.get("cau") for message in messages)
    with Greedy(everybody, SEEKER) as greedy:
        for step in ("berichtigung", "ruecknahme"):
            wish = greedy.wish(
                EXPERT, "frage", protocol="fachberatung/1.0.0", urgency="unverzueglich"
            )
            answer = greedy.submit(seal_anyway(wish.saying(step=step)))
            assert answer.json()["code"] == "step-not-allowed"
            assert answer.json()["basis"] == "§ 4 Abs. 2 KKG"


async def test_an_id_that_tells_the_time_is_refused(everybody: World) -> None:
    with Greedy(everybody, SEEKER) as greedy:
        wish = greedy.wish(EXPERT, "frage", protocol="fachberatung/1.0.0", urgency="unverzueglich")
        answer = greedy.submit(seal_anyway(wish))

    assert answer.json()["code"] == "envelope-invalid"
    assert answer.json()["pointers"] == ["/jti"]


@holds("rule:ohne-erkennungsmerkmale")
async def test_a_name_in_a_question_is_shown_to_whoever_asks_before_it_is_sealed(
    everybody: World,
) -> None:
    """A hint to a person, never silent, and never a decision of the program."""
    async with telling(everybody, "fachberatung", SEEKER, EXPERT) as tale:
        content = tale.opener.example("frage")
        content["frage"] = "Frau Erfunden-Beispiel aus Rheinberg fragt nach ihrem Sohn Jonas."
        with pytest.raises(HintsUnseen) as shown:
            await tale.opener.composes("frage", content=content)

    assert {hint.pointer for hint in shown.value.hints} == {"/frage"}
    assert "Erfunden-Beispiel" not in str(shown.value)


@holds("basis_chosen:fachberatung/frage", "basis_chosen:fachberatung/antwort")
async def test_on_which_basis_somebody_asks_is_theirs_to_say(everybody: World) -> None:
    """§ 4 Abs. 2 or 5, § 5 Abs. 1 S. 4 KKG or § 8b Abs. 1 SGB VIII: it depends on who asks."""
    async with telling(everybody, "fachberatung", SEEKER, EXPERT) as tale:
        with pytest.raises(BasisNotAllowed):
            await tale.opener.composes("frage", basis="")
