# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Whoever is slow is let go, on a real socket, while everybody else is served.

The deadlines are shortened to tenths of a second. Each test waits on a socket and never just
sleeps; the bounds are wide, because the machine may be busy.
"""

import asyncio
import datetime as dt
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from starlette.types import Message, Receive, Scope, Send

from hub.web.limits import guard
from hub.web.problems import Problems
from hub.web.server import Listener, Patience, Told, bind, make_server, serving

PATIENCE = Patience(
    head_seconds=0.4,
    body_seconds=0.8,
    idle_seconds=1,
    stop_seconds=3,
    discarded_bytes=200_000,
)
HEAD = b"Host: localhost\r\n\r\n"
GET = b"GET / HTTP/1.1\r\n" + HEAD
LIMIT = 100_000
PROMPT = 2.0
"""Seconds within which somebody else has to be served; a fifth of one on a quiet machine."""


class App:
    """Reads the whole body and says how long it was; waits or talks without end where asked."""

    def __init__(self) -> None:
        self.is_waiting = threading.Event()
        self.release: asyncio.Event | None = None
        self.loop: asyncio.AbstractEventLoop | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        size = 0
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            size += len(message["body"])
            more = message["more_body"]
        if scope["path"] == "/warten":
            self.loop, self.release = asyncio.get_running_loop(), asyncio.Event()
            self.is_waiting.set()
            await self.release.wait()
        body = b"x" * 50_000_000 if scope["path"] == "/viel" else str(size).encode()
        await send(_start(body))
        await send({"type": "http.response.body", "body": body})

    def let_go(self) -> None:
        assert self.loop is not None
        assert self.release is not None
        self.loop.call_soon_threadsafe(self.release.set)


def _start(body: bytes) -> Message:
    length = (b"content-length", str(len(body)).encode())
    return {"type": "http.response.start", "status": 200, "headers": [length]}


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    problems = Problems("http://localhost", {})
    app = guard(App(), problems=problems, hosts={"localhost"}, limit_of=lambda _: LIMIT)
    with serving(app, patience=PATIENCE) as port:
        yield port


def connect(port: int, source: str = "127.0.0.1") -> socket.socket:
    line = socket.create_connection(("127.0.0.1", port), timeout=10, source_address=(source, 0))
    line.settimeout(10)
    return line


def ask(line: socket.socket, request: bytes = GET) -> bytes:
    """Send a request and read one answer with its length."""
    line.sendall(request)
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += _received(line)
    head, _, body = answer.partition(b"\r\n\r\n")
    [length] = [
        int(field.split(b":")[1])
        for field in head.split(b"\r\n")
        if field.lower().startswith(b"content-length")
    ]
    while len(body) < length:
        body += _received(line)
    return head + b"\r\n\r\n" + body


def _received(line: socket.socket) -> bytes:
    data = line.recv(65536)
    if not data:
        raise ConnectionError
    return data


def seconds_until_closed(line: socket.socket, drip: bytes = b"", at_most: float = 8) -> float:
    """Keep sending ``drip``, twenty times a second, until the other side hangs up."""
    begun = time.monotonic()
    line.settimeout(0.05)
    while time.monotonic() - begun < at_most:
        try:
            if line.recv(65536) == b"":
                return time.monotonic() - begun
        except TimeoutError:
            pass
        except ConnectionError:
            return time.monotonic() - begun
        try:
            line.sendall(drip)
        except ConnectionError:
            return time.monotonic() - begun
    raise AssertionError("the connection is still open")


def test_a_request_is_answered_without_a_word_about_the_server(port: int) -> None:
    with connect(port) as line:
        answer = ask(line)

    assert answer.startswith(b"HTTP/1.1 200 ")
    assert b"server:" not in answer.lower()
    assert b"uvicorn" not in answer.lower()


@pytest.mark.parametrize(
    ("sent", "drip"),
    [
        (b"", b""),
        (b"", b"\r\n"),
        (b"GET / HT", b""),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\n", b"X-A: b\r\n"),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: ", b"y"),
    ],
    ids=["nothing", "empty lines", "a beginning", "one header at a time", "one letter at a time"],
)
def test_a_slow_head_is_cut_off_and_nobody_else_waits(port: int, sent: bytes, drip: bytes) -> None:
    with connect(port) as slow, connect(port) as other:
        slow.sendall(sent)
        begun = time.monotonic()
        ask(other)
        served = time.monotonic() - begun

        assert seconds_until_closed(slow, drip) < PATIENCE.head_seconds + PROMPT
        assert served < PROMPT


@pytest.mark.parametrize(
    ("sent", "drip"),
    [
        (b"PUT / HTTP/1.1\r\nContent-Length: 1000\r\n" + HEAD, b"x"),
        (b"PUT / HTTP/1.1\r\nContent-Length: 1000\r\n" + HEAD + b"x" * 999, b""),
        (b"PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" + HEAD, b"1\r\nx\r\n"),
        (b"PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" + HEAD + b"ffff\r\n", b"x"),
        (b"PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" + HEAD, b"1"),
        (b"PUT / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 9\r\n" + HEAD, b""),
    ],
    ids=["slow", "short", "endless chunks", "an endless chunk", "an endless size", "expectant"],
)
def test_a_slow_body_is_cut_off_and_nobody_else_waits(port: int, sent: bytes, drip: bytes) -> None:
    with connect(port) as slow, connect(port) as other:
        slow.sendall(sent)
        begun = time.monotonic()
        ask(other)
        served = time.monotonic() - begun

        assert seconds_until_closed(slow, drip) < PATIENCE.body_seconds + PROMPT
        assert served < PROMPT


def test_the_deadline_is_not_too_early_for_an_honest_body(port: int) -> None:
    with connect(port) as line:
        line.sendall(b"PUT / HTTP/1.1\r\nContent-Length: 6\r\n" + HEAD)
        line.settimeout(0.1)
        for letter in (b"a", b"b", b"c"):
            with pytest.raises(TimeoutError):
                line.recv(1)
            line.sendall(letter)
        line.settimeout(10)

        assert ask(line, b"def").endswith(b"\r\n\r\n6")


def test_a_body_without_end_is_refused_and_then_not_even_thrown_away(port: int) -> None:
    with connect(port) as line:
        line.sendall(b"PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" + HEAD)
        chunk = b"4000\r\n" + b"x" * 0x4000 + b"\r\n"
        answer, sent = b"", 0
        line.settimeout(0.01)
        try:
            while sent < 20_000_000:
                line.sendall(chunk)
                sent += len(chunk)
                try:
                    answer += line.recv(65536)
                except TimeoutError:
                    continue
        except ConnectionError:
            pass

    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"too-large" in answer
    assert sent < 20_000_000


def test_a_client_hears_the_refusal_after_it_has_sent_a_little_too_much(port: int) -> None:
    body = b"x" * (LIMIT + 50_000)
    request = b"PUT / HTTP/1.1\r\nContent-Length: %d\r\n" % len(body) + HEAD + body
    with connect(port) as line:
        assert ask(line, request).startswith(b"HTTP/1.1 413 ")
        assert ask(line).startswith(b"HTTP/1.1 200 ")


def test_an_idle_connection_is_closed() -> None:
    with serving(App(), patience=Patience(idle_seconds=1)) as port, connect(port) as line:
        ask(line)

        assert 0.5 < seconds_until_closed(line) < 1 + PROMPT


def test_the_next_request_has_its_own_deadline(port: int) -> None:
    with connect(port) as line:
        ask(line)

        assert seconds_until_closed(line, b"G") < PATIENCE.head_seconds + PROMPT


def test_requests_may_follow_each_other_in_one_packet(port: int) -> None:
    put = b"PUT / HTTP/1.1\r\nContent-Length: 2\r\n" + HEAD + b"ab"
    with connect(port) as line:
        line.sendall(put + GET + put)
        answers = b""
        while answers.count(b"HTTP/1.1 200 ") < 3 or not answers.endswith(b"\r\n\r\n2"):
            answers += _received(line)


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"y" * 40_000,
        b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"X: y\r\n" * 9_000,
        b"GET /" + b"p" * 40_000,
        b"MELDEN\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"PUT / HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n" + HEAD,
        b"PUT / HTTP/1.1\r\nContent-Length: -1\r\n" + HEAD,
        b"PUT / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n" + HEAD,
        b"PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" + HEAD + b"zz\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
    ],
    ids=lambda request: request[:24].decode("latin-1") + str(len(request)),
)
def test_what_is_no_request_is_answered_once_and_closed(port: int, request_bytes: bytes) -> None:
    answer = b""
    with connect(port) as line:
        try:
            line.sendall(request_bytes)
            while data := line.recv(65536):
                answer += data
        except ConnectionError:
            # What was still on its way when the server hung up resets the connection.
            pass
    if answer or len(request_bytes) < 1000:
        assert answer.startswith((b"HTTP/1.1 400 ", b"HTTP/1.1 413 "))
        assert b"x-content-type-options: nosniff" in answer.lower()
        assert b"default-src 'none'" in answer


def test_a_complete_head_that_is_too_large_is_refused(port: int) -> None:
    request = b"GET / HTTP/1.1\r\nX: " + b"y" * 20_000 + b"\r\n" + HEAD
    with connect(port) as line:
        line.sendall(request)
        assert line.recv(65536).startswith((b"HTTP/1.1 413 ", b"HTTP/1.1 400 "))


def test_nonsense_after_the_answer_does_not_break_anything(port: int) -> None:
    head = b"PUT / HTTP/1.1\r\nHost: anderswo.invalid\r\nTransfer-Encoding: chunked\r\n\r\n"
    with connect(port) as line, connect(port) as other:
        assert ask(line, head).startswith(b"HTTP/1.1 421 ")
        line.sendall(b"zz\r\n")

        assert seconds_until_closed(line) < PROMPT
        assert ask(other).startswith(b"HTTP/1.1 200 ")


def test_a_client_that_does_not_read_is_let_go(port: int) -> None:
    with connect(port) as line, connect(port) as other:
        line.sendall(b"GET /viel HTTP/1.1\r\n" + HEAD)
        assert ask(other).startswith(b"HTTP/1.1 200 ")
        # The other one asks for as long as the first one has time to read, and a little more.
        until = time.monotonic() + PATIENCE.body_seconds + 0.5
        while time.monotonic() < until:
            ask(other)
        read = 0
        try:
            while data := line.recv(1_000_000):
                read += len(data)
        except ConnectionError:
            pass

    assert read < 50_000_000


def test_one_address_has_its_share_of_connections_and_no_more() -> None:
    with serving(App(), patience=Patience(connections_per_address=3)) as port:
        lines = [connect(port) for _ in range(3)]
        for line in lines:
            ask(line)
        with connect(port) as one_too_many, connect(port, "127.0.0.2") as elsewhere:
            assert seconds_until_closed(one_too_many) < PROMPT
            assert ask(elsewhere).startswith(b"HTTP/1.1 200 ")
        for line in lines:
            line.close()

        assert is_served_again(port)


def test_where_there_are_too_many_the_one_goes_that_has_said_nothing_for_longest() -> None:
    """So idle connections shut nobody out, however many addresses they come from."""
    with serving(App(), patience=Patience(connections=3)) as port:
        idle = [connect(port, f"127.0.0.{2 + number}") for number in range(3)]
        with connect(port) as line:
            assert ask(line).startswith(b"HTTP/1.1 200 ")
            assert seconds_until_closed(idle[0]) < PROMPT
            for other in idle[1:]:
                assert ask(other).startswith(b"HTTP/1.1 200 ")
            assert ask(line).startswith(b"HTTP/1.1 200 ")
        for other in idle:
            other.close()


def is_served_again(port: int) -> bool:
    """Ask until the server has noticed that the others are gone."""
    until = time.monotonic() + 5
    while time.monotonic() < until:
        with connect(port) as line:
            try:
                return ask(line).startswith(b"HTTP/1.1 200 ")
            except ConnectionError:
                continue
    return False


def test_a_reverse_proxy_may_have_as_many_as_it_needs() -> None:
    listener = Listener(port=0, proxies=frozenset({"127.0.0.1"}))
    with serving(App(), listener, patience=Patience(connections_per_address=1)) as port:
        lines = [connect(port) for _ in range(4)]
        answers = [ask(line) for line in lines]
        for line in lines:
            line.close()

    assert all(answer.startswith(b"HTTP/1.1 200 ") for answer in answers)


def test_a_request_under_way_is_finished_when_the_server_stops() -> None:
    app = App()
    answers = []
    with serving(app, patience=PATIENCE) as port:
        line = connect(port)
        asking = threading.Thread(
            target=lambda: answers.append(ask(line, b"GET /warten HTTP/1.1\r\n" + HEAD))
        )
        asking.start()
        assert app.is_waiting.wait(10)
        stopping = threading.Timer(0.3, app.let_go)
        stopping.start()
    asking.join()
    line.close()

    assert answers[0].startswith(b"HTTP/1.1 200 ")
    with pytest.raises(ConnectionError):
        connect(port)


def test_the_answer_of_a_server_that_stops_says_that_it_is_the_last() -> None:
    app = App()
    answers = []
    told = threading.Event()
    server = make_server(app, Listener(port=0), patience=PATIENCE, on_stop=told.set)
    with bind(Listener(port=0)) as bound, connect(bound.getsockname()[1]) as line:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]})
        thread.start()
        assert b"connection: close" not in ask(line).lower()
        asking = threading.Thread(
            target=lambda: answers.append(ask(line, b"GET /warten HTTP/1.1\r\n" + HEAD))
        )
        asking.start()
        assert app.is_waiting.wait(10)
        server.should_exit = True
        assert told.wait(10)
        app.let_go()
        asking.join()
        thread.join()

    assert answers[0].startswith(b"HTTP/1.1 200 ")
    assert b"connection: close" in answers[0].lower()


def test_while_it_drains_a_server_lets_others_in_and_asks_them_not_to_stay() -> None:
    patience = replace(PATIENCE, drain_seconds=1)
    told = threading.Event()
    server = make_server(App(), Listener(port=0), patience=patience, on_stop=told.set)
    with bind(Listener(port=0)) as bound:
        port = bound.getsockname()[1]
        thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]})
        thread.start()
        assert server.is_listening.wait(10)
        server.should_exit = True
        assert told.wait(10)
        with connect(port) as line:
            answer = ask(line)
        thread.join()

    assert answer.startswith(b"HTTP/1.1 200 ")
    assert b"connection: close" in answer.lower()


def test_a_server_stops_where_the_program_around_it_says_so() -> None:
    must = threading.Event()
    server = make_server(App(), Listener(port=0), told=Told(must_stop=must.is_set))
    thread = threading.Thread(target=server.run)
    thread.start()
    assert server.is_listening.wait(10)
    assert thread.is_alive()

    must.set()
    thread.join(10)

    assert not thread.is_alive()


def test_the_server_stops_even_if_a_request_never_ends() -> None:
    app = App()
    impatient = replace(PATIENCE, stop_seconds=1)
    with serving(app, patience=impatient) as port:
        line = connect(port)
        line.sendall(b"GET /warten HTTP/1.1\r\n" + HEAD)
        assert app.is_waiting.wait(10)
        begun = time.monotonic()
    line.close()

    assert time.monotonic() - begun < 10


def test_whoever_waits_is_woken_when_the_server_is_told_to_stop() -> None:
    told = threading.Event()
    server = make_server(App(), Listener(port=0), patience=PATIENCE, on_stop=told.set)
    server.should_exit = False
    thread = threading.Thread(target=server.run)
    thread.start()
    assert server.is_listening.wait(10)
    assert not told.is_set()

    server.should_exit = True
    thread.join()

    assert told.is_set()


def test_a_signal_ends_the_program_with_code_zero() -> None:
    program = (
        "from hub.web.server import Listener, serve\n"
        "async def app(scope, receive, send):\n"
        "    message = await receive()\n"
        "    if message['type'] == 'lifespan.startup':\n"
        "        await send({'type': 'lifespan.startup.complete'})\n"
        "        print('ready', flush=True)\n"
        "        await receive()\n"
        "        await send({'type': 'lifespan.shutdown.complete'})\n"
        "serve(app, Listener(port=0))\n"
        "print('ended', flush=True)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.send_signal(signal.SIGTERM)

        assert process.stdout.readline() == "ended\n"
        assert process.wait(20) == 0


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.7", "::", "hub.meldeweg.invalid"])  # noqa: S104
def test_nothing_crosses_a_network_in_the_clear(host: str) -> None:
    with pytest.raises(ValueError, match="loopback"):
        make_server(App(), Listener(host=host))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_on_loopback_it_may(host: str) -> None:
    assert make_server(App(), Listener(host=host)).config.host == host


def test_behind_a_proxy_it_may() -> None:
    listener = Listener(host="0.0.0.0", proxies=frozenset({"192.0.2.1"}))  # noqa: S104

    assert make_server(App(), listener).config.proxy_headers


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_tls_is_spoken_in_its_two_sound_versions(version: ssl.TLSVersion, tmp_path: Path) -> None:
    certificate, key = a_certificate(tmp_path)
    listener = Listener(port=0, certificate=certificate, private_key=key)
    trusting = ssl.create_default_context(cafile=str(certificate))
    trusting.minimum_version = trusting.maximum_version = version
    with serving(App(), listener, patience=replace(PATIENCE, head_seconds=5)) as port:
        raw = connect(port)
        with trusting.wrap_socket(raw, server_hostname="localhost") as line:
            assert line.version() == version.name.replace("_", ".")
            assert ask(line).startswith(b"HTTP/1.1 200 ")


def test_tls_without_authenticated_encryption_is_not_spoken(tmp_path: Path) -> None:
    certificate, key = a_certificate(tmp_path)
    listener = Listener(port=0, certificate=certificate, private_key=key)
    old = ssl.create_default_context(cafile=str(certificate))
    old.maximum_version = ssl.TLSVersion.TLSv1_2
    old.set_ciphers("ECDHE-ECDSA-AES128-SHA256:ECDHE-ECDSA-AES256-SHA:AES128-SHA")
    with (
        serving(App(), listener, patience=PATIENCE) as port,
        connect(port) as raw,
        pytest.raises(ssl.SSLError),
    ):
        old.wrap_socket(raw, server_hostname="localhost")


def test_a_handshake_has_a_deadline_too(tmp_path: Path) -> None:
    certificate, key = a_certificate(tmp_path)
    listener = Listener(port=0, certificate=certificate, private_key=key)
    with serving(App(), listener, patience=PATIENCE) as port, connect(port) as silent:
        assert seconds_until_closed(silent) < PATIENCE.head_seconds + PROMPT


def a_certificate(directory: Path) -> tuple[Path, Path]:
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    today = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(1)
        .not_valid_before(today - dt.timedelta(days=1))
        .not_valid_after(today + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(private, hashes.SHA256())
    )
    paths = directory / "certificate.pem", directory / "key.pem"
    paths[0].write_bytes(certificate.public_bytes(Encoding.PEM))
    paths[1].write_bytes(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return paths
