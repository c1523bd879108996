# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What does a form know before anybody has written into it? Who acts, as what, and what time it is.

Everything of it can be changed; nothing is taken from what somebody else has said.
"""

from datetime import datetime
from typing import Final

from hub.clock import BERLIN
from hub.model.json import JsonObject
from hub.model.protocol import Step

_TAKES_OVER: Final = "uebernahme"


def preset(step: Step, name: str, role: str, second: int) -> JsonObject:
    """Return what a step says about whoever says it now, where it is one that says so."""
    if step.id != _TAKES_OVER:
        return {"absender": {"name": person(name)}}
    now = datetime.fromtimestamp(second, BERLIN).replace(second=0).isoformat()
    named: JsonObject = {"name": person(name), "funktion": role}
    return {"uebernommen_von": named, "ab": now, "uebernommen_um": now}


def person(name: str) -> JsonObject:
    """Return a name as a protocol has it: the last word is how one asks for the person."""
    first, _, last = name.strip().rpartition(" ")
    said: JsonObject = {"familienname": last}
    return said | ({"vorname": first} if first else {})
