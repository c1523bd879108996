# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Words about a message that people say: that they took note of it, and that it cannot be used.

Said twice, the hub answers with the first; so after a crash the same word is simply said again.
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

from hub.adapters.connector.custody import look_up
from hub.adapters.connector.house import House
from hub.adapters.connector.rows import Row
from hub.adapters.inbox.acts import Act
from hub.adapters.inbox.acts_continued import learn
from hub.client.answers import Refused
from hub.client.saying import MOVED_ON, Subject, say
from hub.model.json import Json, JsonObject

REJECTIONS: Final = {
    "not-addressed": "Die Mitteilung ist nicht für diese Stelle.",
    "content-invalid": "Eine Angabe ergibt keinen Sinn oder passt nicht zu den anderen.",
    "leaf-malformed": "Eine Angabe ist nicht lesbar.",
    "attachment-refused": "Eine Anlage lässt sich nicht verwenden.",
}
"""Why somebody says that a message cannot be used; the codes a receipt may name, as people do."""


async def acknowledge(act: Act, row: Row, house: House) -> None:
    """Say that a person has taken note of it, in a role that stays in this house."""
    try:
        await house.hub.acknowledge(row.id, act.role)
    except Refused as refused:
        if refused.code != MOVED_ON:
            raise
        # Somebody has spoken in between (the hub: overdue, say); it is said behind that.
        await house.hub.acknowledge(row.id, act.role)
    await learn(row, house)


async def reject(act: Act, row: Row, house: House) -> None:
    """Say that a message cannot be used, with codes and places and no value; then close it here."""
    written = await asyncio.to_thread(house.spool.read_written, act.id)
    problems = cast("list[Json]", written["problems"])
    members: JsonObject = {"problems": problems}
    state = await house.hub.state(row.id)
    try:
        await say(house.hub, Subject.of(state), "rejected", members)
    except Refused as refused:
        if refused.code != MOVED_ON:
            raise
        await say(house.hub, Subject.of(await house.hub.state(row.id)), "rejected", members)
    await look_up(row, house)


def problems_of(code: str, pointers: Sequence[str]) -> list[Mapping[str, Any]]:
    """Return what a rejection says: one code with the places that it is about."""
    return [{"code": code, "pointers": list(pointers)}]
