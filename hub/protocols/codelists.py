# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What can be chosen from, and how do others read it?

Our files are for people. Programs of other agencies get the same list as OASIS Genericode 1.0, the
form in which XÖV publishes code lists.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from hub.model.codelist import CodeList, CodeValue

GENERICODE: Final = "http://docs.oasis-open.org/codelist/ns/genericode/1.0/"
_XHTML: Final = "http://www.w3.org/1999/xhtml"
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
_KEY: Final = "code"
_COLUMNS: Final = {_KEY: "Code", "name": "Bezeichnung", "xjustiz": "Schlüssel in XJustiz"}


def load_codelists(root: Path) -> Mapping[str, CodeList]:
    """Read every code list of a folder, by its id, ascending.

    Errors are ``ValueError`` and name the file: these are our own files, so somebody here has to
    correct them.
    """
    found = {path.stem: _load(path) for path in sorted(root.glob("*.yaml"))}
    return MappingProxyType(found)


def genericode(codelist: CodeList) -> str:
    """Write a code list as one Genericode document.

    It bears the name of the official list only where it holds all of it; an extract bears ours, or
    whoever reads it would miss the values that are not there.
    """
    # Only the outermost element has a namespace; the schema of Genericode leaves the others bare.
    root = Element("gc:CodeList", {"xmlns:gc": GENERICODE})
    annotation = SubElement(SubElement(root, "Annotation"), "Description")
    for text in (codelist.source, codelist.remark, codelist.used_for):
        if text.strip():
            SubElement(annotation, "p", {"xmlns": _XHTML}).text = text.strip()
    _identify(SubElement(root, "Identification"), codelist)
    columns = [name for name in _COLUMNS if _is_filled(codelist, name)]
    _declare(SubElement(root, "ColumnSet"), columns)
    rows = SubElement(root, "SimpleCodeList")
    for value in codelist.values:
        _write_row(SubElement(rows, "Row"), value, columns)
    indent(root)
    return f"{_HEAD}{tostring(root, encoding='unicode')}\n"


def _load(path: Path) -> CodeList:
    try:
        written = YAML(typ="safe", pure=True).load(path)
        codelist = CodeList.model_validate_json(json.dumps(written))
    except YAMLError as broken:
        raise ValueError(f"{path.name}: not YAML, or a member is there twice") from broken
    except (ValidationError, TypeError) as wrong:
        raise ValueError(f"{path.name}: is incomplete or says too much") from wrong
    if codelist.id != path.stem:
        raise ValueError(f"{path.name}: the file is not named after its list")
    codes = [value.code for value in codelist.values]
    if len(set(codes)) != len(codes):
        raise ValueError(f"{path.name}: a code is there twice")
    return codelist


def _identify(part: Element, codelist: CodeList) -> None:
    uri, version = codelist.canonical_uri, codelist.canonical_version
    said = {
        "ShortName": codelist.id,
        "LongName": codelist.title,
        "Version": version,
        "CanonicalUri": uri,
        "CanonicalVersionUri": f"{uri}_{version}",
    }
    for name, text in said.items():
        SubElement(part, name).text = text


def _declare(part: Element, columns: list[str]) -> None:
    for name in columns:
        use = "optional" if name == "xjustiz" else "required"
        column = SubElement(part, "Column", {"Id": name, "Use": use})
        SubElement(column, "ShortName").text = name
        SubElement(column, "LongName").text = _COLUMNS[name]
        SubElement(column, "Data", {"Type": "string"})
    key = SubElement(part, "Key", {"Id": f"{_KEY}-key"})
    SubElement(key, "ShortName").text = f"{_KEY}-key"
    SubElement(key, "ColumnRef", {"Ref": _KEY})


def _write_row(row: Element, value: CodeValue, columns: list[str]) -> None:
    for name in columns:
        text = _cell(value, name)
        if text is not None:
            cell = SubElement(row, "Value", {"ColumnRef": name})
            SubElement(cell, "SimpleValue").text = text


def _cell(value: CodeValue, column: str) -> str | None:
    return {_KEY: value.code, "name": value.title, "xjustiz": value.xjustiz}[column]


def _is_filled(codelist: CodeList, column: str) -> bool:
    return any(_cell(value, column) is not None for value in codelist.values)
