# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What does every answer tell a browser, errors included?

Nothing may be loaded, framed, sniffed, cached or referred to. A page that needs more says so with
a policy of its own, which then stands instead of ours; there is no CORS.
"""

from collections.abc import Iterable
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

SECURITY_HEADERS: Final[tuple[tuple[str, str], ...]] = (
    (
        "content-security-policy",
        (
            "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; "
            "object-src 'none'"
        ),
    ),
    ("strict-transport-security", "max-age=31536000; includeSubDomains"),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    (
        "permissions-policy",
        (
            "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), "
            "microphone=(), midi=(), payment=(), usb=()"
        ),
    ),
    ("cache-control", "no-store"),
)
_ENCODED: Final = tuple(
    (name.encode("ascii"), value.encode("ascii")) for name, value in SECURITY_HEADERS
)


class SecurityHeaders:
    """The outermost layer: completes the headers of whatever comes from within."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_completed(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = complete(message.get("headers", ()))
            await send(message)

        await self._app(scope, receive, send_completed)


def complete(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Return the headers with those of ours that are not among them."""
    own = list(headers)
    named = {name.lower() for name, _ in own}
    return own + [header for header in _ENCODED if header[0] not in named]
