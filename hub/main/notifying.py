# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which ways to tell people does this hub have, as its settings say?"""

import ssl
from pathlib import Path
from typing import Final

from hub import clock
from hub.main.folder import DataDir
from hub.notify.channel import Channels
from hub.notify.push import HOSTS, Push, Vapid
from hub.notify.sms import ShortMessages
from hub.notify.smtp import Mail, Mailserver
from hub.sealing.canonical import b64, unb64
from hub.settings import Settings
from hub.trust.keys import PrivateSigningKey

USE: Final = "push"
"""Name of the key file; it signs for push services and nothing else."""


def channels_of(
    settings: Settings,
    data: DataDir,
    context: ssl.SSLContext | None = None,
    *,
    keeps_key: bool = True,
) -> Channels:
    """Put together the ways that are set up; none where nothing is.

    Raises ``ValueError`` where a setting is none that could work; it never quotes one, because
    passwords are among them. ``context`` says whose certificates are trusted, where not those of
    the system; ``keeps_key`` whether a key that is not there yet is made for good.
    """
    channels: Channels = {}
    if server := settings.smtp_url.get_secret_value():
        channels["email"] = Mail(Mailserver.parse(server), _sender(settings), context=context)
    if gateway := settings.sms_url.get_secret_value():
        token = settings.sms_token.get_secret_value()
        channels["sms"] = ShortMessages(gateway, token, context=context)
    if settings.push_subject:
        key = _key(data.key(USE), keeps=keeps_key)
        channels["push"] = Push(_vapid(settings, key), _hosts(settings), context=context)
    return channels


def _sender(settings: Settings) -> str:
    name, at, domain = settings.mail_from.partition("@")
    if not (name and at and "." in domain and settings.mail_from.isascii()):
        raise ValueError("MELDEWEG_MAIL_FROM fehlt oder ist keine Adresse.")
    return settings.mail_from


def _hosts(settings: Settings) -> tuple[str, ...]:
    named = tuple(filter(None, (each.strip() for each in settings.push_hosts.split(","))))
    return named or HOSTS


def _vapid(settings: Settings, key: PrivateSigningKey) -> Vapid:
    if not settings.push_subject.startswith(("mailto:", "https://")):
        raise ValueError("MELDEWEG_PUSH_SUBJECT beginnt mit mailto: oder https://.")
    if key.jwk.y is None:
        raise ValueError("Der Schlüssel für Push-Dienste ist keiner von P-256.")
    point = b"\x04" + unb64(key.jwk.x) + unb64(key.jwk.y)
    return Vapid(b64(point), settings.push_subject, key.sign, clock.now)


def _key(path: Path, *, keeps: bool) -> PrivateSigningKey:
    """Return the key that browsers know the hub by; the first time there is none yet."""
    try:
        return PrivateSigningKey.load(path)
    except FileNotFoundError:
        key = PrivateSigningKey.generate("ES256")
        if keeps:
            key.save(path)
        return key
