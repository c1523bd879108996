# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How does a mail leave the house?

Over one connection for all that is to be sent at a time, in a thread of its own, with TLS whose
certificate is verified. Without TLS only on this very machine: subject and address alone tell
when something is on at a youth office.
"""

import asyncio
import contextlib
import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as POLICY
from typing import Any, Final, Literal, Self
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from hub.model.notification import ChannelName
from hub.notify.address import is_loopback_name
from hub.notify.channel import SENT, Parcel, Result

PATIENCE: Final = 30.0
"""Seconds for each answer; a server may look at the whole mail before it takes it."""
CONNECTING: Final = 10.0
"""Seconds until a server has to be there and say so."""
ALTOGETHER: Final = 120.0
"""Seconds for one connection with all that goes over it."""
_PERMANENT: Final = 500
_Tls = Literal["implicit", "starttls", "none"]
_PORTS: Final[dict[_Tls, int]] = {"implicit": 465, "starttls": 587, "none": 25}


@dataclass(frozen=True)
class Mailserver:
    """Where mails are handed in, and as whom."""

    host: str
    port: int
    tls: _Tls
    user: str = ""
    password: str = field(default="", repr=False)

    @classmethod
    def parse(cls, url: str) -> Self:
        """Read ``smtps://user:password@host:port`` or ``smtp://host:port?starttls``.

        Raises ``ValueError`` for anything else, and for a server elsewhere that is to be spoken
        to without TLS; it never quotes the address, which may hold a password.
        """
        parts = urlsplit(url)
        tls, host = _tls(parts), parts.hostname or ""
        if not host or parts.path.strip("/") or parts.fragment:
            raise ValueError("Die Adresse des Mailservers ist nicht lesbar (smtps://host:465).")
        if tls == "none" and not is_loopback_name(host):
            raise ValueError(
                "Ein Mailserver auf einem anderen Rechner braucht smtps: oder ?starttls."
            )
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        return cls(host, parts.port or _PORTS[tls], tls, user, password)


def _tls(parts: SplitResult) -> _Tls:
    asked = set(parse_qs(parts.query, keep_blank_values=True))
    if parts.scheme == "smtps" and not asked:
        return "implicit"
    if parts.scheme == "smtp" and asked <= {"starttls"}:
        return "starttls" if asked else "none"
    raise ValueError("Die Adresse des Mailservers beginnt mit smtps:// oder smtp://.")


class Mail:
    """Tells by mail."""

    def __init__(
        self,
        server: Mailserver,
        sender: str,
        *,
        context: ssl.SSLContext | None = None,
        patience: float = PATIENCE,
        altogether: float = ALTOGETHER,
    ) -> None:
        """``sender`` is the address that stands in ``From``; nobody reads answers to it."""
        self._server = server
        self._sender = Address(addr_spec=sender)
        self._context = context or ssl.create_default_context()
        self._patience = patience
        self._altogether = altogether
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="mail")

    @property
    def name(self) -> ChannelName:
        return "email"

    async def send(self, parcels: Sequence[Parcel]) -> list[Result]:
        """Hand the mails in; what is not known to have been taken is to be tried later."""
        results: list[Result] = []

        def work(smtp: smtplib.SMTP) -> None:
            for parcel in parcels:
                results.append(_hand_in(smtp, self._sender, parcel))  # noqa: PERF401  each counts

        reason = await self._talk(work)
        missing = len(parcels) - len(results)
        return [*results, *[Result("later", reason or "unfinished")] * missing]

    async def trouble(self) -> str:
        """Go as far as a server lets somebody who sends nothing."""
        return await self._talk(lambda smtp: smtp.noop())

    async def _talk(self, work: Callable[[smtplib.SMTP], Any]) -> str:
        """Have a dialogue with the server; returns what stopped it, or nothing."""
        dialogue = _Dialogue(self._server, self._context, self._patience, self._sender.domain)
        loop = asyncio.get_running_loop()
        talking = loop.run_in_executor(self._thread, dialogue.run, work)
        try:
            return await asyncio.wait_for(asyncio.shield(talking), self._altogether)
        except TimeoutError:
            dialogue.hang_up()
            return "timeout"
        except asyncio.CancelledError:
            dialogue.hang_up()
            raise


class _Dialogue:
    """One connection to the server, which another thread may end."""

    def __init__(
        self, server: Mailserver, context: ssl.SSLContext, patience: float, own_name: str
    ) -> None:
        self._server = server
        self._context = context
        self._patience = patience
        kind = _ImplicitTls if server.tls == "implicit" else _Plain
        connecting = min(patience, CONNECTING)
        self._smtp: smtplib.SMTP = kind(server.host, own_name, connecting, context)
        self._is_over = False

    def run(self, work: Callable[[smtplib.SMTP], Any]) -> str:
        """Talk until the end, in a thread of its own; returns what went wrong, or nothing."""
        try:
            with self._connected():
                work(self._smtp)
        except (OSError, smtplib.SMTPException) as trouble:
            return _reason(trouble)
        return ""

    def hang_up(self) -> None:
        """Let whoever waits for the server wait no longer."""
        self._is_over = True
        line: socket.socket | None = self._smtp.sock
        if line is not None:
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)

    @contextmanager
    def _connected(self) -> Iterator[None]:
        if self._is_over:
            raise TimeoutError
        self._smtp.connect(self._server.host, self._server.port)
        try:
            if self._smtp.sock is not None:
                self._smtp.sock.settimeout(self._patience)
            if self._server.tls == "starttls":
                self._smtp.starttls(context=self._context)
            if self._server.user:
                self._smtp.login(self._server.user, self._server.password)
            yield
            with contextlib.suppress(OSError, smtplib.SMTPException):
                self._smtp.quit()
        finally:
            self._smtp.close()


class _Plain(smtplib.SMTP):
    """Not connected yet, and knows whose certificate it has to see."""

    def __init__(self, host: str, own_name: str, patience: float, _context: ssl.SSLContext) -> None:
        super().__init__(local_hostname=own_name, timeout=patience)
        self._host = host


class _ImplicitTls(smtplib.SMTP_SSL):
    """The same where the first byte is TLS already (RFC 8314)."""

    def __init__(self, host: str, own_name: str, patience: float, context: ssl.SSLContext) -> None:
        super().__init__(local_hostname=own_name, timeout=patience, context=context)
        self._host = host


def _hand_in(smtp: smtplib.SMTP, sender: Address, parcel: Parcel) -> Result:
    """Hand one mail in; raises where the connection, or the sender, is the trouble."""
    try:
        smtp.send_message(_written(parcel, sender), sender.addr_spec, [parcel.address])
    except smtplib.SMTPRecipientsRefused as refused:
        code, _said = refused.recipients[parcel.address]
        return _result_of(code)
    except smtplib.SMTPDataError as refused:
        return _result_of(refused.smtp_code)
    return SENT


def _result_of(code: int) -> Result:
    outcome: Literal["refused", "later"] = "refused" if code >= _PERMANENT else "later"
    return Result(outcome, f"smtp-{code}")


def _written(parcel: Parcel, sender: Address) -> EmailMessage:
    """Write the mail. Its id follows from what it is about: sent twice, it is the same mail."""
    mail = EmailMessage(policy=POLICY)
    mail["From"] = Address("Meldeweg", sender.username, sender.domain)
    mail["To"] = Address(addr_spec=parcel.address)
    mail["Subject"] = parcel.subject
    mail["Message-ID"] = f"<{parcel.mark}@{sender.domain}>"
    # RFC 3834: no absence notice answers, and no list sends it on.
    mail["Auto-Submitted"] = "auto-generated"
    if parcel.is_urgent:
        mail["Importance"] = "high"
    mail.set_content(parcel.text)
    return mail


def _reason(trouble: Exception) -> str:
    code = getattr(trouble, "smtp_code", None)
    return f"smtp-{code}" if isinstance(code, int) else type(trouble).__name__
