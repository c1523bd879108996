# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What differs between targets, read once from the connector's file and frozen."""

import re
from fnmatch import fnmatchcase
from typing import Final

from pydantic import BaseModel, ConfigDict, Field, field_validator

NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
"""Of a target: stands in names of files and in the log."""


class Strict(BaseModel):
    """Settings that know each of their members; a misspelt one is refused, and no value told."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class TargetSettings(Strict):
    """What every ``[[target]]`` has; each kind adds its own."""

    kind: str
    """``folder``, ``sftp``, ``https``, ``mail``, ``memory``; of an own one ``module:Class``."""
    name: str = ""
    """How this target is called; without one, like its kind."""
    protocols: tuple[str, ...] = ("*",)
    """Which protocols it takes, with ``*`` for any rest; the first target that fits gets it."""
    attempts: int = Field(default=12, ge=1, le=1000)
    """After so many that failed a person has to look."""
    side_by_side: int = Field(default=4, ge=1, le=64)
    """How many deliveries it takes at a time."""
    patience: float = Field(default=30, gt=0, le=600)
    """Seconds that one attempt may take."""

    @field_validator("name")
    @classmethod
    def _is_a_name(cls, name: str) -> str:
        if name and not NAME.fullmatch(name):
            raise ValueError("a name has small letters, digits and hyphens, 40 at most")
        return name

    @property
    def called(self) -> str:
        """Name of the target."""
        return self.name or re.sub(r"[^a-z0-9]+", "-", self.kind.lower()).strip("-")[:40]

    def takes(self, protocol: str) -> bool:
        """Tell whether messages of a protocol (without its version) go here."""
        return any(fnmatchcase(protocol, each) for each in self.protocols)
