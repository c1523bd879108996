# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What does a network file propose, and can it be used as it is?

Whoever writes such a file decides where notices about children go. So everything in it must be
understood: an unknown member, a second office for the same day and a unit nobody listed are
refused when the file is read, not at night when somebody needs the answer.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Final, Self

from pydantic import Field, ValidationError, model_validator
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from hub import clock
from hub.directory.kinds import is_well_named, may_issue_to, roles_of_kind
from hub.directory.procedure import check_rules
from hub.directory.responsibility import overlaps
from hub.directory.roster import Bearer, Duty, unsound
from hub.model.contact import Text
from hub.model.ids import Party, kind_of, organisation_of
from hub.model.network import (
    Confidence,
    District,
    Kind,
    ListedOrganisation,
    Municipality,
    Network,
    Responsibility,
)
from hub.model.noun import Noun
from hub.model.pointer import pointer_of
from hub.model.procedure import RulesOfProcedure

MAX_BYTES: Final = 4 * 1024 * 1024
"""All municipalities of a Land fit several times over."""
READERS: Final = 6
"""Who fits beside the two reading keys with which a unit begins (SL1 § 6)."""
_COUNTED: Final = re.compile(r"heute([+-][0-9]{1,3})?")
"""A day counted from the one on which the file is read; real networks name real days."""
_OF_ROSTERS: Final = re.compile(
    r"/participants/[0-9]+/units/[0-9]+/(roster(/lines/[0-9]+)?|serves/[0-9]+)"
    r"/valid_(from|until)"
)


class NetworkInvalid(ValueError):  # noqa: N818  a state of the file, as the refusals are
    """A network file cannot be used; each finding is a JSON pointer and what is wrong there."""

    def __init__(self, findings: Sequence[tuple[str, str]]) -> None:
        self.findings = tuple(findings)
        super().__init__("; ".join(f"{pointer}: {wrong}" for pointer, wrong in self.findings))


class _Row(Noun):
    """One municipality and its office, as a line of a block."""

    ags: Annotated[str, Field(pattern=r"^[0-9]{8}$")]
    name: Text
    unit: Party


