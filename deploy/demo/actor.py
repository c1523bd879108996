# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A unit of the story, as the demo talks with its process."""

import asyncio
import itertools
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from deploy.demo.processes import Child, Processes
from deploy.demo.tell import Failed

SOON: Final = 60
"""Seconds in which a unit has to do what it was asked; it takes milliseconds."""
Event = dict[str, Any]


@dataclass
class Actor:
    """One unit and its process."""

    unit: str
    name: str
    child: Child
    on_received: Callable[["Actor", Event], None] = lambda _actor, _event: None
    is_ready: asyncio.Event = field(default_factory=asyncio.Event)
    listening: "asyncio.Task[None] | None" = None
    _numbers: Any = field(default_factory=itertools.count)
    _answers: dict[int, "asyncio.Future[Event]"] = field(default_factory=dict)
    _received: dict[str, "asyncio.Future[Event]"] = field(default_factory=dict)

    async def ask(self, act: str, **given: Any) -> Any:
        """Have the unit do something; raises ``Failed`` where the hub refuses it."""
        answer = await self._ask(act, given)
        if "refused" in answer:
            refused = answer["refused"]
            raise Failed(f"{self.name}: {act} wurde zurückgewiesen ({refused['code']}).")
        return answer["said"]

    async def refused(self, act: str, **given: Any) -> dict[str, Any]:
        """Have the unit do what the hub has to refuse; raises ``Failed`` where it does not."""
        answer = await self._ask(act, given)
        refused: dict[str, Any] | None = answer.get("refused")
        if refused is None or refused.get("by") == "sdk":
            raise Failed(f"{self.name}: {act} hätte der Hub zurückweisen müssen.")
        return refused

    async def stopped(self, act: str, **given: Any) -> dict[str, Any]:
        """Have the unit try what its own program stops before anything is sent."""
        answer = await self._ask(act, given)
        stopped: dict[str, Any] | None = answer.get("refused")
        if stopped is None or stopped.get("by") != "sdk":
            raise Failed(f"{self.name}: {act} hätte gar nicht gesendet werden dürfen.")
        return stopped

    async def received(self, message: str) -> Event:
        """Wait until the unit has received a message."""
        arrived = self._received.setdefault(message, _future())
        return await asyncio.wait_for(asyncio.shield(arrived), SOON)

    async def _ask(self, act: str, given: dict[str, Any]) -> Event:
        number = next(self._numbers)
        answered = self._answers[number] = _future()
        line = json.dumps({"id": number, "do": act, "with": given}, ensure_ascii=False)
        assert self.child.process.stdin is not None  # noqa: S101  started with a pipe
        self.child.process.stdin.write(line.encode() + b"\n")
        await self.child.process.stdin.drain()
        return await asyncio.wait_for(answered, SOON)

    async def listen(self) -> None:
        """Hear what the process says, until it ends."""
        assert self.child.process.stdout is not None  # noqa: S101  as above
        async for line in self.child.process.stdout:
            said = json.loads(line)
            if "re" in said:
                self._answers.pop(said["re"]).set_result(said)
            elif said["event"] == "received":
                self._received.setdefault(said["id"], _future()).set_result(said)
                self.on_received(self, said)
            else:
                self.is_ready.set()


async def enter(processes: Processes, unit: str, name: str) -> Actor:
    """Start the process of a unit; returns when it is at work."""
    place = processes.place
    log = unit.replace(":", "-")
    child = await processes.start(
        log, "deploy.demo.agency", place.agency(unit), place.inbox(unit), speaks=True
    )
    actor = Actor(unit, name, child)
    actor.listening = asyncio.create_task(actor.listen())
    await asyncio.wait_for(actor.is_ready.wait(), SOON)
    return actor


def _future() -> "asyncio.Future[Event]":
    return asyncio.get_running_loop().create_future()
