# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which reading keys of a unit have their private half somewhere else?

A browser or a card made them and keeps what opens. This folder has the public halves alone, and
publishes them with its own; whoever takes the folder can sign in the unit's name and read nothing.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from hub.client.agency import write_json
from hub.model.participant import ReadingKey

ELSEWHERE: Final = "lesestellen.json"


def keys_elsewhere(folder: Path) -> tuple[ReadingKey, ...]:
    """Return the public halves that a unit's folder lists, also those that have ended."""
    try:
        said = json.loads((folder / ELSEWHERE).read_bytes())
    except FileNotFoundError:
        return ()
    return tuple(ReadingKey.model_validate(each) for each in said["keys"])


def list_elsewhere(folder: Path, keys: Sequence[ReadingKey]) -> bool:
    """List these public halves from now on; returns whether that changed anything."""
    if tuple(keys) == keys_elsewhere(folder):
        return False
    said = [key.model_dump(mode="json", exclude_none=True) for key in keys]
    write_json(folder / ELSEWHERE, {"v": 1, "keys": said})
    return True
