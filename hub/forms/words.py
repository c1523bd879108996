# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is a code called, and what does a form call a field whose published label is not plain?

A published schema never changes, so a better word cannot stand in it. It stands in
``specs/portal/wording.yaml`` and reaches the form; the field, its length and its place stay those
of the schema.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, cast

from ruamel.yaml import YAML

from hub.model.json import Json, JsonObject
from hub.protocols.codelists import load_codelists
from hub.schemas import SPECS

PORTAL: Final = SPECS / "portal"
_LIST: Final = re.compile(r"Codeliste ([a-z0-9-]+)")


@dataclass(frozen=True)
class Wording:
    """What the form says otherwise than the schema."""

    everywhere: Mapping[str, Mapping[str, Any]]
    """By the end of a pointer."""
    schemas: Mapping[str, Mapping[str, Mapping[str, Any]]]
    """By schema id, then by pointer; wins over ``everywhere``."""
    codes: Mapping[str, Mapping[str, str]]
    """Plainer words for values, by code list and code."""

    def of(self, schema_id: str, pointer: str) -> dict[str, Any]:
        """Return what is said otherwise about one field; the longest end of its pointer wins."""
        said: dict[str, Any] = {}
        for end in sorted((e for e in self.everywhere if pointer.endswith(e)), key=len):
            said |= self.everywhere[end]
        return said | dict(self.schemas.get(schema_id, {}).get(pointer, {}))


@cache
def read_wording() -> Wording:
    written = _read("wording")
    return Wording(written["everywhere"], written["schemas"], written["codes"])


def read_portal(name: str) -> dict[str, Any]:
    """Return one of the portal's own files of data."""
    return _read(name)


def choices_of(leaf: JsonObject, comment: str) -> list[JsonObject]:
    """Return the values that a leaf may have, each as people read it."""
    named = _LIST.search(comment)
    titles = _titles().get(named[1], {}) if named else {}
    plainer = read_wording().codes.get(named[1], {}) if named else {}
    values = cast("list[Json]", leaf["enum"])
    return [
        {"value": each, "label": plainer.get(str(each)) or titles.get(str(each), str(each))}
        for each in values
    ]


def has_label(value: str, comment: str) -> bool:
    """Tell whether a list says what a code means; a bare code on a page is a fault of ours."""
    named = _LIST.search(comment)
    return named is not None and value in _titles().get(named[1], {})


@cache
def _titles() -> Mapping[str, Mapping[str, str]]:
    lists = load_codelists(SPECS / "codelists")
    return {name: {each.code: each.title for each in known.values} for name, known in lists.items()}


@cache
def _read(name: str) -> dict[str, Any]:
    written: dict[str, Any] = YAML(typ="safe", pure=True).load(PORTAL / f"{name}.yaml")
    return written
