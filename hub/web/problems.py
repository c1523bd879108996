# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How does an error look from outside? As problem details (RFC 9457), each code with its status.

An answer names the code, the place and what helps, and never repeats what was sent: what is
wrong with a message about a child may itself be about the child.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hub.errors import Failure, Refusal, TokenInvalid, TooManyRequests
from hub.trust.tokens import GrantRefused, NonceRequired

STATUS: Final[Mapping[str, int]] = {
    "not-a-message": 400,
    "id-mismatch": 400,
    "request-invalid": 400,
    "token-invalid": 401,
    "not-permitted": 403,
    "participant-suspended": 403,
    "sender-mismatch": 403,
    "hub-mismatch": 403,
    "not-found": 404,
    "recipient-unknown": 404,
    "method-not-allowed": 405,
    "id-reused": 409,
    "step-not-allowed": 409,
    "conversation-moved-on": 409,
    "reader-key-stale": 409,
    "no-duty-desk": 409,
    "no-agreement": 409,
    "protocol-not-adopted": 409,
    "already-taken": 409,
    "lease-lost": 409,
    "protocol-retired": 410,
    "content-erased": 410,
    "too-large": 413,
    "media-type-unsupported": 415,
    "host-unknown": 421,
    "envelope-invalid": 422,
    "signature-invalid": 422,
    "signer-not-entitled": 422,
    "basis-not-allowed": 422,
    "urgency-not-allowed": 422,
    "scope-exceeded": 422,
    "issued-outside-window": 422,
    "suite-unsupported": 422,
    "schema-unknown": 422,
    "body-mismatch": 422,
    "commitments-invalid": 422,
    "readers-invalid": 422,
    # What only a sealer, a checker or a reader says; here for whoever answers with it.
    "schema-not-sealable": 422,
    "reader-key-invalid": 422,
    "content-invalid": 422,
    "wrap-unopenable": 422,
    "secret-mismatch": 422,
    "leaf-unopenable": 422,
    "leaf-mismatch": 422,
    "leaf-malformed": 422,
    "not-addressed": 422,
    "expired": 422,
    "attachment-refused": 422,
    "too-many-requests": 429,
    "failure": 500,
    "overloaded": 503,
    "log-unavailable": 503,
    "read-only": 503,
    "storage-full": 503,
}

_OF_STATUS: Final = {
    404: "not-found",
    405: "method-not-allowed",
    413: "too-large",
    415: "media-type-unsupported",
    421: "host-unknown",
    429: "too-many-requests",
    503: "overloaded",
}
_ALGORITHMS: Final = 'algs="EdDSA ES256"'
_log = structlog.stdlib.get_logger()


@dataclass(frozen=True)
class ProblemText:
    """What people read about a code (``specs/problems.yaml``)."""

    title: str
    """German."""
    title_en: str
    advice: str = ""
    """German: what helps."""
    basis: str = ""
    """Key of the statute that decides, where one does."""


_NO_TEXT: Final = ProblemText("Die Anfrage ist nicht möglich", "The request is not possible")


