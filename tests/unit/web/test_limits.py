# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is too large, for somebody else, or one too many is refused before anybody reads it."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI, Request
from starlette.responses import Response
from starlette.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send

from hub.errors import TooManyRequests
from hub.web.headers import SECURITY_HEADERS
from hub.web.limits import Buckets, Rate, guard
from hub.web.problems import Problems

URL = "https://hub.meldeweg.invalid"
LIMIT = 1000
PROBLEMS = Problems(URL, {})


def an_app() -> FastAPI:
    app = FastAPI()
    PROBLEMS.install(app)

    @app.put("/laenge")
    async def length(request: Request) -> int:
        return len(await request.body())

    @app.put("/stur")
    async def stubborn(request: Request) -> str:
        try:
            await request.body()
        except Exception:  # noqa: BLE001  the worst that a route can do
            return "trotzdem"
        return "gut"

    @app.put("/modell")
    async def model(body: dict[str, Any]) -> int:
        return len(body)

    @app.get("/eigene")
    async def own() -> Any:
        return Response(
            "x",
            headers={"Content-Security-Policy": "default-src 'self'", "Cache-Control": "max-age=9"},
        )

    @app.get("/fehler")
    async def fail() -> None:
        raise ValueError

    return app


def client(app: Any = None) -> TestClient:
    limited = guard(
        app or an_app(),
        problems=PROBLEMS,
        hosts={"hub.meldeweg.invalid", "LOCALHOST", "[::1]"},
        limit_of=lambda path: 10 * LIMIT if path == "/hochladen" else LIMIT,
    )
    return TestClient(limited, base_url=URL)


def in_pieces(size: int) -> Iterator[bytes]:
    for _ in range(size // 100):
        yield b"x" * 100


def test_a_body_of_the_largest_size_passes() -> None:
    assert client().put("/laenge", content=b"x" * LIMIT).json() == LIMIT
    assert client().put("/laenge", content=in_pieces(LIMIT)).json() == LIMIT


@pytest.mark.parametrize("path", ["/laenge", "/stur", "/modell", "/gibt-es-nicht"])
def test_a_body_that_is_announced_too_large_is_refused(path: str) -> None:
    answer = client().put(path, content=b"x" * (LIMIT + 1))

    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")


@pytest.mark.parametrize("path", ["/laenge", "/stur", "/modell"])
def test_a_body_that_grows_too_large_is_refused_whatever_the_route_makes_of_it(path: str) -> None:
    headers = {"content-type": "application/json"}

    answer = client().put(path, content=in_pieces(2 * LIMIT), headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")
    assert answer.headers["content-type"] == "application/problem+json"


def test_what_is_too_much_never_reaches_the_application() -> None:
    seen: list[Message] = []

    async def app(_: Scope, receive: Receive, __: Send) -> None:
        while True:
            seen.append(await receive())

    assert client(app).put("/", content=in_pieces(2 * LIMIT)).status_code == 413
    assert sum(len(message["body"]) for message in seen) <= LIMIT


def test_the_limit_depends_on_the_path() -> None:
    assert client().put("/hochladen", content=b"x" * (5 * LIMIT)).status_code == 404


@pytest.mark.parametrize("coding", ["gzip", "br", "deflate", "identity, gzip", "x"])
def test_a_compressed_body_is_refused(coding: str) -> None:
    answer = client().put("/laenge", content=b"x", headers={"Content-Encoding": coding})

    assert (answer.status_code, answer.json()["code"]) == (415, "media-type-unsupported")


def test_identity_is_no_coding() -> None:
    answer = client().put("/laenge", content=b"x", headers={"Content-Encoding": "Identity"})

    assert answer.json() == 1


@pytest.mark.parametrize(
    "host",
    [
        "anderswo.invalid",
        "hub.meldeweg.invalid.anderswo.invalid",
        "anderswo.invalid:443",
        "",
        "hub.meldeweg.invalid@anderswo.invalid",
        "[::2]",
        "127.0.0.1",
    ],
)
def test_a_request_for_another_host_is_refused(host: str) -> None:
    answer = client().put("/laenge", headers={"Host": host})

    assert (answer.status_code, answer.json()["code"]) == (421, "host-unknown")
    assert "anderswo" not in answer.text


@pytest.mark.parametrize(
    "host", ["hub.meldeweg.invalid", "HUB.Meldeweg.Invalid:8443", "localhost:8080", "[::1]:8080"]
)
def test_the_own_names_are_known_with_any_port(host: str) -> None:
    assert client().put("/laenge", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "OPTIONS", "PROPFIND", "get"])
def test_unknown_methods_are_refused(method: str) -> None:
    sent = asyncio.run(bare({"method": method}))

    assert sent[0]["status"] == 405
    assert (b"allow", b"DELETE, GET, HEAD, PATCH, POST, PUT") in sent[0]["headers"]


def test_two_hosts_are_none() -> None:
    hosts = [(b"host", b"hub.meldeweg.invalid"), (b"host", b"anderswo.invalid")]

    assert asyncio.run(bare({"headers": hosts}))[0]["status"] == 421
    assert asyncio.run(bare({"headers": []}))[0]["status"] == 421


@pytest.mark.parametrize(
    "large",
    [
        {"headers": [(b"host", b"hub.meldeweg.invalid"), (b"x", b"y" * 16_384)]},
        {"headers": [(b"host", b"hub.meldeweg.invalid"), *[(b"x", b"y")] * 4000]},
        {"query_string": b"q" * 16_384},
        {"raw_path": b"/" + b"p" * 16_384},
    ],
    ids=["a long header", "many headers", "a long query", "a long path"],
)
def test_a_head_that_is_too_large_is_refused(large: dict[str, Any]) -> None:
    assert asyncio.run(bare(large))[0]["status"] == 413


async def bare(changes: dict[str, Any]) -> list[Message]:
    """Ask without a client that would mend what is wrong."""
    scope: Scope = {
        "type": "http",
        "method": "GET",
        "path": "/laenge",
        "raw_path": b"/laenge",
        "query_string": b"",
        "headers": [(b"host", b"hub.meldeweg.invalid")],
        **changes,
    }
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    await guard(an_app(), problems=PROBLEMS, hosts={"hub.meldeweg.invalid"})(scope, receive, send)
    return sent


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", "/laenge"),
        ("GET", "/laenge"),
        ("GET", "/gibt-es-nicht"),
        ("GET", "/fehler"),
        ("PUT", "/modell"),
        ("TRACE", "/laenge"),
        ("GET", "/openapi.json"),
    ],
)
def test_every_answer_bears_the_headers(method: str, path: str) -> None:
    answer = client().request(method, path)

    for name, value in SECURITY_HEADERS:
        assert answer.headers[name] == value
    assert "server" not in answer.headers


