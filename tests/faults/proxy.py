# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A line that carries every request to the hub and loses the answers to some.

It cuts the connection of the client once the whole request has arrived at the hub: before a byte of
the answer comes through, after the first, or in the middle. The hub is heard to the end, so that it
is known what the client did not hear.
"""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

MOMENTS: Final = (0.0, 0.001, 0.5, 0.99)
"""How much of an answer comes through before the connection is cut."""
_REQUEST: Final = re.compile(rb"^(?:PUT|POST|GET|PATCH|DELETE) (\S+) HTTP/1\.1\r\n")
_LENGTH: Final = re.compile(rb"\r\ncontent-length: *(\d+)\r\n", re.IGNORECASE)


@dataclass
class Proxy:
    """What was carried, and what was lost."""

    target: int
    """Port of the hub."""
    cut: Callable[[str], float | None] = lambda _path: None
    """Asked for the path of each request: how much of the answer comes through, None for all."""
    answers: dict[str, list[bytes]] = field(default_factory=dict)
    """Bodies of what the hub answered to the requests for a path, also of those that were lost."""
    requests: dict[str, list[bytes]] = field(default_factory=dict)
    """The requests themselves, head and body."""
    lost: int = 0

    async def carry(self, client: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        """Carry the requests of one connection, until either side ends it or it is cut."""
        # A line that is still open when the block ends is ended with it.
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            reader, writer = await asyncio.open_connection("127.0.0.1", self.target)
            try:
                while await self._carry_one((client, back), (reader, writer)):
                    pass
            finally:
                writer.close()
                back.close()

    async def _carry_one(
        self,
        near: tuple[asyncio.StreamReader, asyncio.StreamWriter],
        far: tuple[asyncio.StreamReader, asyncio.StreamWriter],
    ) -> bool:
        request = await _whole(near[0])
        path = _path(request)
        share = self.cut(path)
        self.requests.setdefault(path, []).append(request)
        far[1].write(request)
        await far[1].drain()
        answer = await _whole(far[0])
        self.answers.setdefault(path, []).append(answer.partition(b"\r\n\r\n")[2])
        if share is None:
            near[1].write(answer)
            await near[1].drain()
            return True
        self.lost += 1
        near[1].write(answer[: round(len(answer) * share)])
        return False


@asynccontextmanager
async def a_proxy(port: int, proxy: Proxy) -> AsyncIterator[Proxy]:
    """Carry what comes to a port for as long as the block lasts."""
    async with await asyncio.start_server(proxy.carry, "127.0.0.1", port):
        yield proxy


async def _whole(reader: asyncio.StreamReader) -> bytes:
    """Read a head and the body that it announces; all requests and answers here announce one."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = _LENGTH.search(head)
    return head + (await reader.readexactly(int(length[1])) if length else b"")


def _path(request: bytes) -> str:
    line = _REQUEST.match(request)
    return line[1].decode() if line else ""
