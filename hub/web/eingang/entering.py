# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Somebody has just come in: at which office do they begin, and which session had they before?"""

from contextlib import suppress

from hub.adapters.inbox.room import Room
from hub.errors import NotFound, TokenInvalid
from hub.people.sessions import Opened, SignedIn, change_house, leave, signed_in
from hub.web.visitor import Visitor


async def entered(opened: Opened, room: Room) -> tuple[Opened, SignedIn]:
    """Return the session and whose it is, at an office that this process serves.

    Raises ``TokenInvalid`` for whoever works at none of them any more.
    """
    known = await signed_in(opened.secret, room)
    served = () if known is None else tuple(unit for unit, _ in known.houses if unit in room.houses)
    if known is None or not served:
        raise TokenInvalid
    if known.session.unit in served:
        return opened, known
    return await entered(await change_house(known, served[0], room), room)


async def end_before(visitor: Visitor | None, room: Room) -> None:
    """End the session that the browser had, once it has a new one or is to have none."""
    if visitor is not None:
        with suppress(NotFound):
            await leave(visitor.person, visitor.session.digest, room)
