# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What stands in the fields of another system for one delivery?

Whatever the mapping leaves open is refused and not guessed: a wrong date of birth in a case file is
worse than a notice that a person has to look at.
"""

from typing import Final

from hub.adapters.base import TargetRefused
from hub.adapters.forms.as_csv import Formulas
from hub.adapters.forms.document import Document, file_name
from hub.adapters.forms.told import Told
from hub.adapters.mapping.file import CodeTable, DateForm, Mapping, TheirField
from hub.adapters.mapping.sources import Said, Sources
from hub.adapters.mapping.written import MEDIA_TYPES, Scalar, written

_PLACES: Final = {
    "TT.MM.JJJJ": "{2:02d}.{1:02d}.{0:04d}",
    "JJJJ-MM-TT": "{0:04d}-{1:02d}-{2:02d}",
    "JJJJMMTT": "{0:04d}{1:02d}{2:02d}",
    "TT.MM.JJJJ HH:MM": "{2:02d}.{1:02d}.{0:04d} {3:02d}:{4:02d}",
    "HH:MM": "{3:02d}:{4:02d}",
}


def mapped(told: Told, mapping: Mapping, formulas: Formulas = "refuse") -> Document:
    """Return a delivery in the fields of a product; raises ``TargetRefused``."""
    delivery = told.delivery
    if not mapping.covers(delivery.protocol_id, delivery.step):
        raise TargetRefused(
            "step-not-mapped",
            f"Die Zuordnung für {mapping.product} sagt nichts zu diesem Schritt "
            f"({delivery.protocol_id}, {delivery.step}).",
        )
    filled = fill(told, mapping)
    content = written(filled, mapping, formulas)
    name = file_name(delivery.id, mapping.ending)
    return Document(name, MEDIA_TYPES[mapping.output], content)


def fill(told: Told, mapping: Mapping) -> dict[str, Scalar]:
    """Return the value of each field that has one, in the order of the mapping."""
    sources = Sources(told)
    filled: dict[str, Scalar] = {}
    for field in mapping.fields:
        value = _value(field, sources, mapping)
        if value is None and (field.required or field.to in mapping.needs):
            raise _refused(field, "field-missing", "verlangt das Zielsystem, und nichts füllt es")
        if value is not None:
            filled[field.to] = value
    return filled


def _value(field: TheirField, sources: Sources, mapping: Mapping) -> Scalar | None:
    if field.constant is not None:
        return field.constant
    table = mapping.tables[field.codes] if field.codes else None
    found = [_one(each, field, table) for each in _said(field, sources)]
    told = [each for each in found if each not in {"", None}]
    if not told:
        return field.default
    if len(told) == 1:
        return _fitting(told[0], field)
    return _fitting(field.between.join(map(str, told)), field)


def _said(field: TheirField, sources: Sources) -> list[Said]:
    if field.join:
        return [each for source in field.join for each in sources.at(source)]
    for source in field.sources:
        if said := list(sources.at(source)):
            return said
    return []


def _one(said: Said, field: TheirField, table: CodeTable | None) -> Scalar | None:
    if table is not None:
        return _coded(said, field, table)
    if field.date is not None:
        return _dated(said, field, field.date)
    if isinstance(said.raw, bool) and (field.yes is not None or field.no is not None):
        return field.yes if said.raw else field.no
    if field.words or isinstance(said.raw, float):
        return said.text
    return said.raw


def _coded(said: Said, field: TheirField, table: CodeTable) -> Scalar:
    code = table.values.get(str(said.raw), table.otherwise)
    if code is None:
        raise _refused(field, "code-unknown", "hat für eine Angabe keinen Schlüssel")
    return code


def _dated(said: Said, field: TheirField, form: DateForm) -> str | None:
    if said.moment is not None:
        when = said.moment
        parts = (when.year, when.month, when.day, when.hour, when.minute)
        return _PLACES[form].format(*parts)
    if said.day is None or form.endswith("HH:MM"):
        raise _refused(field, "no-date", "will ein Datum, und die Angabe ist keines")
    if None in said.day and field.partial == "leer":
        return None
    return _PLACES[form].format(*(part or 0 for part in said.day))


def _fitting(value: Scalar, field: TheirField) -> Scalar:
    if field.max is None or not isinstance(value, str) or len(value) <= field.max:
        return value
    if not field.cut:
        raise _refused(field, "too-long", "fasst nicht alles, was gesagt ist")
    return value[: field.max - 1] + "…" if field.max > 1 else value[:1]


def _refused(field: TheirField, code: str, why: str) -> TargetRefused:
    return TargetRefused(code, f"Das Feld „{field.to}“ {why}.", pointers=field.pointers)
