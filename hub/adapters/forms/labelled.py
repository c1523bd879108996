# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What does a content say, as people read it: each value with its label, in the schema's order?

It follows from the schema alone, so a protocol that nobody here has heard of is readable too.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
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
    entries: tuple["Value | Group | Withheld", ...]
    is_list: bool = False


@dataclass(frozen=True)
class Withheld:
    """A part that whoever looks may not see: where it stood, and not what."""

    pointer: str
    label: str
    class_name: str


Entry: TypeAlias = Value | Group | Withheld


def labelled(
    content: JsonObject, schema: JsonObject, classes: Mapping[str, str] = MappingProxyType({})
) -> Group:
    """Put a content beside its schema, with all references replaced.

    ``classes`` has the class of each pointer that is not in the common one; in the schema itself
    they are not seen any more once references are replaced.
    """
    return _object(content, schema, _At("", str(schema.get("title", "")), classes))


def values(entry: Entry) -> Iterator[Value]:
    """Yield all values, in the order of the schema."""
    if isinstance(entry, Value):
        yield entry
    elif isinstance(entry, Group):
        for each in entry.entries:
            yield from values(each)


def withheld(entry: Entry) -> Iterator[Withheld]:
    """Yield what was left out, in the order of the schema."""
    if isinstance(entry, Withheld):
        yield entry
    elif isinstance(entry, Group):
        for each in entry.entries:
            yield from withheld(each)


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


@dataclass(frozen=True)
class _At:
    """A place in a content."""

    pointer: str
    label: str
    classes: Mapping[str, str]

    @property
    def class_name(self) -> str:
        return self.classes.get(self.pointer, DEFAULT_CLASS)

    def group(self, entries: Iterable[Entry], *, is_list: bool = False) -> Group:
        """Return a group; it has a class of its own where all that is in it has that one."""
        kept = tuple(each for each in entries if not isinstance(each, Group) or each.entries)
        several = {each.class_name for each in kept}
        class_name = next(iter(several)) if len(several) == 1 else DEFAULT_CLASS
        return Group(self.pointer, self.label, class_name, kept, is_list=is_list)


def _object(content: Mapping[str, Json], schema: JsonObject, at: _At) -> Group:
    members = cast("Mapping[str, JsonObject]", schema.get("properties", {}))
    return at.group(
        _entry(content[name], member, f"{at.pointer}/{name}", at)
        for name, member in members.items()
        if name in content and content[name] is not None
    )


def _entry(said: Json, schema: JsonObject, pointer: str, above: _At) -> Entry:
    here = _At(pointer, str(schema.get("title", above.label)), above.classes)
    if isinstance(said, dict):
        return _object(said, schema, here)
    if isinstance(said, list):
        return _list(said, schema, here)
    assert said is not None  # noqa: S101  left out above
    return _value(said, schema, schema, here)


def _list(said: Sequence[Json], schema: JsonObject, at: _At) -> Group:
    inner = cast("JsonObject", schema.get("items", {}))
    item = {"title": at.label, **inner}
    made: list[Entry] = []
    for number, each in enumerate(said):
        pointer = f"{at.pointer}/{number}"
        if isinstance(each, dict | list):
            named = {**item, "title": f"{item['title']} {number + 1}"}
            made.append(_entry(each, named, pointer, at))
        elif each is not None:
            place = _At(pointer, str(item["title"]), at.classes)
            made.append(_value(each, inner, schema, place))
    return at.group(made, is_list=True)


def _value(said: bool | float | str, schema: JsonObject, described: JsonObject, at: _At) -> Value:
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
