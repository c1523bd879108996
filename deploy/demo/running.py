# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The hub as a process of its own: founded, started, and ready."""

import asyncio
import http.client
import json
import socket
from pathlib import Path
from typing import Any, Final

from deploy.demo.processes import Processes, meldeweg
from deploy.demo.tell import Failed

HUB_ID: Final = "meldeweg.invalid/demo"
NETWORKS: Final = (
    Path("specs/networks/kreis-wesel.yaml"),
    Path("specs/networks/kreis-wesel-fachstellen.yaml"),
    Path("specs/networks/kreis-steinfurt.yaml"),
    Path("specs/networks/kreis-soest.yaml"),
    Path("specs/networks/krefeld.yaml"),
    Path("specs/networks/kreis-unna-werne.yaml"),
)
HOST: Final = "127.0.0.1"
START: Final = 60
"""Seconds until the hub has to be ready."""


def choose_port(wanted: int) -> int:
    """Return the port to use, with 0 one that the system chooses; refuses one that is taken."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, wanted))
        except (OSError, OverflowError):
            raise Failed(
                f"Auf dem Anschluss {wanted} lässt sich nicht hören; vielleicht ist er belegt. "
                f"Mit einem anderen starten: make run PORT={wanted % 60_000 + 1}"
            ) from None
        port: int = probe.getsockname()[1]
    return port


async def found(processes: Processes) -> str:
    """Set up a new hub with the participants of the network file as proposals."""
    said = await meldeweg(
        processes,
        "init",
        *("--data-dir", processes.place.hub),
        *("--hub-id", HUB_ID),
        *(part for network in NETWORKS for part in ("--network", network)),
    )
    return said.strip()


async def start(processes: Processes, port: int) -> int:
    """Start the hub and return its process id once it says that it is ready."""
    where = ("--data-dir", processes.place.hub, "--host", HOST, "--port", str(port))
    child = await processes.start("hub", "hub", "serve", *where)
    await ready(port, "Der Hub")
    return child.process.pid


def fetch(port: int, path: str) -> bytes:
    """Return what the hub answers to anybody; raises ``OSError`` where it does not answer."""
    line = http.client.HTTPConnection("localhost", port, timeout=10)
    try:
        line.request("GET", path)
        answer = line.getresponse()
        if answer.status not in {http.client.OK, http.client.NO_CONTENT}:
            raise ConnectionError(f"status {answer.status}")
        return answer.read()
    finally:
        line.close()


async def well_known(port: int) -> dict[str, Any]:
    """Return what the hub says of itself."""
    said: dict[str, Any] = json.loads(await asyncio.to_thread(fetch, port, "/.well-known/meldeweg"))
    return said


async def ready(port: int, name: str) -> None:
    """Wait until what listens on this port says that it is ready."""
    for _ in range(START * 10):
        try:
            await asyncio.to_thread(fetch, port, "/health/ready")
        except OSError:
            await asyncio.sleep(0.1)
        else:
            return
    raise Failed(f"{name} ist nach {START} Sekunden nicht bereit.")
