# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""From files that refer to each other to one object with one digest."""

import json
from pathlib import Path
from typing import Any

import pytest

from hub.errors import SchemaNotSealable, SchemaUnknown
from hub.protocols.schemas import bundle, load_schemas
from hub.schemas import SCHEMAS, SPECS
from hub.sealing.canonical import digest, jcs

PART = "../../teile/1.0.0/zeit.json#/$defs/Datum"


def a_schema(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "properties": properties}


def a_part(**definitions: Any) -> dict[str, Any]:
    return {"$defs": definitions}


def written(root: Path, files: dict[str, Any]) -> Path:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        text = content if isinstance(content, str) else json.dumps(content)
        path.write_text(text, "utf-8")
    return root


def a_folder(root: Path, schema: Any, **parts: Any) -> Path:
    files = {f"teile/1.0.0/{name}.json": part for name, part in parts.items()}
    return written(root, {"probe/1.0.0/schritt.schema.json": schema, **files})


def test_the_specs_are_found_beside_the_package() -> None:
    assert (SPECS / "law").is_dir()
    assert (SCHEMAS / "vokabular").is_dir()


def test_a_bundle_refers_to_nothing_outside_itself(tmp_path: Path) -> None:
    day = {"type": "boolean"}
    root = a_folder(
        tmp_path, a_schema(am={"$ref": PART}), zeit=a_part(Datum=day, Ungenutzt={"type": "x"})
    )

    bundled = bundle(root / "probe/1.0.0/schritt.schema.json", root)

    assert bundled == a_schema(am={"$ref": "#/$defs/zeit-Datum"}) | {"$defs": {"zeit-Datum": day}}


def test_what_a_definition_refers_to_comes_along(tmp_path: Path) -> None:
    root = a_folder(
        tmp_path,
        a_schema(am={"$ref": "#/$defs/Tag"}) | {"$defs": {"Tag": {"$ref": PART}}},
        zeit=a_part(Datum={"$ref": "#/$defs/Kern"}, Kern={"$ref": "text.json#/$defs/Wort"}),
        text=a_part(Wort={"type": "boolean"}),
    )

    bundled = bundle(root / "probe/1.0.0/schritt.schema.json", root)

    assert bundled["$defs"] == {
        "Tag": {"$ref": "#/$defs/zeit-Datum"},
        "text-Wort": {"type": "boolean"},
        "zeit-Datum": {"$ref": "#/$defs/zeit-Kern"},
        "zeit-Kern": {"$ref": "#/$defs/text-Wort"},
    }


def test_the_digest_is_that_of_the_bundle_whatever_the_files_look_like(tmp_path: Path) -> None:
    schema, part = a_schema(am={"$ref": PART}), a_part(Datum={"type": "boolean"})
    plain = load_schemas(a_folder(tmp_path / "plain", schema, zeit=part))
    airy = load_schemas(
        a_folder(tmp_path / "airy", json.dumps(schema, indent=8), zeit=json.dumps(part, indent=1))
    )

    bundled = bundle(tmp_path / "plain/probe/1.0.0/schritt.schema.json", tmp_path / "plain")
    assert plain.digest_of("probe/1.0.0/schritt") == digest(jcs(bundled))
    assert airy.digest_of("probe/1.0.0/schritt") == plain.digest_of("probe/1.0.0/schritt")
    assert plain.by_name("probe/1.0.0/schritt").digest == digest(jcs(bundled))


def test_forms_keep_the_order_of_the_file(tmp_path: Path) -> None:
    schema = a_schema(**{name: {"type": "boolean"} for name in ("zuerst", "dann", "am_ende")})
    registry = load_schemas(a_folder(tmp_path, schema))

    leaves = registry.by_name("probe/1.0.0/schritt").leaves

    assert [leaf.pointer for leaf in leaves] == ["/zuerst", "/dann", "/am_ende"]


@pytest.mark.parametrize(
    "reference",
    [
        "../../teile/1.0.0/fehlt.json#/$defs/Datum",
        "../../teile/1.0.0/zeit.json#/$defs/Fehlt",
        "../../../../draussen.json#/$defs/Datum",
        "../../teile/1.0.0/zeit.json",
        "https://example.invalid/zeit.json#/$defs/Datum",
        "#/properties/am",
        7,
    ],
)
def test_a_reference_that_leads_nowhere_or_outside_is_refused(
    tmp_path: Path, reference: Any
) -> None:
    written(tmp_path, {"draussen.json": a_part(Datum={"type": "boolean"})})
    root = a_folder(
        tmp_path / "drinnen",
        a_schema(am={"$ref": reference}),
        zeit=a_part(Datum={"type": "boolean"}),
    )

    with pytest.raises(SchemaNotSealable):
        load_schemas(root)


def test_two_definitions_do_not_share_a_name(tmp_path: Path) -> None:
    root = a_folder(
        tmp_path,
        a_schema(am={"$ref": PART}, um={"$ref": PART.replace("1.0.0", "2.0.0")}),
        zeit=a_part(Datum={"type": "boolean"}),
    )
    written(root, {"teile/2.0.0/zeit.json": a_part(Datum={"type": "boolean"})})

    with pytest.raises(SchemaNotSealable, match="same name"):
        load_schemas(root)


@pytest.mark.parametrize("text", ["{", "[]", '{"type": "object", "type": "object"}'])
def test_a_file_that_is_not_one_json_object_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(SchemaNotSealable, match=r"probe/1\.0\.0/schritt\.schema\.json"):
        load_schemas(a_folder(tmp_path, text))


def test_one_digest_names_one_step(tmp_path: Path) -> None:
    root = a_folder(tmp_path, a_schema(am={"type": "boolean"}))
    written(root, {"probe/1.0.0/anderer.schema.json": a_schema(am={"type": "boolean"})})

    with pytest.raises(SchemaNotSealable, match="same object"):
        load_schemas(root)


def test_what_nobody_published_is_unknown(tmp_path: Path) -> None:
    registry = load_schemas(a_folder(tmp_path, a_schema(am={"type": "boolean"})))

    for ask in (registry.by_name, registry.digest_of, registry.by_digest, registry.name_of):
        with pytest.raises(SchemaUnknown):
            ask("probe/2.0.0/schritt")
