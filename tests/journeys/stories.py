# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Whole stories, told by real clients: what a school and the police say, and what becomes of it."""

from collections.abc import Callable
from typing import Any

from hub.client import Draft, Hub, Message
from tests.world import FEEDBACK, POLICE, RHEINBERG, SCHOOL, World, example

Contents = Callable[[str, str], dict[str, Any]]
"""Gives the content of a step of a protocol."""
SCHOOL_NOTICE = "schule-mitteilung"
POLICE_NOTICE = "polizei-mitteilung"


async def notify(
    hub: Hub, protocol: str, urgency: str = "unverzueglich", contents: Contents = example
) -> Draft:
    """Send the opening message of a protocol to the Jugendamt of Rheinberg."""
    await hub.directory()
    draft = hub.compose(
        protocol=protocol,
        step="mitteilung",
        to=RHEINBERG,
        urgency=urgency,
        content=contents(protocol, "mitteilung"),
    )
    await hub.submit(draft)
    return draft


async def fetch(hub: Hub, draft: Draft) -> Message:
    """Lease a message; others that wait are given back."""
    found = None
    for message in await hub.lease(limit=20):
        if message.id == draft.id:
            found = message
        else:
            await message.give_back()
    assert found is not None
    return found


async def take(hub: Hub, draft: Draft, role: str | None = None) -> Message:
    """Lease, open and take a message; with a role, a person takes note of it."""
    message = await fetch(hub, draft)
    await message.open()
    await message.take()
    if role is not None:
        await message.acknowledge(role)
    return message


async def tell(
    world: World, contents: Contents = example, line: Callable[[str], Hub] | None = None
) -> list[Draft]:
    """Tell both stories, and what goes otherwise; returns every message that was accepted."""
    hub = line or world.hub
    async with hub(SCHOOL) as school, hub(POLICE) as police, hub(RHEINBERG) as office:
        return [
            *await tell_of_the_school(school, office, contents),
            *await tell_of_the_police(police, office, contents),
            *await tell_of_what_goes_otherwise(school, office, contents),
        ]


async def tell_of_the_school(school: Hub, office: Hub, contents: Contents) -> list[Draft]:
    """A notice is asked about, answered, and comes back as three facts."""
    notice = await notify(school, SCHOOL_NOTICE, contents=contents)
    at_office = await take(office, notice, "bereitschaft")
    question = await at_office.answer("rueckfrage", contents(SCHOOL_NOTICE, "rueckfrage"))
    at_school = await take(school, question)
    answer = await at_school.answer("antwort", contents(SCHOOL_NOTICE, "antwort"))
    await take(office, answer, "fachkraft")
    feedback = await at_office.answer("rueckmeldung", FEEDBACK)
    await take(school, feedback, "lesen")
    return [notice, question, answer, feedback]


async def tell_of_the_police(police: Hub, office: Hub, contents: Contents) -> list[Draft]:
    """A notice in the night is asked about once; there is no feedback to the police."""
    notice = await notify(police, POLICE_NOTICE, "sofort", contents)
    at_office = await take(office, notice, "bereitschaft")
    question = await at_office.answer("rueckfrage", contents(POLICE_NOTICE, "rueckfrage"))
    at_police = await take(police, question)
    answer = await at_police.answer("antwort", contents(POLICE_NOTICE, "antwort"))
    return [notice, question, answer]


async def tell_of_what_goes_otherwise(school: Hub, office: Hub, contents: Contents) -> list[Draft]:
    """Withdrawn, rejected, held."""
    withdrawn = await notify(school, SCHOOL_NOTICE, "planbar", contents)
    await school.withdraw(withdrawn.id)
    rejected = await notify(school, SCHOOL_NOTICE, "planbar", contents)
    at_office = await fetch(office, rejected)
    await at_office.reject([{"code": "content-invalid", "pointers": ["/kind"]}])
    held = await notify(school, SCHOOL_NOTICE, "planbar", contents)
    for _ in range(5):
        await (await fetch(office, held)).give_back(failed=True)
    return [withdrawn, rejected, held]
