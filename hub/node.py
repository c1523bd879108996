# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""One node: the parts side by side, as the lines use them.

Holds no rule of its own. ``directory`` is a snapshot that is replaced as a whole whenever an
organisation publishes something new; whoever reads it keeps the one it began with.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic

from sqlalchemy import Connection

from hub.audit.flood import Flood
from hub.audit.log import Log
from hub.directory.participants import Directory
from hub.errors import Failure
from hub.mailbox.waiting import WaitingRoom
from hub.model.network import Network
from hub.protocols.catalogue import Catalogue
from hub.store.readers import Readers
from hub.store.writer import Writer
from hub.trust.keys import PrivateSigningKey


@dataclass(frozen=True)
class HubKeys:
    """The hub's signing keys, one for each purpose; the log's key stays with the log."""

    receipt: PrivateSigningKey
    token: PrivateSigningKey


@dataclass
class Node:
    """What a line needs, put together by ``hub.main``."""

    hub_id: str
    public_url: str
    keys: HubKeys
    catalogue: Catalogue
    networks: tuple[Network, ...]
    directory: Directory
    read_directory: Callable[[Connection], Directory]
    """The directory as a transaction sees it: what the snapshot will be once that is committed."""
    readers: Readers
    writer: Writer
    log: Log
    clock: Callable[[], float]
    waiting: WaitingRoom = field(default_factory=WaitingRoom)
    flood: Flood = field(default_factory=Flood)
    last_turn: float | None = None
    """When the node last did all that was due, by ``monotonic``; None where it has no workers."""
    longest_pause: float = 60
    """Seconds between two turns, beyond which something is wrong."""
    refreshing: Lock = field(default_factory=Lock)
    """Held while a new snapshot is read and put in the place of the old one."""

    async def is_ready(self) -> bool:
        """Write nothing, and see whether the writer could, and whether the clocks still run."""
        if self.last_turn is not None and monotonic() - self.last_turn > self.longest_pause:
            return False
        try:
            await self.writer.commit(lambda _connection: None)
        except Failure:
            return False
        return self.writer.is_well
