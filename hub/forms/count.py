# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How many fields does each step have, and how many of them have to be filled in?

``python -m hub.forms.count`` writes ``docs/felder.md``; a test holds that page current.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, cast

from hub.forms.form import describe
from hub.forms.pages import every, inside
from hub.forms.questions import newest
from hub.model.json import JsonObject
from hub.model.protocol import Protocol, Step
from hub.protocols.catalogue import Catalogue, load_catalogue
from hub.schemas import SCHEMAS, SPECS

_HEAD: Final = """\
<!--
SPDX-FileCopyrightText: 2026 Meldeweg contributors
SPDX-License-Identifier: EUPL-1.2
-->
# Felder je Verfahren

Wie viel fragt ein Formular, und wie viel davon muss man ausfüllen? Diese Seite ist aus den Schemas
erzeugt (`python -m hub.forms.count > docs/felder.md`); ein Test hält sie aktuell.

* **Angaben** sind die Stellen im Schema, an denen ein Wert stehen kann; eine Liste mit fünf
  Einträgen zählt fünffach. Mehr als das kann eine Nachricht nicht enthalten.
* **Fragen** sind die Felder, die ein Mensch im Formular sieht, jede Liste mit einem Eintrag. Ein
  Datum ist eine Frage.
* **Nötig** sind die Fragen, ohne die das Formular nicht weitergeht, wenn auf keine andere so
  geantwortet wird, dass weitere nötig werden.
* **Auf Wunsch** sind die Fragen, die erst nach einem Druck auf „Auf Wunsch“ erscheinen.
* **Maschine**: Angaben, die niemand eintippt, weil der Browser sie einträgt.

Kein Formular fragt nach etwas, das sein Schema nicht enthält; auch das hält ein Test fest.
"""


@dataclass(frozen=True)
class Count:
    """The numbers of one step."""

    leaves: int
    questions: int
    needed: int
    on_demand: int
    machine: int
    pages: int


def count(catalogue: Catalogue, protocol: Protocol, step: Step) -> Count:
    form = describe(catalogue, protocol, step)
    pages = cast("list[JsonObject]", form["pages"])
    fields = [field for page in pages for field in _questions(page)]
    return Count(
        leaves=len(catalogue.schemas.by_name(step.schema_name).leaves),
        questions=len(fields),
        needed=sum(_needed(cast("list[JsonObject]", page["fields"])) for page in pages),
        on_demand=sum(1 for field in fields if field["more"]),
        machine=len(cast("list[Any]", form["machine"])),
        pages=len(pages),
    )


def write(catalogue: Catalogue) -> str:
    """Return the page with the numbers of all steps, newest versions alone."""
    lines = [_HEAD]
    for protocol in sorted(newest(catalogue).values(), key=lambda each: each.number):
        lines += [
            f"## {protocol.number} {protocol.title} (`{protocol.name}`)\n",
            "| Schritt | Angaben | Fragen | Nötig | Auf Wunsch | Maschine | Seiten |",
            "|---|--:|--:|--:|--:|--:|--:|",
            *(_row(step, count(catalogue, protocol, step)) for step in protocol.steps),
            "",
        ]
    return "\n".join(lines)


def _row(step: Step, found: Count) -> str:
    numbers = " | ".join(str(each) for each in vars(found).values())
    return f"| {step.title} (`{step.id}`) | {numbers} |"


def _questions(page: JsonObject) -> Iterator[JsonObject]:
    for field in every(cast("list[JsonObject]", page["fields"])):
        if field["kind"] not in {"group", "list"}:
            yield field


def _needed(fields: list[JsonObject], *, counts: bool = True) -> int:
    """Count what has to be filled in; of a list that must have an entry, the first one's."""
    total = 0
    for field in fields:
        stated = counts and bool(field["required"])
        if field["kind"] == "list":
            total += _needed(inside(field), counts=stated and bool(field["min"]))
        elif field["kind"] == "group":
            total += _needed(inside(field), counts=stated)
        else:
            total += stated
    return total


if __name__ == "__main__":
    sys.stdout.write(write(load_catalogue(SPECS, SCHEMAS)))
