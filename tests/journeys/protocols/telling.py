# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Conversations told by two units, each with the SDK and its own keys.

What one side says, the other leases, opens, takes and acknowledges. Whoever tells a story writes
who says what; that every message arrives as it was said, with its receipts and nothing that the
sender must not see, is asked of each of them here.
"""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import pytest

from hub.client import Draft, Hub, Message, Refused
from hub.client.drafts import REPLY_KEY, Wish
from hub.client.saying import subject_of
from hub.client.thread import Thread
from hub.model.json import JsonObject
from hub.model.protocol import Protocol, Step
from hub.schemas import SCHEMAS
from tests.world import World

SEEN: Final = ("accepted", "taken", "acknowledged")
"""The receipts that a sender sees of a message that a person has taken note of."""
CALMEST: Final = ("planbar", "unverzueglich", "sofort")


def content_of(step: Step, word: str | None = None) -> dict[str, Any]:
    """Return a valid example of a step, by its word or the first, without a key to answer to."""
    folder = SCHEMAS / step.schema_name.rpartition("/")[0] / "examples"
    path = min(folder.glob(f"{step.id}.valid.{word or '*'}.json"))
    content: dict[str, Any] = json.loads(path.read_bytes())
    content.pop(REPLY_KEY, None)
    return content


@dataclass
class Tale:
    """One conversation between two units, as far as it was told."""

    world: World
    protocol: Protocol
    opener: "Side"
    partner: "Side"
    said: list[Draft] = field(default_factory=list)

    def step(self, step_id: str) -> Step:
        step = self.protocol.step(step_id)
        assert step is not None, step_id
        return step

    @property
    def sides(self) -> tuple["Side", "Side"]:
        return self.opener, self.partner

    async def thread(self, side: "Side") -> Thread | None:
        return await side.hub.conversation(self.said[0].conversation) if self.said else None


@dataclass
class Side:
    """One of the two units, on its own line."""

    hub: Hub
    _tale: Tale | None = None

    @property
    def unit(self) -> str:
        return self.hub.agency.id

    @property
    def tale(self) -> Tale:
        assert self._tale is not None
        return self._tale

    @property
    def other(self) -> "Side":
        opener, partner = self.tale.sides
        return partner if self is opener else opener

    @property
    def roles(self) -> frozenset[str]:
        return self.tale.world.node.directory.roles(self.unit)

    async def says(self, step: str, example: str | None = None, **more: Any) -> Draft:
        """Say a step with one of its valid examples, and have the other side take note of it.

        ``about`` is the message that it answers or corrects; ``content``, ``urgency`` and
        ``basis`` stand for what would be chosen here, and an empty basis for none.
        """
        draft = await self.composes(step, example, **more)
        accepted = await self.hub.submit(draft)
        assert accepted.receipt.word == "accepted"
        self.tale.said.append(draft)
        content = self._content(step, example, more)
        await self.other.hears(draft, content)
        await self._sees_that_it_was_heard(draft)
        return draft

    async def composes(self, step: str, example: str | None = None, **more: Any) -> Draft:
        tale, about = self.tale, more.get("about")
        rule = tale.step(step)
        thread = await tale.thread(self)
        wish = Wish(
            protocol=tale.protocol.name,
            step=step,
            to=self.other.unit,
            urgency=more.get("urgency") or next(u for u in CALMEST if u in rule.urgencies),
            content=self._content(step, example, more),
            thread=None if rule.opens else thread,
            basis=more.get("basis", self._choice(rule)) or None,
            cause=about.id if about else None,
            reader=self.hub.agency.recall("reply-keys").get(thread.id) if thread else None,
        )
        return await self.hub.compose_in(wish)

    async def hears(self, draft: Draft, content: JsonObject) -> None:
        """Lease, open, take and acknowledge what the other side said."""
        message = await self._leases(draft)
        opened = dict(await message.open())
        opened.pop(REPLY_KEY, None)
        assert opened == content
        await message.take()
        await message.acknowledge("fachkraft")

    async def may_say(self) -> set[str]:
        """Return what may be said next, corrections aside."""
        return {step for step in await self._allowed() if not self.tale.step(step).corrects}

    async def may_correct(self) -> set[str]:
        return {step for step in await self._allowed() if self.tale.step(step).corrects}

    async def is_refused(self, step: str, example: str | None = None, **more: Any) -> Refused:
        """Have a step refused by the hub, and return its no."""
        draft = await self.composes(step, example, **more)
        with pytest.raises(Refused) as refused:
            await self.hub.submit(draft)
        return refused.value

    async def _allowed(self) -> tuple[str, ...]:
        thread = await self.tale.thread(self)
        assert thread is not None
        return thread.allowed

    async def _leases(self, draft: Draft) -> Message:
        waiting = {message.id: message for message in await self.hub.lease(limit=20)}
        message = waiting.pop(draft.id)
        for other in waiting.values():
            await other.give_back()
        return message

    async def _sees_that_it_was_heard(self, draft: Draft) -> None:
        """The sender sees that a person knows, and never who opened it and when."""
        state = await self.hub.state(draft.id)
        assert state["state"] == "acknowledged"
        assert tuple(subject_of(jws)[1] for jws in state["receipts"]) == SEEN

    def example(self, step: str, word: str | None = None) -> dict[str, Any]:
        return content_of(self.tale.step(step), word)

    def _content(self, step: str, example: str | None, more: dict[str, Any]) -> dict[str, Any]:
        given: dict[str, Any] | None = more.get("content")
        return self.example(step, example) if given is None else given

    def _choice(self, rule: Step) -> str:
        """Choose the first basis where somebody has to; elsewhere the SDK does."""
        return rule.bases_of(self.roles)[0] if rule.basis_chosen else ""


@asynccontextmanager
async def telling(
    world: World, protocol: str, opener: str, partner: str, version: str = "1.0.0"
) -> AsyncIterator[Tale]:
    """Tell one conversation; whoever is named first opens it."""
    rules = world.catalogue.known(f"{protocol}/{version}")
    async with world.hub(opener) as one, world.hub(partner) as other:
        tale = Tale(world, rules, Side(one), Side(other))
        for side in tale.sides:
            side._tale = tale
        yield tale
