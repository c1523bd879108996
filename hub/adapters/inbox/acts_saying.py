# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A person of this house says a step of the protocol in a conversation: composed, sealed, once."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from hub.adapters.connector.house import House
from hub.adapters.connector.rows import Row
from hub.adapters.inbox.acts import Act, change_act, read_act
from hub.adapters.inbox.acts_said import matter_of
from hub.client import Draft, Refused
from hub.client.drafts import Wish
from hub.client.patience import anew
from hub.client.receiving import CALMEST_FIRST
from hub.client.replying import reply_key
from hub.client.thread import Thread
from hub.errors import ConversationMovedOn, NotFound
from hub.model.json import JsonObject
from hub.model.protocol import Protocol
from hub.model.receipt import FINAL

_MOVED: Final = "Im Vorgang ist inzwischen etwas gesagt worden; erst ansehen, dann entscheiden."


@dataclass(frozen=True)
class Written:
    """What somebody has written, and what is needed to send it."""

    content: JsonObject
    urgency: str | None = None
    basis: str | None = None
    cause: str | None = None
    """Own message that it puts right or takes back; else it is the one that is answered."""
    hints_seen: bool = False

    def as_json(self) -> JsonObject:
        return {name: value for name, value in vars(self).items() if value is not None}

    @classmethod
    def of(cls, said: dict[str, Any]) -> "Written":
        """Take what ``as_json`` returned."""
        known = {"content", "urgency", "basis", "cause", "hints_seen"}
        return cls(**{name: value for name, value in said.items() if name in known})


async def say_step(act: Act, row: Row, house: House) -> None:
    """Compose and submit, or finish what broke off; after a change of duty once more.

    Raises ``ConversationMovedOn`` where the other side has said something that was not here when
    this was written: then somebody has to look first.
    """
    await anew(partial(_say_step, act, row, house))


async def has_arrived(message: str, house: House) -> bool:
    """Ask the hub whether it has an own message."""
    try:
        await house.hub.state(message)
    except Refused as refused:
        if refused.code != NotFound.code:
            raise
        return False
    return True


def calmest(protocol: Protocol, step_id: str) -> str:
    """Return the calmest urgency that a step has."""
    step = protocol.step(step_id)
    allowed = step.urgencies if step else ()
    return next((each for each in CALMEST_FIRST if each in allowed), CALMEST_FIRST[0])


async def _say_step(act: Act, row: Row, house: House) -> None:
    hub = house.hub
    known = await house.read(partial(read_act, act_id=act.id))
    own = known.own if known else None
    draft = hub.outbox.load(own) if own else None
    if own is not None and draft is None and await has_arrived(own, house):
        return
    if draft is None:
        draft = await _composed(act, row, house)
        await house.write(partial(change_act, act_id=act.id, own=draft.id))
        house.watch("act-named", act.id)
    # Kept before the first byte leaves, also where the process ends between here and there.
    hub.outbox.keep(draft)
    house.watch("act-sealed", act.id)
    await hub.submit(draft)
    house.watch("act-answered", act.id)


async def _composed(act: Act, row: Row, house: House) -> Draft:
    hub = house.hub
    written = Written.of(await asyncio.to_thread(house.spool.read_written, act.id))
    thread = await hub.conversation(act.conversation)
    await _check_seen(act, thread, house)
    protocol = hub.catalogue.known(thread.protocol)
    wish = Wish(
        protocol=thread.protocol,
        step=act.step,
        to=thread.partner_of(house.agency.id),
        urgency=written.urgency or calmest(protocol, act.step),
        content=written.content,
        thread=thread,
        basis=written.basis,
        cause=written.cause or _cause(row, thread.messages),
        reader=reply_key(house.agency, act.conversation),
        hints_seen=written.hints_seen,
    )
    return await hub.compose_in(wish)


async def _check_seen(act: Act, thread: Thread, house: House) -> None:
    """Refuse to answer what nobody here had seen when the answer was written."""
    own = house.agency.id
    matter = await house.read(partial(matter_of, conversation=act.conversation, unit=own))
    seen = {row.id for row in matter.rows if row.received_at <= act.at}
    new = [
        each
        for each in thread.messages
        if each["sender"] != own and each["state"] not in FINAL and each["id"] not in seen
    ]
    if new and matter.rows:
        raise ConversationMovedOn(_MOVED, allowed=thread.allowed)


def _cause(row: Row, said: Sequence[dict[str, Any]]) -> str | None:
    """Return the message that is answered, where it stands in this conversation."""
    return row.id if any(each["id"] == row.id for each in said) else None
