# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How long does the hub wait for whom, and for how many at once?

uvicorn has no deadline for the head of a request and none for its body: who sends one header a
second stays connected. So here every connection has one absolute timer for what the client still
owes. It is set when the client has to send something and not moved by what dribbles in.

A limit on connections that turns the next one away would let five hundred idle sockets shut
everybody out. So the limit that turns away is one for each address, and where there are too many
in all, the one goes that has said nothing for longest.
"""

import asyncio
import ipaddress
import ssl
from collections import Counter
from dataclasses import dataclass
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

from hub.web.headers import SECURITY_HEADERS


@dataclass(frozen=True)
class Patience:
    """How long and how much the server waits for."""

    head_seconds: float = 10
    """From the first chance to send until the head is complete."""
    body_seconds: float = 30
    """From the head until the whole body is there; and for the client to take an answer."""
    idle_seconds: int = 5
    """Between two requests."""
    stop_seconds: int = 20
    """For requests under way once the server has been told to stop."""
    discarded_bytes: int = 1_048_576
    """What may still come of a body after the answer."""
    drain_seconds: float = 0
    """Between being told to stop and closing the door: a load balancer has to notice."""
    connections_per_address: int = 256
    connections: int = 2048
    """In all; beyond, the one that has been idle for longest has to go."""


class PunctualProtocol(H11Protocol):
    """HTTP/1.1 with an absolute deadline for whatever the client still has to send."""

    patience: Patience
    open_connections: Counter[str]
    idle: dict["PunctualProtocol", None]
    """Those from whom nothing has come yet of their next request, the longest first."""
    proxies: frozenset[str]

    _timer: asyncio.TimerHandle | None = None
    _awaited: tuple[object, object] | None = None
    _stalled: asyncio.TimerHandle | None = None
    _discarded = 0
    _address = ""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._address = _address_group(self.client)
        self.open_connections[self._address] += 1
        is_proxy = self.client is not None and self.client[0] in self.proxies
        most = self.patience.connections_per_address
        if self.open_connections[self._address] > most and not is_proxy:
            transport.abort()
        self._watch()
        if len(self.connections) > self.patience.connections:
            next(iter(self.idle)).transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        self.open_connections[self._address] -= 1
        if self.open_connections[self._address] <= 0:
            del self.open_connections[self._address]
        self.idle.pop(self, None)
        self._cancel_timers()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self.conn.our_state in {h11.DONE, h11.MUST_CLOSE}:
            self._discarded += len(data)
        if self._discarded > self.patience.discarded_bytes:
            self.transport.abort()
            return
        super().data_received(data)
        self._watch()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._watch()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._stalled = self.loop.call_later(self.patience.body_seconds, self._too_slow)

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._stalled is not None:
            self._stalled.cancel()

    def end_with_the_answer(self, headers: list[tuple[bytes, bytes]]) -> None:
        """Give the answer under way these headers, if it has not begun; they say that it is last.

        Of the types of the parent, ``cycle`` hides that there may be none.
        """
        cycle: RequestResponseCycle | None = self.cycle
        if cycle is not None:
            cycle.default_headers = headers

    def send_400_response(self, msg: str) -> None:
        """Answer what is not HTTP, with the headers that every answer has and without a word."""
        del msg
        if self.conn.our_state in {h11.IDLE, h11.SEND_RESPONSE}:
            headers = [*SECURITY_HEADERS, ("content-length", "0"), ("connection", "close")]
            answer = h11.Response(status_code=400, headers=headers, reason=b"Bad Request")
            self.transport.write(self.conn.send(answer) or b"")
        self.transport.close()

    def _watch(self) -> None:
        """Keep the timer where the client owes the same as before; set another otherwise."""
        owed = self.conn.their_state
        # The cycle tells two requests apart that follow each other in one packet.
        awaited = (owed, self.cycle)
        if awaited == self._awaited:
            return
        self._awaited = awaited
        self._discarded = 0
        self.idle.pop(self, None)
        if owed is h11.IDLE:
            self.idle[self] = None
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        seconds = {
            h11.IDLE: self.patience.head_seconds,
            h11.SEND_BODY: self.patience.body_seconds,
        }.get(owed)
        if self.transport.is_closing():
            # What was written last may still wait for a client that does not read.
            seconds = self.patience.body_seconds
        if seconds is not None:
            self._timer = self.loop.call_later(seconds, self._too_slow)

    def _too_slow(self) -> None:
        self.transport.abort()

    def _cancel_timers(self) -> None:
        for timer in (self._timer, self._stalled):
            if timer is not None:
                timer.cancel()


class PunctualLoop(asyncio.SelectorEventLoop):
    """An event loop in which the TLS handshake has the deadline of a head; asyncio has a minute."""

    handshake_seconds: float = Patience.head_seconds

    async def create_server(  # type: ignore[override]
        self, *args: Any, ssl: ssl.SSLContext | None = None, **others: Any
    ) -> asyncio.Server:
        if ssl is not None:
            others["ssl_handshake_timeout"] = self.handshake_seconds
        server: asyncio.Server = await super().create_server(*args, ssl=ssl, **others)
        return server


def _address_group(client: tuple[str, int] | None) -> str:
    """Return what counts as one address: for IPv6 the network that one customer gets."""
    if client is None:
        return ""
    try:
        address = ipaddress.ip_address(client[0].partition("%")[0])
    except ValueError:
        return client[0]
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is None:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return client[0]
