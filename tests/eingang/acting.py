# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Somebody of an office does something with a notice, and the other side looks what came of it."""

import asyncio
from typing import Any

import httpx2
from uuid_utils.compat import uuid7

from hub.adapters.inbox.acts import Act, acts_of
from hub.client import Draft
from tests.adapters.world import words
from tests.eingang.world import Inbox, Visitor
from tests.world import SCHOOL, World, example


def a_notice(inbox: Inbox) -> Draft:
    """Have the school send a notice of its own for one test."""
    content = example("schule-mitteilung", "mitteilung")
    return inbox.send(
        SCHOOL, protocol="schule-mitteilung", content=content, urgency="unverzueglich"
    )


def acts(inbox: Inbox, message: str) -> tuple[Act, ...]:
    return inbox.house.books.read_now(lambda connection: acts_of(connection, message))


def do(by: Visitor, message: str, what: str, **fields: Any) -> httpx2.Response:
    """Press a button, under an id that the page would have drawn."""
    known = {"vorgang": str(uuid7()), "stand": "1", "dringlichkeit_der_nachricht": "unverzueglich"}
    fields = known | fields
    return by.post(f"mitteilung/{message}/{what}", **fields)


def said(inbox: Inbox, message: str) -> list[str]:
    return asyncio.run(words(inbox.world, message))


def at_school(world: World, unit: str = SCHOOL) -> list[tuple[str, dict[str, Any]]]:
    """Take in what waits for the school, or another unit, as it reads it."""

    async def go() -> list[tuple[str, dict[str, Any]]]:
        found = []
        async with world.hub(unit) as line:
            while lent := await line.lease():
                for message in lent:
                    found.append((message.envelope.step, dict(await message.open())))
                    await message.take()
        return found

    return asyncio.run(go())


def an_answer(inbox: Inbox, notice: Draft) -> Draft:
    """Have the school answer the first question, and wait until the answer is here."""

    async def go() -> Draft:
        async with inbox.world.hub(SCHOOL) as line:
            async for message in line.receive(wait=0):
                await message.open()
                await message.take()
                if message.envelope.cnv == notice.conversation:
                    said = example("schule-mitteilung", "antwort")
                    return await message.answer("antwort", said)
            raise LookupError("nobody has asked")

    draft = asyncio.run(go())
    inbox.take_in(draft)
    assert draft.conversation == notice.conversation
    return draft