class Problems:
    """Errors as answers, under the addresses of this hub."""

    def __init__(self, public_url: str, texts: Mapping[str, ProblemText]) -> None:
        self._base = f"{public_url.rstrip('/')}/probleme/"
        self._texts = texts

    def text_of(self, code: str) -> ProblemText | None:
        """Return what people are told about a code; None where there is no such code."""
        return self._texts.get(code) if code in STATUS else None

    def response(self, problem: Refusal | Failure, *, trace: str | None = None) -> Response:
        """Answer with a refusal or a failure; ``trace`` finds it again in the hub's own log."""
        if isinstance(problem, Failure):
            return self.plain(
                problem.code, trace=trace, headers={"Retry-After": str(problem.retry_after)}
            )
        return self.plain(
            problem.code,
            detail=problem.detail,
            pointers=problem.pointers,
            basis=problem.basis,
            allowed=problem.allowed,
            trace=trace,
            headers=_headers(problem),
        )

    def plain(
        self,
        code: str,
        *,
        status: int | None = None,
        detail: str = "",
        pointers: Sequence[str] = (),
        basis: str | None = None,
        allowed: Sequence[str] = (),
        trace: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """Answer with a code; members without content are left out."""
        text = self._texts.get(code, _NO_TEXT)
        given = STATUS[code] if status is None else status
        members = {
            "type": self._base + code,
            "title": text.title,
            "title_en": text.title_en,
            "status": given,
            "code": code,
            "detail": detail,
            "pointers": list(pointers),
            "basis": basis,
            "allowed": list(allowed),
            "advice": text.advice,
            "trace": trace or secrets.token_hex(8),
        }
        _log.info("request.refused", code=code, status=given, trace=members["trace"])
        return JSONResponse(
            {name: member for name, member in members.items() if member},
            status_code=given,
            headers=dict(headers or {}),
            media_type="application/problem+json",
        )

    def install(self, app: FastAPI) -> None:
        """Have every error of the application answered here, also those of the framework."""

        async def answer_problem(_: Request, error: Exception) -> Response:
            if isinstance(error, GrantRefused):
                return oauth_response(error)
            if isinstance(error, (Refusal, Failure)):
                return self.response(error)
            if isinstance(error, HTTPException):
                return self.of_status(error.status_code, error.headers)
            if isinstance(error, RequestValidationError):
                return self.plain("request-invalid", detail="A parameter is not what it must be.")
            if isinstance(error, ClientDisconnect):
                return Response(status_code=400)
            return self.of_bug(error)

        kinds = (Refusal, Failure, HTTPException, RequestValidationError, ClientDisconnect)
        for kind in (*kinds, Exception):
            app.add_exception_handler(kind, answer_problem)

    def of_status(self, status: int, headers: Mapping[str, str] | None = None) -> Response:
        """Answer what the framework says with a bare status; its own text is not passed on."""
        other = "request-invalid" if status < 500 else "failure"  # noqa: PLR2004  RFC 9110 § 15.6
        return self.plain(_OF_STATUS.get(status, other), status=status, headers=headers)

    def of_bug(self, error: Exception) -> Response:
        """Answer what nobody expected. The error itself goes nowhere but into the log."""
        trace = secrets.token_hex(8)
        _log.error("request.failed", trace=trace, exc_info=error)
        return self.plain("failure", trace=trace)


class Unbroken:
    """Answers with a problem even where a layer outside the application fails."""

    def __init__(self, app: ASGIApp, problems: Problems) -> None:
        self._app = app
        self._problems = problems

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def send_noting(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, send_noting)
        except Exception as error:
            if scope["type"] != "http":
                raise
            # Once an answer was begun there is only the end of the connection left to say it.
            if not started:
                await self._problems.of_bug(error)(scope, receive, send)


def oauth_response(refused: TokenInvalid) -> Response:
    """Answer for the token endpoint, where OAuth has names of its own (RFC 6749 § 5.2)."""
    if isinstance(refused, NonceRequired):
        return JSONResponse({"error": "use_dpop_nonce"}, 400, {"DPoP-Nonce": refused.nonce})
    error = refused.error if isinstance(refused, GrantRefused) else "invalid_client"
    return JSONResponse({"error": error}, 401 if error == "invalid_client" else 400)


def _headers(refusal: Refusal) -> dict[str, str]:
    if isinstance(refusal, NonceRequired):
        challenge = f'DPoP error="use_dpop_nonce", {_ALGORITHMS}'
        return {"WWW-Authenticate": challenge, "DPoP-Nonce": refusal.nonce}
    if isinstance(refusal, TokenInvalid):
        return {"WWW-Authenticate": f'DPoP error="invalid_token", {_ALGORITHMS}'}
    if isinstance(refusal, TooManyRequests):
        return {"Retry-After": str(refusal.retry_after)}
    return {}
