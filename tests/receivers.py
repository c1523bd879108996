# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Those who receive notifications: a mail server, and a web server for gateways and push services.

Nothing in them is a double of ours: they are servers on loopback ports that speak as others do.
"""

import asyncio
import json
import socket
import ssl
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Condition, Event, Thread
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

YES = "250 OK"


@dataclass
class Mailbox:
    """A mail server; what it answers to an address can be laid down beforehand."""

    mails: list[tuple[str, EmailMessage]] = field(default_factory=list)
    """Who got what, in the order in which it came."""
    raw: list[bytes] = field(default_factory=list)
    logins: list[bytes] = field(default_factory=list)
    connections: int = 0
    was_encrypted: set[bool] = field(default_factory=set)
    to_address: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    """Answers to ``RCPT TO``, one after the other; then yes."""
    to_data: list[str] = field(default_factory=list)
    most: int = 1_000_000
    """For so many addresses it takes mails; then it says nothing until it is let go."""
    let_go: Event = field(default_factory=Event)
    port: int = 0

    arrived: Condition = field(default_factory=Condition)

    def wait_for(self, number: int, seconds: float = 30) -> bool:
        """Wait until mails for so many different addresses are here."""
        with self.arrived:
            return self.arrived.wait_for(lambda: len(self.reached()) >= number, seconds)

    def reached(self) -> set[str]:
        return {to for to, _ in self.mails}

    def got(self, address: str) -> list[EmailMessage]:
        return [mail for to, mail in self.mails if to == address]

    async def handle_EHLO(  # noqa: N802  the names are those of the library
        self,
        _server: SMTP,
        session: Session,
        _envelope: Envelope,
        hostname: str,
        answers: list[str],
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return answers

    async def handle_RCPT(  # noqa: N802
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        laid_down = self.to_address[address]
        answer = laid_down.pop(0) if laid_down else YES
        if answer == YES:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(  # noqa: N802
        self, _server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        is_new = not self.reached().issuperset(envelope.rcpt_tos)
        if is_new and len(self.reached()) >= self.most:
            await asyncio.to_thread(self.let_go.wait, 30)
        answer = self.to_data.pop(0) if self.to_data else YES
        if answer == YES:
            content = envelope.content
            assert isinstance(content, bytes)
            self.raw.append(content)
            self.was_encrypted.add(session.ssl is not None)
            mail = message_from_bytes(content, policy=default)
            assert isinstance(mail, EmailMessage)
            with self.arrived:
                self.mails += [(to, mail) for to in envelope.rcpt_tos]
                self.arrived.notify_all()
        return answer

    def authenticate(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _how: str, data: Any
    ) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.logins.append(data.login)
        return AuthResult(success=data == LoginPassword(b"hub@haus", b"ge:heim/@"), handled=False)


@contextmanager
def a_mailbox(
    *,
    implicit: ssl.SSLContext | None = None,
    starttls: ssl.SSLContext | None = None,
    wants_login: bool = False,
    port: int = 0,
) -> Iterator[Mailbox]:
    """Run a mail server for as long as the block lasts."""
    mailbox = Mailbox()
    controller = Controller(
        mailbox,
        hostname="localhost",
        port=port or free_port(),
        ssl_context=implicit,
        tls_context=starttls,
        require_starttls=starttls is not None,
        auth_required=wants_login,
        authenticator=mailbox.authenticate if wants_login else None,
    )
    controller.start()
    mailbox.port = controller.port
    try:
        yield mailbox
    finally:
        mailbox.let_go.set()
        controller.stop()


@dataclass
class Desk:
    """A web server that keeps what it is told; statuses can be laid down beforehand."""

    url: str = ""
    asked: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    """Path, head and body of each request."""
    answers: dict[str, list[tuple[int, dict[str, str]]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    """For a path: status and head, one after the other; then 201."""
    before_answer: Callable[[], object] = lambda: None

    def bodies(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, _, body in self.asked]

    def everything(self) -> bytes:
        return b"\n".join(
            f"{path} {head}".encode() + b"\n" + body for path, head, body in self.asked
        )


@contextmanager
def a_desk(context: ssl.SSLContext | None = None) -> Iterator[Desk]:
    """Run a web server for as long as the block lasts."""
    desk = Desk()

    class Clerk(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", "0")))
            head = {name.lower(): value for name, value in self.headers.items()}
            desk.asked.append((self.path, head, body))
            desk.before_answer()
            laid_down = desk.answers[self.path]
            status, said = laid_down.pop(0) if laid_down else (201, {})
            self.send_response(status)
            for name, value in said.items():
                self.send_header(name, value)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("localhost", 0), Clerk)
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    desk.url = f"{'http' if context is None else 'https'}://localhost:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield desk
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass(frozen=True)
class Certificates:
    """A server's certificate for one name, and whoever trusts its issuer."""

    server: ssl.SSLContext
    trusting: ssl.SSLContext


def certificates(folder: Path, name: str = "localhost") -> Certificates:
    """Make an authority and a certificate of it."""
    folder.mkdir(parents=True, exist_ok=True)
    authority, server = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Erfundene Stelle")])
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    root = _certificate(issuer, issuer, authority.public_key(), authority, is_authority=True)
    own = _certificate(subject, issuer, server.public_key(), authority, name=name)
    chain, trust = folder / "server.pem", folder / "authority.pem"
    key = server.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    chain.write_bytes(key + own.public_bytes(Encoding.PEM))
    trust.write_bytes(root.public_bytes(Encoding.PEM))
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(chain)
    return Certificates(serving, ssl.create_default_context(cafile=str(trust)))


def _certificate(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePublicKey,
    signer: ec.EllipticCurvePrivateKey,
    *,
    name: str = "",
    is_authority: bool = False,
) -> x509.Certificate:
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False
        )
    )
    if name:
        builder = builder.add_extension(
            x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False
        )
    return builder.sign(signer, SHA256())


def free_port() -> int:
    """Return a port on which nothing listens just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
