# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How does a short message leave the house?

By the gateway that the operator has a contract with: one POST with number, text and id. What
gateways of different makers want instead fits into twenty lines in front of theirs; what all of
them have is a number and a text.
"""

import asyncio
import ssl
from collections.abc import Sequence
from contextlib import suppress
from typing import Final
from urllib.parse import SplitResult, urlsplit

import httpx2

from hub.model.notification import ChannelName
from hub.notify.address import is_loopback_name
from hub.notify.channel import SENT, Parcel, Result, wait_of

PATIENCE: Final = 15.0
"""Seconds for one request with its answer."""
AT_ONCE: Final = 4
"""Requests side by side."""
_OURS: Final = frozenset({401, 403, 407})
"""The gateway refuses us and not the number; somebody will put the token right."""
_LATER: Final = frozenset({408, 425, 429})


class ShortMessages:
    """Tells by short message."""

    def __init__(
        self,
        url: str,
        token: str,
        *,
        context: ssl.SSLContext | None = None,
        patience: float = PATIENCE,
    ) -> None:
        """Raise ``ValueError`` for a gateway elsewhere that is to be spoken to without TLS."""
        self._url = url
        self._token = token
        self._verify: ssl.SSLContext | bool = context or True
        self._patience = patience
        self._parts = _parts(url)

    @property
    def name(self) -> ChannelName:
        return "sms"

    async def send(self, parcels: Sequence[Parcel]) -> list[Result]:
        """Hand the messages to the gateway, some at a time."""
        turn = asyncio.Semaphore(AT_ONCE)
        async with self._client() as client:

            async def one(parcel: Parcel) -> Result:
                async with turn:
                    return await self._post(client, parcel)

            return await asyncio.gather(*map(one, parcels))

    async def trouble(self) -> str:
        """Look whether the gateway is there; whether it takes our token, only a message says."""
        host, is_tls = self._parts.hostname, self._parts.scheme == "https"
        try:
            async with asyncio.timeout(self._patience):
                _, writer = await asyncio.open_connection(
                    host, self._parts.port or (443 if is_tls else 80), ssl=is_tls or None
                )
        except (OSError, TimeoutError) as trouble:
            return type(trouble).__name__
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()
        return ""

    async def _post(self, client: httpx2.AsyncClient, parcel: Parcel) -> Result:
        said = {"to": parcel.address, "text": parcel.short, "id": parcel.mark}
        head = {"authorization": f"Bearer {self._token}"} if self._token else {}
        try:
            async with (
                asyncio.timeout(self._patience),
                # The body of the answer is not read: nothing in it changes anything.
                client.stream("POST", self._url, json=said, headers=head) as answer,
            ):
                return _result_of(answer.status_code, answer.headers.get("retry-after"))
        except (httpx2.TransportError, TimeoutError) as trouble:
            return Result("later", type(trouble).__name__)

    def _client(self) -> httpx2.AsyncClient:
        return httpx2.AsyncClient(verify=self._verify, trust_env=False, timeout=self._patience)


def _parts(url: str) -> SplitResult:
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme not in {"http", "https"} or not host or parts.username is not None:
        raise ValueError("Die Adresse des SMS-Gateways ist nicht lesbar (https://…).")
    if parts.scheme == "http" and not is_loopback_name(host):
        raise ValueError("Ein SMS-Gateway auf einem anderen Rechner braucht https.")
    return parts


def _result_of(status: int, retry_after: str | None) -> Result:
    if 200 <= status < 300:  # noqa: PLR2004  all that mean yes (RFC 9110 § 15.3)
        return SENT
    reason = f"http-{status}"
    if 400 <= status < 500 and status not in _OURS | _LATER:  # noqa: PLR2004  RFC 9110 § 15.5
        return Result("refused", reason)
    return Result("later", reason, wait_of(retry_after))
