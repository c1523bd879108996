# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What does a protocol say, on one screen and in German?"""

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from hub.model.protocol import Protocol, Step
from hub.protocols.rules import RULES
from hub.protocols.schemas import SchemaRegistry
from hub.protocols.step import Law, bases, explain_step
from hub.protocols.wording import (
    AGREED,
    STANDING,
    UNLINKED,
    VERIFIED,
    WIDTH,
    brief,
    conditions,
    direction,
    every,
    hanging,
    limits,
    paragraph,
    span,
    whole,
)

__all__ = ["WIDTH", "describe", "explain_step"]

SCREEN: Final = 50
"""Lines."""
_HEADING: Final = (
    "Schritte (o eröffnet, x schließt, + auch danach; ohne Angabe jede Dringlichkeit)",
    "    Rechtsgrundlage der sendenden | der empfangenden Stelle",
)
_TIGHT_HEADING: Final = (
    "Schritte (o eröffnet, x schließt, + auch danach); Grundlage senden | empfangen",
)
_STEP: Final = 16
_TIGHT_STEP: Final = 4
_SENTENCE: Final = re.compile(r".*?(?<!Abs)(?<!Nr)(?<!Art)(?<! S)[.](?= |$)", re.DOTALL)
_TIGHTEST: Final = 2
_MANY: Final = 3
"""More roles than these are told in one paragraph."""


def describe(protocol: Protocol, law: Law, schemas: SchemaRegistry) -> str:
    """Return a protocol version on one screen: who, what, in which order, on what, by when.

    Where that is too long, reasons are given in one sentence each and air is left out; nothing that
    decides is. ``explain_step`` has all of it.
    """
    lines: list[str] = []
    for tight in range(_TIGHTEST + 1):
        lines = list(_lines(protocol, law, schemas, tight))
        if len(lines) <= SCREEN:
            break
    return "\n".join(lines)


def _lines(protocol: Protocol, law: Law, schemas: SchemaRegistry, tight: int) -> Iterator[str]:
    yield from _head_lines(protocol, tight)
    yield from _role_lines(protocol)
    yield from () if tight else ("",)
    yield from _TIGHT_HEADING if tight == _TIGHTEST else _HEADING
    for step in protocol.steps:
        if tight == _TIGHTEST and step.corrects:
            said = f"+ {step.id}: {direction(step)}, {bases(step, law)}"
            yield from hanging(said, _TIGHT_STEP)
        else:
            yield from _step_lines(step, protocol, law, schemas, tight)
    for absent in protocol.absent_steps:
        reason = _first(absent.reason) if tight else absent.reason
        yield from paragraph(f"Nicht vorgesehen: {absent.id}. {reason}")
    yield from () if tight else ("",)
    yield from _rule_lines(protocol, law, tight)
    yield from _clock_lines(protocol)
    yield from _law_lines(protocol, law)
    yield from paragraph(_first(protocol.retention) if tight else protocol.retention)
    yield f"Prüfsumme {protocol.digest}"


def _head_lines(protocol: Protocol, tight: int) -> Iterator[str]:
    name = f"{protocol.id} {protocol.version} ({protocol.number})"
    yield f"{name:<58}{STANDING[protocol.status]:>22}"
    yield from paragraph(protocol.title)
    yield from paragraph(_first(protocol.purpose) if tight else protocol.purpose)
    if protocol.status_reason:
        reason = _first(protocol.status_reason) if tight else protocol.status_reason
        yield from paragraph(f"Stand: {reason}")
    points = [" / ".join(protocol.open_points)] if tight == _TIGHTEST else protocol.open_points
    for point in filter(None, points):
        yield from paragraph(f"Offen: {point}")
    if protocol.agreement:
        yield from paragraph(AGREED)
    if protocol.unlinked:
        yield from paragraph(UNLINKED)


