# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Those who take up room: ``python -m bench.abusers --port N --seconds S [--flood]``.

Idle connections, heads and bodies that drip; with ``--flood``, bodies of the largest size from
everywhere, as many as are taken. Who is cut off comes again at once. Ends by itself and prints
what it saw as JSON.
"""

import argparse
import asyncio
import contextlib
import json
import time
from collections import Counter
from collections.abc import Callable, Coroutine
from typing import Final

from bench.load import HOST

IDLE: Final = 500
SLOW: Final = 100
FLOOD: Final = 200
BODY: Final = 262_144
ADDRESSES: Final = 40
_PAUSE: Final = 0.05
_HELD: Final = 5.0
"""Seconds for which a flooding client keeps its last byte back, every other time."""


class Abusers:
    """Everything that is tried, and what came of it."""

    def __init__(self, port: int, seconds: float) -> None:
        self._port = port
        self._ends = time.monotonic() + seconds
        self.seen: Counter[str] = Counter()

    async def sit(self, number: int) -> None:
        """Connect, and say nothing until one is cut off."""
        reader, writer = await self._connect(number)
        await self._until_cut(reader)
        writer.close()

    async def drip_head(self, number: int) -> None:
        reader, writer = await self._connect(number)
        writer.write(b"GET / HTTP/1.1\r\nHost: localhost\r\n")
        await self._drip(reader, writer, b"X-A: b\r\n")

    async def drip_body(self, number: int) -> None:
        reader, writer = await self._connect(number)
        writer.write(_head(100_000))
        await self._drip(reader, writer, b"x")

    async def flood(self, number: int) -> None:
        """Send a body of the largest size; every other time all of it but the last byte."""
        reader, writer = await self._connect(number)
        for turn in range(100):
            writer.write(_head(BODY) + b"x" * (BODY - 1))
            if turn % 2:
                await asyncio.sleep(_HELD)
            writer.write(b"x")
            answer = await reader.readuntil(b"\r\n\r\n")
            self.seen[answer[9:12].decode()] += 1
            length = answer.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
            await reader.readexactly(int(length or 0))

    async def again(self, what: Callable[[int], Coroutine[None, None, None]], number: int) -> None:
        """Do it until the time is over, and anew whenever it was cut off."""
        while (left := self._ends - time.monotonic()) > 0:
            with contextlib.suppress(OSError, EOFError, TimeoutError, ValueError):
                async with asyncio.timeout(left):
                    await what(number)
            self.seen["cut off"] += 1
            await asyncio.sleep(_PAUSE)

    async def _connect(self, number: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        source = f"127.0.2.{1 + number % ADDRESSES}"
        line = await asyncio.open_connection(HOST, self._port, local_addr=(source, 0))
        self.seen["connected"] += 1
        return line

    async def _until_cut(self, reader: asyncio.StreamReader) -> None:
        while await reader.read(4096):
            pass

    async def _drip(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, drop: bytes
    ) -> None:
        cut = asyncio.create_task(self._until_cut(reader))
        while not cut.done():
            writer.write(drop)
            await asyncio.wait({cut}, timeout=1)
        writer.close()


def _head(length: int) -> bytes:
    """Announce a body that is read before it is known who sends it."""
    return (
        b"PUT /v1/directory/schule:999001 HTTP/1.1\r\nHost: localhost\r\n"
        b"Content-Type: application/jwt\r\nContent-Length: %d\r\n\r\n" % length
    )


async def play(port: int, seconds: float, *, is_flood: bool) -> dict[str, int]:
    """Let all of them do their worst at the same time."""
    abusers = Abusers(port, seconds)
    crowd = [(abusers.flood, FLOOD)]
    if not is_flood:
        crowd = [(abusers.sit, IDLE), (abusers.drip_head, SLOW), (abusers.drip_body, SLOW)]
    await asyncio.gather(
        *(abusers.again(what, number) for what, count in crowd for number in range(count))
    )
    return dict(abusers.seen)


def main() -> None:
    """Do it, and print what was seen."""
    said = argparse.ArgumentParser(description=__doc__)
    said.add_argument("--port", type=int, required=True)
    said.add_argument("--seconds", type=float, required=True)
    said.add_argument("--flood", action="store_true")
    given = said.parse_args()
    seen = asyncio.run(play(given.port, given.seconds, is_flood=given.flood))
    print(json.dumps(seen))


if __name__ == "__main__":
    main()
