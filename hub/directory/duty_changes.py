# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Whose duty does the next version of an entry change, and what is it called in the log?

Read from what was signed, as it was written: whoever verifies the log has nothing else.
"""

from collections.abc import Mapping
from typing import Final

from hub.model.json import Json, JsonObject
from hub.sealing.canonical import digest, jcs

MEMBERS: Final = ("roster", "serves", "callback")
"""What a unit publishes of its duty."""


def changed_duties(before: JsonObject | None, entry: JsonObject) -> dict[str, str]:
    """Return the units whose duty differs between two versions of an entry, as they were signed.

    Each with the digest of what it says now, and with nothing where it says nothing any more.
    """
    old, new = _duties(before or {}), _duties(entry)
    return {
        unit: new.get(unit, "")
        for unit in sorted(old.keys() | new.keys())
        if old.get(unit, "") != new.get(unit, "")
    }


def _duties(entry: JsonObject) -> dict[str, str]:
    units = entry.get("units")
    listed = [unit for unit in units if isinstance(unit, dict)] if isinstance(units, list) else []
    said = {str(unit.get("id")): _said(unit) for unit in listed}
    return {unit: digest(jcs(duty)) for unit, duty in said.items() if duty}


def _said(unit: Mapping[str, Json]) -> JsonObject:
    return {name: unit[name] for name in MEMBERS if unit.get(name)}
