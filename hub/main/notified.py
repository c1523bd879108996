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
from hub.notify.channel import Channels
from hub.settings import Settings
from hub.store.notifications import count_notifications
from hub.store.participants import read_participants
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
    if channels:
        named = ", ".join(WORDS[name] for name in channels)
        yield good("benachrichtigungen", f"Benachrichtigt wird über: {named}.")
    troubles = asyncio.run(_troubles(channels)) if thorough and channels else ""
    if troubles:
        yield bad(
            "benachrichtigungen-gestoert",
            f"Es geht nichts hinaus über: {troubles}.",
            "Adresse, Zertifikat, Benutzer, Kennwort ansehen; bis dahin wird es weiter versucht.",
        )


async def _troubles(channels: Channels) -> str:
    """Name the ways that lead nowhere just now, each with the reason."""
    found = {name: await channel.trouble() for name, channel in channels.items()}
    return ", ".join(f"{WORDS[name]} ({reason})" for name, reason in found.items() if reason)


def outcomes(settings: Settings, connection: Connection) -> Iterator[Finding]:
    """Look whether somebody could not be told who should have been."""
    since = int(clock.now()) - WEEK
    if not _is_set_up(settings):
        yield _silence(connection, since)
    elif given_up := _named(count_notifications(connection, since)):
        yield hint(
            "benachrichtigungen-aufgegeben",
            f"In sieben Tagen nicht angekommen: {given_up}.",
            "Die Meldungen des Hubs nennen die Stelle; ihr Verzeichniseintrag nennt die Adressen.",
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


def _silence(connection: Connection, since: int) -> Finding:
    """Say what it means that no way is set up; where nobody takes part, it means nothing yet."""
    said = "Es ist kein Weg eingerichtet, jemandem zu sagen, dass etwas da ist"
    if missed := _overdue(connection, since):
        said += (
            f"; in sieben Tagen blieb {missed}-mal der Eingang unbestätigt, und wer gesendet "
            "hatte, erfuhr es nur aus der eigenen Software"
        )
    elif not any(each.status == "valid" for each in read_participants(connection)):
        return good("benachrichtigungen", f"{said}; noch nimmt niemand teil.")
    return hint("benachrichtigungen", f"{said}.", _SET_UP)


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
