# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which honest messages are spoiled?"""

from dataclasses import replace
from typing import Final

from hub.model.json import JsonObject
from specs.vectors.sl1.actors import (
    CLERK,
    DESK,
    DUTY,
    SCHOOL,
)
from specs.vectors.sl1.contents import CONFIRMED
from specs.vectors.sl1.messages import OPENER, REPLY, Case, Reader
from specs.vectors.sl1.schemas import SMALL, around

PLAIN: Final = Case(SMALL, CONFIRMED, REPLY, SCHOOL, (Reader(DESK, ("main",)),))
FIRST: Final = replace(PLAIN, claims=OPENER)
TWO: Final = replace(
    PLAIN, readers=(Reader(DESK, ("main",)), Reader(DUTY, ("main",), "escalation"))
)
DEPUTY_ALONE: Final = replace(PLAIN, readers=(Reader(DESK, ("main",), "escalation"),))
CLASSES: Final[JsonObject] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "akte": {"type": "boolean", "x-class": "akte"},
        "name": {"type": "string", "maxLength": 2, "x-bytes-per-char": 1},
        "ort": {"type": "string", "maxLength": 2, "x-bytes-per-char": 1},
    },
}
PARTIAL: Final = Case(
    CLASSES,
    {"akte": True, "name": "Ab"},
    OPENER,
    SCHOOL,
    (Reader(DESK, ("akte", "main")), Reader(CLERK, ("main",))),
)
NOBODY_READS_ALL: Final = replace(
    PARTIAL, readers=(Reader(DESK, ("akte",)), Reader(CLERK, ("main",)))
)
LISTS: Final = Case(
    around({"type": "array", "maxItems": 2, "items": {"type": "boolean"}}),
    {"feld": [True]},
    OPENER,
    SCHOOL,
    (Reader(DESK, ("main",)),),
)
