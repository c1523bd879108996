# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How is a browser woken that nobody looks at just now?

By Web Push (RFC 8030) without a payload: the push service learns that a browser is woken, and not
of what. The hub says who it is by VAPID (RFC 8292). The address to call comes from outside, so it
must be one of a push service on the operator's list, and lead out of the house.
"""

import asyncio
import ssl
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import SplitResult, urlsplit

import httpx2

from hub.model.json import JsonObject
from hub.model.notification import ChannelName
from hub.notify.address import NotOutside, is_loopback_name, outside
from hub.notify.channel import SENT, NotAnEndpoint, Parcel, Result, wait_of
from hub.sealing.canonical import b64, jcs

HOSTS: Final = (
    "fcm.googleapis.com",
    "updates.push.services.mozilla.com",
    "*.push.apple.com",
    "*.notify.windows.com",
)
"""The push services of the browsers that people have; ``*.`` stands for any names before it."""
LONGEST: Final = 1024
"""Characters of an endpoint."""
KEPT: Final = 86_400
"""Seconds that a push service keeps trying a browser that is off."""
PATIENCE: Final = 10.0
AT_ONCE: Final = 10
TOKEN_LIFE: Final = 43_200
"""Seconds; RFC 8292 § 2 allows 24 hours, and clocks differ."""
_GONE: Final = frozenset({404, 410})
_LATER: Final = frozenset({408, 425, 429})


@dataclass(frozen=True)
class Vapid:
    """Who the hub is to push services (RFC 8292)."""

    public: str
    """Uncompressed point of P-256 in base64url, as browsers want it for a subscription."""
    subject: str
    """``mailto:`` or ``https:``; where a push service finds somebody to talk to."""
    sign: Callable[[bytes], bytes] = field(repr=False)
    clock: Callable[[], float] = field(repr=False)

    def authorization(self, origin: str) -> str:
        """Return the header for one push service; it is of no use anywhere else."""
        claims: JsonObject = {
            "aud": origin,
            "exp": int(self.clock()) + TOKEN_LIFE,
            "sub": self.subject,
        }
        signed = f"{b64(jcs({'alg': 'ES256', 'typ': 'JWT'}))}.{b64(jcs(claims))}"
        token = f"{signed}.{b64(self.sign(signed.encode('ascii')))}"
        return f"vapid t={token}, k={self.public}"


class Push:
    """Tells by waking browsers."""

    def __init__(
        self,
        vapid: Vapid,
        hosts: Iterable[str] = HOSTS,
        *,
        context: ssl.SSLContext | None = None,
        patience: float = PATIENCE,
    ) -> None:
        self._vapid = vapid
        self._hosts = tuple(hosts)
        self._verify: ssl.SSLContext | bool = context or True
        self._patience = patience

    @property
    def name(self) -> ChannelName:
        return "push"

    @property
    def public_key(self) -> str:
        return self._vapid.public

    def check(self, endpoint: str) -> None:
        _parts(endpoint, self._hosts)

    async def send(self, parcels: Sequence[Parcel]) -> list[Result]:
        """Wake the browsers, some at a time: a slow push service does not hold up the others."""
        turn = asyncio.Semaphore(AT_ONCE)
        async with httpx2.AsyncClient(
            verify=self._verify, trust_env=False, timeout=self._patience
        ) as client:

            async def one(parcel: Parcel) -> Result:
                async with turn:
                    return await self._wake(client, parcel)

            return await asyncio.gather(*map(one, parcels))

    async def trouble(self) -> str:
        """Say nothing: which push services there are, the browsers decide."""
        return ""

    async def _wake(self, client: httpx2.AsyncClient, parcel: Parcel) -> Result:
        try:
            parts = _parts(parcel.address, self._hosts)
            async with asyncio.timeout(self._patience):
                addresses = await outside(parts.hostname or "", _port(parts))
                return await self._try_each(client, parcel, parts, addresses)
        except (NotAnEndpoint, NotOutside) as unfit:
            # The list may have become shorter since, or the name leads elsewhere now.
            return Result("gone", type(unfit).__name__)
        except (httpx2.TransportError, OSError, TimeoutError) as trouble:
            return Result("later", type(trouble).__name__)

    async def _try_each(
        self,
        client: httpx2.AsyncClient,
        parcel: Parcel,
        parts: SplitResult,
        addresses: Sequence[str],
    ) -> Result:
        for address in addresses[:-1]:
            try:
                return await self._post(client, parcel, parts, address)
            except (httpx2.ConnectError, httpx2.ConnectTimeout):
                continue
        return await self._post(client, parcel, parts, addresses[-1])

    async def _post(
        self, client: httpx2.AsyncClient, parcel: Parcel, parts: SplitResult, address: str
    ) -> Result:
        """Call the address that was looked at, so that the name cannot lead elsewhere meanwhile."""
        url = httpx2.URL(parcel.address).copy_with(host=address)
        head = {
            "host": parts.netloc,
            "authorization": self._vapid.authorization(f"{parts.scheme}://{parts.netloc}"),
            "ttl": str(KEPT),
            "urgency": "high" if parcel.is_urgent else "normal",
            # One that is not fetched yet makes room for the next: both say the same.
            "topic": "a" if parcel.is_urgent else "b",
        }
        names = {"sni_hostname": parts.hostname or ""}
        async with client.stream("POST", url, headers=head, extensions=names) as answer:
            return _result_of(answer.status_code, answer.headers.get("retry-after"))


def _parts(endpoint: str, hosts: Sequence[str]) -> SplitResult:
    try:
        parts = urlsplit(endpoint)
        port, host = parts.port, parts.hostname or ""
    except ValueError:
        raise NotAnEndpoint from None
    is_here = is_loopback_name(host) and host in hosts
    is_whole = endpoint.isascii() and endpoint.isprintable() and len(endpoint) <= LONGEST
    is_plain = parts.username is None and parts.password is None and not parts.fragment
    if not (is_whole and is_plain and any(_is_one_of(host, each) for each in hosts)):
        raise NotAnEndpoint
    if not is_here and (parts.scheme != "https" or port not in {None, 443}):
        raise NotAnEndpoint
    if is_here and parts.scheme not in {"http", "https"}:
        raise NotAnEndpoint
    return parts


def _is_one_of(host: str, listed: str) -> bool:
    if listed.startswith("*."):
        return host.endswith(listed[1:])
    return host == listed


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)


def _result_of(status: int, retry_after: str | None) -> Result:
    if 200 <= status < 300:  # noqa: PLR2004  all that mean yes (RFC 9110 § 15.3)
        return SENT
    reason = f"http-{status}"
    if status in _GONE:
        return Result("gone", reason)
    if 400 <= status < 500 and status not in _LATER:  # noqa: PLR2004  RFC 9110 § 15.5
        return Result("refused", reason)
    return Result("later", reason, wait_of(retry_after))
