# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The crash matrix: connector, hub and target are killed at every step boundary of a message.

All three are processes and end by SIGKILL. The target deduplicates nothing, so what is counted
there is what the connector did.
"""

import asyncio
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from hub.adapters.connector.house import DATABASE
from hub.adapters.connector.moments import HANDED, HANDING, LEASED, MOMENTS, OPENED
from hub.adapters.connector.rows import read_lendings, read_row
from hub.adapters.connector.tables import Books
from hub.client.hearing import issuer_of
from hub.client.saying import subject_of
from tests.adapters.asked import EFFECTS, LAST
from tests.adapters.doomed import GO, REACHED
from tests.faults.hub import LEASH, HubProcess, Late, steady_port, wait_until
from tests.faults.place import SCHOOLS, Place, found
from tests.house.source import ROOT
from tests.world import RHEINBERG, example

MESSAGES: Final = 3
"""Sent before each case; the one that comes first meets its moment."""
CONNECTOR, HUB, TARGET, ANSWER = "connector", "hub", "target", "answer"
Case = tuple[str, str]
EVERY: Final[tuple[Case, ...]] = (
    *((CONNECTOR, moment) for moment in MOMENTS),
    *((HUB, moment) for moment in MOMENTS),
    *((TARGET, moment) for moment in MOMENTS),
    (ANSWER, HANDING),
)
"""The last one: the target dies right after the effect, before it answers."""
SOME: Final[tuple[Case, ...]] = (
    (CONNECTOR, LEASED),
    (CONNECTOR, HANDED),
    (HUB, OPENED),
    (TARGET, HANDING),
    (ANSWER, HANDING),
)
_CONFIG: Final = """
log_level = "warning"

[leases]
seconds = 30
wait = 1

[retries]
first = 0.1
longest = 1
every = 0.2

