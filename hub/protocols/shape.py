# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What may stand in a ``protocol.yaml``?

``specs/protocol.schema.json`` says so to editors and to other programs. It follows from the model
and from what the loader adds, and is written by ``python -m hub.protocols.shape FILE``.
"""

import json
import sys
from pathlib import Path
from typing import Final, cast

from hub.model.json import JsonObject
from hub.model.protocol import Protocol

_COUNTED: Final = {"Protocol": "digest", "Step": "schema_digest"}
"""Members that the loader counts and nobody writes."""
_SHORT: Final = "^P[0-9DTHMS]+( (office-hours|working-days))?$"
"""A deadline in one word or two: ``P14D``, ``PT4H office-hours``."""


def shape() -> JsonObject:
    """Return the JSON schema of a protocol file."""
    root = cast("JsonObject", Protocol.model_json_schema())
    definitions = cast("dict[str, JsonObject]", root["$defs"])
    for name, member in _COUNTED.items():
        _drop(definitions.get(name, root), member)
    spelled = definitions["Deadline"]
    cast("list[str]", spelled["required"]).remove("source")
    short: JsonObject = {"type": "string", "pattern": _SHORT}
    definitions["Deadline"] = {
        "title": "Deadline",
        "description": "A duration; without a source it is the protocol's.",
        "anyOf": [short, cast("JsonObject", {**spelled, "title": "DeadlineWithSource"})],
    }
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **root}


def text() -> str:
    return json.dumps(shape(), ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def _drop(schema: JsonObject, member: str) -> None:
    del cast("JsonObject", schema["properties"])[member]
    cast("list[str]", schema["required"]).remove(member)


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(text(), "utf-8")
