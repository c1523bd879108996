# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The clock under a hub that serves is put by an hour, forward and back.

The clients are the commands of the hub, each with a clock of its own choice: the one that the hub
has, or the right one. The first day passes while the hub is down, so that something is nearly due.
"""

import asyncio
import json
import socket
from contextlib import closing
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

import pysqlite3.dbapi2 as sqlite

from tests.faults.books import Books, read_books, reconcile
from tests.faults.diary import Diary
from tests.faults.disk import Disk
from tests.faults.hub import HubProcess, Late, steady_port, wait_until
from tests.faults.outcome import Outcome, spread
from tests.faults.place import Place
from tests.faults.proxy import Proxy, a_proxy
from tests.house.source import ROOT
from tests.world import RHEINBERG, SCHOOL

HOUR: Final = 3600
NEARLY_A_DAY: Final = 84_600
"""Seconds: half an hour before what was noted at the beginning is erased."""
TURNS: Final = 25
"""Seconds in which a hub looks at its clock twice."""
CONTENT: Final = ROOT / "deploy" / "demo" / "contents" / "mitteilung.json"
_ADJUSTED: Final = '"event": "clock.adjusted"'
_DISTRUSTED: Final = '"event": "clock.distrusted"'


@dataclass
class _Scene:
    """A hub and its clients, each with its clock."""

    place: Place
    hub: HubProcess
    clock: Disk
    clients: HubProcess
    """Runs commands only, with the clock of the clients."""
    clients_clock: Disk
    proxy: Proxy
    accepted: list[str] = field(default_factory=list)
    refused: int = 0
    noticed: list[float] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)

    def send(self, what: str) -> None:
        """Send a notice that has to be accepted."""
        ran = self._run("send", CONTENT, *self._agency(SCHOOL), *NOTICE, "--json")
        if ran is None:
            self.findings.append(f"a notice was not accepted: {what}")
        else:
            self.accepted.append(ran["id"])

    def send_in_vain(self, what: str) -> None:
        """Send a notice with a clock that is an hour beside the hub's."""
        if self._run("send", CONTENT, *self._agency(SCHOOL), *NOTICE, "--json") is not None:
            self.findings.append(f"a notice was accepted: {what}")
        self.refused += 1

    def receive(self) -> None:
        folder = self.place.home / "received"
        self._run("receive", *self._agency(RHEINBERG), "--out", folder, "--once")

    def acknowledge(self, message_id: str) -> None:
        self._run("acknowledge", message_id, *self._agency(RHEINBERG), "--role", "fachkraft")

    def pass_to(self, second: int) -> None:
        """Let time pass while the hub is down, for everybody."""
        self.hub.stop()
        self.clock.put_clock(second)
        self.clients_clock.put_clock(second)
        self.hub.start_and_wait()

    def put(self, second: int, *, patiently: bool) -> None:
        """Put the clock of the hub alone; a patient one waits until the hub has noticed."""
        seen = self.hub.said.count(_ADJUSTED)
        self.clock.put_clock(second)
        if patiently:
            self.noticed.append(
                wait_until(lambda: self.hub.said.count(_ADJUSTED) > seen, "the hub notices")
            )

    def see_distrust(self) -> None:
        """See that the hub does not go by such a clock at its next turn already."""
        try:
            wait_until(lambda: _DISTRUSTED in self.hub.said, "the hub distrusts its clock", TURNS)
        except Late as late:
            self.findings.append(str(late))

    def _agency(self, unit: str) -> tuple[str, Path]:
        return ("--agency", self.place.folders[unit])

    def _run(self, *arguments: str | Path) -> dict[str, Any] | None:
        """Run a command of a client's; None where the hub said no."""
        ran = self.clients.run(*arguments)
        if ran.returncode != 0:
            return None
        return json.loads(ran.stdout) if "--json" in arguments else {}


NOTICE: Final = (
    *("--protocol", "schule-mitteilung", "--step", "mitteilung"),
    *("--to", RHEINBERG, "--urgency", "planbar"),
)


