# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What does the file of a connector say? Read once; a misspelt member is refused by its place."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pydantic import Field, ValidationError

from hub.adapters.inbox.settings import InboxSettings
from hub.adapters.registry import SettingsUnfit, read_target, unfit_text
from hub.adapters.settings import Strict, TargetSettings

INBOX: Final = {"kind": "inbox"}
"""The target of a file that names none, where people read in the inbox alone."""
STATE: Final = "connector"
"""Folder of the connector's own state below that of its unit, where the file names no other."""


class Leases(Strict):
    """How much is fetched, and for how long it is lent."""

    seconds: int = Field(default=120, ge=5, le=3600)
    """A lease is renewed while the message is on its way to its target."""
    wait: int = Field(default=30, ge=0, le=55)
    """Seconds that the hub keeps an empty question open."""
    at_a_time: int = Field(default=10, ge=1, le=20)
    in_hand: int = Field(default=20, ge=1, le=200)
    """Messages of one target that are fetched and not taken yet; the rest waits at the hub."""


class Retries(Strict):
    """When what did not work is tried again."""

    first: float = Field(default=2, gt=0)
    """Seconds after the first attempt; each pause is twice the one before."""
    longest: float = Field(default=900, gt=0)
    again: float = Field(default=3600, gt=0)
    """Seconds after which what lies in quarantine because of a trouble is tried by itself."""
    every: float = Field(default=5, gt=0)
    """Seconds between two looks at what is due."""


class Keeping(Strict):
    """How long contents stay in this house."""

    days: int | None = Field(default=None, ge=1, le=3650)
    """Days without anything new after which the contents of a conversation go, once a person has
    taken note of them; without it each stays until the end that its sender has signed."""


class Sending(Strict):
    """Where case software puts down what it wants to send."""

    folder: Path | None = None
    """Watched folder; without one nothing is watched."""
    every: float = Field(default=2, gt=0)
    """Seconds between two looks: network drives tell nobody of a new file."""
    port: int | None = Field(default=None, ge=0, le=65535)
    """Of the local endpoint on 127.0.0.1; without one it does not listen."""
    token_file: Path | None = None
    """File with the word that a caller of the endpoint has to know; made where there is none."""


class ConnectorSettings(Strict):
    """Everything but the targets, which each kind reads by itself."""

    agencies: tuple[Path, ...] = ()
    """Folders of the units that it works for; the command line names others."""
    data_dir: Path | None = None
    """Its own state; without it in the folder of the unit."""
    protocols: Path | None = None
    """Own protocols beside the shipped ones, as the hub has them."""
    log_level: str = "info"
    grace: float = Field(default=20, gt=0)
    """Seconds that what is being handed over has to end, once it is told to stop."""
    leases: Leases = Leases()
    retries: Retries = Retries()
    keeping: Keeping = Keeping()
    sending: Sending = Sending()
    inbox: InboxSettings | None = None
    """Where people of the office see and answer what was taken; without the table, nowhere."""


@dataclass(frozen=True)
class Configuration:
    """The file of a connector, as it was read."""

    settings: ConnectorSettings
    targets: tuple[TargetSettings, ...]
    base: Path
    """Folder of the file: relative paths in it begin there."""

    def path(self, named: Path) -> Path:
        return self.base / named.expanduser()

    def state_of(self, unit: Path, name: str) -> Path:
        """Return the folder of the connector's state for one unit."""
        if self.settings.data_dir is None:
            return unit / STATE
        return self.path(self.settings.data_dir) / name.replace(":", "-")


def read_configuration(file: Path) -> Configuration:
    """Read a file; raises ``SettingsUnfit`` with the places that do not fit, in German."""
    try:
        said = tomllib.loads(file.read_text("utf-8"))
    except ValueError:
        raise SettingsUnfit("Die Datei ist kein TOML.") from None
    return configuration_of(said, file.resolve().parent)


def configuration_of(said: dict[str, Any], base: Path) -> Configuration:
    """Read what a file says."""
    rest = {name: value for name, value in said.items() if name != "target"}
    try:
        settings = ConnectorSettings.model_validate(rest)
    except ValidationError as error:
        raise SettingsUnfit(unfit_text(error)) from None
    tables = said.get("target", [] if settings.inbox is None else [INBOX])
    if not isinstance(tables, list) or not all(isinstance(each, dict) for each in tables):
        raise SettingsUnfit("/target: Jedes Ziel ist eine Tabelle [[target]].")
    targets = tuple(read_target(each, f"/target/{n}") for n, each in enumerate(tables))
    _check_names(targets)
    return Configuration(settings, targets, base)


def _check_names(targets: tuple[TargetSettings, ...]) -> None:
    names = [each.called for each in targets]
    for number, name in enumerate(names):
        if name in names[:number]:
            raise SettingsUnfit(f"/target/{number}/name: Ein anderes Ziel heißt schon so.")