class _Block(Noun):
    """Rows that have everything else in common, so that the file fits on a few screens."""

    kind: Kind
    valid_from: date
    valid_until: date | None = None
    basis: Text
    source: Text
    confidence: Confidence
    rows: Annotated[tuple[_Row, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.valid_until is not None and self.valid_until < self.valid_from:
            raise ValueError("valid_until lies before valid_from")
        return self


class _File(Noun):
    """A network file as it is written."""

    title: Text
    demo: bool = False
    districts: tuple[District, ...] = ()
    participants: Annotated[tuple[ListedOrganisation, ...], Field(min_length=1)]
    responsibilities: tuple[_Block, ...] = ()
    rules: tuple[RulesOfProcedure, ...] = ()


def load_network(path: Path, today: date | None = None) -> Network:
    """Read one network file, or say everything that is wrong with it.

    Rosters end, and files do not change: so a demonstration may count their days from ``today``.
    """
    return _read(path.read_bytes(), today or clock.today())


@lru_cache(maxsize=16)
def _read(raw: bytes, today: date) -> Network:
    """Read the bytes of a file once in a process: who founds a hub reads them again to open it."""
    file = _parse(raw, today)
    placed = tuple(_rows(file))
    findings = [
        *_check_participants(file.participants),
        *_check_districts(file.districts),
        *_check_rows(placed, file.participants),
        *check_rules(file.rules, file.participants),
    ]
    if findings:
        raise NetworkInvalid(findings)
    return Network(
        title=file.title,
        demo=file.demo,
        districts=file.districts,
        participants=file.participants,
        responsibilities=tuple(row for _, row in placed),
        rules=file.rules,
    )


def _parse(raw: bytes, today: date) -> _File:
    if len(raw) > MAX_BYTES:
        raise NetworkInvalid([("", "larger than any network")])
    # The safe loader builds plain values only and refuses a member that stands there twice.
    yaml = YAML(typ="safe", pure=True)
    value: Any = None
    try:
        value = yaml.load(raw)
        return _File.model_validate(_frozen(_dated(value, today)))
    except NetworkInvalid:
        raise
    except YAMLError as broken:
        mark = getattr(broken, "problem_mark", None)
        where = f" at line {mark.line + 1}" if mark else ""
        raise NetworkInvalid([("", f"not one YAML document{where}")]) from None
    except ValidationError as unfit:
        raise NetworkInvalid(
            [
                (pointer_of(error, value), error["type"].replace("_", " "))
                for error in unfit.errors(include_url=False)
            ]
        ) from None
    except (RecursionError, ValueError):
        raise NetworkInvalid([("", "not one YAML document")]) from None


def _frozen(value: Any) -> Any:
    """Return the value with tuples for lists, which is what nouns hold."""
    if isinstance(value, dict):
        return {name: _frozen(member) for name, member in value.items()}
    if isinstance(value, list):
        return tuple(_frozen(item) for item in value)
    return value


def _dated(file: Any, today: date) -> Any:
    """Return the file with real days in its rosters; only a demonstration may count them."""
    found: list[str] = []
    dated = _counted(file, "", today, found)
    if found and file.get("demo") is not True:
        wrong = "a day counted from today, which only a demonstration may name"
        raise NetworkInvalid([(pointer, wrong) for pointer in found])
    return dated


def _counted(value: Any, pointer: str, today: date, found: list[str]) -> Any:
    if isinstance(value, dict):
        return {
            name: _counted(member, f"{pointer}/{name}", today, found)
            for name, member in value.items()
        }
    if isinstance(value, list):
        return [
            _counted(item, f"{pointer}/{place}", today, found) for place, item in enumerate(value)
        ]
    said = _COUNTED.fullmatch(value) if isinstance(value, str) else None
    if said is None or not _OF_ROSTERS.fullmatch(pointer):
        return value
    found.append(pointer)
    return today + timedelta(days=int(said[1] or 0))


def _rows(file: _File) -> Iterator[tuple[str, Responsibility]]:
    for number, block in enumerate(file.responsibilities):
        for place, row in enumerate(block.rows):
            yield (
                f"/responsibilities/{number}/rows/{place}",
                Responsibility(
                    kind=block.kind,
                    municipality=Municipality(ags=row.ags, name=row.name),
                    unit=row.unit,
                    valid_from=block.valid_from,
                    valid_until=block.valid_until,
                    basis=block.basis,
                    source=block.source,
                    confidence=block.confidence,
                ),
            )


def _check_participants(listed: tuple[ListedOrganisation, ...]) -> Iterator[tuple[str, str]]:
    taken = Counter(organisation.id for organisation in listed)
    for place, organisation in enumerate(listed):
        pointer = f"/participants/{place}"
        if not is_well_named(organisation.id):
            yield f"{pointer}/id", "not the id of an organisation of a known kind"
        if taken[organisation.id] > 1:
            yield f"{pointer}/id", "listed twice"
        yield from _check_units(pointer, organisation)


def _check_units(pointer: str, organisation: ListedOrganisation) -> Iterator[tuple[str, str]]:
    taken = Counter(unit.id for unit in organisation.units)
    for place, unit in enumerate(organisation.units):
        here = f"{pointer}/units/{place}"
        if organisation_of(unit.id) != organisation.id:
            yield f"{here}/id", "a unit of another organisation"
        if taken[unit.id] > 1:
            yield f"{here}/id", "listed twice"
        if unit.id == organisation.id and len(organisation.units) > 1:
            yield f"{here}/id", "an organisation with units is addressed only through them"
        if not roles_of_kind(unit.id).issuperset(unit.roles):
            yield f"{here}/roles", "a role that an organisation of this kind may not hold"
        if not may_issue_to(unit.id, unit.office):
            yield f"{here}/office", "an office that an organisation of this kind does not have"
        bearer = Bearer(unit.id, frozenset(taken), READERS)
        yield from ((f"{here}{below}", wrong) for below, wrong in unsound(Duty.of(unit), bearer))


def _check_districts(districts: tuple[District, ...]) -> Iterator[tuple[str, str]]:
    taken = Counter(district.key for district in districts)
    for place, district in enumerate(districts):
        if taken[district.key] > 1:
            yield f"/districts/{place}/key", "listed twice"


def _check_rows(
    placed: Sequence[tuple[str, Responsibility]], listed: Iterable[ListedOrganisation]
) -> Iterator[tuple[str, str]]:
    units = {unit.id for organisation in listed for unit in organisation.units}
    names: dict[str, str] = {}
    for pointer, row in placed:
        if row.unit not in units:
            yield f"{pointer}/unit", "a unit that is not listed"
        if kind_of(row.unit) != row.kind:
            yield f"{pointer}/unit", "a unit of another kind"
        if names.setdefault(row.municipality.ags, row.municipality.name) != row.municipality.name:
            yield f"{pointer}/name", "the municipality has another name further up"
    for place in overlaps([row for _, row in placed]):
        yield placed[place][0], "two offices would be responsible on the same day"
