# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The local address: ``POST http://127.0.0.1:PORT/senden``, for case software on this machine.

It listens on loopback alone. A caller knows the word in the token file, which its owner alone can
read; a page in a browser of this machine knows neither the word nor may it name another host.
"""

import asyncio
import hmac
import json
import secrets
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final, TypeAlias

import h11
from uuid_utils.compat import uuid4

from hub.adapters.sending.order import MOST, OrderUnfit
from hub.adapters.sending.report import Report, unfit

Send: TypeAlias = Callable[[bytes, str], Awaitable[Report]]
HOST: Final = "127.0.0.1"
PATH: Final = b"/senden"
PATIENCE: Final = 30
"""Seconds that a caller has for the whole of its request."""
_STATUS: Final = {
    "angenommen": HTTPStatus.CREATED,
    "abgewiesen": HTTPStatus.UNPROCESSABLE_ENTITY,
    "wartet": HTTPStatus.ACCEPTED,
}
_NAMES: Final = (b"127.0.0.1", b"localhost")


@dataclass(frozen=True)
class _Asked:
    """A request that was read to its end."""

    head: h11.Request
    body: bytes

    def header(self, name: bytes) -> bytes:
        return next((value for known, value in self.head.headers if known == name), b"")


@dataclass
class Endpoint:
    """Answers the callers of one machine."""

    send: Send
    token: str
    server: asyncio.Server | None = None

    async def listen(self, port: int) -> int:
        """Begin to listen, and return on which port."""
        self.server = await asyncio.start_server(self._answer, HOST, port)
        return int(self.server.sockets[0].getsockname()[1])

    async def close(self) -> None:
        if self.server is not None:
            self.server.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = h11.Connection(h11.SERVER, max_incomplete_event_size=16_384)
        try:
            async with asyncio.timeout(PATIENCE):
                asked = await _read(connection, reader)
            status, said = await self._said(asked)
        except (h11.RemoteProtocolError, TimeoutError):
            status, said = HTTPStatus.BAD_REQUEST, {}
        except OrderUnfit as problem:
            status, said = HTTPStatus.REQUEST_ENTITY_TOO_LARGE, unfit(problem).as_json()
        with suppress(OSError, h11.LocalProtocolError):
            writer.write(_written(connection, status, said))
            await writer.drain()
        writer.close()

    async def _said(self, asked: _Asked) -> tuple[HTTPStatus, dict[str, Any]]:
        if asked.header(b"host").rpartition(b":")[0] not in _NAMES:
            return HTTPStatus.MISDIRECTED_REQUEST, {}
        if not hmac.compare_digest(asked.header(b"authorization"), f"Bearer {self.token}".encode()):
            return HTTPStatus.UNAUTHORIZED, {}
        if asked.head.target != PATH:
            return HTTPStatus.NOT_FOUND, {}
        if asked.head.method != b"POST":
            return HTTPStatus.METHOD_NOT_ALLOWED, {}
        if asked.header(b"content-type").partition(b";")[0].strip() != b"application/json":
            return HTTPStatus.UNSUPPORTED_MEDIA_TYPE, {}
        report = await self.send(asked.body, _key(asked.header(b"idempotency-key")))
        return _STATUS[report.outcome], report.as_json()


def token_of(file: Path) -> str:
    """Return the word that callers have to know; makes one where there is none.

    Raises ``PermissionError`` where others can read it.
    """
    if not file.exists():
        file.touch(mode=0o600, exist_ok=False)
        file.write_text(secrets.token_urlsafe(32) + "\n", "ascii")
    if file.stat().st_mode & 0o077:
        raise PermissionError(f"{file.name} can be read by others")
    return file.read_text("ascii").strip()


def _key(given: bytes) -> str:
    """Return the key of an order; a caller that names one is answered the same when it repeats."""
    return f"rest-{sha256(given).hexdigest()}" if given else f"rest-{uuid4().hex}"


async def _read(connection: h11.Connection, reader: asyncio.StreamReader) -> _Asked:
    head, body = None, bytearray()
    while True:
        event = connection.next_event()
        if event is h11.NEED_DATA:
            connection.receive_data(await reader.read(65_536))
        elif isinstance(event, h11.Request):
            head = event
        elif isinstance(event, h11.Data):
            body += event.data
            if len(body) > MOST:
                raise OrderUnfit("Der Auftrag ist größer, als einer sein kann.")
        elif isinstance(event, h11.EndOfMessage) and head is not None:
            return _Asked(head, bytes(body))
        else:
            raise h11.RemoteProtocolError("no request")


def _written(connection: h11.Connection, status: HTTPStatus, said: dict[str, Any]) -> bytes:
    body = json.dumps(said, ensure_ascii=False).encode()
    headers = [
        ("content-type", "application/json; charset=utf-8"),
        ("content-length", str(len(body))),
        ("cache-control", "no-store"),
        ("connection", "close"),
    ]
    response = h11.Response(status_code=int(status), headers=headers, reason=status.phrase.encode())
    parts = [connection.send(each) for each in (response, h11.Data(data=body), h11.EndOfMessage())]
    return b"".join(part for part in parts if part)
