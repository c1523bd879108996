# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How does the hub listen, and how long does it wait for whom?

uvicorn has no deadline for the head of a request and none for its body: who sends one header a
second stays connected. So here every connection has one absolute timer for what the client still
owes. It is set when the client has to send something and not moved by what dribbles in.

A limit on connections in all would let five hundred idle sockets shut everybody out; therefore
the limit is one for each address.
"""

import asyncio
import contextlib
import ipaddress
import socket
import ssl
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from typing import Any, Final

import h11
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from hub.web.headers import SECURITY_HEADERS
from hub.web.limits import HEAD_BYTES

_CIPHERS: Final = "ECDHE+AESGCM:ECDHE+CHACHA20"


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
    connections_per_address: int = 256


@dataclass(frozen=True)
class Listener:
    """Where the server listens, and who stands in front of it."""

    host: str = "127.0.0.1"
    port: int = 8080
    certificate: Path | None = None
    private_key: Path | None = None
    proxies: frozenset[str] = field(default_factory=frozenset)
    """Addresses of reverse proxies; from them alone forwarded headers count."""

    def check(self) -> None:
        """Refuse, by ``ValueError``, to carry requests across a network in the clear."""
        if self.certificate is None and not self.proxies and not _is_loopback(self.host):
            raise ValueError(
                "without a certificate and a reverse proxy the hub listens on loopback only"
            )


class PunctualProtocol(H11Protocol):
    """HTTP/1.1 with an absolute deadline for whatever the client still has to send."""

    patience: Patience
    open_connections: Counter[str]
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

    def connection_lost(self, exc: Exception | None) -> None:
        self.open_connections[self._address] -= 1
        if self.open_connections[self._address] <= 0:
            del self.open_connections[self._address]
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


class Server(uvicorn.Server):
    """uvicorn, with a word for when it listens and one for when it is told to stop."""

    def __init__(self, config: uvicorn.Config, on_stop: Callable[[], None]) -> None:
        super().__init__(config)
        self.is_listening = Event()
        self._on_stop = on_stop

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.is_listening.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._on_stop()
        await super().shutdown(sockets)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop on a signal without dying of it: a clean stop is exit code 0."""
        with super().capture_signals():
            yield
            self._captured_signals.clear()


def make_server(
    app: ASGIApp,
    listener: Listener,
    *,
    patience: Patience | None = None,
    on_stop: Callable[[], None] = lambda: None,
) -> Server:
    """Return a server that does not listen yet.

    ``on_stop`` is called when it is told to stop, before it waits for what is under way: the
    moment to be no longer ready and to wake those who wait.
    """
    listener.check()
    waits = patience or Patience()
    config = uvicorn.Config(
        app,
        host=listener.host,
        port=listener.port,
        http=_protocol(waits, listener.proxies),
        ws="none",
        # uvicorn takes a class as well as a name, though its types say otherwise.
        loop=_loop(waits),  # type: ignore[arg-type]
        interface="asgi3",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(listener.proxies),
        forwarded_allow_ips=sorted(listener.proxies),
        timeout_keep_alive=waits.idle_seconds,
        timeout_graceful_shutdown=waits.stop_seconds,
        h11_max_incomplete_event_size=HEAD_BYTES,
        ssl_context_factory=_tls(listener),
    )
    return Server(config, on_stop)


def serve(
    app: ASGIApp,
    listener: Listener,
    *,
    patience: Patience | None = None,
    on_stop: Callable[[], None] = lambda: None,
) -> None:
    """Listen until SIGTERM or SIGINT; returns when everything under way has ended."""
    server = make_server(app, listener, patience=patience, on_stop=on_stop)
    with bind(listener) as bound:
        server.run(sockets=[bound])


@contextlib.contextmanager
def serving(
    app: ASGIApp, listener: Listener | None = None, *, patience: Patience | None = None
) -> Iterator[int]:
    """Listen in a thread of its own for as long as the block lasts; gives the port."""
    where = listener or Listener(port=0)
    server = make_server(app, where, patience=patience)
    with bind(where) as bound:
        port: int = bound.getsockname()[1]
        thread = Thread(target=server.run, kwargs={"sockets": [bound]}, daemon=True)
        thread.start()
        try:
            while not server.is_listening.wait(timeout=0.1):
                if not thread.is_alive():
                    raise RuntimeError("the server does not start")
            yield port
        finally:
            server.should_exit = True
            thread.join()


def bind(listener: Listener) -> socket.socket:
    """Return the socket to listen on; with port 0 the system chooses one."""
    family = socket.AF_INET6 if ":" in listener.host else socket.AF_INET
    bound = socket.create_server((listener.host, listener.port), family=family, backlog=1024)
    # Head and body of an answer are two writes. Without this, which connections inherit, the
    # second one waits until the client has acknowledged the first: 40 ms on each answer.
    bound.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return bound


def _protocol(patience: Patience, proxies: frozenset[str]) -> type[asyncio.Protocol]:
    """Return the protocol of one server; the count of connections is its own."""
    members: dict[str, Any] = {
        "patience": patience,
        "proxies": proxies,
        "open_connections": Counter(),
    }
    return type("ThisServersProtocol", (PunctualProtocol,), members)


def _loop(patience: Patience) -> type[asyncio.AbstractEventLoop]:
    members = {"handshake_seconds": patience.head_seconds}
    return type("ThisServersLoop", (PunctualLoop,), members)


def _tls(
    listener: Listener,
) -> Callable[[uvicorn.Config, Callable[[], ssl.SSLContext]], ssl.SSLContext] | None:
    """Return how TLS is spoken: 1.3, or 1.2 with forward secrecy and AEAD (BSI TR-02102-2)."""
    certificate, private_key = listener.certificate, listener.private_key
    if certificate is None:
        return None

    def context(_: uvicorn.Config, __: Callable[[], ssl.SSLContext]) -> ssl.SSLContext:
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        made.minimum_version = ssl.TLSVersion.TLSv1_2
        made.set_ciphers(_CIPHERS)
        made.set_alpn_protocols(["http/1.1"])
        made.load_cert_chain(certificate, private_key)
        return made

    return context


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


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