async def put_clocks(place: Place, *, patiently: bool) -> Outcome:
    """Put the clock forward and back, look what became of everything, and reconcile the books."""
    proxy = Proxy(steady_port())
    clients_clock = Disk.build(place.home / "clients", below=place.home)
    with (
        place.disk() as clock,
        clients_clock,
        place.hub(disk=clock, port=proxy.target) as hub,
        place.hub(disk=clients_clock) as clients,
    ):
        scene = _Scene(place, hub, clock, clients, clients_clock, proxy)
        hub.start_and_wait()
        async with a_proxy(place.port, proxy):
            await asyncio.to_thread(_play, scene, patiently=patiently)
        if (code := hub.stop()) != 0:
            scene.findings.append(f"at last the hub ended with {code}")
    books, copy = read_books(place)
    scene.findings += [*_look(scene, books, copy), *reconcile(place, Diary(), also=scene.accepted)]
    kinds = [entry["k"] for entry in books.entries]
    return Outcome(
        "F6",
        "Die Uhr des Hubs springt um eine Stunde, vor und zurück",
        "Nichts Abgelaufenes gilt wieder, nichts wird zu früh gelöscht. Wer dieselbe Uhr hat, wird"
        " bedient; wer eine andere hat, wird abgewiesen, und wieder bedient, wenn sie stimmt. Die"
        " Zeiten im Protokoll laufen nie zurück; der Sprung steht darin.",
        (
            f"4 Sprünge, davon {kinds.count('clock.adjusted')} im Protokoll vermerkt",
            f"{len(scene.accepted)} Nachrichten angenommen",
            f"{scene.refused} wegen der Uhr abgewiesen",
            f"{kinds.count('message.overdue')} zu früh als überfällig gemeldet",
        ),
        (f"Sprung bis bemerkt {spread(scene.noticed)}",),
        scene.findings,
    )


def _play(scene: _Scene, *, patiently: bool) -> None:
    scene.send("at the beginning")
    scene.receive()
    scene.acknowledge(scene.accepted[0])
    scene.pass_to(NEARLY_A_DAY - HOUR)
    scene.send("an hour before")
    scene.receive()
    an_hour_old = scene.proxy.requests["/v1/leases"][-1]
    scene.pass_to(NEARLY_A_DAY)
    scene.send("before the clock is put")
    scene.put(NEARLY_A_DAY + HOUR, patiently=True)
    scene.see_distrust()
    scene.send_in_vain("an hour behind the hub")
    scene.clients_clock.put_clock(NEARLY_A_DAY + HOUR)
    scene.send("by the clock of the hub, ahead")
    scene.clients_clock.put_clock(NEARLY_A_DAY)
    scene.put(NEARLY_A_DAY, patiently=True)
    scene.send("the clock is right again")
    scene.put(NEARLY_A_DAY - HOUR, patiently=patiently)
    scene.send_in_vain("an hour ahead of the hub")
    if (status := _again(an_hour_old, scene.proxy.target)) != HTTPStatus.UNAUTHORIZED:
        scene.findings.append(f"a request of an hour ago was served again: {status}")
    scene.clients_clock.put_clock(NEARLY_A_DAY - HOUR)
    scene.send("by the clock of the hub, behind")
    scene.clients_clock.put_clock(NEARLY_A_DAY)
    scene.put(NEARLY_A_DAY, patiently=patiently)
    scene.send("the clock is right for good")
    scene.receive()


def _again(request: bytes, port: int) -> int:
    """Send the bytes of a request a second time, and return the status."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        line.sendall(request)
        return int(line.recv(16).split()[1])


def _look(scene: _Scene, books: Books, copy: Path) -> list[str]:
    """See that nothing was erased or ended, and that everything that waited was fetched."""
    found = []
    kinds = {entry["k"] for entry in books.entries}
    if early := kinds & {"content.erased", "message.expired"}:
        found.append(f"too early: {', '.join(sorted(early))}")
    with closing(sqlite.connect(copy)) as connection:
        rows = connection.execute("SELECT id, state, body IS NULL FROM message").fetchall()
    found += [f"the content of {row[0]} is gone" for row in rows if row[2]]
    found += [f"{row[0]} was not delivered: {row[1]}" for row in rows if row[1] == "accepted"]
    if sorted(scene.accepted) != sorted(row[0] for row in rows):
        found.append(f"{len(scene.accepted)} messages were accepted, {len(rows)} are there")
    return found
