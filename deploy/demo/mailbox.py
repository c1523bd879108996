# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The mail server of the demo: takes what the hub sends, keeps it, and shows it.

It speaks as much of SMTP (RFC 5321) as somebody needs who hands a mail in, listens on this
machine alone, and sends nothing on: the addresses of the demo are invented.
"""

import argparse
import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Final

LONGEST: Final = 100_000
"""Bytes of one mail; those of the hub have a thousand."""
KEPT: Final = 1000
_ANSWERS: Final = {"EHLO": "250-meldeweg.invalid\r\n250 8BITMIME", "QUIT": "221 Bye"}
_Show = Callable[["Mail"], None]


@dataclass(frozen=True)
class Mail:
    """What arrived, and for whom."""

    to: tuple[str, ...]
    subject: str
    text: str

    @classmethod
    def read(cls, to: list[str], raw: bytes) -> "Mail":
        mail = message_from_bytes(raw, policy=default)
        assert isinstance(mail, EmailMessage)  # noqa: S101  the policy decides
        body = mail.get_body(("plain",))
        return cls(tuple(to), str(mail["subject"]), body.get_content() if body else "")

    def __str__(self) -> str:
        return f"Mail an {', '.join(self.to)}: {self.subject}"


@dataclass
class Mailbox:
    """All mails since the start."""

    port: int = 0
    mails: list[Mail] = field(default_factory=list)
    show: _Show = lambda _mail: None

    def got(self, address: str) -> list[Mail]:
        """Return what somebody got, the oldest first."""
        return [mail for mail in self.mails if address in mail.to]

    def put(self, mail: Mail) -> None:
        self.mails = [*self.mails[1 - KEPT :], mail]
        self.show(mail)

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Have one dialogue, until the other side goes or says what no mail begins with."""
        try:
            await self._talk(reader, writer)
        except (asyncio.LimitOverrunError, asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        to: list[str] = []
        writer.write(b"220 meldeweg.invalid\r\n")
        while line := await reader.readline():
            words = line.decode("ascii", "replace").strip()
            verb = words[:4].upper()
            answer = _ANSWERS.get(verb, "250 OK")
            if verb in {"MAIL", "RSET"}:
                to = []
            elif verb == "RCPT":
                to.append(words.partition("<")[2].partition(">")[0])
            elif verb == "DATA":
                writer.write(b"354 Go ahead\r\n")
                self.put(Mail.read(to, _undotted(await reader.readuntil(b"\r\n.\r\n"))))
            elif verb not in {"EHLO", "HELO", "NOOP", "QUIT"}:
                answer = "502 Not here"
            writer.write(f"{answer}\r\n".encode("ascii"))
            await writer.drain()
            if verb == "QUIT":
                return


def _undotted(data: bytes) -> bytes:
    """Take the end away, and the dots that protected lines which begin with one (§ 4.5.2)."""
    return data[:-3].replace(b"\r\n..", b"\r\n.")


@asynccontextmanager
async def listening(port: int = 0, show: _Show | None = None) -> AsyncIterator[Mailbox]:
    """Take mails on a port of this machine for as long as the block lasts."""
    mailbox = Mailbox(show=show or (lambda _mail: None))
    server = await asyncio.start_server(mailbox.talk, "127.0.0.1", port, limit=LONGEST)
    mailbox.port = server.sockets[0].getsockname()[1]
    try:
        yield mailbox
    finally:
        server.close()


async def _show_all(port: int) -> None:
    async with listening(
        port, lambda mail: print(mail, mail.text, sep="\n", flush=True)
    ) as mailbox:
        print(f"MELDEWEG_SMTP_URL=smtp://localhost:{mailbox.port}", flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description="Nimmt Mails an und zeigt sie.")
    arguments.add_argument("--port", type=int, default=2525)
    try:
        asyncio.run(_show_all(arguments.parse_args().port))
    except KeyboardInterrupt:
        print()