[[target]]
kind = "tests.adapters.asked:AskedAdapter"
name = "asked"
url = "http://127.0.0.1:{port}"
attempts = 100
"""


@dataclass(frozen=True)
class Outcome:
    """What came of one case."""

    case: Case
    seconds: float
    """From the kill until everything was where it belongs."""
    findings: tuple[str, ...]

    def line(self) -> str:
        said = "; ".join(self.findings) or "einmal übergeben, übernommen"
        return f"{self.case[0]:<10} {self.case[1]:<9} {self.seconds:5.1f} s  {said}"


@dataclass
class Scene:
    """A hub, a target and a connector, each a process that can be killed."""

    place: Place
    home: Path
    hub: HubProcess
    port: int = field(default_factory=steady_port)
    target: "subprocess.Popen[bytes] | None" = None
    connector: "subprocess.Popen[bytes] | None" = None

    @property
    def effects(self) -> Counter[str]:
        file = self.home / EFFECTS
        return Counter(file.read_text("ascii").split() if file.exists() else [])

    def start_target(self) -> None:
        self.target = self._start("tests.adapters.asked", self.home, str(self.port))

    def start_connector(self, moment: str = "never", way: str = "die") -> None:
        """Start the connector; it meets its end, or halts, at the first such moment."""
        for name in (REACHED, GO):
            (self.home / name).unlink(missing_ok=True)
        config, folder = self.home / "anbindung.toml", self.place.folders[RHEINBERG]
        config.write_text(_CONFIG.format(port=self.port), "utf-8")
        self.connector = self._start(
            "tests.adapters.doomed", config, folder, moment, way, self.home
        )

    def has_reached(self) -> bool:
        return (self.home / REACHED).exists()

    def stop_connector(self) -> int:
        """Ask the connector to end, and return its exit code."""
        assert self.connector is not None
        self.connector.terminate()
        return self.connector.wait(60)

    def send(self) -> list[str]:
        return asyncio.run(_send(self.place))

    def unsettled(self, sent: list[str]) -> list[str]:
        """Return what is not where it belongs yet, with its reason."""
        books = Books(self.place.folders[RHEINBERG] / "connector" / DATABASE)
        try:
            rows = [
                books.read_now(lambda connection, name=name: read_row(connection, name))  # type: ignore[misc]
                for name in sent
            ]
            lent = books.read_now(read_lendings)
        finally:
            books.close()
        settled = [row for row in rows if row and row.state == "handed-over" and row.taken_at]
        missing = [f"{len(sent) - len(settled)} not settled"] if len(settled) < len(sent) else []
        return [*missing, *(f"lease kept: {each.message}" for each in lent)]

    def reconcile(self, sent: list[str]) -> list[str]:
        """Hold what target and hub have against what was sent."""
        wrong = [f"{self.effects[each]} effects" for each in sent if self.effects[each] != 1]
        return [*wrong, *asyncio.run(_untaken(self.place, sent))]

    def close(self) -> None:
        for each in (self.connector, self.target):
            if each is not None and each.poll() is None:
                each.kill()
                each.wait(30)

    def _start(self, module: str, *arguments: "str | Path") -> "subprocess.Popen[bytes]":
        with (self.home / "stderr.txt").open("ab") as errors:
            return subprocess.Popen(
                [*LEASH, sys.executable, "-m", module, *map(str, arguments)],
                stdout=subprocess.DEVNULL,
                stderr=errors,
                cwd=ROOT,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
            )


@contextmanager
def a_scene(home: Path) -> Iterator[Scene]:
    """Found a hub and run it with a target; the connector is started by each case."""
    with ExitStack() as stack:
        place = found(home)
        hub = stack.enter_context(place.hub())
        hub.start_and_wait()
        scene = Scene(place, home, hub)
        stack.callback(scene.close)
        scene.start_target()
        yield scene


def play(case: Case, scene: Scene) -> Outcome:
    """Kill at a moment, start again, wait until everything is settled, and reconcile."""
    victim, moment = case
    sent = scene.send()
    if victim == ANSWER:
        (scene.home / LAST).touch()
    scene.start_connector(moment, "die" if victim == CONNECTOR else "halt")
    wait_until(scene.has_reached, f"the connector passes {moment}")
    began = time.monotonic()
    _kill(victim, scene)
    try:
        wait_until(lambda: not scene.unsettled(sent), "everything is settled")
    except Late:
        # What is not settled in time is a finding, and no end of the table.
        findings = scene.unsettled(sent)
    else:
        findings = []
    seconds = time.monotonic() - began
    findings += [] if (code := scene.stop_connector()) == 0 else [f"ended with {code}"]
    return Outcome(case, seconds, (*findings, *scene.reconcile(sent)))


def _kill(victim: str, scene: Scene) -> None:
    """Kill, let the connector go on without, and bring the victim back."""
    assert scene.connector is not None
    assert scene.target is not None
    if victim == CONNECTOR:
        scene.connector.wait(30)
        scene.start_connector()
        return
    if victim == HUB:
        scene.hub.kill()
    elif victim == TARGET:
        scene.target.kill()
        scene.target.wait(30)
    (scene.home / GO).touch()
    if victim == HUB:
        scene.hub.start_and_wait()
    elif victim == ANSWER:
        scene.target.wait(30)
    if victim != HUB:
        scene.start_target()


async def _send(place: Place) -> list[str]:
    sent = []
    async with place.line(SCHOOLS[0]) as school:
        await school.directory()
        for _ in range(MESSAGES):
            draft = school.compose(
                protocol="schule-mitteilung",
                step="mitteilung",
                to=RHEINBERG,
                urgency="unverzueglich",
                content=example("schule-mitteilung", "mitteilung"),
            )
            await school.submit(draft)
            sent.append(draft.id)
    return sent


async def _untaken(place: Place, sent: list[str]) -> list[str]:
    found = []
    async with place.line(RHEINBERG) as office:
        for message in sent:
            state = await office.state(message)
            said = Counter((issuer_of(jws), subject_of(jws)[1]) for jws in state["receipts"])
            if state["state"] != "taken" or said[RHEINBERG, "taken"] != 1:
                found.append(f"{message} is {state['state']} at the hub")
            if said[RHEINBERG, "opened"] < 1:
                found.append(f"{message} was never opened")
    return found
