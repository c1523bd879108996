# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Our fields in another system: what arrives, what is refused, and what is said beforehand."""

import json
from pathlib import Path
from typing import Any

import pytest

from hub.adapters.base import TargetRefused
from hub.adapters.forms.told import Told
from hub.adapters.mapping.apply import fill, mapped
from hub.adapters.mapping.check import check
from hub.adapters.mapping.file import Mapping, MappingUnfit, read_mapping
from hub.adapters.stand import CONTENT, MARKED, a_delivery
from hub.protocols.compiled import load_compiled
from hub.schemas import SPECS

CATALOGUE = load_compiled()
FOLDER = SPECS / "adapters"
SAMPLES = sorted(FOLDER.glob("*.yaml"))


def a_mapping(*fields: dict[str, Any], **said: Any) -> Mapping:
    head = {
        "id": "erfunden",
        "product": "Erfunden 1",
        "vendor": "Erfunden",
        "version": "1.0.0",
        "standing": "Muster",
        "steps": ["polizei-mitteilung/mitteilung"],
    }
    return Mapping.model_validate({**head, "fields": list(fields), **said})


def told(**changed: Any) -> Told:
    return Told.of(a_delivery(content={**CONTENT, **changed}), CATALOGUE)


def faults(mapping: Mapping) -> list[str]:
    return [each.text for each in check(mapping, CATALOGUE) if each.weight == "fehler"]


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: str(path.stem))
def test_a_sample_has_no_fault_and_says_that_nobody_confirmed_it(path: Path) -> None:
    mapping = read_mapping(path)

    assert faults(mapping) == []
    assert mapping.confirmed is None
    assert mapping.standing == "vom Hersteller nicht bestätigt"
    assert mapping.id == path.stem
    harmless = told(sachverhalt="Ein erfundener Streit.")
    assert mapped(harmless, mapping).name.endswith(f".{mapping.id}.{mapping.output}")


def test_the_schema_of_a_mapping_is_current() -> None:
    shipped = json.loads((FOLDER / "mapping.schema.json").read_text("utf-8"))

    assert {k: v for k, v in shipped.items() if k not in {"$schema", "$id"}} == (
        Mapping.model_json_schema(by_alias=True)
    )
    assert len(SAMPLES) == 4


def test_fields_are_filled_as_the_file_says() -> None:
    mapping = a_mapping(
        {"to": "Name", "from": "/kind/name/familienname"},
        {"to": "Geb", "from": "/kind/geburt", "date": "TT.MM.JJJJ"},
        {"to": "Zeit", "from": "/einsatz/zeitpunkt", "date": "TT.MM.JJJJ HH:MM"},
        {"to": "Wo", "from": ["/kind/aufenthalt/angabe", "/kind/aufenthalt/art"], "words": True},
        {"to": "Sperre", "from": "/hinweise/auskunftssperre", "yes": "J", "no": "N"},
        {"to": "Id", "from": "@id"},
        {"to": "Text", "from": "/sachverhalt", "max": 5, "cut": True},
        {"to": "Leer", "from": "/kind/name/rufname"},
    )

    assert fill(told(), mapping) == {
        "Name": "Erfunden-Merkmal",
        "Geb": "03.11.2020",
        "Zeit": "13.03.2026 22:40",
        "Wo": "Zu Hause",
        "Sperre": "N",
        "Id": a_delivery().id,
        "Text": "=Mer…",
    }


@pytest.mark.parametrize(
    ("field", "code"),
    [
        ({"to": "Ort", "from": "/kind/anschrift/ort", "required": True}, "field-missing"),
        ({"to": "Text", "from": "/sachverhalt", "max": 5}, "too-long"),
        ({"to": "Art", "from": "/einsatz/anlass/0", "codes": "art"}, "code-unknown"),
        ({"to": "Tag", "from": "/sachverhalt", "date": "TT.MM.JJJJ"}, "no-date"),
    ],
)
def test_what_does_not_fit_is_refused_and_not_guessed(field: dict[str, Any], code: str) -> None:
    tables = {"art": {"of": "polizei-anlass", "values": {"verwahrlosung": 1}}}
    mapping = a_mapping(field, tables=tables)

    with pytest.raises(TargetRefused) as refused:
        mapped(told(), mapping)
    assert refused.value.code == code
    assert not any(word in str(refused.value) for word in MARKED)
    assert faults(mapping), "the check would have said so"


def test_a_name_is_not_handed_over_without_its_letters() -> None:
    kind = {**CONTENT["kind"], "name": {"familienname": "Nguyễn-Erfunden"}}  # type: ignore[dict-item]
    field = {"to": "Name", "from": "/kind/name/familienname"}

    with pytest.raises(TargetRefused) as refused:
        mapped(told(kind=kind), a_mapping(field, encoding="windows-1252"))
    assert refused.value.code == "character-unknown"


def test_a_step_that_is_not_mapped_is_refused() -> None:
    answer = a_delivery(step="antwort", content={"gegenstand": "kind", "ergebnis": "nicht-bekannt"})
    mapping = a_mapping({"to": "Id", "from": "@id"})

    with pytest.raises(TargetRefused, match="step-not-mapped"):
        mapped(Told.of(answer, CATALOGUE), mapping)


def test_the_check_names_what_is_wrong_and_what_gets_lost() -> None:
    tables = {"sex": {"of": "geschlecht", "values": {"m": 1, "w": 2, "d": 2, "y": 3}}}
    mapping = a_mapping(
        {"to": "A", "from": "/kind/haarfarbe"},
        {"to": "A", "from": "@id"},
        {"to": "Sex", "from": "/kind/geschlecht", "codes": "sex"},
        needs=["Pflicht"],
        tables=tables,
    )
    said = "\n".join(f"{each.weight} {each.text}" for each in check(mapping, CATALOGUE))

    assert "/kind/haarfarbe gibt es in keinem" in said
    assert "zweimal gefüllt" in said
    assert "nichts füllt es" in said
    assert "„y“ gibt es bei uns nicht" in said
    assert "Ohne Schlüssel im Zielsystem: x." in said
    assert "verlust Fallen im Zielsystem zusammen („2“): d, w." in said
    assert "verlust Steht in jeder Nachricht" in said


@pytest.mark.parametrize("text", ["[]", "id: x", "a: &a [*a, *a]", "id: [", "\x00"])
def test_a_file_that_is_no_mapping_is_refused_with_its_name(text: str, tmp_path: Path) -> None:
    (tmp_path / "z.yaml").write_text(text, "utf-8")

    with pytest.raises(MappingUnfit, match=r"z\.yaml"):
        read_mapping(tmp_path / "z.yaml")


def test_a_field_that_would_begin_a_formula_is_refused_with_its_place() -> None:
    mapping = a_mapping({"to": "Was", "from": "/sachverhalt"}, output="csv")
    with pytest.raises(TargetRefused) as refused:
        mapped(told(), mapping)

    assert (refused.value.code, refused.value.pointers) == ("formula-in-csv", ("/sachverhalt",))
    assert not any(word in str(refused.value) for word in MARKED)
    assert b"'=Merkmalsatz" in mapped(told(), mapping, "guard").content
