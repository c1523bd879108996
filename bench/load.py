# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The load: HTTP/1.1 on open connections, with as little work beside it as can be.

A closed loop says how much goes through: each client sends its next request once the last one is
answered. An open loop says how long it takes: requests come at their times, whether the hub keeps
up or not, and what waits for a free connection has waited.
"""

import asyncio
import gc
import re
import time
from collections import Counter, deque
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Final

_LENGTH: Final = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_END: Final = b"\r\n\r\n"
HOST: Final = "127.0.0.1"


@dataclass
class Played:
    """What came of a round."""

    seconds: float = 0
    generator_cpu: float = 0
    """Processor seconds of the generator itself; near ``seconds`` it would be the bottleneck."""
    statuses: Counter[int] = field(default_factory=Counter)
    latencies: list[float] = field(default_factory=list)
    samples: list[bytes] = field(default_factory=list)
    """Some answers, to be verified afterwards."""

    @property
    def count(self) -> int:
        return len(self.latencies)

    @property
    def rate(self) -> float:
        return self.count / self.seconds if self.seconds else 0.0

    def at(self, share: float) -> float:
        """Return the latency below which that share of the answers came, in milliseconds."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000

    def check(self, expected: int) -> None:
        """Refuse a round in which anything was answered otherwise: it measured something else."""
        if set(self.statuses) != {expected}:
            sample = self.samples[0][:400] if self.samples else b""
            raise RuntimeError(f"answers were {dict(self.statuses)}: {sample!r}")


class _Line(asyncio.Protocol):
    """One connection; one request at a time."""

    def __init__(self) -> None:
        self._answer = bytearray()
        self._needed = 0
        self._done: asyncio.Future[bytes] | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101  a TCP connection
        self._transport = transport

    def ask(self, request: bytes) -> asyncio.Future[bytes]:
        assert self._transport is not None  # noqa: S101  connected before use
        self._done = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return self._done

    def data_received(self, data: bytes) -> None:
        self._answer += data
        if not self._needed:
            head = self._answer.find(_END)
            if head < 0:
                return
            length = _LENGTH.search(self._answer, 0, head)
            self._needed = head + len(_END) + (int(length[1]) if length else 0)
        if len(self._answer) >= self._needed and self._done is not None:
            answer, self._answer, self._needed = bytes(self._answer), bytearray(), 0
            self._done.set_result(answer)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._done is not None and not self._done.done():
            self._done.set_exception(exc or ConnectionResetError("closed"))

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()


def closed_loop(port: int, queues: Sequence[Sequence[bytes]], seconds: float) -> Played:
    """Let one client for each queue send one request after the other, until time or queue end."""
    return asyncio.run(measured(_closed(port, queues, seconds)))


def open_loop(port: int, requests: Sequence[bytes], rate: float, lines: int = 64) -> Played:
    """Send requests at a constant rate; a latency counts from when its request was due."""
    return asyncio.run(measured(steady(port, requests, rate, lines)))


async def connect(port: int) -> _Line:
    """Open one connection."""
    _, line = await asyncio.get_running_loop().create_connection(_Line, HOST, port)
    return line


async def measured(round_: Coroutine[None, None, Played]) -> Played:
    """Play a round without the collector of garbage in it, and note what the generator used."""
    gc.collect()
    gc.disable()
    cpu = time.process_time()
    try:
        played = await round_
    finally:
        gc.enable()
    played.generator_cpu = time.process_time() - cpu
    return played


async def _closed(port: int, queues: Sequence[Sequence[bytes]], seconds: float) -> Played:
    played = Played()
    lines = [await connect(port) for _ in queues]
    begun = time.perf_counter()
    ends = begun + seconds

    async def client(line: _Line, queue: Sequence[bytes]) -> None:
        now = time.perf_counter()
        for request in queue:
            if now >= ends:
                return
            answer = await line.ask(request)
            now = _note(played, answer, now)

    await asyncio.gather(*(client(*pair) for pair in zip(lines, queues, strict=True)))
    played.seconds = time.perf_counter() - begun
    for line in lines:
        line.close()
    return played


async def steady(port: int, requests: Sequence[bytes], rate: float, lines: int = 64) -> Played:
    """Do what ``open_loop`` does, in a loop that runs already."""
    played = Played()
    free = deque([await connect(port) for _ in range(lines)])
    everyone = list(free)
    waiting: deque[tuple[bytes, float]] = deque()
    running: set[asyncio.Task[None]] = set()
    begun = time.perf_counter()

    async def serve(line: _Line) -> None:
        while waiting:
            request, due = waiting.popleft()
            _note(played, await line.ask(request), due)
        free.append(line)

    for number, request in enumerate(requests):
        due = begun + number / rate
        # Also where it is late: the answers want to be read.
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        waiting.append((request, due))
        if free:
            task = asyncio.create_task(serve(free.popleft()))
            running.add(task)
            task.add_done_callback(running.discard)
    while running:
        await asyncio.gather(*running)
    played.seconds = time.perf_counter() - begun
    for line in everyone:
        line.close()
    return played


def _note(played: Played, answer: bytes, since: float) -> float:
    now = time.perf_counter()
    played.latencies.append(now - since)
    status = int(answer[9:12])
    played.statuses[status] += 1
    if len(played.samples) < 10 or status >= 300:
        played.samples.append(answer.partition(_END)[2])
    return now
