# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How does the hub listen, and how does it stop?

Whoever is told to stop has promised something to those who are being served: what was committed
is also answered. So the door closes first, then everything under way comes to its end, and only
what takes too long is cut off.
"""

import asyncio
import contextlib
import gc
import ipaddress
import socket
import ssl
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from math import inf
from pathlib import Path
from threading import Event, Thread
from types import FrameType
from typing import Any, Final

import uvicorn
from starlette.types import ASGIApp

from hub.web.connection import Patience, PunctualLoop, PunctualProtocol
from hub.web.limits import HEAD_BYTES

__all__ = ["Listener", "Patience", "Server", "bind", "make_server", "serve", "serving"]
_CIPHERS: Final = "ECDHE+AESGCM:ECDHE+CHACHA20"
_CLOSE: Final = (b"connection", b"close")
COLLECTED: Final = 20_000
"""Objects that may be made and not yet be gone before the collector looks for cycles."""
GRACE: Final = 0.3
"""Seconds that an idle connection has for a request that is on its way when the hub stops."""
HASTE: Final = 2.0
"""Seconds that are left to requests under way after a second signal."""


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


@dataclass(frozen=True)
class Told:
    """What the server says to the program around it, and what it asks."""

    on_stop: Callable[[], None] = lambda: None
    """Called before it waits for what is under way: the moment to be no longer ready."""
    on_signal: Callable[[], None] = lambda: None
    """Called in the handler of a signal, where next to nothing may be done."""
    must_stop: Callable[[], bool] = lambda: False
    """Asked ten times a second."""


class Server(uvicorn.Server):
    """uvicorn, with a word for when it listens and an orderly way to stop."""

    def __init__(self, config: uvicorn.Config, patience: Patience, told: Told) -> None:
        super().__init__(config)
        self.is_listening = Event()
        self._patience = patience
        self._told = told
        self._latest = inf

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.is_listening.set()

    async def on_tick(self, counter: int) -> bool:
        return await super().on_tick(counter) or self._told.must_stop()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close the door, let finish what is under way, and then what runs beside it."""
        self._told.on_stop()
        self._ask_to_close()
        await self._wait(self._patience.drain_seconds)
        await self._stop_accepting(sockets or [])
        await self._wait(GRACE)
        for connection in list(self.server_state.connections):
            # Closes what is idle; everything else closes with its answer.
            connection.shutdown()
        await self._wait(self._patience.stop_seconds)
        for task in list(self.server_state.tasks):
            task.cancel()
        await self.lifespan.shutdown()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop; at the second signal in haste."""
        del sig, frame
        if self.should_exit:
            self._latest = min(self._latest, time.monotonic() + HASTE)
        self.should_exit = True
        self._told.on_signal()

    def _ask_to_close(self) -> None:
        """Have every answer from now on say that the connection ends with it (RFC 9112 § 9.6)."""
        headers = [*self.server_state.default_headers, _CLOSE]
        self.server_state.default_headers = headers
        for connection in self.server_state.connections:
            if isinstance(connection, PunctualProtocol):
                connection.end_with_the_answer(headers)

    async def _stop_accepting(self, sockets: list[socket.socket]) -> None:
        """Give a place to everybody who was let in, and close the door behind the last.

        The system lets clients in by itself. Whoever waits when the socket is closed would be cut
        off with a request that was sent already; so nothing else runs between the last one and the
        door.
        """
        loop = asyncio.get_running_loop()
        for server in self.servers:
            for listening in server.sockets:
                loop.remove_reader(listening.fileno())
        waiting = [client for bound in sockets for client in _let_in(bound)]
        for server in self.servers:
            server.close()
        for bound in sockets:
            bound.close()
        for client in waiting:
            with contextlib.suppress(OSError):
                await loop.connect_accepted_socket(self._protocol, client, ssl=self.config.ssl)
        # Whoever came a little earlier has yet to be given its place.
        for _ in range(3):
            await asyncio.sleep(0)

    def _protocol(self) -> asyncio.Protocol:
        made: asyncio.Protocol = self.config.http_protocol_class(  # type: ignore[call-arg]
            config=self.config, server_state=self.server_state, app_state=self.lifespan.state
        )
        return made

    async def _wait(self, seconds: float) -> None:
        """Wait until nobody is connected and nothing under way, and no longer than this."""
        until = time.monotonic() + seconds
        state = self.server_state
        while state.connections or state.tasks or self._is_open:
            if time.monotonic() >= min(until, self._latest):
                return
            await asyncio.sleep(0.02)

    @property
    def _is_open(self) -> bool:
        return any(server.is_serving() for server in self.servers)


def make_server(
    app: ASGIApp,
    listener: Listener,
    *,
    patience: Patience | None = None,
    on_stop: Callable[[], None] = lambda: None,
    told: Told | None = None,
    kind: type[Server] | None = None,
) -> Server:
    """Return a server that does not listen yet; ``on_stop`` alone is the short form of ``told``."""
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
        h11_max_incomplete_event_size=HEAD_BYTES,
        ssl_context_factory=_tls(listener),
    )
    return (kind or Server)(config, waits, told or Told(on_stop))


def serve(
    app: ASGIApp,
    listener: Listener,
    *,
    patience: Patience | None = None,
    on_stop: Callable[[], None] = lambda: None,
    told: Told | None = None,
) -> None:
    """Listen until SIGTERM or SIGINT; returns when everything under way has ended."""
    server = make_server(app, listener, patience=patience, on_stop=on_stop, told=told)
    _rest_the_collector()
    with bind(listener) as bound:
        server.run(sockets=[bound])


def _rest_the_collector() -> None:
    """Let the garbage collector leave alone what stays for as long as the process lives.

    Catalogue, directory and application are a quarter of a million objects that it would look
    through again and again. What a request leaves behind goes with its last reference.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECTED)


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
        "idle": {},
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


def _let_in(listening: socket.socket) -> Iterator[socket.socket]:
    """Return the connections that the system has made already and nobody has taken."""
    with contextlib.suppress(OSError):
        while True:
            client, _ = listening.accept()
            client.settimeout(0)
            yield client


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
