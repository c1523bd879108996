# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Does this unit hold what the hub has, and has the hub what this unit holds?

A log proves what stands in it. Against a hub that leaves something out, only the other side helps:
who was given a receipt still has it. So each night both lists of a day are held against each other.
"""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any, Final

from hub import clock
from hub.client.agency import Agency
from hub.client.answers import Untrustworthy, read_json
from hub.client.ledger import Held, Ledger
from hub.client.proofs import check_logged
from hub.client.side import Side
from hub.client.witnessed import keep_witnessed
from hub.model.json import Json
from hub.sealing.canonical import digest, jcs
from hub.trust.jose import sign_token
from hub.trust.kinds import MOST_RECEIPTS, RECONCILIATION

PATH: Final = "/v1/reconciliation"
JWT: Final = "application/jwt"
DONE: Final = "reconciled"
BACK: Final = 35
"""Days that are caught up on where nobody has reconciled for a while."""


@dataclass(frozen=True)
class Compared:
    """What a day came to: what only this unit has, and what only the hub has."""

    day: str
    held: int
    only_here: tuple[Held, ...]
    only_there: tuple[dict[str, str], ...]
    index: int
    """Number of the entry ``reconcile.done`` in the log of the hub."""

    @property
    def agrees(self) -> bool:
        return not self.only_here and not self.only_there

    def as_json(self) -> dict[str, Any]:
        return {
            "day": self.day,
            "held": self.held,
            "only_here": [
                {"digest": each.digest, "message": each.message_id, "word": each.word}
                for each in self.only_here
            ],
            "only_there": list(self.only_there),
            "entry": self.index,
        }


async def reconcile(side: Side, day: str) -> Compared:
    """Hold one day that is over against the hub, and have it entered there.

    Raises ``Untrustworthy`` where the entry does not hold what the hub answered.
    """
    held = Ledger(side.agency).of_day(day)
    if len(held) > MOST_RECEIPTS:
        raise ValueError("more receipts than one statement can name")
    jws = _stated(side, day, sorted(held))
    said = read_json(await side.line.send("POST", PATH, jws.encode(), JWT))
    result = said.get("result") if isinstance(said, dict) else None
    if not isinstance(result, str):
        raise Untrustworthy("the answer lacks its result")
    index = check_logged(said, digest(result), side.agency.hub)
    found = _compared(day, held, json.loads(result), index)
    side.agency.revise(DONE, partial(_differing, found=found))
    return found


async def reconcile_due(side: Side) -> list[Compared]:
    """Hold every day since the last one against the hub, the oldest first."""
    ledger, done = Ledger(side.agency), side.agency.recall(DONE).get("day", "")
    found: list[Compared] = []
    if not done and not any(True for _ in ledger.days()):
        # Whoever has just begun holds nothing, and nothing can be missing.
        return found
    for day in due_days(done, _today()):
        found.append(await reconcile(side, day))
        await keep_witnessed(side, day)
        side.agency.remember(DONE, day=day)
    ledger.forget(_today())
    return found


def differing_days(agency: Agency) -> tuple[str, ...]:
    """Name the days on which the two sides do not hold the same, as far as they were compared."""
    return tuple(sorted(agency.recall(DONE).get("differing", ())))


def _differing(known: dict[str, Any], found: Compared) -> dict[str, Any]:
    days = set(known.get("differing", ())) - {found.day}
    return {**known, "differing": sorted(days if found.agrees else days | {found.day})}


def due_days(done: str, today: date) -> list[str]:
    """Name the days that are over and were not compared; the first time only yesterday."""
    earliest = today - timedelta(days=BACK if done else 1)
    days = [earliest + timedelta(days=at) for at in range((today - earliest).days)]
    return [day.isoformat() for day in days if day.isoformat() > done]


def _today() -> date:
    return datetime.fromtimestamp(clock.now(), UTC).date()


def _stated(side: Side, day: str, receipts: list[str]) -> str:
    return sign_token(
        side.agency.signing,
        RECONCILIATION.typ,
        {
            "iss": side.agency.id,
            "hub": side.agency.hub.id,
            "iat": int(clock.now()),
            "day": day,
            "receipts": list(receipts),
        },
    )


def _compared(day: str, held: dict[str, Held], result: dict[str, Any], index: int) -> Compared:
    """Read what the hub found; what it says of this unit's list has to be true of that."""
    named: list[Json] = [*sorted(held)]
    if result.get("list") != digest(jcs(named)) or result.get("day") != day:
        raise Untrustworthy("the hub has compared another list")
    only_here = [held[each] for each in result["only_there"] if each in held]
    if len(only_here) != len(result["only_there"]):
        raise Untrustworthy("the hub misses receipts that were not named")
    return Compared(day, len(held), tuple(only_here), tuple(result["only_here"]), index)
