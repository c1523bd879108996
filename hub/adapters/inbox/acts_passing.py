# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A notice goes on to the responsible Jugendamt (§ 8a Abs. 6 SGB VIII), exactly once.

Two things have to reach the hub: the message, and the signed word that the matter goes on with it.
Until a person there has taken note this house stays on duty (§ 86d SGB VIII).
"""

import asyncio
from functools import partial

from hub.adapters.connector.house import House
from hub.adapters.connector.rows import Row
from hub.adapters.inbox.acts import Act, change_act, read_act
from hub.adapters.inbox.acts_saying import Written, has_arrived
from hub.client import Refused
from hub.client.handing import Matter, Passing, Passings, finish_passing, prepare
from hub.client.patience import anew
from hub.client.replying import reply_key
from hub.errors import IdReused
from hub.sealing.envelope import env_digest


async def pass_on(act: Act, row: Row, house: House) -> None:
    """Send the notice to the other office and say that the matter goes on with it, or finish it."""
    await anew(partial(_pass_on, act, row, house))


async def _pass_on(act: Act, row: Row, house: House) -> None:
    known = await house.read(partial(read_act, act_id=act.id))
    own = known.own if known else None
    passing = _kept(own, house)
    if own is not None and passing is None and await has_arrived(own, house):
        await _say_again(own, act, row, house)
        return
    if passing is None:
        passing = await _prepared(act, row, house)
        await house.write(partial(change_act, act_id=act.id, own=passing.by))
        house.watch("act-named", act.id)
    await finish_passing(house.hub, passing)
    house.watch("act-answered", act.id)


async def _prepared(act: Act, row: Row, house: House) -> Passing:
    written = Written.of(await asyncio.to_thread(house.spool.read_written, act.id))
    matter = Matter(row.id, row.env, row.conversation)
    to, urgency = act.recipient or "", written.urgency or row.urgency
    return await prepare(house.hub, matter, to, urgency, written.content)


async def _say_again(own: str, act: Act, row: Row, house: House) -> None:
    """Say once more that the matter goes on: nobody knows whether it was heard before.

    Where it was, the hub says that it was said already.
    """
    state = await house.hub.state(own)
    passing = Passing(
        message=row.id,
        env=row.env,
        by=own,
        by_env=env_digest(state["envelope"]),
        to=act.recipient or "",
        wish="",
        reader=reply_key(house.agency, row.conversation),
    )
    try:
        await finish_passing(house.hub, passing)
    except Refused as refused:
        if refused.code != IdReused.code:
            raise


def _kept(own: str | None, house: House) -> Passing | None:
    return next((each for each in Passings(house.agency) if each.by == own), None)
