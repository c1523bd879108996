# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who is told when something is wrong with a log? Whoever the settings name, by mail."""

import asyncio
from collections.abc import Callable
from threading import Thread
from typing import TypeAlias
from uuid import uuid4

import structlog

from hub.main.folder import DataDir
from hub.main.notifying import channels_of
from hub.notify.alarm import alarm
from hub.notify.channel import Channel, Parcel
from hub.settings import Settings

Tell: TypeAlias = Callable[[str, str], None]
"""Takes a subject and a text, and returns at once."""
_log = structlog.stdlib.get_logger()


def telling(settings: Settings) -> Tell:
    """Return how to tell whoever watches over the log; only a line in the messages where nobody.

    Raises ``ValueError`` where the settings for mails are none that could work.
    """
    mail = channels_of(settings, DataDir(settings.data_dir), keeps_key=False).get("email")
    address = settings.witness_mail

    def tell(subject: str, text: str) -> None:
        if mail is None or not address:
            _log.warning("alarm.nobody-to-tell")
            return
        # In a thread of its own: a slow mail server must keep nobody waiting.
        parcel = alarm(address, str(uuid4()), subject, text)
        Thread(target=_send, args=(mail, parcel), name="alarm", daemon=True).start()

    return tell


def _send(mail: Channel, parcel: Parcel) -> None:
    (result,) = asyncio.run(mail.send([parcel]))
    if result.outcome != "sent":
        _log.error("alarm.not-sent", state=result.outcome, reason=result.reason)
