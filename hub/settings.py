# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What differs between installations, read once and frozen."""

import os
import tomllib
from pathlib import Path
from typing import Any, Final

from pydantic import SecretStr
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

CONFIG: Final = "MELDEWEG_CONFIG"
"""In the environment: path of the file."""


class ConfigError(ValueError):
    """The file is not there, is no TOML, or says what no setting is called."""


class Settings(BaseSettings):
    """A TOML file, above it the environment ``MELDEWEG_*``, above that the command line.

    The names in the file are those of the members here.
    """

    model_config = SettingsConfigDict(
        env_prefix="MELDEWEG_", frozen=True, extra="forbid", hide_input_in_errors=True
    )

    data_dir: Path = Path("var/hub")
    database_url: SecretStr = SecretStr("")
    """Address of a PostgreSQL database; without it a file in the data directory."""
    public_url: str = "http://localhost:8080"
    """The address by which participants know the hub; proofs of possession name it."""
    host: str = "127.0.0.1"
    port: int = 8080
    behind_proxy: str = ""
    """Address of the reverse proxy, where one stands in front."""
    certificate: Path | None = None
    private_key: Path | None = None
    log_level: str = "info"
    protocols_dir: Path | None = None
    """A folder of own protocols beside the shipped ones: ``protocols/``, ``schemas/``, ``law/``."""
    guard: Path | None = None
    """Where the newest signed checkpoint is kept once more; without it ``guard/checkpoint``."""
    signer: Path | None = None
    """Socket of the process that has the log's key; without it the hub signs by itself."""
    disk_floor: int = 64
    """Mebibytes; where less is free, no new message is taken."""
    drain_seconds: int = 0
    """Between not being ready any more and closing the door, for load balancers to notice."""

    smtp_url: SecretStr = SecretStr("")
    """``smtps://user:password@host:465`` or ``smtp://host:587?starttls``; without it, no mails."""
    mail_from: str = ""
    sms_url: SecretStr = SecretStr("")
    """Where a gateway takes a short message as JSON; without it, none go out."""
    sms_token: SecretStr = SecretStr("")
    push_subject: str = ""
    """``mailto:`` or ``https:`` of the operator; without it, no browser is woken."""
    push_hosts: str = ""
    """Hosts of push services, with commas between; without it those of the usual browsers."""

    witness_policy: Path | None = None
    """File of the policy that checkpoints have to meet (C2SP tlog-policy); without it, none."""
    witness_every: int = 60
    """Seconds between two looks at whether witnesses have something new to see."""
    witness_alarm_minutes: int = 15
    """Without enough witnesses for so long, the log says so and somebody is told."""
    witness_stop_hours: int = 0
    """Without enough witnesses for so long, no new message is taken; 0 for never."""
    witness_mail: str = ""
    """Who is told when something is wrong with a log, such as the data protection officer."""

    timestamp_url: str = ""
    """Where a time-stamping authority stamps checkpoints (RFC 3161); without it, none does."""
    timestamp_ca: Path | None = None
    """Certificates by which its stamps are believed (PEM)."""
    timestamp_hours: int = 24
    """Hours between two stamps."""

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
        return init_settings, env_settings, lambda: _of_file(settings_cls)


def _of_file(settings: type[BaseSettings]) -> dict[str, Any]:
    path = os.environ.get(CONFIG)
    if not path:
        return {}
    try:
        with Path(path).open("rb") as file:
            given = tomllib.load(file)
    except OSError:
        raise ConfigError(f"Die Datei mit den Einstellungen ist nicht lesbar: {path}") from None
    except ValueError:
        raise ConfigError(f"Die Datei mit den Einstellungen ist kein TOML: {path}") from None
    if unknown := given.keys() - settings.model_fields.keys():
        names = ", ".join(sorted(unknown))
        raise ConfigError(f"In {path} steht, was keine Einstellung ist: {names}")
    return given
