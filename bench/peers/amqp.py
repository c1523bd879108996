# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""As much of AMQP 0-9-1 as it takes to publish and wait for the confirm.

A client library would cost more than the broker does, and the broker would look slow.
"""

import asyncio
import struct
import time
from collections.abc import Callable, Coroutine, Sequence
from typing import Final

from bench.load import HOST, Played, measured

QUEUE: Final = b"bench"
CONFIRMED: Final = 200
"""Stands in the place of an HTTP status."""
_METHOD, _HEADER, _BODY = 1, 2, 3
_END: Final = b"\xce"
_START, _TUNE, _OPEN_OK = (10, 10), (10, 30), (10, 41)
_CHANNEL_OK, _DECLARED, _PURGED, _SELECTED = (20, 11), (50, 11), (50, 31), (85, 11)
_ACK: Final = (60, 80)
_PERSISTENT: Final = 2
_DELIVERY_MODE: Final = 1 << 12


def publishing(body: bytes) -> bytes:
    """Return the frames that publish one persistent message to the durable queue."""
    method = struct.pack(">HHH", 60, 40, 0) + _short(b"") + _short(QUEUE) + b"\x00"
    header = struct.pack(">HHQHB", 60, 0, len(body), _DELIVERY_MODE, _PERSISTENT)
    return _frame(_METHOD, 1, method) + _frame(_HEADER, 1, header) + _frame(_BODY, 1, body)


def publish_loop(port: int, queues: Sequence[Sequence[bytes]], seconds: float) -> Played:
    """Let one publisher for each queue publish and await its confirm, by turns."""
    return asyncio.run(measured(_publish(port, queues, seconds)))


async def is_there(port: int) -> bool:
    """Tell whether a broker answers and lets us in; makes the queue, and empties it."""
    try:
        publisher = await _Publisher.connected(port)
    except (OSError, asyncio.IncompleteReadError):
        return False
    await publisher.call(struct.pack(">HHH", 50, 30, 0) + _short(QUEUE) + b"\x00", _PURGED)
    publisher.close()
    return True


class _Publisher:
    """One connection with one channel in confirm mode."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def connected(cls, port: int) -> "_Publisher":
        """Shake hands, open a channel, declare the durable queue, ask for confirms."""
        self = cls(*await asyncio.open_connection(HOST, port))
        self._writer.write(b"AMQP\x00\x00\x09\x01")
        await self._await(_START)
        login = _short(b"PLAIN") + struct.pack(">I", 12) + b"\x00guest\x00guest" + _short(b"en_US")
        self._send(0, struct.pack(">HHI", 10, 11, 0) + login)
        await self._await(_TUNE)
        self._send(0, struct.pack(">HHHIH", 10, 31, 8, 131_072, 0))
        self._send(0, struct.pack(">HH", 10, 40) + _short(b"/") + _short(b"") + b"\x00")
        await self._await(_OPEN_OK)
        await self.call(struct.pack(">HH", 20, 10) + _short(b""), _CHANNEL_OK)
        durable = b"\x02" + struct.pack(">I", 0)
        await self.call(struct.pack(">HHH", 50, 10, 0) + _short(QUEUE) + durable, _DECLARED)
        await self.call(struct.pack(">HH", 85, 10) + b"\x00", _SELECTED)
        return self

    async def call(self, payload: bytes, answer: tuple[int, int]) -> None:
        self._send(1, payload)
        await self._await(answer)

    async def publish(self, frames: bytes) -> None:
        """Publish, and return once the broker says that it has the message on its disk."""
        self._writer.write(frames)
        await self._await(_ACK)

    def close(self) -> None:
        self._writer.close()

    def _send(self, channel: int, payload: bytes) -> None:
        self._writer.write(_frame(_METHOD, channel, payload))

    async def _await(self, wanted: tuple[int, int]) -> None:
        while True:
            kind, _, length = struct.unpack(">BHI", await self._reader.readexactly(7))
            payload = await self._reader.readexactly(length + 1)
            if kind == _METHOD:
                said = struct.unpack_from(">HH", payload)
                if said == wanted:
                    return
                raise OSError(f"the broker said {said}: {payload[4:-1]!r}")


async def _publish(port: int, queues: Sequence[Sequence[bytes]], seconds: float) -> Played:
    played = Played()
    publishers = [await _Publisher.connected(port) for _ in queues]
    begun = time.perf_counter()

    async def client(
        publish: Callable[[bytes], Coroutine[None, None, None]], queue: Sequence[bytes]
    ) -> None:
        now = time.perf_counter()
        for frames in queue:
            if now >= begun + seconds:
                return
            await publish(frames)
            then, now = now, time.perf_counter()
            played.latencies.append(now - then)
            played.statuses[CONFIRMED] += 1

    pairs = zip(publishers, queues, strict=True)
    await asyncio.gather(*(client(publisher.publish, queue) for publisher, queue in pairs))
    played.seconds = time.perf_counter() - begun
    for publisher in publishers:
        publisher.close()
    return played


def _short(text: bytes) -> bytes:
    return bytes([len(text)]) + text


def _frame(kind: int, channel: int, payload: bytes) -> bytes:
    return struct.pack(">BHI", kind, channel, len(payload)) + payload + _END
