# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What would a mapping lose, leave empty or get wrong? Said before the first notice comes.

A fault would put deliveries aside or empty a field that the product wants; a loss is allowed, but
somebody should have decided it.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal, cast

from hub.adapters.forms.codes import list_of
from hub.adapters.mapping.file import FACTS, CodeTable, TheirField, template
from hub.adapters.mapping.file import Mapping as FieldMapping
from hub.model.json import Json, JsonObject
from hub.protocols.catalogue import Catalogue
from hub.protocols.wording import URGENCY

Weight = Literal["fehler", "verlust"]
MACHINE: Final = ("/rueckmeldung_an",)
"""Nothing that a case file needs: the key to which an answer is sealed."""


@dataclass(frozen=True)
class Finding:
    """One thing about a mapping."""

    weight: Weight
    place: str
    """Name of a field of theirs, or a pointer of ours."""
    text: str


@dataclass(frozen=True)
class _Leaf:
    """One value that a step may have."""

    is_certain: bool
    """Every message of the step has it."""
    longest: int
    codelist: str
    codes: frozenset[str]
    is_dated: bool = False


def check(mapping: FieldMapping, catalogue: Catalogue) -> tuple[Finding, ...]:
    """Return all findings, faults first."""
    steps = dict(_steps(mapping, catalogue))
    found = [
        *_unknown_steps(mapping, steps),
        *_twice(mapping),
        *_needed(mapping),
        *(each for field in mapping.fields for each in _field(field, mapping, steps)),
        *_left_out(mapping, steps),
        *_characters(mapping),
    ]
    return tuple(sorted(dict.fromkeys(found), key=lambda each: each.weight))


def _steps(
    mapping: FieldMapping, catalogue: Catalogue
) -> Iterator[tuple[str, Mapping[str, _Leaf]]]:
    for protocol in catalogue.all():
        for step in protocol.steps:
            if mapping.covers(protocol.id, step.id) and protocol.status != "zurueckgezogen":
                schema = catalogue.schemas.by_name(step.schema_name).resolved
                yield f"{protocol.name}/{step.id}", dict(_leaves(schema, "", is_certain=True))


def _leaves(schema: JsonObject, pointer: str, *, is_certain: bool) -> Iterator[tuple[str, _Leaf]]:
    if schema["type"] == "object":
        if pointer.endswith("/geburt"):
            yield pointer, _Leaf(is_certain, len("00.00.0000"), "", frozenset(), is_dated=True)
        needed = cast("list[str]", schema.get("required", []))
        for name, member in cast("Mapping[str, JsonObject]", schema["properties"]).items():
            certain = is_certain and name in needed
            yield from _leaves(member, f"{pointer}/{name}", is_certain=certain)
    elif schema["type"] == "array":
        inner = cast("JsonObject", schema["items"])
        comment = inner.get("$comment", schema.get("$comment", ""))
        described: JsonObject = {**inner, "$comment": comment}
        certain = is_certain and bool(schema.get("minItems"))
        yield from _leaves(described, f"{pointer}/*", is_certain=certain)
    else:
        yield pointer, _leaf(schema, is_certain=is_certain)


def _leaf(schema: JsonObject, *, is_certain: bool) -> _Leaf:
    codes = frozenset(map(str, cast("list[Json]", schema.get("enum", []))))
    longest = cast("int", schema.get("maxLength", max(map(len, codes), default=0)))
    return _Leaf(is_certain, longest, list_of(schema), codes, is_dated="format" in schema)


def _unknown_steps(
    mapping: FieldMapping, steps: Mapping[str, Mapping[str, _Leaf]]
) -> Iterator[Finding]:
    known = {"/".join((name.split("/")[0], name.split("/")[2])) for name in steps}
    for each in mapping.steps:
        if each not in known:
            yield Finding("fehler", each, "Dieses Verfahren oder diesen Schritt gibt es nicht.")


def _twice(mapping: FieldMapping) -> Iterator[Finding]:
    seen: set[str] = set()
    for field in mapping.fields:
        if field.to in seen:
            yield Finding("fehler", field.to, "Das Feld wird zweimal gefüllt.")
        seen.add(field.to)


def _needed(mapping: FieldMapping) -> Iterator[Finding]:
    filled = {field.to for field in mapping.fields}
    for name in mapping.needs:
        if name not in filled:
            yield Finding("fehler", name, "Das Zielsystem verlangt das Feld; nichts füllt es.")


def _field(
    field: TheirField, mapping: FieldMapping, steps: Mapping[str, Mapping[str, _Leaf]]
) -> Iterator[Finding]:
    if field.constant is not None:
        return
    yield from _pointers(field, steps)
    yield from _emptiness(field, mapping, steps)
    yield from _lengths(field, steps)
    yield from _dates(field, steps)
    if field.codes:
        yield from _codes(field, mapping.tables[field.codes], steps)


def _pointers(field: TheirField, steps: Mapping[str, Mapping[str, _Leaf]]) -> Iterator[Finding]:
    for source in field.sources:
        if source.startswith("@"):
            if source[1:] not in FACTS:
                yield Finding("fehler", field.to, f"„{source}“ gibt es nicht.")
        elif not any(template(source) in leaves for leaves in steps.values()):
            yield Finding("fehler", field.to, f"{source} gibt es in keinem der Schritte.")


