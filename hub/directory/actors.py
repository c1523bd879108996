# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which schools and other actors does a table propose as participants?

One line is one unit; lines of one organisation belong together. A proposal gives nobody a key and
nobody a right: the organisation enrols itself, and a person compares the fingerprint.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from pydantic import ValidationError

from hub.directory.csvfile import Finding, Form, Line, TableInvalid, parse_csv
from hub.directory.kinds import is_well_named, may_issue_to, roles_of_kind
from hub.model.ids import PARTY, organisation_of
from hub.model.network import ListedOrganisation
from hub.model.participant import Office

_TEXT: Final = r"\S(.*\S)?"
_OFFICES: Final[Mapping[str, Office]] = {"richter": "richter", "staatsanwalt": "staatsanwalt"}
ACTORS: Final = Form(
    "stellen-vorschlag",
    {
        "id": PARTY.pattern.removesuffix(r"(\.[a-z0-9-]{1,24})?"),
        "name": _TEXT,
        "unit": r"([a-z0-9-]{1,24})?",
        "unit_name": f"({_TEXT})?",
        "role": r"([a-z]{4,20}( [a-z]{4,20})*)?",
        "telephone": r"[+0-9][0-9 /()-]{1,38}[0-9]",
        "office": f"({'|'.join(_OFFICES)})?",
    },
    optional=frozenset({"unit", "unit_name", "role", "office"}),
    dialled=frozenset({"telephone"}),
)
"""Columns: several roles of a unit are separated by blanks; without ``unit`` it is its own unit."""


def read_actors(raw: bytes) -> tuple[ListedOrganisation, ...]:
    """Read the proposals of a table, or say everything that is wrong with it."""
    _, lines = parse_csv(raw, [ACTORS])
    grouped: dict[str, list[Line]] = {}
    for line in lines:
        grouped.setdefault(line.cells["id"], []).append(line)
    findings = [found for group in grouped.values() for found in _check(group)]
    if findings:
        raise TableInvalid(sorted(findings))
    return tuple(_organisation(group) for group in grouped.values())


def preview(
    actors: Iterable[ListedOrganisation], known: Mapping[str, ListedOrganisation]
) -> tuple[str, ...]:
    """Say what taking these proposals would change."""
    return tuple(_sentence(actor, known.get(actor.id)) for actor in actors)


def _sentence(actor: ListedOrganisation, known: ListedOrganisation | None) -> str:
    label = f"„{actor.name}“ ({actor.id})"
    if known is None:
        units = len(actor.units)
        count = "einer Organisationseinheit" if units == 1 else f"{units} Organisationseinheiten"
        return f"neu: {label} mit {count} vorgeschlagen."
    if known == actor:
        return f"unverändert: {label}."
    before, now = ({unit.id: unit for unit in each.units} for each in (known, actor))
    said = ["Name"] if known.name != actor.name else []
    said += [f"neue Einheit {unit}" for unit in now.keys() - before.keys()]
    said += [f"ohne Einheit {unit}" for unit in before.keys() - now.keys()]
    said += [
        f"Angaben zu {unit}" for unit in now.keys() & before.keys() if now[unit] != before[unit]
    ]
    return f"geändert: {label}: {', '.join(sorted(said))}."


def _check(lines: Sequence[Line]) -> Iterator[Finding]:
    first = lines[0]
    name = first.cells["id"]
    if not is_well_named(name):
        yield Finding(first.number, "id", "ist keine Kennung einer bekannten Art.")
        return
    if len(lines) > 16:  # noqa: PLR2004  ListedOrganisation has the same limit
        yield Finding(first.number, "id", "hat mehr als 16 Organisationseinheiten.")
    seen: set[str] = set()
    for line in lines:
        cells = line.cells
        if cells["name"] != first.cells["name"]:
            yield Finding(line.number, "name", "ist weiter oben ein anderer.")
        if cells["unit"] in seen or (not cells["unit"] and len(lines) > 1):
            yield Finding(line.number, "unit", "ist schon vergeben oder fehlt.")
        seen.add(cells["unit"])
        if not roles_of_kind(name).issuperset(_roles(line)):
            yield Finding(line.number, "role", "darf eine Stelle dieser Art nicht haben.")
        if cells["office"] and not may_issue_to(name, _office(line)):
            yield Finding(line.number, "office", "gibt es bei einer Stelle dieser Art nicht.")
        yield from _of_model(line)


def _of_model(line: Line) -> Iterator[Finding]:
    """Look at what only the noun knows: the lengths of names and numbers."""
    try:
        _organisation([line])
    except ValidationError:
        yield Finding(line.number, "", "hat einen zu langen Namen oder eine zu lange Nummer.")


def _organisation(lines: Sequence[Line]) -> ListedOrganisation:
    cells = lines[0].cells
    return ListedOrganisation.model_validate(
        {"id": cells["id"], "name": cells["name"], "units": tuple(map(_unit, lines))}
    )


def _unit(line: Line) -> dict[str, object]:
    cells = line.cells
    return {
        "id": f"{cells['id']}.{cells['unit']}" if cells["unit"] else cells["id"],
        "name": cells["unit_name"] or cells["name"],
        "roles": _roles(line),
        "telephone": cells["telephone"],
        "office": _office(line),
    }


def _roles(line: Line) -> tuple[str, ...]:
    """Return the roles that the line names, else all that the kind allows."""
    said = tuple(line.cells["role"].split())
    return said or tuple(sorted(roles_of_kind(organisation_of(line.cells["id"]))))


def _office(line: Line) -> Office | None:
    return _OFFICES.get(line.cells["office"])
