# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which fields does a content have, as people read them?

A schema says what can be sent; here it is put into German lines, for a page and for a form's first
reader. Nothing is left out: what is not in this tree has no place in a message.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, cast

from hub.model.json import JsonObject
from hub.sealing.profile import listed_values

CLASSES: Final = {
    "anvertraut": "Anvertrautes (§ 65 SGB VIII): nur für die, die es lesen dürfen",
    "schutzadresse": "Schutzadresse: nur für Jugendamt und Gericht",
}
_SHOWN: Final = 12
"""Values of a choice that are told one by one."""


@dataclass(frozen=True)
class Field:
    """One field, or a group of fields."""

    title: str
    description: str
    comment: str
    """What law or list decides about it."""
    kind: str
    """What can stand there; empty for a group."""
    is_required: bool
    guarded: str
    """Who alone may read it, where not everybody may."""
    parts: tuple["Field", ...]


def fields_of(schema: JsonObject) -> tuple[Field, ...]:
    """Return the fields on top of a resolved schema, each with what is in it."""
    members = cast("Mapping[str, JsonObject]", schema.get("properties", {}))
    required = cast("list[str]", schema.get("required", []))
    return tuple(_field(name, member, name in required) for name, member in members.items())


def _field(name: str, schema: JsonObject, is_required: bool) -> Field:
    inner = cast("JsonObject", schema["items"]) if schema["type"] == "array" else schema
    guarded = str(schema.get("x-class", inner.get("x-class", "")))
    return Field(
        title=str(schema.get("title", name)),
        description=str(schema.get("description", "")),
        comment=str(schema.get("$comment", inner.get("$comment", ""))),
        kind=_kind(schema, inner),
        is_required=is_required,
        guarded=CLASSES.get(guarded, guarded if guarded != "main" else ""),
        parts=fields_of(inner),
    )


def _kind(schema: JsonObject, inner: JsonObject) -> str:
    said = "" if inner["type"] == "object" else _value(inner)
    if schema["type"] != "array":
        return said
    most = f"bis zu {schema['maxItems']}-mal"
    return f"{most}: {said}" if said else most


def _value(schema: JsonObject) -> str:
    values = listed_values(schema)
    if schema["type"] == "boolean":
        return "ja oder nein"
    if values is not None:
        some = ", ".join(str(each) for each in values[:_SHOWN])
        return f"Auswahl: {some}{', …' if len(values) > _SHOWN else ''}"
    if schema["type"] == "integer":
        return f"Zahl von {schema['minimum']} bis {schema['maximum']}"
    longest = f"{cast('int', schema['maxLength']):,}".replace(",", ".")
    return f"Text, höchstens {longest} Zeichen"
