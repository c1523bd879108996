# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What does a content say, as people read it: each value with its label, in the schema's order?

It follows from the schema alone, so a protocol that nobody here has heard of is readable too.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal, TypeAlias, cast

from hub.adapters.forms.codes import list_of, title_of
from hub.clock import BERLIN
from hub.model.json import Json, JsonObject
from hub.sealing.sealable import DEFAULT_CLASS

Raw: TypeAlias = bool | int | float | str
Kind = Literal["text", "zahl", "ja-nein", "datum", "zeitpunkt", "schluessel"]
_BIRTH: Final = ("tag", "monat", "jahr")
_KINDS: Final[Mapping[str, Kind]] = {"integer": "zahl", "boolean": "ja-nein"}
_FORMATS: Final[Mapping[str, Kind]] = {"date": "datum", "date-time": "zeitpunkt"}


@dataclass(frozen=True)
class Value:
    """One value of a content."""

    pointer: str
    label: str
    kind: Kind
    raw: Raw
    text: str
    """As people read it: „Ja“, „13.03.2026, 22:40 Uhr“, the words for a code."""
    codelist: str
    class_name: str


@dataclass(frozen=True)
class Group:
    """Values that belong together; nothing stands in it that the content does not say."""

    pointer: str
    label: str
    class_name: str
    entries: tuple["Value | Group", ...]
    is_list: bool = False


Entry: TypeAlias = Value | Group


def labelled(content: JsonObject, schema: JsonObject) -> Group:
    """Put a content beside its schema, with all references replaced."""
    root = Group("", str(schema.get("title", "")), DEFAULT_CLASS, ())
    return _object(content, schema, root)


def values(entry: Entry) -> Iterator[Value]:
    """Yield all values, in the order of the schema."""
    if isinstance(entry, Value):
        yield entry
        return
    for each in entry.entries:
        yield from values(each)


def moment(written: str) -> str:
    """Return a moment as it is said in Germany; what is none is returned as it is."""
    try:
        when = datetime.fromisoformat(written)
    except ValueError:
        return written
    local = when.astimezone(BERLIN) if when.tzinfo else when
    return f"{local:%d.%m.%Y, %H:%M} Uhr"


def birth(said: Mapping[str, Json] | Mapping[str, Raw]) -> str:
    """Return a date of birth of which only a part may be known."""
    parts = [said.get(name) for name in _BIRTH]
    return ".".join(f"{part:02d}" for part in parts if isinstance(part, int))


def _object(content: Mapping[str, Json], schema: JsonObject, at: Group) -> Group:
    members = cast("Mapping[str, JsonObject]", schema.get("properties", {}))
    made = [
        _entry(content[name], member, f"{at.pointer}/{name}", at)
        for name, member in members.items()
        if name in content and content[name] is not None
    ]
    kept = [each for each in made if isinstance(each, Value) or each.entries]
    return Group(at.pointer, at.label, at.class_name, tuple(kept))


def _entry(said: Json, schema: JsonObject, pointer: str, above: Group) -> Entry:
    class_name = str(schema.get("x-class", above.class_name))
    here = Group(pointer, str(schema.get("title", above.label)), class_name, ())
    if isinstance(said, dict):
        return _object(said, schema, here)
    if isinstance(said, list):
        return _list(said, schema, here)
    assert said is not None  # noqa: S101  left out above
    return _value(said, schema, schema, here)


def _list(said: Sequence[Json], schema: JsonObject, at: Group) -> Group:
    inner = cast("JsonObject", schema.get("items", {}))
    item = {"title": at.label, **inner}
    made: list[Entry] = []
    for number, each in enumerate(said):
        pointer = f"{at.pointer}/{number}"
        if isinstance(each, dict | list):
            named = {**item, "title": f"{item['title']} {number + 1}"}
            made.append(_entry(each, named, pointer, at))
        elif each is not None:
            place = Group(pointer, str(item["title"]), at.class_name, ())
            made.append(_value(each, inner, schema, place))
    return Group(at.pointer, at.label, at.class_name, tuple(made), is_list=True)


def _value(said: bool | float | str, schema: JsonObject, described: JsonObject, at: Group) -> Value:
    named = list_of(schema, described)
    kind = _kind(schema, named)
    text = _text(said, kind, named)
    return Value(at.pointer, at.label, kind, said, text, named, at.class_name)


def _kind(schema: JsonObject, named: str) -> Kind:
    if "enum" in schema and named:
        return "schluessel"
    form = _FORMATS.get(str(schema.get("format")))
    return form or _KINDS.get(str(schema.get("type")), "text")


def _text(said: bool | float | str, kind: Kind, named: str) -> str:
    if isinstance(said, bool):
        return "Ja" if said else "Nein"
    if kind == "schluessel":
        return title_of(named, str(said))
    if kind == "zeitpunkt":
        return moment(str(said))
    if kind == "datum":
        return _day(str(said))
    return str(said)


def _day(written: str) -> str:
    try:
        return f"{date.fromisoformat(written):%d.%m.%Y}"
    except ValueError:
        return written
