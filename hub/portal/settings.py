# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What differs between portals, read once and frozen."""

import os
import tomllib
from pathlib import Path
from typing import Any, Final

from pydantic import SecretStr
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from hub.people.place import OidcClient

CONFIG: Final = "MELDEWEG_PORTAL_CONFIG"
"""In the environment: path of a TOML file with the names of the members here."""


class PortalSettings(BaseSettings):
    """A TOML file, above it the environment ``MELDEWEG_PORTAL_*``, above that the command line."""

    model_config = SettingsConfigDict(
        env_prefix="MELDEWEG_PORTAL_", frozen=True, extra="forbid", hide_input_in_errors=True
    )

    data_dir: Path = Path("var/portal")
    hub: str = ""
    """Address of the hub; fixed for a house when it joins."""
    public_url: str = "http://localhost:8081"
    """The address at which people open the portal; passkeys are bound to its host."""
    host: str = "127.0.0.1"
    port: int = 8081
    behind_proxy: str = ""
    certificate: Path | None = None
    private_key: Path | None = None
    log_level: str = "info"
    demo: bool = False
    """Invented houses alone, on loopback: a one-time link opens a session by itself."""
    operator: str = ""
    """Who runs this portal, as the pages about data protection and accessibility say it."""
    operator_mail: str = ""
    operator_telephone: str = ""
    data_protection_contact: str = ""
    """How to reach the data protection officer of whoever runs it, as one line."""

    oidc_issuer: str = ""
    """Identity provider of a school authority; without it, passkeys alone."""
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr = SecretStr("")
    oidc_name: str = "Schulträger"
    """How the button calls it."""
    oidc_acr: str = ""
    """With commas between: which ``acr`` counts as two factors; without it ``amr`` must say so."""

    smtp_url: SecretStr = SecretStr("")
    mail_from: str = ""

    @property
    def oidc(self) -> OidcClient | None:
        """As what the identity provider knows this portal, where there is one."""
        if not self.oidc_issuer or not self.oidc_client_id:
            return None
        return OidcClient(
            issuer=self.oidc_issuer,
            client=self.oidc_client_id,
            secret=self.oidc_client_secret.get_secret_value(),
            name=self.oidc_name,
            acr=tuple(filter(None, (each.strip() for each in self.oidc_acr.split(",")))),
        )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003  we have none
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[Any, ...]:
        """Put the file below the environment."""
        del settings_cls
        return init_settings, env_settings, _of_file


def _of_file() -> dict[str, Any]:
    path = os.environ.get(CONFIG)
    if not path:
        return {}
    with Path(path).open("rb") as file:
        return tomllib.load(file)
