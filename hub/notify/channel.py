# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is a way to tell people something, whichever it is?"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, Protocol, TypeAlias, runtime_checkable

from hub.model.notification import ChannelName

LONGEST_WAIT: Final = 900
"""Seconds that somebody else may ask us to wait (``Retry-After``)."""


@dataclass(frozen=True)
class Parcel:
    """What goes to one address at one time."""

    mark: str
    """The same for the same parcel, so that whoever gets it twice can tell."""
    address: str
    subject: str
    text: str
    short: str
    """For a short message."""
    is_urgent: bool


@dataclass(frozen=True)
class Result:
    """What became of a parcel."""

    outcome: Literal["sent", "refused", "later", "gone"]
    """``refused``: the address will never take it. ``gone``: nobody is there any more."""
    reason: str = ""
    """A code or the name of an error; never what the other side said."""
    retry_after: int | None = None
    """Seconds that the other side asks for."""


SENT: Final = Result("sent")


class Channel(Protocol):
    """Carries parcels. It raises nothing: whatever goes wrong, some parcel has it as result."""

    @property
    def name(self) -> ChannelName: ...

    async def send(self, parcels: Sequence[Parcel]) -> list[Result]:
        """Send the parcels and say of each what became of it, in the same order."""
        ...

    async def trouble(self) -> str:
        """Look, without sending anything, what is in the way; empty where nothing is."""
        ...


class NotAnEndpoint(ValueError):  # noqa: N818  a state of the address
    """This is no address of a push service that this hub calls."""


@runtime_checkable
class Waking(Channel, Protocol):
    """A channel to browsers, which subscribe to it themselves."""

    @property
    def public_key(self) -> str:
        """The key that a browser names when it subscribes (RFC 8292 § 3.2)."""
        ...

    def check(self, endpoint: str) -> None:
        """Raise ``NotAnEndpoint`` for an address that this hub never calls."""
        ...


Channels: TypeAlias = dict[ChannelName, Channel]


def wait_of(header: str | None) -> int | None:
    """Read ``Retry-After`` in seconds (RFC 9110 § 10.2.3), within reason; a date counts as none."""
    if header is None or not header.isascii() or not header.isdigit():
        return None
    return min(int(header[:9]), LONGEST_WAIT)
