# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which adapter does a ``[[target]]`` of the settings name?

The shipped kinds have short names. An own adapter is named by ``module:Class``, or by the name that
its package registers as an entry point of the group ``meldeweg.adapters``.
"""

from collections.abc import Mapping
from importlib import import_module
from importlib.metadata import entry_points
from typing import Any, Final, cast

from pydantic import ValidationError

from hub.adapters.base import Adapter, AdapterKind, Surroundings
from hub.adapters.settings import TargetSettings

GROUP: Final = "meldeweg.adapters"
SHIPPED: Final = {
    "folder": "hub.adapters.folder:FolderAdapter",
    "sftp": "hub.adapters.sftp:SftpAdapter",
    "https": "hub.adapters.https:HttpsAdapter",
    "mail": "hub.adapters.mail:MailAdapter",
    "inbox": "hub.adapters.inbox_target:InboxAdapter",
    "memory": "hub.adapters.memory:MemoryAdapter",
}
"""Loaded when they are named: whoever has no SFTP server needs none of its library."""


class SettingsUnfit(Exception):  # noqa: N818  what somebody wrote, not an error of this program
    """The settings do not say what they have to; the text is German and holds no value."""


def kind_of(name: str) -> AdapterKind:
    """Return the class of adapters that a name stands for; raises ``SettingsUnfit``."""
    named = SHIPPED.get(name) or _registered(name) or name
    module, colon, attribute = named.partition(":")
    if not colon:
        raise SettingsUnfit(f"Eine Zielart „{name}“ gibt es nicht; es gibt: {', '.join(SHIPPED)}.")
    try:
        found = getattr(import_module(module), attribute)
    except (ImportError, AttributeError):
        raise SettingsUnfit(f"Die Zielart „{name}“ lässt sich nicht laden.") from None
    return cast("AdapterKind", found)


def read_target(said: Mapping[str, Any], at: str = "/target") -> TargetSettings:
    """Read one ``[[target]]`` as its kind wants it; raises ``SettingsUnfit`` with a pointer."""
    kind = said.get("kind")
    if not isinstance(kind, str):
        raise SettingsUnfit(f"{at}/kind: Die Zielart fehlt.")
    try:
        return kind_of(kind).settings_type.model_validate(said)
    except ValidationError as error:
        raise SettingsUnfit(unfit_text(error, at)) from None


def make_adapter(settings: TargetSettings, surroundings: Surroundings) -> Adapter:
    """Make the adapter of a target; nothing is opened or called before it is used."""
    return kind_of(settings.kind)(settings, surroundings)


def unfit_text(error: ValidationError, at: str = "") -> str:
    """Say where settings do not fit, one line each; what stood there is not repeated."""
    lines = []
    for each in error.errors(include_input=False, include_url=False):
        place = "".join(f"/{part}" for part in each["loc"])
        known = each["type"] != "extra_forbidden"
        said = each["msg"].removeprefix("Value error, ")
        lines.append(f"{at}{place}: {said if known else 'Das ist hier unbekannt.'}")
    return "\n".join(lines)


def _registered(name: str) -> str | None:
    found = [each for each in entry_points(group=GROUP) if each.name == name]
    return found[0].value if found else None
