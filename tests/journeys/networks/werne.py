# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Werne by day and by night: who is there, and what they do at the hour that a tale names."""

import json
from datetime import datetime
from typing import Any, Final

from hub import clock
from hub.client import Draft, Hub, Message
from hub.client.renewal import Renewal
from hub.directory.duty import OnDuty, on_duty
from hub.main.work import turn
from hub.model.participant import Unit
from hub.schemas import SCHEMAS
from tests.world import World

ASD: Final = "jugendamt:05978040.asd"
HEAD: Final = "jugendamt:05978040.bereitschaft"
SERVICE: Final = "krisendienst:rufbereitschaft-demo.05978040"
PATROL: Final = "ordnungsamt:05978040"
POLICE: Final = "polizei:kpb-unna"
LUENEN: Final = "jugendamt:05978024.asd"
STANDBY_OF_LUENEN: Final = "jugendamt:05978024.bereitschaft"
SERVICE_OF_LUENEN: Final = "krisendienst:rufbereitschaft-demo.05978024"
POLICE_OF_LUENEN: Final = "polizei:pp-dortmund"
BERGKAMEN: Final = "jugendamt:05978004.asd"
STANDBY_OF_BERGKAMEN: Final = "jugendamt:05978004.bereitschaft"
SERVICE_OF_BERGKAMEN: Final = "krisendienst:rufbereitschaft-demo.05978004"
CONTROL_CENTRE: Final = "+49 221 4710 799"
"""Number of the Leitstelle that is called last and reads nothing."""
JOINING: Final = (
    "jugendamt:05978040",
    "krisendienst:rufbereitschaft-demo",
    PATROL,
    POLICE,
    "jugendamt:05978024",
    POLICE_OF_LUENEN,
    "jugendamt:05978004",
)
MINUTE: Final = 60
NOTICES: Final = {"ordnungsamt": "ordnungsamt-mitteilung", "polizei": "inobhutnahme"}


def at(*moment: int, fold: int = 0) -> datetime:
    """Return a moment by the wall clock in Berlin; ``fold`` is 1 for an hour's second time."""
    year, month, day, hour, minute = moment
    return datetime(year, month, day, hour, minute, fold=fold, tzinfo=clock.BERLIN)


SATURDAY: Final = at(2026, 10, 10, 21, 52)
MONDAY: Final = at(2026, 10, 12, 8, 0)


def content(protocol: str, step: str, word: str = "vollstaendig") -> dict[str, Any]:
    """Return a valid example about invented persons."""
    path = SCHEMAS / protocol / "1.0.0" / "examples" / f"{step}.valid.{word}.json"
    said: dict[str, Any] = json.loads(path.read_bytes())
    return said


async def files(world: World, *, to: str = ASD, urgency: str = "sofort") -> Draft:
    """Have the Ordnungsamt of Werne tell an office that a child of seven is alone in a flat."""
    async with world.hub(PATROL) as patrol:
        await patrol.directory()
        draft = patrol.compose(
            protocol="ordnungsamt-mitteilung",
            step="mitteilung",
            to=to,
            urgency=urgency,
            content=content("ordnungsamt-mitteilung", "mitteilung"),
        )
        await patrol.submit(draft)
    return draft


async def fetch(hub: Hub) -> list[Message]:
    """Lease, open and take whatever waits for a unit at this moment."""
    leased = await hub.lease(limit=20)
    for message in leased:
        await message.open()
        await message.take()
    return leased


async def fetches(world: World, unit: str) -> list[str]:
    """Have a unit look once, and return the ids of what it got."""
    async with world.hub(unit) as hub:
        return [message.id for message in await fetch(hub)]


async def pass_time(world: World, minutes: float) -> None:
    """Let so much time pass for everybody, and the hub take its turn then."""
    world.hands.ahead += minutes * MINUTE
    await turn(world.node, world.clock())


async def travel(world: World, to: datetime) -> None:
    """Go to a moment together with everybody; the hub takes its turn when it is there."""
    world.travel(to)
    await turn(world.node, world.clock())


def duty(world: World, unit: str) -> OnDuty:
    """Return who has to act for a unit now, as the signed directory says."""
    return on_duty(unit, world.node.directory, int(world.clock()))


def publish(world: World, unit: str, **changes: Any) -> None:
    """Have an organisation sign a new version of its entry, in which a unit says something else."""
    folder = world.folders[unit].parent

    def changed(known: Unit) -> Unit:
        return known.model_copy(update=changes)

    with Renewal(folder) as renewal:
        renewal.change(unit, changed)
        renewal.publish()
        renewal.forget()


def entries(world: World, message: str, *kinds: str) -> list[dict[str, Any]]:
    """Return the entries of the log about a message, in order; of these kinds, if any is named."""

    def look(connection: Any) -> list[dict[str, Any]]:
        query = (
            "SELECT body FROM audit_body JOIN audit_event ON audit_event.id = audit_body.event_id "
            "ORDER BY audit_event.id"
        )
        rows = connection.exec_driver_sql(query).all()
        found = [json.loads(bytes(row[0])) for row in rows]
        return [
            entry
            for entry in found
            if entry.get("obj", {}).get("id") == message and (not kinds or entry["k"] in kinds)
        ]

    return world.node.readers.run_now(look)
