# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A time-stamping authority as OpenSSL makes one, and wrong ones beside it, on loopback."""

import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final

CONFIG: Final = """
[tsa]
default_tsa = one
[one]
serial = {place}/serial
crypto_device = builtin
signer_cert = {place}/tsa.pem
certs = {place}/ca.pem
signer_key = {place}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
accuracy = secs:1
clock_precision_digits = 0
ordering = yes
tsa_name = yes
ess_cert_id_chain = no
ess_cert_id_alg = sha256
"""


@dataclass(frozen=True)
class Authority:
    """Certificates and key of an authority; ``ca`` is what somebody believes."""

    place: Path

    @property
    def ca(self) -> Path:
        return self.place / "ca.pem"

    def reply(self, query: bytes) -> bytes:
        """Answer a request as OpenSSL does."""
        asked, said = self.place / "asked.tsq", self.place / "said.tsr"
        asked.write_bytes(query)
        _openssl(
            self.place, "ts", "-reply", "-config", "tsa.cnf", "-queryfile", asked, "-out", said
        )
        return said.read_bytes()


def an_authority(
    place: Path,
    *,
    usage: str = "critical,timeStamping",
    days: int = 2,
    name: str = "Zeitstempel Erfunden",
) -> Authority:
    """Make an authority with a certificate for this usage, valid for so many days."""
    place.mkdir(parents=True)
    _openssl(place, "req", "-x509", *_new("ca"), "-days", "3650", "-subj", "/CN=Wurzel Erfunden")
    _openssl(place, "req", *_new("tsa", "tsa.csr"), "-subj", f"/CN={name}")
    extensions = [f"extendedKeyUsage={usage}"] if usage else ["basicConstraints=CA:FALSE"]
    (place / "tsa.ext").write_text("\n".join([*extensions, "keyUsage=digitalSignature"]), "ascii")
    signed = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-extfile", "tsa.ext"]
    _openssl(
        place, "x509", "-req", "-in", "tsa.csr", *signed, "-days", str(days), "-out", "tsa.pem"
    )
    (place / "tsa.cnf").write_text(CONFIG.format(place=place), "ascii")
    (place / "serial").write_text("01\n", "ascii")
    return Authority(place)


@dataclass
class Asked:
    """Where an authority listens, and what it was asked."""

    url: str
    requests: list[bytes] = field(default_factory=list)


@contextmanager
def listening(
    reply: Callable[[bytes], bytes],
    *,
    status: int = 200,
    kind: str = "application/timestamp-reply",
    location: str = "",
) -> Iterator[Asked]:
    """Answer requests at a loopback address for as long as the block lasts."""
    asked = Asked("")

    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = self.rfile.read(int(self.headers["content-length"]))
            asked.requests.append(query)
            said = reply(query)
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(said)))
            if location:
                self.send_header("location", location)
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_: object) -> None:
            """Say nothing between the lines of the tests."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    asked.url = f"http://127.0.0.1:{server.server_port}/tsa"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _new(name: str, out: str = "") -> list[str]:
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    return [*curve, "-keyout", f"{name}.key", "-out", out or f"{name}.pem"]


def _openssl(place: Path, *words: str | Path) -> None:
    command = ["openssl", *map(str, words)]
    subprocess.run(command, cwd=place, check=True, capture_output=True, timeout=60)
