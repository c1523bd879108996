# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Is this an address out there, or one of a machine beside us?

Where somebody else names an address to call, a name can lead anywhere: so the name has to stand
on a list, and every address that it resolves to has to be one of the public network.
"""

import asyncio
import ipaddress
import socket
from typing import Final

LOOPBACK_NAMES: Final = frozenset({"localhost", "127.0.0.1", "::1"})


class NotOutside(ValueError):  # noqa: N818  a state of the address
    """The name leads to a machine that nobody outside may make us call."""


def is_loopback_name(host: str) -> bool:
    return host in LOOPBACK_NAMES


async def outside(host: str, port: int) -> tuple[str, ...]:
    """Resolve a name once and return its addresses, in the order in which to try them.

    Raises ``NotOutside`` where one of them is not of the public network; ``OSError`` where there
    are none. A name that is one of this machine may lead to this machine and nowhere else.
    """
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = tuple(dict.fromkeys(str(each[4][0]) for each in found))
    fits = _is_of_this_machine if is_loopback_name(host) else is_public
    if not all(map(fits, addresses)):
        raise NotOutside
    return addresses


def is_public(address: str) -> bool:
    """Tell whether an address is one of the public network, whichever way it is spelled."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv6Address):
        # What carries another address in it leads there, past every list.
        if parsed.ipv4_mapped or parsed.sixtofour or parsed.teredo or parsed in _TRANSLATED:
            return False
        if parsed.is_site_local:
            return False
    return parsed.is_global and not parsed.is_multicast and not parsed.is_reserved


def _is_of_this_machine(address: str) -> bool:
    return ipaddress.ip_address(address).is_loopback


_TRANSLATED: Final = ipaddress.ip_network("64:ff9b::/96")
