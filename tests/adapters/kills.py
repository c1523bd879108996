# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The crash matrix: connector, hub and target are killed at every step boundary of a message.

All three are processes and end by SIGKILL. Targets are the real counterparts of every shipped
adapter, and one that deduplicates nothing: what is counted there is what the connector did.
"""

import asyncio
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

from hub.adapters.connector.house import DATABASE
from hub.adapters.connector.moments import HANDED, HANDING, MOMENTS, OPENED
from hub.adapters.connector.rows import read_lendings, read_row
from hub.adapters.connector.tables import Books
from hub.client.hearing import issuer_of
from hub.client.saying import subject_of
from tests.adapters.doomed import GO, REACHED
from tests.adapters.targets import Counterpart, start, targets
from tests.faults.hub import HubProcess, Late, wait_until
from tests.faults.place import SCHOOLS, Place, found
from tests.world import RHEINBERG, example

MESSAGES: Final = 3
"""Sent before each case; the one that comes first meets its moment."""
CONNECTOR, HUB, TARGET, ANSWER = "connector", "hub", "target", "answer"
"""The last one: the target dies right after an effect, before it answers."""
PROCESSES: Final = ("asked", "folder", "sftp", "https", "mail")
"""Targets that can be killed; the inbox dies with its connector."""


class Case(NamedTuple):
    """Who is killed, when, and what the target is."""

    target: str
    victim: str
    moment: str


EVERY: Final = (
    *(Case(name, CONNECTOR, moment) for name in (*PROCESSES, "inbox") for moment in MOMENTS),
    *(Case(name, HUB, moment) for name in (*PROCESSES, "inbox") for moment in MOMENTS),
    *(Case(name, TARGET, moment) for name in PROCESSES for moment in MOMENTS),
    *(Case(name, ANSWER, HANDING) for name in PROCESSES),
)
SOME: Final = (
    Case("folder", CONNECTOR, HANDED),
    Case("https", HUB, OPENED),
    Case("sftp", ANSWER, HANDING),
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
        target, victim, moment = self.case
        return f"{target:<7} {victim:<10} {moment:<8} {self.seconds:5.1f} s  {said}"


@dataclass
class Scene:
    """A hub, a target and a connector, each a process that can be killed."""

    place: Place
    home: Path
    hub: HubProcess
    targets: dict[str, Counterpart]
    connector: "subprocess.Popen[bytes] | None" = None

    def start_connector(self, target: Counterpart, moment: str = "never", way: str = "die") -> None:
        """Start the connector; it meets its end, or halts, at the first such moment."""
        for name in (REACHED, GO):
            (self.home / name).unlink(missing_ok=True)
        config, folder = self.home / "anbindung.toml", self.place.folders[RHEINBERG]
        config.write_text(_CONFIG + target.table, "utf-8")
        words = (config, folder, moment, way, self.home)
        self.connector = start(self.home, "tests.adapters.doomed", *words)

    def has_reached(self) -> bool:
        return (self.home / REACHED).exists()

    def stop_connector(self) -> int:
        """Ask the connector to end, and return its exit code."""
        assert self.connector is not None
        self.connector.terminate()
        return self.connector.wait(60)

    def send(self, count: int) -> list[str]:
        return asyncio.run(_send(self.place, count))

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

    def reconcile(self, sent: list[str], target: Counterpart) -> list[str]:
        """Hold what target and hub have against what was sent."""
        counted = {each: target.effects(each) for each in sent}
        wrong = [f"{count} effects" for count in counted.values() if count != 1]
        return [*wrong, *asyncio.run(_untaken(self.place, sent))]

    def close(self) -> None:
        if self.connector is not None and self.connector.poll() is None:
            self.connector.kill()
            self.connector.wait(30)
        for each in self.targets.values():
            each.kill()


@contextmanager
def a_scene(home: Path) -> Iterator[Scene]:
    """Found a hub and run it beside all targets; the connector is started by each case."""
    with ExitStack() as stack:
        place = found(home)
        hub = stack.enter_context(place.hub())
        scene = Scene(place, home, hub, targets(home, place.folders[RHEINBERG]))
        stack.callback(scene.close)
        for each in scene.targets.values():
            each.start()
        hub.start_and_wait()
        yield scene


def play(case: Case, scene: Scene) -> Outcome:
    """Kill at a moment, start again, wait until everything is settled, and reconcile."""
    target, sent = scene.targets[case.target], scene.send(MESSAGES)
    if case.victim == ANSWER:
        target.end_with_next()
    scene.start_connector(target, case.moment, "die" if case.victim == CONNECTOR else "halt")
    wait_until(scene.has_reached, f"the connector passes {case.moment}")
    began = time.monotonic()
    _kill(case.victim, target, scene)
    # Whoever came back goes on working, and does not only clear up.
    sent += scene.send(1)
    try:
        wait_until(lambda: not scene.unsettled(sent), "everything is settled")
    except Late:
        # What is not settled in time is a finding, and no end of the table.
        findings = scene.unsettled(sent)
    else:
        findings = []
    seconds = time.monotonic() - began
    findings += [] if (code := scene.stop_connector()) == 0 else [f"ended with {code}"]
    return Outcome(case, seconds, (*findings, *scene.reconcile(sent, target)))


def _kill(victim: str, target: Counterpart, scene: Scene) -> None:
    """Kill, let the connector go on without, and bring the victim back."""
    assert scene.connector is not None
    if victim == CONNECTOR:
        scene.connector.wait(30)
        scene.start_connector(target)
        return
    if victim == HUB:
        scene.hub.kill()
    elif victim == TARGET:
        target.kill()
    (scene.home / GO).touch()
    if victim == HUB:
        scene.hub.start_and_wait()
        return
    if victim == ANSWER:
        target.wait()
    target.start()


async def _send(place: Place, count: int) -> list[str]:
    sent = []
    async with place.line(SCHOOLS[0]) as school:
        await school.directory()
        for _ in range(count):
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
