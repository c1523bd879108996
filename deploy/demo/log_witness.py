# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who watches the log of the demo's hub? Two witnesses that its operator does not run.

Each is what anybody would run, ``meldeweg witness``: one belongs to the data protection officer,
one to a neighbouring hub. The hub shows them its log every two seconds, because this is a demo.
"""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from deploy.demo.place import ROOT, Place
from deploy.demo.processes import Processes, meldeweg
from deploy.demo.running import HOST, choose_port, fetch
from deploy.demo.tell import Failed, say

NAMES: Final = {
    "datenschutz": "zeuge.datenschutz.meldeweg.invalid/1",
    "nachbarhub": "zeuge.nachbarhub.meldeweg.invalid/1",
}
"""As the policy calls them, and as they sign."""
SOON: Final = 30
"""Seconds within which witnesses have to have seen everything; it takes two."""


@dataclass(frozen=True)
class Witness:
    """One of them, and where it takes checkpoints."""

    name: str
    vkey: str
    port: int
    state: Path

    @property
    def line(self) -> str:
        """The line of the policy."""
        return f"witness {self.name} {self.vkey} http://{HOST}:{self.port}\n"


def policy_of(place: Place) -> Path:
    """Return the file that says which witnesses are enough (C2SP tlog-policy)."""
    return place.path / "zeugen" / "policy"


async def open_witnesses(processes: Processes, log_key: str) -> tuple[Witness, ...]:
    """Set both up, start them, and tell the hub whom its log has to be shown to."""
    opened = await asyncio.gather(*(_open(processes, name, log_key) for name in NAMES))
    lines = [f"log {log_key}\n", *(each.line for each in opened)]
    lines += [f"group beide all {' '.join(NAMES)}\n", "quorum beide\n"]
    policy = policy_of(processes.place)
    (ROOT / policy).write_text("".join(lines), encoding="utf-8")
    processes.later["MELDEWEG_WITNESS_POLICY"] = str(policy)
    say(
        "Zwei Zeugen sehen dem Protokoll zu: einer der Datenschutzbeauftragten, einer eines "
        "Nachbarhubs. Bezeugt ist, was beide gesehen haben.",
        f"Sie sehen Größe, Prüfsumme und Zeit, keine Nachricht ({policy}).",
    )
    return tuple(opened)


async def _open(processes: Processes, name: str, log_key: str) -> Witness:
    place = processes.place
    state = place.path / "zeugen" / name
    where = ("--state", state)
    vkey = await meldeweg(processes, "witness", "init", *where, "--name", NAMES[name])
    await meldeweg(processes, "witness", "add-log", *where, log_key)
    port = choose_port(0)
    serving = ("witness", "serve", *where, "--host", HOST, "--port", port)
    await processes.start(
        f"zeuge-{name}", "deploy.demo.timed", ROOT / place.clock, *map(str, serving)
    )
    return Witness(name, vkey.strip(), port, state)


async def until_witnessed(hub_port: int) -> int:
    """Wait until both have seen all that is entered now; returns how many entries that are."""
    entered = await _size(hub_port, "/v1/log/checkpoint")
    for _ in range(SOON * 10):
        if (seen := await _size(hub_port, "/v1/log/checkpoint/witnessed")) >= entered:
            return seen
        await asyncio.sleep(0.1)
    raise Failed(f"Nach {SOON} Sekunden haben die Zeugen nicht alles gesehen.")


async def _size(port: int, path: str) -> int:
    try:
        note = await asyncio.to_thread(fetch, port, path)
    except ConnectionError:
        return -1
    return int(note.split(b"\n")[1])
