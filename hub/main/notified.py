# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What ``doctor`` and ``status`` find about telling people: is there a way, and does it work?"""

import asyncio
from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import Connection, func, select

from hub import clock
from hub.main.finding import Finding, bad, good, hint
from hub.main.folder import DataDir
from hub.main.notifying import channels_of
from hub.notify.channel import Channel
from hub.settings import Settings
from hub.store.notifications import count_notifications
from hub.store.receipts import receipt

WORDS: Final = {"email": "E-Mail", "sms": "SMS", "push": "Web Push"}
WEEK: Final = 7 * 86_400
_SET_UP: Final = "MELDEWEG_SMTP_URL und MELDEWEG_MAIL_FROM setzen (docs/betrieb.md)."


def ways(settings: Settings, data: DataDir, *, thorough: bool) -> Iterator[Finding]:
    """Look which ways are set up; whether they lead anywhere only where ``thorough``."""
    try:
        channels = channels_of(settings, data, keeps_key=False)
    except (ValueError, OSError) as wrong:
        said = str(wrong) if isinstance(wrong, ValueError) else "Ein Schlüssel ist nicht lesbar."
        yield bad("benachrichtigungen", said, "Einstellungen ansehen (docs/betrieb.md).")
        return
    if not channels:
        yield hint(
            "benachrichtigungen",
            "Es ist kein Weg eingerichtet, jemandem zu sagen, dass etwas da ist.",
            _SET_UP,
        )
        return
    named = ", ".join(WORDS[name] for name in channels)
    yield good("benachrichtigungen", f"Benachrichtigt wird über: {named}.")
    if thorough:
        yield from filter(None, map(_reached, channels.values()))


def _reached(channel: Channel) -> Finding | None:
    trouble = asyncio.run(channel.trouble())
    if not trouble:
        return None
    return bad(
        f"benachrichtigungen-{channel.name}",
        f"{WORDS[channel.name]} geht nicht hinaus: {trouble}.",
        "Adresse, Zertifikat, Benutzer und Kennwort ansehen; bis dahin wird es weiter versucht.",
    )


def outcomes(settings: Settings, connection: Connection) -> Iterator[Finding]:
    """Look whether somebody could not be told who should have been."""
    since = int(clock.now()) - WEEK
    if not _is_set_up(settings):
        if missed := _overdue(connection, since):
            yield hint(
                "benachrichtigungen-keine",
                f"In sieben Tagen blieb {missed}-mal der Eingang unbestätigt, und wer gesendet "
                "hatte, erfuhr es nur aus der eigenen Software.",
                _SET_UP,
            )
        return
    given_up = _given_up(connection, since)
    if given_up:
        yield hint(
            "benachrichtigungen-aufgegeben",
            f"In sieben Tagen nicht angekommen: {given_up}.",
            "Die Meldungen des Hubs nennen die Stelle; deren Verzeichniseintrag nennt die Adressen.",
        )


def numbers_of(settings: Settings, connection: Connection) -> dict[str, int | str]:
    """Return what ``status`` shows."""
    if not _is_set_up(settings):
        return {"Benachrichtigungen": "nicht eingerichtet"}
    found = count_notifications(connection, int(clock.now()) - WEEK)
    waiting = sum(number for (_, outcome), number in found.items() if outcome == "open")
    return {
        "Benachrichtigungen offen": waiting,
        "Benachrichtigungen in 7 Tagen": sum(
            number for (_, outcome), number in found.items() if outcome == "sent"
        ),
        **({"WARNUNG, nicht angekommen": given_up} if (given_up := _named(found)) else {}),
    }


def _given_up(connection: Connection, since: int) -> str:
    return _named(count_notifications(connection, since))


def _named(found: dict[tuple[str, str], int]) -> str:
    """Name by channel how many were given up."""
    return ", ".join(
        f"{number} × {WORDS[channel]}"
        for (channel, outcome), number in sorted(found.items())
        if outcome in {"refused", "too-late"}
    )


def _is_set_up(settings: Settings) -> bool:
    named: tuple[Any, ...] = (
        settings.smtp_url.get_secret_value(),
        settings.sms_url.get_secret_value(),
        settings.push_subject,
    )
    return any(named)


def _overdue(connection: Connection, since: int) -> int:
    query = select(func.count()).where(receipt.c.word == "overdue", receipt.c.entered_at >= since)
    return connection.execute(query).scalar_one()
