# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which values does a field take that it did not take before?"""

from collections.abc import Iterator
from typing import Final, cast

from hub.model.json import Json, JsonObject
from hub.protocols.difference.change import Change, Effect, changed_number, listed
from hub.sealing.profile import MAX_BYTES_PER_CHARACTER, listed_values
from hub.sealing.sealable import DEFAULT_CLASS, Leaf

_ALL_VALUES: Final[dict[str, list[Json]]] = {"boolean": [False, True]}
_CEILINGS: Final = {
    "maxLength": ("nimmt bei {where} bis zu {{}} Zeichen statt {{}}", None),
    "x-bytes-per-char": (
        "gibt einem Zeichen bei {where} bis zu {{}} Byte statt {{}}",
        MAX_BYTES_PER_CHARACTER,
    ),
    "maximum": ("nimmt bei {where} Zahlen bis {{}} statt {{}}", None),
}
"""Bounds from above, with their words and what holds where they are not named."""
_FLOORS: Final = {
    "minLength": ("verlangt bei {where} mindestens {{}} Zeichen statt {{}}", 0),
    "minimum": ("nimmt bei {where} Zahlen ab {{}} statt {{}}", None),
}


def changed_values(place: str, where: str, older: Leaf, newer: Leaf) -> Iterator[Change]:
    """Compare what two versions of a field let be said in it.

    Where the values are listed, each is held against the other version itself; where they are not,
    every bound is. A pattern that is not the same counts as wider: no program proves the contrary.
    """
    if older.kind != newer.kind:
        yield Change(place, "weiter", f"ändert bei {where} die Art der Angabe")
        return
    yield from _changed_class(place, where, older.class_name, newer.class_name)
    before, after = _values_of(older), _values_of(newer)
    if before is not None and after is not None:
        yield from _changed_list(place, where, before, after)
    elif after is not None:
        foreign = [value for value in after if not older.validator.is_valid(value)]
        if foreign:
            yield Change(place, "weiter", f"nimmt bei {where} auch: {_written(foreign)}")
        yield Change(place, "enger", f"nimmt bei {where} nur noch Werte einer Liste")
    elif before is not None:
        yield Change(place, "weiter", f"nimmt bei {where} auch Werte, die in keiner Liste stehen")
    else:
        yield from _changed_bounds(place, where, older.schema, newer.schema)


def _values_of(leaf: Leaf) -> list[Json] | None:
    listed_here = listed_values(leaf.schema)
    return _ALL_VALUES.get(leaf.kind) if listed_here is None else listed_here


def _changed_list(
    place: str, where: str, before: list[Json], after: list[Json]
) -> Iterator[Change]:
    added = [value for value in after if value not in before]
    removed = [value for value in before if value not in after]
    if added:
        yield Change(place, "weiter", f"nimmt bei {where} auch: {_written(added)}")
    if removed:
        yield Change(place, "enger", f"nimmt bei {where} nicht mehr: {_written(removed)}")
    if not added and not removed and before != after:
        yield Change(place, "wort", f"ordnet die Werte bei {where} anders")


def _changed_bounds(
    place: str, where: str, older: JsonObject, newer: JsonObject
) -> Iterator[Change]:
    for known, is_floor in ((_CEILINGS, False), (_FLOORS, True)):
        for name, (text, default) in known.items():
            bounds = (
                cast("int | None", older.get(name, default)),
                cast("int | None", newer.get(name, default)),
            )
            yield from changed_number(place, bounds, text.format(where=where), is_floor=is_floor)
    before_pattern, after_pattern = older.get("pattern"), newer.get("pattern")
    if before_pattern is None and after_pattern is not None:
        yield Change(place, "enger", f"schreibt bei {where} eine Form vor")
    elif before_pattern != after_pattern:
        yield Change(place, "weiter", f"nimmt bei {where} eine andere Form")
    if older.get("format") != newer.get("format"):
        yield Change(place, "wort", f"nennt bei {where} ein anderes Format")


def _changed_class(place: str, where: str, older: str, newer: str) -> Iterator[Change]:
    if older == newer:
        return
    # Whoever reads anything reads the common class, so to leave it is a protection.
    effect: Effect = "enger" if older == DEFAULT_CLASS else "weiter"
    yield Change(place, effect, f"führt {where} in der Klasse {newer} statt {older}")


def _written(values: list[Json]) -> str:
    words = {True: "ja", False: "nein"}
    return listed(words[each] if isinstance(each, bool) else str(each) for each in values)
