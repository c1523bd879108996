# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Telling by mail that something has come; what it is stays in this house.

The mail holds urgency and id and nothing else, because anybody may read along. So this target is
for offices that work in the inbox of the connector: there the notice lies.
"""

import asyncio
import ssl
from pathlib import Path
from typing import ClassVar, Final

from pydantic import Field

from hub.adapters.base import HandedOver, Surroundings, TargetRefused, TargetTrouble
from hub.adapters.delivery import Delivery
from hub.adapters.health import WELL, Health, unwell
from hub.adapters.registry import SettingsUnfit
from hub.adapters.settings import TargetSettings
from hub.adapters.traces import Traces
from hub.notify.channel import Result
from hub.notify.notice import Notice, pack
from hub.notify.smtp import Mail, Mailserver

_ADDRESS: Final = r"^[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,190}$"
_LATER: Final = "Der Mailserver hat eine Nachricht noch nicht angenommen."


class MailSettings(TargetSettings):
    """Whom to tell, and by which server."""

    server: Path
    """File with the address of the server (``smtps://user:password@host:465``): it may hold a
    password, so it is no part of these settings."""
    sender: str = Field(pattern=_ADDRESS)
    to: tuple[str, ...] = Field(min_length=1, max_length=20)
    ca: Path | None = None


class MailAdapter:
    """Tells some addresses, each once."""

    settings_type: ClassVar[type[TargetSettings]] = MailSettings

    def __init__(self, settings: TargetSettings, surroundings: Surroundings) -> None:
        assert isinstance(settings, MailSettings)  # noqa: S101  the registry reads its type
        self.name = settings.called
        self._to = settings.to
        self._patience = settings.patience
        self._traces = Traces(surroundings.state)
        self._mail = Mail(
            _server(surroundings.path(settings.server)),
            settings.sender,
            context=_context(settings, surroundings),
            patience=settings.patience,
            altogether=settings.patience,
        )
        self._turn = asyncio.Lock()
        self._refused: set[int] = set()

    async def hand_over(self, delivery: Delivery) -> HandedOver:
        async with self._turn:
            told = set(self._traces.of(delivery) or ())
            waiting = [each for each in map(str, range(len(self._to))) if each not in told]
            results = await self._send(delivery, waiting)
            done = _settled(results, told)
            await asyncio.to_thread(self._traces.note, delivery, (*sorted(told), *done))
        self._check(results, told)
        return HandedOver(delivery.id, was_there=not waiting)

    async def already_there(self, delivery: Delivery) -> HandedOver | None:
        told = self._traces.of(delivery) or ()
        if len(told) < len(self._to):
            return None
        return HandedOver(delivery.id, was_there=True)

    async def check(self) -> Health:
        if trouble := await self._mail.trouble():
            return unwell(f"Der Mailserver ist nicht zu erreichen ({trouble}).")
        if self._refused:
            return unwell(f"Der Mailserver nimmt {len(self._refused)} der Adressen nicht an.")
        return WELL

    async def close(self) -> None:
        """Each dialogue has ended with what it was about."""

    async def _send(self, delivery: Delivery, waiting: list[str]) -> dict[str, Result]:
        notice = Notice(delivery.id, "waiting", delivery.urgency, delivery.id)
        parcels = [pack(self._to[int(mark)], [notice]) for mark in waiting]
        results = await self._mail.send(parcels)
        return dict(zip(waiting, results, strict=True))

    def _check(self, results: dict[str, Result], told: set[str]) -> None:
        """Raise where nobody was told, or somebody is to be tried again."""
        later = next((each for each in results.values() if each.outcome == "later"), None)
        if later is not None:
            raise TargetTrouble(f"mail-{later.reason}"[:40], _LATER, later.retry_after)
        refused = {int(mark) for mark, each in results.items() if each.outcome == "refused"}
        self._refused |= refused
        self._refused -= {int(mark) for mark, each in results.items() if each.outcome == "sent"}
        if refused and not told and len(refused) == len(results):
            raise TargetRefused("address-refused", "Der Mailserver nimmt keine der Adressen an.")


def _settled(results: dict[str, Result], told: set[str]) -> list[str]:
    """Return who need not be told again; a refusal counts where somebody else was told."""
    sent = [mark for mark, each in results.items() if each.outcome == "sent"]
    if not sent and not told:
        return []
    return [mark for mark, each in results.items() if each.outcome != "later"]


def _server(path: Path) -> Mailserver:
    try:
        return Mailserver.parse(path.read_text("utf-8").strip())
    except OSError:
        raise SettingsUnfit("/server: Die Datei mit dem Mailserver ist nicht lesbar.") from None
    except ValueError as wrong:
        raise SettingsUnfit(f"/server: {wrong}") from None


def _context(settings: MailSettings, surroundings: Surroundings) -> ssl.SSLContext | None:
    if settings.ca is None:
        return None
    try:
        return ssl.create_default_context(cafile=str(surroundings.path(settings.ca)))
    except (OSError, ssl.SSLError):
        raise SettingsUnfit("/ca: Das Zertifikat ist nicht lesbar.") from None
