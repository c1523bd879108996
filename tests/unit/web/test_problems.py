# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every error has its code, its status and its address, and none repeats what was sent."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.testclient import TestClient

from hub.errors import Failure, Overloaded, Refusal, ScopeExceeded, TokenInvalid, TooManyRequests
from hub.trust.tokens import GrantRefused, NonceRequired
from hub.web.limits import guard
from hub.web.problems import STATUS, Problems, ProblemText

CANARY = "Kevin Beispielkind"
URL = "https://hub.meldeweg.invalid"
TEXTS = {
    "scope-exceeded": ProblemText(
        "Die Mitteilung sagt mehr, als das Verfahren erlaubt",
        "The message says more than the protocol allows",
        "Nehmen Sie die genannten Felder heraus.",
    )
}
PROBLEMS = Problems(f"{URL}/", TEXTS)


def kinds_of(root: type[Exception]) -> Iterator[type[Any]]:
    for kind in root.__subclasses__():
        yield kind
        yield from kinds_of(kind)


def an_app() -> FastAPI:
    app = FastAPI()
    PROBLEMS.install(app)

    @app.get("/zahl/{number}")
    async def number(number: int, mehr: int = 0) -> int:
        return number + mehr

    @app.get("/zu-viel")
    async def refuse() -> None:
        raise ScopeExceeded(
            pointers=("/kind/name",), basis="§ 4 Abs. 3 KKG", allowed=("/kind/alter",)
        )

    @app.get("/fehler")
    async def fail() -> None:
        raise ValueError(CANARY)

    @app.get("/rahmen/{status}")
    async def framework(status: int) -> None:
        raise HTTPException(status, CANARY, {"X-Own": "yes"})

    @app.get("/ueberlastet")
    async def overloaded() -> None:
        raise Overloaded

    @app.get("/token")
    async def token() -> None:
        raise GrantRefused("invalid_client")

    return app


def ask(path: str, method: str = "GET") -> Any:
    app = guard(an_app(), problems=PROBLEMS, hosts={"hub.meldeweg.invalid"})
    return TestClient(app, base_url=URL).request(method, path)


@pytest.mark.parametrize("kind", [*kinds_of(Refusal), *kinds_of(Failure)], ids=lambda k: k.code)
def test_every_refusal_and_every_failure_has_a_status(kind: type[Refusal | Failure]) -> None:
    assert kind.code in STATUS


def test_every_status_belongs_to_a_code_that_exists() -> None:
    codes = {kind.code for root in (Refusal, Failure) for kind in kinds_of(root)}
    of_the_web = {"request-invalid", "method-not-allowed", "host-unknown", "failure"}

    assert set(STATUS) == codes | of_the_web


def test_a_refusal_says_what_is_wrong_where_and_what_helps() -> None:
    answer = ask("/zu-viel")

    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert len(answer.json().pop("trace")) == 16
    assert {name: value for name, value in answer.json().items() if name != "trace"} == {
        "type": f"{URL}/probleme/scope-exceeded",
        "title": "Die Mitteilung sagt mehr, als das Verfahren erlaubt",
        "title_en": "The message says more than the protocol allows",
        "status": 422,
        "code": "scope-exceeded",
        "pointers": ["/kind/name"],
        "basis": "§ 4 Abs. 3 KKG",
        "allowed": ["/kind/alter"],
        "advice": "Nehmen Sie die genannten Felder heraus.",
    }


@pytest.mark.parametrize(
    ("path", "method", "status", "code"),
    [
        ("/gibt-es-nicht/Kevin", "GET", 404, "not-found"),
        ("/zu-viel", "POST", 405, "method-not-allowed"),
        ("/zu-viel", "TRACE", 405, "method-not-allowed"),
        ("/zu-viel", "OPTIONS", 405, "method-not-allowed"),
        ("/zu-viel", "MELDEN", 405, "method-not-allowed"),
        ("/zahl/Kevin", "GET", 400, "request-invalid"),
        ("/zahl/1?mehr=Kevin", "GET", 400, "request-invalid"),
        ("/fehler", "GET", 500, "failure"),
        ("/rahmen/403", "GET", 403, "request-invalid"),
        ("/rahmen/413", "GET", 413, "too-large"),
        ("/rahmen/502", "GET", 502, "failure"),
        ("/ueberlastet", "GET", 503, "overloaded"),
    ],
)
def test_errors_of_the_framework_are_problems_too(
    path: str, method: str, status: int, code: str
) -> None:
    answer = ask(path, method)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["type"] == f"{URL}/probleme/{code}"
    assert "Kevin" not in answer.text
    assert "Traceback" not in answer.text


def test_headers_of_the_framework_are_kept() -> None:
    assert ask("/rahmen/403").headers["x-own"] == "yes"
    assert ask("/zu-viel", "POST").headers["allow"] == "GET"


def test_two_answers_have_two_traces() -> None:
    assert ask("/zu-viel").json()["trace"] != ask("/zu-viel").json()["trace"]


def test_a_failure_says_when_to_come_again() -> None:
    assert ask("/ueberlastet").headers["retry-after"] == "5"


def test_whoever_asks_too_often_is_told_when_to_come_again() -> None:
    refusal = TooManyRequests()
    refusal.retry_after = 17

    assert PROBLEMS.response(refusal).headers["retry-after"] == "17"


def test_a_wrong_token_is_answered_with_how_to_ask() -> None:
    """RFC 9449 § 7.1."""
    challenge = PROBLEMS.response(TokenInvalid()).headers["www-authenticate"]

    assert challenge == 'DPoP error="invalid_token", algs="EdDSA ES256"'


def test_a_missing_nonce_is_answered_with_one() -> None:
    answer = PROBLEMS.response(NonceRequired("n-0001"))

    assert answer.status_code == 401
    assert answer.headers["dpop-nonce"] == "n-0001"
    assert 'error="use_dpop_nonce"' in answer.headers["www-authenticate"]


def test_the_token_endpoint_speaks_oauth() -> None:
    answer = ask("/token")

    assert (answer.status_code, answer.json()) == (401, {"error": "invalid_client"})


def test_a_trace_can_be_given() -> None:
    answer = PROBLEMS.response(ScopeExceeded(), trace="4711")

    assert b'"trace":"4711"' in answer.body
