# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is asked without a token: what is public, and what a root key signed."""

import json
from typing import Any, Final

import httpx2

from hub.client.answers import Refused, Unreachable
from hub.client.line import problem_of

JWT: Final = "application/jwt"


def get_json(client: httpx2.Client, url: str) -> Any:
    return json.loads(_checked(client, "GET", url, None, {}))


def put_jws(client: httpx2.Client, url: str, jws: str, headers: dict[str, str]) -> bytes:
    return _checked(client, "PUT", url, jws.encode(), headers)


def _checked(
    client: httpx2.Client, method: str, url: str, content: bytes | None, headers: dict[str, str]
) -> bytes:
    try:
        answer = client.request(method, url, content=content, headers=headers)
    except httpx2.TransportError as trouble:
        raise Unreachable(type(trouble).__name__) from None
    if answer.is_error:
        raise Refused(answer.status_code, problem_of(answer))
    body: bytes = answer.content
    return body
