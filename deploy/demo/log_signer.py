# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who signs the log of the demo's hub? A process of its own, which has the key alone."""

import asyncio
from pathlib import Path
from typing import Final

from deploy.demo.place import ROOT, Place
from deploy.demo.processes import Processes, meldeweg
from deploy.demo.tell import Failed, say

START: Final = 30
"""Seconds until the signer has to answer."""


def socket_of(place: Place) -> Path:
    """Return where the hub asks the signer."""
    return place.path / "unterschreiber.sock"


def state_of(place: Place) -> Path:
    """Return the folder that only the signer reads where it is a user of its own."""
    return place.path / "unterschreiber"


async def open_signer(processes: Processes) -> str:
    """Take the key away from a hub that does not run yet; returns the public key of the log."""
    place = processes.place
    state, socket = state_of(place), socket_of(place)
    await meldeweg(processes, "signer", "adopt", "--state", state, "--data-dir", place.hub)
    serving = ("signer", "serve", "--state", state, "--socket", socket)
    await processes.start("signer", "deploy.demo.timed", ROOT / place.clock, *serving)
    key = await _public_key(ROOT / socket)
    processes.later["MELDEWEG_SIGNER"] = str(socket)
    say(
        "Das Protokoll unterschreibt ein eigener Prozess, und nur was sein letztes Wort "
        "fortsetzt. Der Hub hat den Schlüssel nicht mehr."
    )
    return key


async def _public_key(socket: Path) -> str:
    for _ in range(START * 10):
        try:
            reading, writing = await asyncio.open_unix_connection(socket)
        except OSError:
            await asyncio.sleep(0.1)
            continue
        writing.write(b"GET /keys HTTP/1.0\r\n\r\n")
        answer = (await reading.read()).decode()
        writing.close()
        return answer.partition("\r\n\r\n")[2].strip()
    raise Failed(f"Der Unterschreiber ist nach {START} Sekunden nicht bereit.")
