# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Where is case software called, as whom, and what of its answer is believed?"""

import ssl
from ipaddress import ip_network
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, field_validator

from hub.adapters.base import Surroundings
from hub.adapters.forms.chosen import Form, FormSettings
from hub.adapters.registry import SettingsUnfit
from hub.trust.keys import PrivateSigningKey

Confirm = Literal["echo", "lookup", "status"]


class HttpsSettings(FormSettings):
    """One interface of one system."""

    url: str = Field(max_length=1024)
    forms: tuple[Form, ...] = Field(default=("json",), min_length=1, max_length=1)
    hosts: tuple[str, ...] = ()
    """Names that may be called; without any, the one in ``url``."""
    networks: tuple[str, ...] = ()
    """Where the name may lead, as ``10.20.0.0/16``; without any, anywhere."""
    ca: Path | None = None
    """Certificate of the authority that the server's is from, where it is the house's own."""
    certificate: Path | None = None
    """Our own certificate with its key, where the server asks for one."""
    token: Path | None = None
    """File with the token for ``Authorization: Bearer``."""
    signing_key: Path | None = None
    """Ed25519, for the signature; not the key that receipts are signed with."""
    confirm: Confirm = "echo"
    """``echo``: the answer repeats id and digest. ``lookup``: asked for with GET besides.
    ``status``: 2xx is believed, for systems that can do neither."""

    @field_validator("url")
    @classmethod
    def _is_https(cls, url: str) -> str:
        parts = urlsplit(url)
        plain = parts.username is None and not parts.fragment and not parts.query
        if parts.scheme != "https" or not parts.hostname or not plain or not url.isascii():
            raise ValueError("Die Adresse beginnt mit https:// und hat weder Nutzer noch ? noch #.")
        return url.rstrip("/")

    @field_validator("networks")
    @classmethod
    def _are_networks(cls, networks: tuple[str, ...]) -> tuple[str, ...]:
        try:
            for each in networks:
                ip_network(each)
        except ValueError:
            # Its text quotes what stood there.
            raise ValueError("Ein Netz hat die Form 10.20.0.0/16.") from None
        return networks


def context_of(settings: HttpsSettings, surroundings: Surroundings) -> ssl.SSLContext:
    """Return whom we believe and what we show; raises ``SettingsUnfit``."""
    try:
        ca = surroundings.path(settings.ca) if settings.ca else None
        context = ssl.create_default_context(cafile=str(ca) if ca else None)
        if settings.certificate is not None:
            context.load_cert_chain(surroundings.path(settings.certificate))
    except (OSError, ssl.SSLError):
        raise SettingsUnfit("/ca, /certificate: Ein Zertifikat ist nicht lesbar.") from None
    return context


def key_of(path: Path | None, surroundings: Surroundings) -> PrivateSigningKey | None:
    """Return the key for the signature, where there is one."""
    if path is None:
        return None
    try:
        key = PrivateSigningKey.load(surroundings.path(path))
    except (OSError, ValueError):
        raise SettingsUnfit("/signing_key: Der Schlüssel ist nicht lesbar.") from None
    if key.alg != "EdDSA":
        raise SettingsUnfit("/signing_key: Hier unterschreibt ein Ed25519-Schlüssel.")
    return key


def token_of(path: Path | None, surroundings: Surroundings) -> str:
    """Return the token, or nothing."""
    if path is None:
        return ""
    try:
        token = surroundings.path(path).read_text("ascii").strip()
    except (OSError, ValueError):
        raise SettingsUnfit("/token: Das Token ist nicht lesbar.") from None
    return token
