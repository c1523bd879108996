# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the notices to a Jugendamt have in common: told, asked about, answered, put right."""

from tests.journeys.protocols.endings import closes, puts_right_and_takes_back
from tests.journeys.protocols.telling import Tale


async def comes_back_as_three_facts(tale: Tale, example: str | None = None) -> None:
    """Somebody of § 4 Abs. 1 KKG tells; the Jugendamt asks, and says in the end what it may."""
    teller, office = tale.sides
    notice = await teller.says("mitteilung", example, urgency="unverzueglich")
    assert await teller.may_say() == set()
    assert await office.may_say() == {"rueckfrage", "rueckmeldung"}

    question = await office.says("rueckfrage", about=notice)
    assert await teller.may_say() == {"antwort"}
    answer = await teller.says("antwort", about=question)
    assert await teller.may_say() == set()

    feedback = await closes(office, "rueckmeldung", about=notice)
    for said in (notice, question, answer, feedback):
        await puts_right_and_takes_back(tale, said)


async def comes_back_as_receipts_only(tale: Tale, urgency: str = "sofort") -> None:
    """§ 4 Abs. 4 KKG does not name who tells: one question, no Rückmeldung, no closing step."""
    teller, office = tale.sides
    notice = await teller.says("mitteilung", urgency=urgency)
    assert await teller.may_say() == set()
    assert await office.may_say() == {"rueckfrage"}

    question = await office.says("rueckfrage", about=notice)
    assert await office.may_say() == set()
    answer = await teller.says("antwort", about=question)
    assert await teller.may_say() == set()
    assert (await office.is_refused("rueckfrage", about=notice)).code == "step-not-allowed"

    for said in (notice, question, answer):
        await puts_right_and_takes_back(tale, said)