def _emptiness(
    field: TheirField, mapping: FieldMapping, steps: Mapping[str, Mapping[str, _Leaf]]
) -> Iterator[Finding]:
    wanted = field.required or field.to in mapping.needs
    if not wanted or field.default is not None:
        return
    empty = sorted(name for name, leaves in steps.items() if not _is_filled(field, leaves))
    if empty:
        said = "Das Zielsystem verlangt das Feld; es kann leer bleiben bei"
        yield Finding("fehler", field.to, f"{said} {', '.join(empty)}.")


def _is_filled(field: TheirField, leaves: Mapping[str, _Leaf]) -> bool:
    def is_certain(source: str) -> bool:
        if source.startswith("@"):
            return source != "@cause"
        # An entry that is named by its number is there only if there are so many.
        leaf = leaves.get(template(source))
        numbered = any(part.isdigit() and part != "0" for part in source.split("/"))
        return leaf is not None and leaf.is_certain and not numbered

    partial = field.date is not None and field.partial == "leer"
    return not partial and any(map(is_certain, field.sources))


def _lengths(field: TheirField, steps: Mapping[str, Mapping[str, _Leaf]]) -> Iterator[Finding]:
    if field.max is None or field.codes or field.date:
        return
    wanted = [template(source) for source in field.sources]
    leaves = [each[name] for each in steps.values() for name in wanted if name in each]
    longest = max((leaf.longest for leaf in leaves), default=0)
    if longest > field.max:
        weight: Weight = "verlust" if field.cut else "fehler"
        end = "es wird gekürzt." if field.cut else "solche Nachrichten bleiben liegen (cut fehlt)."
        text = f"Bis zu {longest} Zeichen, Platz ist für {field.max}; {end}"
        yield Finding(weight, field.to, text)


def _dates(field: TheirField, steps: Mapping[str, Mapping[str, _Leaf]]) -> Iterator[Finding]:
    wanted = [template(source) for source in field.sources] if field.date else []
    found = [leaves[name] for leaves in steps.values() for name in wanted if name in leaves]
    if any(not leaf.is_dated for leaf in found):
        yield Finding("fehler", field.to, "Das Feld will ein Datum, und die Angabe ist keines.")


def _codes(
    field: TheirField, table: CodeTable, steps: Mapping[str, Mapping[str, _Leaf]]
) -> Iterator[Finding]:
    lists = _lists(field, steps)
    if lists and table.of not in lists:
        said = f"Die Tabelle ist für „{table.of}“; das Feld kommt aus {', '.join(sorted(lists))}."
        yield Finding("fehler", field.to, said)
        return
    ours, listed = set(lists.get(table.of, ())), set(table.values)
    for code in sorted(listed - ours):
        yield Finding("fehler", field.to, f"Den Schlüssel „{code}“ gibt es bei uns nicht.")
    rest = sorted(ours - listed)
    if rest and table.otherwise is None:
        yield Finding("fehler", field.to, f"Ohne Schlüssel im Zielsystem: {', '.join(rest)}.")
    elif rest:
        text = f"Werden zu „{table.otherwise}“ und sind dort nicht zu unterscheiden: "
        yield Finding("verlust", field.to, f"{text}{', '.join(rest)}.")
    for theirs, several in _merged(table).items():
        text = f"Fallen im Zielsystem zusammen („{theirs}“): {', '.join(several)}."
        yield Finding("verlust", field.to, text)


def _lists(
    field: TheirField, steps: Mapping[str, Mapping[str, _Leaf]]
) -> Mapping[str, frozenset[str]]:
    """Return the code lists that a field is filled from, each with the codes that can come."""
    wanted = [template(source) for source in field.sources]
    found = [leaves[each] for leaves in steps.values() for each in wanted if each in leaves]
    lists: dict[str, frozenset[str]] = {}
    for leaf in found:
        lists[leaf.codelist] = lists.get(leaf.codelist, frozenset()) | leaf.codes
    if "@urgency" in field.sources:
        lists["dringlichkeit"] = frozenset(URGENCY)
    return lists


def _merged(table: CodeTable) -> Mapping[str | int, list[str]]:
    by_code: defaultdict[str | int, list[str]] = defaultdict(list)
    for ours, theirs in table.values.items():
        by_code[theirs].append(ours)
    return {code: sorted(several) for code, several in by_code.items() if len(several) > 1}


def _left_out(mapping: FieldMapping, steps: Mapping[str, Mapping[str, _Leaf]]) -> Iterator[Finding]:
    taken = {template(source) for field in mapping.fields for source in field.sources}
    lost: defaultdict[str, list[str]] = defaultdict(list)
    for name, leaves in steps.items():
        for pointer, leaf in leaves.items():
            within = any(pointer == each or pointer.startswith(f"{each}/") for each in taken)
            if leaf.is_certain and not within and pointer not in MACHINE:
                lost[pointer].append(name)
    for pointer, names in lost.items():
        text = f"Steht in jeder Nachricht und kommt im Zielsystem nicht an: {', '.join(names)}."
        yield Finding("verlust", pointer, text)


def _characters(mapping: FieldMapping) -> Iterator[Finding]:
    if mapping.encoding != "utf-8":
        text = "Darin fehlen Zeichen der DIN 91379; Nachrichten mit solchen Namen bleiben liegen."
        yield Finding("verlust", mapping.encoding, text)
