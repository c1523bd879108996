# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What differs between installations, read once and frozen."""

from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Environment ``MELDEWEG_*``; what a command line says stands above it."""

    model_config = SettingsConfigDict(env_prefix="MELDEWEG_", frozen=True, extra="ignore")

    data_dir: Path = Path("var/hub")
    public_url: str = "http://localhost:8080"
    """The address by which participants know the hub; proofs of possession name it."""
    host: str = "127.0.0.1"
    port: int = 8080
    behind_proxy: str = ""
    """Address of the reverse proxy, where one stands in front."""
    certificate: Path | None = None
    private_key: Path | None = None
    log_level: str = "info"
