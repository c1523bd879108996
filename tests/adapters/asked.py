# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A target that can be asked and does not deduplicate: each call that reaches it takes effect.

So it counts what a connector really does. Its process writes one line for each effect, durably, and
can be told to die right after one, before it answers.
"""

import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import httpx2

from hub.adapters.base import HandedOver, Surroundings, TargetTrouble
from hub.adapters.delivery import Delivery
from hub.adapters.health import WELL, Health
from hub.adapters.settings import TargetSettings
from tests.adapters.ending import end_if_last, note_effect, noted


class AskedSettings(TargetSettings):
    """Where it is."""

    url: str


class AskedAdapter:
    """Asks first, then tells."""

    settings_type: ClassVar[type[TargetSettings]] = AskedSettings

    def __init__(self, settings: TargetSettings, _surroundings: Surroundings) -> None:
        assert isinstance(settings, AskedSettings)
        self.name = settings.called
        self._client = httpx2.AsyncClient(base_url=settings.url, timeout=5)

    async def hand_over(self, delivery: Delivery) -> HandedOver:
        return HandedOver(await self._say("POST", delivery))

    async def already_there(self, delivery: Delivery) -> HandedOver | None:
        found = await self._say("GET", delivery)
        return HandedOver(found, was_there=True) if found else None

    async def check(self) -> Health:
        return WELL

    async def close(self) -> None:
        await self._client.aclose()

    async def _say(self, method: str, delivery: Delivery) -> str:
        try:
            answer = await self._client.request(method, f"/{delivery.id}")
        except httpx2.TransportError:
            raise TargetTrouble("target-down", "Das Ziel antwortet nicht.") from None
        return answer.text


class _Asked(BaseHTTPRequestHandler):
    folder: ClassVar[Path]

    def do_GET(self) -> None:
        self._answer(self.path[1:] if self.path[1:] in noted(self.folder) else "")

    def do_POST(self) -> None:
        note_effect(self.folder, self.path[1:])
        end_if_last(self.folder)
        self._answer(self.path[1:])

    def _answer(self, text: str) -> None:
        self.send_response(200)
        self.send_header("content-length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode("ascii"))

    def log_message(self, *_said: object) -> None:
        """Say nothing."""


def main() -> None:
    """Serve a folder on a port: ``python -m tests.adapters.asked FOLDER PORT``."""
    _Asked.folder = Path(sys.argv[1])
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[2])), _Asked).serve_forever()


if __name__ == "__main__":
    main()
