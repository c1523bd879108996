# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""From an order to a message, once: under which key it was put down, it is sent one time.

The id of the message is in the books before its first byte leaves the house, and the sealed message
is in the outbox. So whatever is killed in between, the same bytes are sent again, or the hub is
asked whether it has them.
"""

import json
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.dialects.sqlite import insert

from hub.adapters.connector.house import House
from hub.adapters.connector.tables import drop
from hub.adapters.sending.order import Order, OrderUnfit, read_order
from hub.adapters.sending.report import Report, elsewhere, hinted, refused, unfit, waiting
from hub.client import Draft, Refused, Unreachable
from hub.client.addressing import REASONS, ResponsibleElsewhere
from hub.client.drafts import Wish
from hub.client.hints import HintsUnseen
from hub.client.patience import anew
from hub.client.replying import reply_key
from hub.errors import NotFound, RecipientUnknown, Refusal

_ACCEPTED: Final = "Der Hub hat die Nachricht angenommen."
_GONE: Final = "Diese Stelle nimmt nicht teil; bitte auf dem bisherigen Weg."


async def send(raw: bytes, key: str, house: House) -> Report:
    """Send what was put down under a key, and say what became of it.

    A report that it waits means: call again with the same key. Raises ``Untrustworthy`` where the
    hub is not to be believed.
    """
    try:
        order = read_order(raw)
        return await anew(partial(_send, order, key, house))
    except OrderUnfit as problem:
        return unfit(problem)
    except ResponsibleElsewhere as found:
        return elsewhere(found)
    except HintsUnseen as unseen:
        return hinted(unseen)
    except Unreachable as trouble:
        return waiting(trouble.draft)
    except (Refusal, Refused) as problem:
        return refused(problem)


async def _send(order: Order, key: str, house: House) -> Report:
    known = await house.read(partial(_known, key=key))
    if known is not None and known.report is not None:
        return Report.of(known.report)
    draft = house.hub.outbox.load(known.message) if known else None
    if known is not None and draft is None and await _has_arrived(known.message, house):
        return await _finished(key, Report("angenommen", _ACCEPTED, message=known.message), house)
    if draft is None:
        draft = await house.hub.compose_in(await _wish(order, house))
        await house.write(partial(_remember, key=key, message=draft.id, at=house.second))
    return await _submit(draft, key, house)


async def _submit(draft: Draft, key: str, house: House) -> Report:
    try:
        proven = await house.hub.submit(draft)
    except Refused:
        # What the hub refused is no message; put right, the order may come under the same key.
        await house.write(partial(_forget, key=key))
        raise
    report = Report("angenommen", _ACCEPTED, message=draft.id, index=proven.index)
    return await _finished(key, replace(report, conversation=draft.conversation), house)


async def _finished(key: str, report: Report, house: House) -> Report:
    await house.write(partial(_finish, key=key, report=report))
    return report


async def _has_arrived(message: str, house: House) -> bool:
    try:
        await house.hub.state(message)
    except Refused as problem:
        if problem.code != NotFound.code:
            raise
        return False
    return True


async def _wish(order: Order, house: House) -> Wish:
    """Return what the order wants said, with the addressee that it leaves to the directory."""
    if order.reason is not None and order.reason not in REASONS:
        raise OrderUnfit("Das ist keiner der Gründe.", pointers=("/reason",))
    thread = await house.hub.conversation(order.conversation) if order.conversation else None
    reader = reply_key(house.agency, order.conversation) if order.conversation else None
    to = order.to or (thread.partner_of(house.agency.id) if thread else None)
    return Wish(
        protocol=order.protocol,
        step=order.step,
        to=to or await _responsible(order, house),
        urgency=order.urgency,
        content=order.content,
        thread=thread,
        basis=order.basis,
        cause=order.cause,
        reader=reader,
        hints_seen=order.hints_seen,
        child_ags=order.ags,
        reason=order.reason,
    )


async def _responsible(order: Order, house: House) -> str:
    view = await house.hub.directory_with(house.agency.id)
    office = view.responsible(order.kind, ags=order.ags or "")
    if not office.takes_part:
        said = f"{office.name}, {office.telephone}: {_GONE}"
        raise RecipientUnknown(said, pointers=("/ags",))
    return office.id


@dataclass(frozen=True)
class _Drop:
    """What is known of a key."""

    message: str
    report: dict[str, Any] | None


def _known(connection: Connection, key: str) -> _Drop | None:
    row = connection.execute(select(drop).where(drop.c.key == key)).first()
    if row is None:
        return None
    return _Drop(row.message, json.loads(row.report) if row.report else None)


def _remember(connection: Connection, key: str, message: str, at: int) -> None:
    values = {"key": key, "message": message, "report": None, "at": at}
    written = insert(drop).values(**values)
    connection.execute(written.on_conflict_do_update(index_elements=["key"], set_=values))


def _finish(connection: Connection, key: str, report: Report) -> None:
    said = json.dumps(report.as_json(), ensure_ascii=False)
    connection.execute(update(drop).where(drop.c.key == key).values(report=said))


def _forget(connection: Connection, key: str) -> None:
    connection.execute(delete(drop).where(drop.c.key == key))
