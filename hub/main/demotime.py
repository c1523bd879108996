# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which hub may live by a clock that somebody puts? Only one that holds nothing real.

Deadlines that run out cannot be taken back, and the times in the log are evidence. So a clock is
put only where every network is a demonstration and nobody but this machine is listened to.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from hub import clock
from hub.directory.network import load_network
from hub.enrol.sessions import is_loopback
from hub.errors import Failure
from hub.main.folder import DataDir
from hub.settings import Settings


class DemoClockForbidden(Failure):
    """The environment names a clock for demonstrations, and this is none."""


@contextmanager
def demonstrated(data: DataDir, public_url: str, host: str = "127.0.0.1") -> Iterator[bool]:
    """Live by the clock for demonstrations where the environment names one; tells whether it does.

    Raises ``DemoClockForbidden`` where one is named and the hub is not a mere demonstration.
    """
    named = clock.demo_clock()
    if named is None:
        yield False
        return
    if reason := why_forbidden(data, public_url, host):
        raise DemoClockForbidden(f"{clock.VARIABLE} ist gesetzt, aber {reason}.")
    with clock.lived_by(named):
        yield True


def keep_time(data: DataDir, settings: Settings) -> None:
    """Let a command that looks at a demonstration live by its clock; at others by the machine's."""
    named = clock.demo_clock()
    if named is not None and why_forbidden(data, settings.public_url, settings.host) is None:
        clock.live_by(named)


def why_forbidden(data: DataDir, public_url: str, host: str) -> str | None:
    """Say in German why the clock of this hub must not be put; None where it may."""
    networks = [load_network(path) for path in data.network_files()]
    if not networks or not all(network.demo for network in networks):
        return "nicht jedes Netz dieses Hubs ist eine Vorführung (demo: true)"
    if not is_loopback(host) or not is_loopback(urlsplit(public_url).hostname or ""):
        return "der Hub ist nicht nur auf diesem Rechner zu erreichen"
    return None
