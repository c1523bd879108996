# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How conversations end: by a step that closes, and with nothing after it but what puts right."""

from typing import Any

from hub.client import Draft
from hub.model.protocol import Step
from tests.journeys.protocols.telling import Side, Tale

ONLY_THE_QUESTION = "jugendamt-berichtigt-nur-seine-frage"


async def closes(side: Side, step: str, example: str | None = None, **more: Any) -> Draft:
    """Say the step that closes, and find the conversation closed for both sides."""
    tale = side.tale
    assert tale.step(step).closes, step
    assert step in await side.may_say()
    draft = await side.says(step, example, **more)
    await is_over(tale)
    await says_nothing_more(side, step)
    return draft


async def is_over(tale: Tale) -> None:
    for side in tale.sides:
        thread = await tale.thread(side)
        assert thread is not None
        assert thread.closed
        assert await side.may_say() == set()


async def says_nothing_more(side: Side, step: str) -> None:
    """What closed is not said again; the refusal names what may still be said."""
    refused = await side.is_refused(step)
    assert refused.code == "step-not-allowed"
    assert all(side.tale.step(each).corrects for each in refused.allowed)


async def puts_right_and_takes_back(tale: Tale, draft: Draft, example: str | None = None) -> None:
    """Correct a message once and withdraw its content; after that nothing is to be changed."""
    side = next(each for each in tale.sides if each.unit != draft.to)
    correction, withdrawal = _corrections_of(tale, draft)
    if draft.step == "rueckfrage" and ONLY_THE_QUESTION in correction.rules:
        example = "frage"
    await side.says(correction.id, example, about=draft)
    await side.says(withdrawal.id, about=draft)

    for step, word in ((correction, example), (withdrawal, None)):
        refused = await side.is_refused(step.id, word, about=draft)
        assert refused.code == "step-not-allowed"
    if not side.other.roles.isdisjoint(withdrawal.sender):
        refused = await side.other.is_refused(withdrawal.id, about=draft)
        assert refused.code == "step-not-allowed"


def _corrections_of(tale: Tale, draft: Draft) -> tuple[Step, Step]:
    """Return the one step that corrects a message, and the one that takes it back."""
    about = [step for step in tale.protocol.steps if draft.step in step.corrects]
    [correction] = [step for step in about if not step.withdraws]
    [withdrawal] = [step for step in about if step.withdraws]
    return correction, withdrawal
