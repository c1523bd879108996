# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Targets as processes of their own, so that they can be killed: what each keeps outlives it.

``python -m tests.adapters.servers reader|sftp|https|mail FOLDER PORT``. The reader takes files out
of a folder as case software does; beside the SFTP server one takes them out of its folder.
"""

import asyncio
import ssl
import sys
import time
from collections.abc import Callable
from email import message_from_bytes
from functools import partial
from pathlib import Path
from threading import Thread
from typing import Final
from uuid import uuid4

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from hub.trust.keys import PrivateSigningKey
from tests.adapters.case_software import CaseSoftware, serving
from tests.adapters.ending import end_if_last, note_effect, noted
from tests.adapters.sftp_server import an_sftp_server

INBOX, TAKEN = "eingang", "geholt"
PAUSE: Final = 0.02


def read(home: Path, _port: int) -> None:
    """Take away what lies in the folder, again and again; each file under a name of its own."""
    _take_away(home, partial(end_if_last, home))


def sftp(home: Path, port: int) -> None:
    """Serve the folder by SFTP; somebody takes away what lies there."""
    Thread(target=_take_away, args=(home, lambda: None), daemon=True).start()

    async def serve() -> None:
        async with an_sftp_server(home, port, partial(end_if_last, home)):
            await asyncio.Event().wait()

    asyncio.run(serve())


def https(home: Path, port: int) -> None:
    """Be case software that remembers what it has."""
    kept = dict(line.split() for line in noted(home))
    system = CaseSoftware(port, key=PrivateSigningKey.load(home / "signieren.pem"), kept=kept)

    def written(message_id: str, digest: str) -> None:
        note_effect(home, f"{message_id} {digest}")
        end_if_last(home)

    system.written = written
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(home / "zertifikate" / "server.pem")
    with serving(system, context):
        _for_ever()


def mail(home: Path, port: int) -> None:
    """Take mails, and remember to whom each went."""
    Controller(_Postman(home), hostname="localhost", port=port).start()
    _for_ever()


class _Postman:
    """Keeps each mail before it says that it has it."""

    def __init__(self, home: Path) -> None:
        self._home = home

    async def handle_DATA(  # noqa: N802  the name is the library's
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        assert isinstance(envelope.content, bytes)
        mark = message_from_bytes(envelope.content)["Message-ID"]
        for address in envelope.rcpt_tos:
            note_effect(self._home, f"{address} {mark}")
        end_if_last(self._home)
        return "250 OK"


def _take_away(home: Path, taken: Callable[[], None]) -> None:
    while True:
        for file in sorted((home / INBOX).glob("[!.]*")):
            file.rename(home / TAKEN / f"{file.name}.{uuid4().hex}")
            taken()
        time.sleep(PAUSE)


def _for_ever() -> None:
    while True:
        time.sleep(60)


KINDS: Final = {"reader": read, "sftp": sftp, "https": https, "mail": mail}


def main() -> None:
    """Serve until the process is killed."""
    kind, home, port = sys.argv[1:]
    KINDS[kind](Path(home), int(port))


if __name__ == "__main__":
    main()
