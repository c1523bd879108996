# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a step is forbidden to say (``forbidden.yaml``), nobody can seal, and no hub carries.

One test for each step and each thing that is forbidden there, and each name it could have is tried
at every place.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest
from ruamel.yaml import YAML

from hub.errors import ContentInvalid, ScopeExceeded
from hub.model.json import Json
from hub.model.protocol import Protocol, Step
from hub.protocols.scope import check_scope
from hub.sealing.content import check_content
from tests.law.shipped import (
    CATALOGUE,
    STEPS,
    as_the_hub_sees_it,
    examples_of,
    fullest,
    name_of,
    objects,
    read,
    schema_of,
    the_protocol,
    with_body,
    with_each,
)

FILE: Final = Path(__file__).with_name("forbidden.yaml")
LISTED: Final[dict[str, Any]] = YAML(typ="safe", pure=True).load(FILE)
EVERYWHERE: Final[list[dict[str, Any]]] = LISTED["everywhere"]
OF_PROTOCOL: Final[dict[str, list[dict[str, Any]]]] = LISTED["protocols"]
FIRST: Final = {"schule-mitteilung", "polizei-mitteilung"}
"""Their examples were published before there was this list."""
LEAF: Final = "A" * 100
"""What a sealed leaf could look like from outside."""


@dataclass(frozen=True)
class Cell:
    """One thing that one step must not say."""

    protocol: Protocol
    step: Step
    entry: dict[str, Any]

    @property
    def id(self) -> str:
        return f"{name_of(self.protocol, self.step)}: {self.entry['what']}"

    @property
    def fields(self) -> list[str]:
        return list(self.entry["fields"])


def is_about(step: Step, entry: dict[str, Any]) -> bool:
    return step.id in entry.get("steps", [step.id])


def cells() -> Iterator[Cell]:
    for protocol, step in STEPS:
        for entry in (*EVERYWHERE, *OF_PROTOCOL.get(protocol.id, ())):
            if is_about(step, entry):
                yield Cell(protocol, step, entry)


CELLS: Final = list(cells())
OWN: Final = [
    pytest.param(protocol, entry, id=f"{protocol}: {entry['what']}")
    for protocol, entries in OF_PROTOCOL.items()
    for entry in entries
]
each_cell = pytest.mark.parametrize("cell", CELLS, ids=[cell.id for cell in CELLS])


def names_in(schema: Any) -> Iterator[str]:
    """Yield the name of every member that a resolved schema lets somebody write."""
    for name, member in schema.get("properties", {}).items():
        yield name
        yield from names_in(member)
    if "items" in schema:
        yield from names_in(schema["items"])


@each_cell
def test_no_schema_has_a_place_for_it(cell: Cell) -> None:
    assert set(names_in(schema_of(cell.step).resolved)).isdisjoint(cell.fields)


@each_cell
def test_nobody_can_seal_it(cell: Cell) -> None:
    """The refusal points at the place and names neither the field nor what stood there."""
    schema, content = schema_of(cell.step), fullest(cell.step)
    for name in cell.fields:
        for said in with_each(content, name, "Erfunden"):
            with pytest.raises(ContentInvalid) as refused:
                check_content(schema, said)
            assert "Erfunden" not in f"{refused.value}{refused.value.pointers}"
            assert not any(place.endswith(f"/{name}") for place in refused.value.pointers)


@each_cell
def test_no_hub_carries_it(cell: Cell) -> None:
    """Somebody with other software seals it all the same; the form alone gives it away."""
    honest = as_the_hub_sees_it(cell.protocol.name, cell.step.id)
    body: Any = honest.signature.message.body
    for name in cell.fields:
        for forged in with_each(body, name, LEAF):
            with pytest.raises(ScopeExceeded) as refused:
                check_scope(with_body(honest, forged), schema_of(cell.step), "§ 1")
            assert refused.value.basis == "§ 1"
            assert all(place.startswith("/body") for place in refused.value.pointers)
            assert not any(place.endswith(f"/{name}") for place in refused.value.pointers)


@pytest.mark.parametrize(
    ("protocol", "step"), [pytest.param(*each, id=name_of(*each)) for each in STEPS]
)
def test_without_it_the_hub_carries_the_message(protocol: Protocol, step: Step) -> None:
    honest = as_the_hub_sees_it(protocol.name, step.id)
    body: Json = honest.signature.message.body

    assert check_scope(with_body(honest, body), schema_of(step)).sound.envelope == honest.envelope


@pytest.mark.parametrize(("protocol_id", "entry"), OWN)
def test_an_example_shows_what_is_refused(protocol_id: str, entry: dict[str, Any]) -> None:
    """Whoever writes software for a Stelle looks at the examples first."""
    steps = [step for step in the_protocol(protocol_id).steps if is_about(step, entry)]
    wrong = [path for step in steps for path in examples_of(step, "invalid")]
    fields = {name for path in wrong for part in objects(read(path)) for name in part}
    words = {path.stem.rpartition(".")[2] for path in wrong}

    if "rule" in entry:
        assert any(entry["rule"] in step.rules for step in steps)
    elif "examples" in entry:
        assert words.issuperset(entry["examples"])
    elif protocol_id not in FIRST:
        assert fields & set(entry["fields"])


def test_every_protocol_has_something_that_it_must_not_say() -> None:
    assert OF_PROTOCOL.keys() == {protocol.id for protocol in CATALOGUE.all()}


@pytest.mark.parametrize("entry", [*EVERYWHERE, *(entry.values[1] for entry in OWN)])
def test_what_is_forbidden_says_why(entry: Any) -> None:
    assert entry["basis"] in CATALOGUE.law
    assert entry["because"].endswith(".")
    assert len(entry["fields"]) == len(set(entry["fields"])) > 0
