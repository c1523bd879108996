# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The signer as a server: HTTP over a Unix socket, one request after the other.

One call signs (``POST /add-checkpoint``, C2SP tlog-witness); two say what anybody may know: the
last checkpoint, and the public keys. Nothing but the standard library listens here.
"""

import os
import socket
import socketserver
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from threading import Timer
from typing import Any, Final

import structlog

from hub.audit.merkle import Unproven
from hub.audit.signing.growth import parse_growth
from hub.audit.signing.strict import NotHere, StrictSigner
from hub.audit.witness.request import LONGEST
from hub.errors import Failure

TEXT: Final = "text/plain; charset=utf-8"
SIZE: Final = "text/x.tlog.size"
PATIENCE: Final = 10
"""Seconds for a whole request to arrive; one that hangs or drips would keep all others waiting."""
_log = structlog.stdlib.get_logger()
Said = tuple[int, str, str]
"""Status, media type and body."""


def answer(signer: StrictSigner, body: bytes) -> Said:
    """Answer a call of ``add-checkpoint``: the lines, or why there are none."""
    try:
        growth = parse_growth(body)
    except Unproven as doubt:
        return 400, TEXT, f"{doubt}\n"
    try:
        note = signer.sign(growth)
    except NotHere as elsewhere:
        return 409, SIZE, f"{elsewhere.size}\n"
    except Unproven as doubt:
        _log.critical("signer.refused", size=growth.checkpoint.size, why=str(doubt))
        return 422, TEXT, f"{doubt}\n"
    except (OSError, Failure) as trouble:
        _log.error("signer.failed", kind=type(trouble).__name__)
        return 503, TEXT, "nothing is signed\n"
    return 200, TEXT, note.removeprefix(f"{growth.checkpoint.text}\n")


class SigningServer(socketserver.UnixStreamServer):
    """Listens at a path until it is told to end."""

    def __init__(self, path: Path, signer: StrictSigner, patience: float = PATIENCE) -> None:
        self.signer = signer
        self.patience = patience
        path.unlink(missing_ok=True)
        before = os.umask(0o117)
        try:
            super().__init__(str(path), _Call)
        finally:
            os.umask(before)


@contextmanager
def listening(
    path: Path, signer: StrictSigner, patience: float = PATIENCE
) -> Iterator[SigningServer]:
    """Listen for as long as the block lasts, and take the socket away at the end."""
    server = SigningServer(path, signer, patience)
    try:
        yield server
    finally:
        server.server_close()
        path.unlink(missing_ok=True)


class _Call(BaseHTTPRequestHandler):
    server: SigningServer

    def setup(self) -> None:
        """Begin to wait: what is not here in time does not come any more."""
        super().setup()
        self._end = Timer(self.server.patience, self._hear_no_more)
        self._end.daemon = True
        self._end.start()

    def finish(self) -> None:
        """Stop waiting."""
        self._end.cancel()
        super().finish()

    def do_GET(self) -> None:
        """Say what anybody may know."""
        signer = self.server.signer
        if self.path == "/checkpoint":
            self._say((200, TEXT, signer.note))
        elif self.path == "/keys":
            self._say((200, TEXT, "".join(f"{each.vkey}\n" for each in signer.verifiers)))
        else:
            self._say((404, TEXT, "nothing here\n"))

    def do_POST(self) -> None:
        """Sign, or say why not."""
        length = self.headers.get("Content-Length", "")
        if self.path != "/add-checkpoint":
            self._say((404, TEXT, "nothing here\n"))
        elif not length.isdecimal() or int(length) > LONGEST:
            self._say((400, TEXT, "not a request\n"))
        else:
            body = self.rfile.read(int(length))
            is_whole = len(body) == int(length)
            self._say(answer(self.server.signer, body) if is_whole else (408, TEXT, "too late\n"))

    def _hear_no_more(self) -> None:
        """End one direction only: what has arrived is answered."""
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RD)

    def _say(self, said: Said) -> None:
        status, media, text = said
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", media)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def address_string(self) -> str:
        """Whoever calls over a socket in the file system has no address."""
        return ""

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  as it is called there
        """Say nothing of what went well; what did not is said above."""
