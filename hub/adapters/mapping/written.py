# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How are the fields of another system written: as JSON, as a line of CSV, as XML?"""

import json
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from hub.adapters.base import TargetRefused
from hub.adapters.forms.as_csv import Formulas, table
from hub.adapters.mapping.file import Mapping as FieldMapping
from hub.adapters.mapping.file import Output

Scalar: TypeAlias = str | int | bool
Filled: TypeAlias = Mapping[str, Scalar]
MEDIA_TYPES: Final[Mapping[Output, str]] = {
    "json": "application/json",
    "csv": "text/csv",
    "xml": "application/xml",
}


def written(filled: Filled, mapping: FieldMapping, formulas: Formulas) -> bytes:
    """Write the fields in the coding that the product reads; raises ``TargetRefused``."""
    kinds: Mapping[Output, Callable[[], str]] = {
        "json": lambda: json.dumps(_nested(filled), ensure_ascii=False, indent=1) + "\n",
        "csv": lambda: _csv(filled, mapping, formulas),
        "xml": lambda: _xml(filled, mapping),
    }
    try:
        return kinds[mapping.output]().encode(mapping.encoding)
    except UnicodeEncodeError:
        raise TargetRefused(
            "character-unknown",
            f"{mapping.product} liest {mapping.encoding}; darin fehlt ein Zeichen dieser "
            "Nachricht. Ein Name wird nicht ohne seine Zeichen übergeben.",
        ) from None


def _nested(filled: Filled) -> dict[str, Any]:
    root: dict[str, Any] = {}
    for name, value in filled.items():
        *above, last = name.split(".")
        part = root
        for step in above:
            part = part.setdefault(step, {})
        part[last] = value
    return root


def _csv(filled: Filled, mapping: FieldMapping, formulas: Formulas) -> str:
    """Write every column, also the empty ones: programs count them."""
    head = tuple(dict.fromkeys(each.to for each in mapping.fields))
    cells = tuple(_plain(filled.get(name, "")) for name in head)
    by_name = ((name, [each for each in mapping.fields if each.to == name]) for name in head)
    places = {name: tuple(p for each in found for p in each.pointers) for name, found in by_name}
    text = table(head, cells, formulas, places).decode("utf-8-sig")
    return f"\N{ZERO WIDTH NO-BREAK SPACE}{text}" if mapping.encoding == "utf-8" else text


def _xml(filled: Filled, mapping: FieldMapping) -> str:
    root = Element(mapping.root)
    for name, value in filled.items():
        part = root
        *above, last = name.split(".")
        for step in above:
            found = part.find(step)
            part = SubElement(part, step) if found is None else found
        SubElement(part, last).text = _plain(value)
    indent(root)
    return f'<?xml version="1.0" encoding="{mapping.encoding}"?>\n{tostring(root, "unicode")}\n'


def _plain(value: Scalar) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
