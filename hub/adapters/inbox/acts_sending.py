# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What people have done here reaches the hub once: at once, or as soon as it answers.

The id of what is said is in the books before its first byte leaves the house, and the sealed bytes
are in the outbox. So whatever is killed in between, the same bytes are sent again, or the hub is
asked whether it has them. Within a conversation one act goes after the other, in the order in which
they were done.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any, Final
from weakref import WeakValueDictionary

import structlog

from hub.adapters.connector.house import House
from hub.adapters.connector.rows import OVER, UNOPENED, Row, read_row
from hub.adapters.connector.spool import SpoolSpoiled
from hub.adapters.inbox.acts import (
    REFUSED,
    SENT,
    WAITS,
    Act,
    Kind,
    acts_in,
    change_act,
    due_acts,
    read_act,
)
from hub.adapters.inbox.acts_known import is_known
from hub.adapters.inbox.acts_passing import pass_on
from hub.adapters.inbox.acts_receipts import acknowledge, reject
from hub.adapters.inbox.acts_saying import say_step
from hub.adapters.sending.report import Report, hinted, refused
from hub.client import Refused, Unreachable, Untrustworthy
from hub.client.hints import HintsUnseen
from hub.client.outbox import PASSING
from hub.errors import Failure, Refusal

SOON: Final = 3.0
"""Seconds that a page waits for the hub; what takes longer is sent behind it."""
SIDE_BY_SIDE: Final = 4
"""Conversations in which is sent at a time."""
AWAY: Final = "hub-unreachable"
_SEND: Final[Mapping[Kind, Callable[[Act, Row, House], Awaitable[None]]]] = {
    "kenntnis": acknowledge,
    "unverwertbar": reject,
    "weitergabe": pass_on,
    "rueckmeldung": say_step,
    "rueckfrage": say_step,
    "schritt": say_step,
}
_LOCKS: Final[WeakValueDictionary[str, asyncio.Lock]] = WeakValueDictionary()
_BEHIND: Final[set["asyncio.Task[None]"]] = set()
_log: Final = structlog.stdlib.get_logger()


async def send_soon(act: Act, house: House, patience: float = SOON) -> Act:
    """Send what waits in a conversation while somebody looks; returns the act as it stands then."""
    task = asyncio.create_task(_behind(act.conversation, house))
    _BEHIND.add(task)
    task.add_done_callback(_BEHIND.discard)
    await asyncio.wait({task}, timeout=patience)
    return await house.read(partial(read_act, act_id=act.id)) or act


async def send_due(house: House) -> None:
    """Send all that waits; raises ``Unreachable`` where the hub does not answer."""
    waiting = await house.read(due_acts)
    room = asyncio.Semaphore(SIDE_BY_SIDE)

    async def go(conversation: str) -> None:
        async with room:
            await send_conversation(conversation, house)

    names = dict.fromkeys(each.conversation for each in waiting)
    ends = await asyncio.gather(*map(go, names), return_exceptions=True)
    for end in ends:
        if isinstance(end, BaseException):
            raise end


async def send_conversation(conversation: str, house: House) -> None:
    """Send what waits in a conversation, one after the other."""
    async with _LOCKS.setdefault(f"{house.state} {conversation}", asyncio.Lock()):
        for act in await house.read(partial(acts_in, conversation=conversation)):
            if act.state == WAITS:
                await _send(act, house)


async def _behind(conversation: str, house: House) -> None:
    """Send; whoever pressed the button may have gone by now, and the worker goes on."""
    try:
        await send_conversation(conversation, house)
    except Unreachable:
        _log.info("act.waits", conversation=conversation)
    except Failure as failure:
        _log.error("act.waits", conversation=conversation, code=failure.code)


async def _send(act: Act, house: House) -> None:
    row = await house.read(partial(read_row, message=act.message))
    if row is None or row.state in {OVER, UNOPENED}:
        await _refuse(act, _over(row), house)
    elif row.taken_at is not None:
        await _try(act, row, house)


async def _try(act: Act, row: Row, house: House) -> None:
    try:
        await _SEND[act.kind](act, row, house)
    except Unreachable:
        await _note(act, house, code=AWAY, reason=_AWAY)
        raise
    except HintsUnseen as unseen:
        await _refuse(act, hinted(unseen), house)
    except Refusal as refusal:
        await _refuse(act, refused(refusal), house)
    except Refused as no:
        await _answered(act, no, house)
    except (FileNotFoundError, SpoolSpoiled):
        await _refuse(act, _GONE, house)
    except Untrustworthy as doubt:
        _log.error("act.doubtful", act=act.id, kind=type(doubt).__name__)
        await _note(act, house, code="untrustworthy", reason=_DOUBT, tries=act.tries + 1)
    except (Failure, OSError):
        raise
    except Exception as fault:  # noqa: BLE001  one act that nobody foresaw must not end the intake
        _log.error("act.faulty", act=act.id, kind=type(fault).__name__)
        await _note(act, house, code=Failure.code, reason=_FAULT, tries=act.tries + 1)
    else:
        house.watch("act-sent", act.id)
        await _sent(act, house)


async def _answered(act: Act, no: Refused, house: House) -> None:
    """Take a refusal for what it is: a rule of the hub, or something of the hour."""
    if no.is_rule and no.status not in PASSING:
        await _refuse(act, refused(no), house)
        return
    _log.warning("act.waits", act=act.id, code=no.code)
    await _note(act, house, code=no.code, reason=_AWAY, tries=act.tries + 1)


async def _refuse(act: Act, report: Report, house: House) -> None:
    """Keep why the hub did not take it, with what was written: somebody puts it right.

    The process may have ended between the hub's answer and the note of it; so the hub is asked
    first, and what it has counts as sent.
    """
    if await is_known(act, house):
        await _sent(act, house)
        return
    _log.warning("act.refused", act=act.id, kind=act.kind, code=report.code)
    pointers = [each.removeprefix("/content") for each in report.pointers]
    await _note(
        act,
        house,
        state=REFUSED,
        done_at=house.second,
        code=report.code,
        reason=report.text,
        advice=report.advice,
        pointers=json.dumps(pointers),
    )


async def _sent(act: Act, house: House) -> None:
    values: dict[str, Any] = {"state": SENT, "code": None, "reason": None, "advice": None}
    await _note(act, house, done_at=house.second, **values)


async def _note(act: Act, house: House, **values: Any) -> None:
    await house.write(partial(change_act, act_id=act.id, **values))


def _over(row: Row | None) -> Report:
    code = row.code if row is not None and row.code else "not-found"
    reason = row.reason if row is not None and row.reason else "Die Mitteilung ist nicht mehr hier."
    return Report("abgewiesen", reason, code, advice="Es ist nichts weiter zu tun.")


_AWAY: Final = "Der Hub antwortet gerade nicht; es wird gesendet, sobald er antwortet."
_DOUBT: Final = (
    "Die Antwort des Hubs hält der Prüfung nicht stand; es wird weiter versucht. Bitte der IT "
    "Bescheid sagen."
)
_FAULT: Final = (
    "Beim Senden ist etwas schiefgegangen; es wird weiter versucht. Bitte der IT Bescheid sagen "
    "und, wenn es eilt, anrufen."
)
_GONE: Final = Report(
    "abgewiesen",
    "Was geschrieben war, ist nicht mehr da.",
    "content-erased",
    advice="Bitte noch einmal schreiben.",
)
