# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Handing over by one POST into case software that has an interface for it.

The id of the message is the key of the attempt, so a repeat is the same request. A status alone
convinces nobody: the answer has to say which id and which bytes were kept, and where the settings
want it, they are asked for once more. Redirects are not followed and no proxy is asked.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from socket import SOCK_STREAM
from typing import ClassVar
from urllib.parse import SplitResult, urlsplit

import httpx2

from hub import clock
from hub.adapters.base import HandedOver, Surroundings, TargetTrouble
from hub.adapters.delivery import Delivery
from hub.adapters.forms.chosen import Forms
from hub.adapters.forms.document import Document
from hub.adapters.health import WELL, Health, unwell
from hub.adapters.http_answer import Answer, confirmed, judge, read_answer
from hub.adapters.http_signature import content_digest, signed
from hub.adapters.https_settings import HttpsSettings, context_of, key_of, token_of
from hub.adapters.registry import SettingsUnfit
from hub.adapters.settings import TargetSettings
from hub.adapters.turns import Attempts


class HttpsAdapter:
    """Posts one form of each delivery."""

    settings_type: ClassVar[type[TargetSettings]] = HttpsSettings

    def __init__(self, settings: TargetSettings, surroundings: Surroundings) -> None:
        assert isinstance(settings, HttpsSettings)  # noqa: S101  the registry reads its type
        self.name = settings.called
        self._settings = settings
        self._forms = Forms(settings, surroundings)
        self._attempts = Attempts(settings.patience)
        host = urlsplit(settings.url).hostname or ""
        if settings.hosts and host not in settings.hosts:
            raise SettingsUnfit("/url: Der Name steht nicht unter hosts.")
        self._key = key_of(settings.signing_key, surroundings)
        self._token = token_of(settings.token, surroundings)
        self._client = httpx2.AsyncClient(
            verify=context_of(settings, surroundings), trust_env=False, follow_redirects=False
        )

    async def hand_over(self, delivery: Delivery) -> HandedOver:
        [document] = await self._forms.of(delivery)
        return await self._attempts.run(delivery.id, self._post(delivery, document))

    async def _post(self, delivery: Delivery, document: Document) -> HandedOver:
        answer = await self._ask("POST", self._settings.url, delivery, document)
        judge(answer, document)
        if self._settings.confirm != "status":
            confirmed(answer, delivery.id, content_digest(document.content))
        if self._settings.confirm == "lookup" and await self._look(delivery, document) is None:
            raise TargetTrouble("not-kept", "Das Fachverfahren sagt Ja und hat die Meldung nicht.")
        return HandedOver(delivery.id, was_there=answer.was_there)

    async def already_there(self, delivery: Delivery) -> HandedOver | None:
        if self._settings.confirm != "lookup":
            return None
        [document] = await self._forms.of(delivery)
        return await self._attempts.run(delivery.id, self._look(delivery, document))

    async def check(self) -> Health:
        try:
            async with self._spoken(), self._sent("OPTIONS", self._settings.url, {}):
                pass
        except TargetTrouble as trouble:
            return unwell(trouble.reason)
        return WELL

    async def close(self) -> None:
        await self._attempts.close()
        await self._client.aclose()

    async def _look(self, delivery: Delivery, document: Document) -> HandedOver | None:
        answer = await self._ask("GET", f"{self._settings.url}/{delivery.id}", delivery)
        if answer.status in {404, 410}:
            return None
        judge(answer, document)
        confirmed(answer, delivery.id, content_digest(document.content))
        return HandedOver(delivery.id, was_there=True)

    async def _ask(
        self, method: str, url: str, delivery: Delivery, document: Document | None = None
    ) -> Answer:
        headers = self._headers(method, url, delivery, document)
        body = document.content if document else None
        async with self._spoken(), self._sent(method, url, headers, body) as answer:
            return await read_answer(answer)

    def _headers(
        self, method: str, url: str, delivery: Delivery, document: Document | None
    ) -> dict[str, str]:
        headers = {"accept": "application/json", "accept-encoding": "identity"}
        if document is not None:
            headers |= {
                "content-type": document.media_type,
                "content-digest": content_digest(document.content),
                # A string in the sense of RFC 9651, as the draft for this header wants it.
                "idempotency-key": f'"{delivery.id}"',
                "meldeweg-urgency": delivery.urgency,
            }
        if self._token:
            headers["authorization"] = f"Bearer {self._token}"
        if self._key is not None:
            headers = signed(method, url, headers, self._key, int(clock.now()))
        return headers

    @asynccontextmanager
    async def _sent(
        self, method: str, url: str, headers: dict[str, str], body: bytes | None = None
    ) -> AsyncIterator[httpx2.Response]:
        """Send a request; where networks are laid down, to the address that was looked at."""
        if not self._settings.networks:
            async with self._client.stream(method, url, headers=headers, content=body) as answer:
                yield answer
            return
        parts = urlsplit(url)
        place = httpx2.URL(url).copy_with(host=await self._looked_up(parts))
        names = {"sni_hostname": parts.hostname or ""}
        at = {**headers, "host": parts.netloc}
        async with self._client.stream(
            method, place, headers=at, content=body, extensions=names
        ) as answer:
            yield answer

    async def _looked_up(self, parts: SplitResult) -> str:
        """Return the address of the server; raises where its name leads into another network."""
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(parts.hostname, parts.port or 443, type=SOCK_STREAM)
        networks = [ip_network(each) for each in self._settings.networks]
        addresses = [str(each[4][0]) for each in found]
        if not all(_is_in(each, networks) for each in addresses):
            raise TargetTrouble("elsewhere", "Der Name des Servers führt in ein fremdes Netz.")
        return addresses[0]

    @asynccontextmanager
    async def _spoken(self) -> AsyncIterator[None]:
        """Bound what one attempt may take, and turn errors of the line into trouble."""
        try:
            async with asyncio.timeout(self._settings.patience):
                yield
        except (httpx2.TimeoutException, TimeoutError):
            raise TargetTrouble(
                "timeout", "Das Fachverfahren hat nicht rechtzeitig geantwortet."
            ) from None
        except (httpx2.ConnectError, OSError):
            raise TargetTrouble(
                "unreachable",
                "Das Fachverfahren ist nicht zu erreichen oder weist sich nicht richtig aus.",
            ) from None
        except httpx2.HTTPError:
            raise TargetTrouble(
                "line-cut", "Die Verbindung zum Fachverfahren ist abgerissen."
            ) from None


def _is_in(address: str, networks: list[IPv4Network | IPv6Network]) -> bool:
    return any(ip_address(address) in each for each in networks)