def test_a_page_may_have_a_policy_of_its_own() -> None:
    answer = client().get("/eigene")

    assert answer.headers["content-security-policy"] == "default-src 'self'"
    assert answer.headers["cache-control"] == "max-age=9"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_layer_that_breaks_is_answered_with_a_problem() -> None:
    async def broken(_: Scope, __: Receive, ___: Send) -> None:
        raise RuntimeError("Kevin Beispielkind")

    answer = client(broken).get("/")

    assert (answer.status_code, answer.json()["code"]) == (500, "failure")
    assert "Kevin" not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_an_answer_that_was_begun_is_not_begun_again() -> None:
    async def broken(_: Scope, __: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise RuntimeError

    sent: list[Message] = []

    async def run() -> None:
        async def receive() -> Message:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Message) -> None:
            sent.append(message)

        scope: Scope = {
            "type": "http",
            "method": "GET",
            "path": "/",
            "query_string": b"",
            "headers": [(b"host", b"hub.meldeweg.invalid")],
        }
        limited = guard(broken, problems=PROBLEMS, hosts={"hub.meldeweg.invalid"})
        await limited(scope, receive, send)

    asyncio.run(run())

    assert [message["type"] for message in sent] == ["http.response.start"]


def test_a_client_has_its_burst_and_then_its_rate() -> None:
    buckets = Buckets(Rate(per_second=2, burst=3))

    for _ in range(3):
        buckets.check_rate("schule:999001", 0.0)
    with pytest.raises(TooManyRequests):
        buckets.check_rate("schule:999001", 0.1)
    buckets.check_rate("schule:999001", 0.6)
    with pytest.raises(TooManyRequests):
        buckets.check_rate("schule:999001", 0.7)


def test_one_clients_noise_is_not_anothers() -> None:
    buckets = Buckets(Rate(per_second=1, burst=1))
    buckets.check_rate("schule:999001", 0.0)

    buckets.check_rate("schule:999002", 0.0)

    with pytest.raises(TooManyRequests):
        buckets.check_rate("schule:999001", 0.0)


def test_the_client_is_told_when_the_next_one_may_come() -> None:
    buckets = Buckets(Rate(per_second=0.1, burst=1))
    buckets.check_rate("schule:999001", 0.0)

    with pytest.raises(TooManyRequests) as refused:
        buckets.check_rate("schule:999001", 4.0)

    assert refused.value.retry_after == 6
    buckets.check_rate("schule:999001", 10.0)


def test_what_is_urgent_has_a_bucket_of_its_own() -> None:
    buckets = Buckets(Rate(per_second=1, burst=2, reserved=1))
    for _ in range(2):
        buckets.check_rate("schule:999001", 0.0)

    buckets.check_rate("schule:999001", 0.0, is_urgent=True)

    for is_urgent in (False, True):
        with pytest.raises(TooManyRequests):
            buckets.check_rate("schule:999001", 0.0, is_urgent=is_urgent)
    buckets.check_rate("schule:999001", 1.0, is_urgent=True)


def test_a_clock_that_steps_back_gives_nothing() -> None:
    buckets = Buckets(Rate(per_second=1, burst=1))
    buckets.check_rate("schule:999001", 100.0)

    with pytest.raises(TooManyRequests):
        buckets.check_rate("schule:999001", 50.0)
    buckets.check_rate("schule:999001", 51.0)


def test_there_is_an_end_to_what_is_remembered() -> None:
    buckets = Buckets(Rate(per_second=1, burst=1))

    for number in range(10_500):
        buckets.check_rate(f"schule:{number}", 0.0)

    assert len(buckets._levels) == 10_000
