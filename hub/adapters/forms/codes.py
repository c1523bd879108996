# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is a code called? A schema names the list in ``$comment``; the list has the words."""

import re
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, Final, cast

from hub.model.json import JsonObject
from hub.protocols.reading import read_yaml
from hub.schemas import SPECS

_LIST: Final = re.compile(r"Codeliste ([a-z0-9-]+)")
_NONE: Final[Mapping[str, str]] = MappingProxyType({})


def list_of(*schemas: JsonObject) -> str:
    """Return the id of the list that the first of these parts of a schema names, or nothing."""
    for each in schemas:
        if named := _LIST.search(str(each.get("$comment", ""))):
            return named[1]
    return ""


def title_of(name: str, code: str) -> str:
    """Return what a code is called; one that no list of ours has is shown as it is."""
    return _titles(name).get(code, code)


@cache
def _titles(name: str) -> Mapping[str, str]:
    # One list at a time: all of them together take seconds.
    path = SPECS / "codelists" / f"{name}.yaml"
    if not name or not path.is_file():
        return _NONE
    said = cast("Mapping[str, Any]", read_yaml(path))
    return {str(each["code"]): str(each["title"]) for each in said["values"]}
