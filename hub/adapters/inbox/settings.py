# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What does the table ``[inbox]`` of a connector's file say? Without it there is no inbox."""

from ipaddress import ip_address
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator

from hub.adapters.settings import Strict


class Neighbour(Strict):
    """Who can be called where this office cannot act, also while the hub is away."""

    name: str = Field(min_length=1, max_length=80)
    telephone: str = Field(pattern=r"^[0-9+][0-9 /-]{2,30}$")


class InboxOidc(Strict):
    """The identity provider of the municipality; without it people sign in with passkeys alone."""

    issuer: str
    client_id: str
    client_secret: SecretStr = SecretStr("")
    client_secret_file: Path | None = None
    """A file that holds the secret, in the place of ``client_secret``."""
    name: str = "Dienstkonto"
    """How the button calls it."""
    acr: str = ""
    """With commas between: which ``acr`` counts as two factors; without it ``amr`` must say so."""


class InboxSettings(Strict):
    """Where the inbox listens, under which address people open it, and who runs it."""

    host: str = "127.0.0.1"
    port: int = Field(default=8083, ge=0, le=65535)
    public_url: str = "http://localhost:8083"
    """The address at which people open the inbox; passkeys are bound to its host."""
    behind_proxy: str = ""
    """Address of the reverse proxy that speaks TLS; from it alone forwarded headers count."""
    certificate: Path | None = None
    private_key: Path | None = None
    data_dir: Path | None = None
    """Folder of ``eingang.db``; without it beside the state of the first unit's connector."""
    demo: bool = False
    """Invented notices alone, on loopback: a one-time link opens a session by itself."""

    oidc: InboxOidc | None = None

    head_every: float = Field(default=3600, ge=1)
    """Seconds between two heads of the log of reading that the hub is asked to enter."""

    neighbour: Neighbour | None = None
    operator: str = Field(default="", max_length=120)
    """Who runs this inbox, as the pages on data protection and accessibility say it."""
    operator_mail: str = Field(default="", max_length=120)
    operator_telephone: str = Field(default="", max_length=40)
    data_protection_contact: str = Field(default="", max_length=200)
    """How to reach the data protection officer of whoever runs it, as one line."""

    @field_validator("public_url")
    @classmethod
    def _is_an_address(cls, url: str) -> str:
        address = urlsplit(url)
        if address.scheme not in {"http", "https"} or not address.hostname:
            raise ValueError("Die Adresse beginnt mit https:// und nennt einen Namen.")
        if address.path.strip("/") or address.query or address.fragment:
            raise ValueError("Die Adresse nennt keinen Pfad; der Eingang liegt unter /eingang.")
        if address.scheme == "http" and not is_loopback(address.hostname):
            raise ValueError("Ohne TLS ist der Eingang nur auf diesem Rechner erreichbar.")
        return url.rstrip("/")

    @model_validator(mode="after")
    def _is_not_in_the_clear(self) -> Self:
        if (self.certificate is None) != (self.private_key is None):
            raise ValueError("certificate und private_key gehören zusammen.")
        if not (is_loopback(self.host) or self.certificate or self.behind_proxy):
            raise ValueError("Jenseits dieses Rechners nur mit certificate oder behind_proxy.")
        return self

    @property
    def is_plain(self) -> bool:
        """Whether people open the inbox without TLS, which is on this machine alone."""
        return self.public_url.startswith("http://")

    @property
    def is_demonstration(self) -> bool:
        """Whether the file says that nothing is real, and the address is this machine."""
        return self.demo and self.is_plain


def is_loopback(host: str) -> bool:
    """Tell whether a name or an address is that of this machine to itself."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
