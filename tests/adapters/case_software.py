# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Case software with an interface: a real HTTPS server that keeps each message once.

It checks our signature itself, from the headers alone, as the maker of another system would.
"""

import json
import re
import ssl
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from hub.adapters.stand import Spoiling
from hub.sealing.canonical import unb64
from hub.trust.keys import PrivateSigningKey
from tests.receivers import Certificates

PATH = "/meldungen"


@dataclass
class CaseSoftware:
    """What the system has, and how it behaves."""

    port: int = 0
    cases: list[str] = field(default_factory=list)
    """An id for each case that was made; twice the same would be two cases."""
    kept: dict[str, str] = field(default_factory=dict)
    """Digest by id."""
    bodies: dict[str, bytes] = field(default_factory=dict)
    heads: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    unsigned: int = 0
    weather: Spoiling | None = None
    repeats_whatever: bool = False
    """A liar that repeats id and digest too."""
    answer: tuple[int, dict[str, str], bytes] | None = None
    """What is answered to everything, where something is laid down."""
    let_go: Event = field(default_factory=Event)
    key: PrivateSigningKey = field(default_factory=PrivateSigningKey.generate)
    lock: Lock = field(default_factory=Lock)
    written: Callable[[str, str], None] = lambda _id, _digest: None
    """Told of a case that was made, before anything is answered."""

    def settings(self, folder: Path) -> dict[str, Any]:
        if not (folder / "signieren.pem").exists():
            self.key.save(folder / "signieren.pem")
            (folder / "token").write_text("erfundenes-token\n", "ascii")
        return {
            "kind": "https",
            "url": f"https://localhost:{self.port}{PATH}",
            "ca": "zertifikate/authority.pem",
            "signing_key": "signieren.pem",
            "token": "token",
        }

    def keep(self, message_id: str, body: bytes, digest: str) -> bool:
        """Make a case, or find that it is there."""
        with self.lock:
            if message_id in self.kept:
                return False
            self.cases.append(message_id)
            self.kept[message_id] = digest
            self.bodies[message_id] = body
            self.written(message_id, digest)
            return True


class _Clerk(BaseHTTPRequestHandler):
    system: CaseSoftware

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self._note()
        if self._is_spoiled_before():
            return
        message_id = json.loads(self.headers["idempotency-key"])
        digest = f"sha-256=:{b64encode(sha256(body).digest()).decode()}:"
        said = {"id": message_id, "digest": digest}
        if self.system.weather == "lying":
            self._say(200, said if self.system.repeats_whatever else {"ok": True})
            return
        if digest != self.headers["content-digest"] or not self._is_signed():
            self.system.unsigned += 1
            self._say(401, {})
            return
        is_new = self.system.keep(message_id, body, digest)
        if self.system.weather == "slow":
            self.system.let_go.wait(10)
        if self.system.weather == "cut":
            self.connection.close()
            return
        self._say(201 if is_new else 200, {**said, "repeated": not is_new})

    def do_GET(self) -> None:
        self._note()
        if self._is_spoiled_before():
            return
        message_id = self.path.removeprefix(f"{PATH}/")
        digest = self.system.kept.get(message_id)
        self._say(200 if digest else 404, {"id": message_id, "digest": digest} if digest else {})

    def do_OPTIONS(self) -> None:
        if not self._is_spoiled_before():
            self._say(204, {})

    def log_message(self, *_: Any) -> None:
        pass

    def _is_spoiled_before(self) -> bool:
        if self.system.answer is not None:
            status, head, body = self.system.answer
            self._say_raw(status, head, body)
            return True
        statuses = {"failing": 500, "full": 507}
        if self.system.weather in statuses:
            self._say(statuses[self.system.weather], {"detail": "Erfunden-Merkmal"})
            return True
        if self.system.weather == "away":
            self.close_connection = True
            self.connection.close()
            return True
        return False

    def _note(self) -> None:
        head = {name.lower(): value for name, value in self.headers.items()}
        self.system.heads.append((self.path, head))

    def _is_signed(self) -> bool:
        """Verify as RFC 9421 says, with nothing of ours."""
        said = re.fullmatch(r"(\w+)=(\((.*?)\);.*)", self.headers["signature-input"])
        assert said is not None
        target = f"https://{self.headers['host']}{self.path}"
        derived = {"@method": self.command, "@target-uri": target}
        names = re.findall(r'"([^"]+)"', said[3])
        lines = [f'"{name}": {derived.get(name) or self.headers[name]}' for name in names]
        base = "\n".join([*lines, f'"@signature-params": {said[2]}']).encode()
        signature = b64decode(self.headers["signature"].split(":")[1])
        public = Ed25519PublicKey.from_public_bytes(unb64(self.system.key.jwk.x))
        try:
            public.verify(signature, base)
        except InvalidSignature:
            return False
        return {"@method", "@target-uri", "content-digest", "idempotency-key"} <= set(names)

    def _say(self, status: int, said: dict[str, Any]) -> None:
        self._say_raw(status, {"content-type": "application/json"}, json.dumps(said).encode())

    def _say_raw(self, status: int, head: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in head.items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("content-length", str(len(body)))
        self.end_headers()
        if status != 204:
            self.wfile.write(body)


class _Server(ThreadingHTTPServer):
    """Does each handshake in the thread of its own, and says nothing of lines that were cut."""

    daemon_threads = True

    def __init__(self, context: ssl.SSLContext, clerk: type[_Clerk], port: int) -> None:
        super().__init__(("localhost", port), clerk)
        self.socket = context.wrap_socket(
            self.socket, server_side=True, do_handshake_on_connect=False
        )

    def handle_error(self, *_: Any) -> None:
        """Whoever is cut off, or cuts off, is meant to."""


@contextmanager
def a_case_software(
    certificates: Certificates, *, repeats_whatever: bool = False
) -> Iterator[CaseSoftware]:
    """Run the system for as long as the block lasts."""
    with serving(CaseSoftware(repeats_whatever=repeats_whatever), certificates.server) as system:
        yield system


@contextmanager
def serving(system: CaseSoftware, context: ssl.SSLContext) -> Iterator[CaseSoftware]:
    """Run a system that is there already, on its port where it has one."""
    clerk = type("Clerk", (_Clerk,), {"system": system})
    server = _Server(context, clerk, system.port)
    system.port = server.server_port
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield system
    finally:
        system.let_go.set()
        server.shutdown()
        thread.join()
        server.server_close()
