# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is different between two versions of a protocol, from its roles to its last field?"""

from collections.abc import Iterator, Mapping
from typing import Final

from hub.model.law import LegalBasis
from hub.model.protocol import Clocks, Deadline, Protocol, Step
from hub.protocols.difference.change import (
    Change,
    Difference,
    Effect,
    Phrases,
    changed_number,
    changed_sets,
)
from hub.protocols.difference.fields import changed_fields
from hub.protocols.difference.step import changed_deadline, changed_step
from hub.protocols.published import UNSIGNED
from hub.protocols.schemas import SchemaRegistry
from hub.protocols.sides import Pair, pairs

_WORDS: Final = {
    "number": "hat eine andere Nummer",
    "title": "heißt anders",
    "absent_steps": "erklärt anders, welche Schritte fehlen",
    "source": "nennt eine andere Quelle der Zahlen",
}
_MEANING: Final = {
    "purpose": "beschreibt den Zweck anders; ob er enger ist, kann kein Programm sagen",
    "retention": "beschreibt die Aufbewahrung anders; ob sie kürzer ist, kann kein Programm sagen",
}
"""Texts that decide: somebody has to read them, so each change counts as a widening."""
_OTHERS: Final = frozenset(
    {
        *("id", "version", "roles", "steps", "clocks", "repeats"),
        *("ends_after", "void_after", "unlinked", "agreement"),
        "sides",  # Decides between whom a step goes, and that is compared.
    }
)


def difference(
    older: Protocol, newer: Protocol, schemas: SchemaRegistry, law: Mapping[str, LegalBasis]
) -> Difference:
    """Compare two versions; what cannot be shown to be narrower counts as wider.

    The state of a version (``status``) and its open points are no part of what it lets be said.
    """
    changes = (
        *_changed_texts(older, newer),
        *_changed_roles(older, newer),
        *_changed_numbers(older, newer),
        *_changed_clocks(older, newer),
        *_changed_steps(older, newer, schemas, law),
    )
    return Difference(newer.id, older.version, newer.version, tuple(changes))


def _changed_texts(older: Protocol, newer: Protocol) -> Iterator[Change]:
    if older.id != newer.id:
        yield Change("id", "weiter", f"ist ein anderes Verfahren: {newer.id}")
    for name in sorted(Protocol.model_fields.keys() - UNSIGNED - _OTHERS):
        if getattr(older, name) != getattr(newer, name):
            effect: Effect = "wort" if name in _WORDS else "weiter"
            text = {**_WORDS, **_MEANING}.get(name, f"ändert {name}")
            yield Change(name, effect, text)


def _changed_roles(older: Protocol, newer: Protocol) -> Iterator[Change]:
    before, after = ({role.id: role for role in each.roles} for each in (older, newer))
    phrases = Phrases("kennt auch die Rolle {}", "kennt nicht mehr die Rolle {}")
    yield from changed_sets("roles", before, after, phrases)
    for name in (each for each in after if each in before):
        place = f"roles/{name}"
        if before[name].title != after[name].title:
            yield Change(place, "wort", f"nennt die Rolle {name} anders")
        based = Phrases(
            f"stützt die Rolle {name} auch auf {{}}", f"stützt die Rolle {name} nicht mehr auf {{}}"
        )
        yield from changed_sets(place, before[name].basis, after[name].basis, based)


def _changed_numbers(older: Protocol, newer: Protocol) -> Iterator[Change]:
    text = "lässt {}-mal statt {}-mal wiederholen, was nicht ankam"
    yield from changed_number("repeats", (older.repeats, newer.repeats), text)
    ends = "endet ohne neue Nachricht nach"
    yield from changed_deadline("ends_after", older.ends_after, newer.ends_after, ends)
    yield from _changed_void(older.void_after, newer.void_after)
    if older.unlinked != newer.unlinked:
        effect: Effect = "enger" if newer.unlinked else "weiter"
        said = "nicht mehr verknüpft" if newer.unlinked else "miteinander verknüpft"
        yield Change("unlinked", effect, f"führt die Nachrichten {said}")
    if newer.agreement and not older.agreement:
        yield Change("agreement", "enger", "eröffnet nur noch, wo eine Vereinbarung es abdeckt")
    elif older.agreement and not newer.agreement:
        yield Change("agreement", "weiter", "eröffnet auch ohne eine Vereinbarung")


def _changed_void(older: Deadline | None, newer: Deadline | None) -> Iterator[Change]:
    if older is not None and newer is not None:
        yield from changed_deadline("void_after", older, newer, "endet spätestens nach")
    elif newer is not None:
        yield Change("void_after", "enger", "setzt dem Vorgang ein spätestes Ende")
    elif older is not None:
        yield Change("void_after", "weiter", "setzt dem Vorgang kein spätestes Ende mehr")


def _changed_clocks(older: Protocol, newer: Protocol) -> Iterator[Change]:
    # A clock that came or went with its urgency is told of there, by each step.
    for urgency in (each for each in newer.clocks if each in older.clocks):
        for name in Clocks.model_fields:
            before, after = (getattr(each.clocks[urgency], name) for each in (older, newer))
            place = f"clocks/{urgency}/{name}"
            yield from changed_deadline(place, before, after, f"setzt {_CLOCK[name]} ({urgency})")


_CLOCK: Final = {
    "noticed": "die Frist zum Bemerken",
    "taken": "die Frist zur Zustellung",
    "acknowledged": "die Frist zur Bestätigung",
    "overdue": "die Zeit bis zur Meldung an den Absender",
}


def _changed_steps(
    older: Protocol, newer: Protocol, schemas: SchemaRegistry, law: Mapping[str, LegalBasis]
) -> Iterator[Change]:
    before, after = ({step.id: step for step in each.steps} for each in (older, newer))
    yield from (_gone(step) for name, step in before.items() if name not in after)
    for name, step in after.items():
        if name not in before:
            who = f"{', '.join(step.sender)} → {', '.join(step.recipient)}"
            text = f"fügt den Schritt {name} hinzu: {step.title} ({who})"
            yield Change(f"steps/{name}", "weiter", text)
            continue
        yield from changed_step(before[name], step, law)
        yield from _changed_pairs(
            before[name], step, pairs(before[name], older), pairs(step, newer)
        )
        each_schema = (schemas.by_digest(each.schema_digest) for each in (before[name], step))
        yield from changed_fields(name, *each_schema)
    kept = [name for name in before if name in after]
    if kept != [name for name in after if name in before]:
        yield Change("steps", "wort", "ordnet die Schritte anders")


def _gone(step: Step) -> Change:
    # Whoever may not put right any more, or need not close, has lost a safeguard.
    is_guard = step.mandatory or step.closes or bool(step.corrects)
    effect: Effect = "weiter" if is_guard else "enger"
    return Change(f"steps/{step.id}", effect, f"hat den Schritt {step.id} nicht mehr")


def _changed_pairs(
    older: Step, newer: Step, before: frozenset[Pair], after: frozenset[Pair]
) -> Iterator[Change]:
    """Compare between whom a step goes, as far as either role could send or receive it before."""
    known = {(one, other) for one in older.sender for other in older.recipient}
    known &= {(one, other) for one in newer.sender for other in newer.recipient}
    yield from changed_sets(
        f"steps/{newer.id}",
        (f"{one} → {other}" for one, other in sorted(before & known)),
        (f"{one} → {other}" for one, other in sorted(after & known)),
        Phrases(
            f"lässt {newer.id} auch so gehen: {{}}", f"lässt {newer.id} nicht mehr so gehen: {{}}"
        ),
    )