def _role_lines(protocol: Protocol) -> Iterator[str]:
    if len(protocol.roles) > _MANY:
        yield from paragraph(f"Rollen: {', '.join(role.id for role in protocol.roles)}")
        return
    for role in protocol.roles:
        yield from hanging(f"  {role.id:<19} {role.title}", 22)


def _step_lines(
    step: Step, protocol: Protocol, law: Law, schemas: SchemaRegistry, tight: int
) -> Iterator[str]:
    mark = "o" if step.opens else "x" if step.closes else "+" if step.corrects else " "
    leaves = len(schemas.by_name(step.schema_name).leaves)
    size = ", ".join(map(whole, (f"{leaves} {'Feld' if leaves == 1 else 'Felder'}", *limits(step))))
    pad = "\N{NO-BREAK SPACE}" * (3 - len(str(leaves)))
    if tight == _TIGHTEST:
        yield from hanging(f"{mark} {step.id}: {direction(step)}, {size}", _TIGHT_STEP)
    else:
        yield from hanging(f"{mark} {step.id:<13} {direction(step):<22} {pad}{size}", _STEP)
    said = conditions(step, protocol)
    if tight and said:
        yield from paragraph(f"{said}: {bases(step, law)}", "    ")
        return
    yield from paragraph(said, "    ")
    yield from paragraph(bases(step, law), "    ")


def _rule_lines(protocol: Protocol, law: Law, tight: int) -> Iterator[str]:
    """Yield the names of what no schema can say; their sentences stand with the steps."""
    names = dict.fromkeys(name for step in protocol.steps for name in step.rules)
    if tight == _TIGHTEST:
        yield f"Regeln: {len(names)}, im Wortlaut bei den Schritten"
        return
    places = {name: RULES[name].basis for name in names}
    said = [
        f"{name} ({whole(law[code].citation)})" if code else name for name, code in places.items()
    ]
    if said:
        yield from paragraph(f"Regeln: {', '.join(said)}")


def _clock_lines(protocol: Protocol) -> Iterator[str]:
    yield _row("Fristen", "bemerkt", "zugestellt", "bestätigt", "überfällig")
    for urgency, clocks in protocol.clocks.items():
        each = (clocks.noticed, clocks.taken, clocks.acknowledged, clocks.overdue)
        yield _row(f"  {urgency}", *map(brief, each))
    owed = [(step.id, step.reminder) for step in protocol.steps if step.reminder]
    spans = [f"an {step_id} {every(reminder)}" for step_id, reminder in owed]
    if spans:
        spans[0] = f"Erinnerung {spans[0]}"
    spans.append(f"Ende {span(protocol.ends_after)} nach letzter Nachricht")
    if protocol.void_after:
        spans.append(f"spätestens {span(protocol.void_after)} nach der ersten")
    yield from paragraph(", ".join(spans), "  ")
    yield f"  Quelle der Zahlen, wo das Gesetz keine nennt: {protocol.source}"


def _row(name: str, *cells: str) -> str:
    noticed, taken, acknowledged, overdue = cells
    return f"{name:<16}{noticed:<12}{taken:<15}{acknowledged:<19}{overdue}"


def _law_lines(protocol: Protocol, law: Law) -> Iterator[str]:
    """Yield as of when the wording was read; which of them was not stands with each citation."""
    codes = [code for step in protocol.steps for code in step.bases]
    codes += [each.basis for step in protocol.steps for each in step.absent_corrections]
    codes += [absent.basis for absent in protocol.absent_steps]
    read: dict[str, set[date]] = {}
    for code in codes:
        read.setdefault(law[code].pruefstand, set()).add(law[code].stand)
    said = [
        f"{VERIFIED[standing]} {', '.join(f'{day:%d.%m.%Y}' for day in sorted(read[standing]))}"
        for standing in VERIFIED
        if standing in read
    ]
    yield from paragraph(f"Grundlagen (ohne Zusatz: geprüft), Stand: {'; '.join(said)}")


def _first(text: str) -> str:
    """Return the first sentence; „Abs. 4“ does not end one."""
    found = _SENTENCE.match(text)
    return found[0] if found else text
