# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""One node: the parts side by side, as the lines use them.

Holds no rule of its own. ``directory`` is a snapshot that is replaced as a whole whenever an
organisation publishes something new; whoever reads it keeps the one it began with.
"""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field
from datetime import date
from threading import Lock
from time import monotonic

from sqlalchemy import Connection

from hub.audit.flood import Flood
from hub.audit.log import Log
from hub.audit.openings.store import Openings
from hub.audit.policy import Policy
from hub.audit.tail import Tail
from hub.audit.witnessed import WITHOUT
from hub.directory.participants import Directory
from hub.mailbox.waiting import WaitingRoom
from hub.model.network import Network
from hub.model.notification import ChannelName
from hub.notify.channel import Channels
from hub.protocols.catalogue import Catalogue
from hub.store.probe import Probe
from hub.store.readers import Readers
from hub.store.writer import Writer
from hub.trust.keys import PrivateSigningKey


@dataclass(frozen=True)
class HubKeys:
    """The hub's signing keys, one for each purpose; the log's key stays with the log."""

    receipt: PrivateSigningKey
    token: PrivateSigningKey
    cose: PrivateSigningKey
    """For receipts in COSE (RFC 9942)."""


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
    openings: Openings
    """What opens the commitments in the log; apart from the database."""
    clock: Callable[[], float]
    waiting: WaitingRoom = field(default_factory=WaitingRoom)
    flood: Flood = field(default_factory=Flood)
    outlets: Channels = field(default_factory=dict)
    """The ways to tell people that something is there; empty where none is set up."""
    last_turn: float | None = None
    """When the node last did all that was due, by ``monotonic``; None where it has no workers."""
    longest_pause: float = 60
    """Seconds between two turns, beyond which something is wrong."""
    refreshing: Lock = field(default_factory=Lock)
    """Held while a new snapshot is read and put in the place of the old one."""
    is_short_of_space: Callable[[], bool] = lambda: False
    """Whether so little room is left on the disk that no new message is taken."""
    is_set_back: Callable[[], bool] = lambda: False
    """Whether the log was found to be older than what has been signed, while the node ran."""
    policy: Policy = WITHOUT
    """Which witnesses have to have seen a checkpoint; without a policy none."""
    tail: Tail = field(default_factory=Tail)
    """The part of the log that not enough witnesses have seen yet."""
    stamping: Callable[[], Awaitable[object]] | None = None
    """Has the newest checkpoint stamped by an authority (RFC 3161), where one is set up."""
    tidy: Callable[[float], object] = lambda _now: None
    """Takes away what lies beside the database for longer than it may."""
    is_clock_trusted: bool = True
    rewritten_on: date | None = None
    """The night in which the database's file was written anew last, or was to be."""
    is_stopping: bool = False
    probe: Probe = field(init=False)

    def __post_init__(self) -> None:
        self.probe = Probe(self.writer)

    @property
    def channels(self) -> Collection[ChannelName]:
        """Name the ways in which people can be told that something is there."""
        return self.outlets.keys()

    def stop(self) -> None:
        """Be no longer ready, and send home whoever waits; what is under way goes on."""
        self.is_stopping = True
        self.waiting.close()

    def troubles(self) -> tuple[str, ...]:
        """Name what keeps the node from being ready, as far as it knows without asking anybody."""
        since = None if self.last_turn is None else monotonic() - self.last_turn
        troubles = {
            "stopping": self.is_stopping,
            "turn-late": since is not None and since > self.longest_pause,
            "clock-distrusted": not self.is_clock_trusted,
            "disk-short": self.is_short_of_space(),
            "disk-failed": self.writer.has_failed,
            "log-set-back": self.is_set_back(),
            "log-unwitnessed": self.tail.must_stop(self.clock()),
        }
        return tuple(name for name, there_is in troubles.items() if there_is)

    async def is_ready(self) -> bool:
        """Return whether new messages are welcome; answers within a fraction of a second."""
        return not self.troubles() and await self.probe.holds()
