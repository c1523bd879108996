# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Does a protocol leave nobody waiting?

Before a version is published, every conversation that it allows is gone through: somebody has to
act in each state of it, by a certain time, and a way leads to the end. ``explore`` walks, this
module judges, and says what it finds in German, for those who write protocols.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import Final, cast

from hub.errors import SchemaNotSealable, SchemaUnknown
from hub.model.law import LegalBasis
from hub.model.protocol import Clocks, Protocol, Step
from hub.protocols.explore import cap_of, explore
from hub.protocols.guarded import GUARDED
from hub.protocols.schemas import SchemaRegistry
from hub.protocols.sides import opening_pairs, pairs
from hub.sealing.sealable import DEFAULT_CLASS, SealableSchema

INFORMATION: Final = "/betroffene_informiert"
"""How the pointer ends of the leaf that says whether those concerned know of the message."""


@dataclass(frozen=True)
class Finding:
    """Something that has to be mended before the protocol is published."""

    place: str
    text: str

    def __str__(self) -> str:
        return f"{self.place}: {self.text}"


def findings(
    protocol: Protocol, law: Mapping[str, LegalBasis], schemas: SchemaRegistry
) -> tuple[Finding, ...]:
    """Return everything that is wrong with a protocol; nothing means that it may be published."""
    found = [*_about_standing(protocol, law), *_about_ends(protocol)]
    for step in protocol.steps:
        found += _about_people(step)
        found += _about_sides(step, protocol)
        found += _about_basis(step, law)
        found += _about_schema(step, schemas)
        found += _about_clocks(step, protocol)
        found += _about_sequence(step, protocol)
        found += _about_corrections(step, protocol)
    if all(cap_of(step, protocol) is not None for step in protocol.steps):
        # A walk through a protocol without caps would not come back.
        found += _about_conversations(protocol)
    return tuple(found)


def _about_standing(protocol: Protocol, law: Mapping[str, LegalBasis]) -> Iterator[Finding]:
    if protocol.status != "in-kraft":
        if not protocol.status_reason:
            yield Finding("status_reason", f"sagt nicht, warum der Stand {protocol.status} ist")
        return
    for step in protocol.steps:
        bases = dict.fromkeys(code for role in step.sender for code in step.bases_of({role}))
        for code in bases if step.opens else ():
            if code in law and law[code].pruefstand != "geprueft":
                yield Finding(
                    f"steps/{step.id}/basis_sender",
                    f"{law[code].citation} ist nicht geprüft; das Verfahren ist ein Entwurf",
                )


def _about_ends(protocol: Protocol) -> Iterator[Finding]:
    if protocol.ends_after.within <= timedelta(0):
        yield Finding("ends_after", "sagt nicht, wann der Hub einen stillen Vorgang schließt")
    if not any(step.opens for step in protocol.steps):
        yield Finding("steps", "kein Schritt eröffnet einen Vorgang")
    used = {role for step in protocol.steps for role in (*step.sender, *step.recipient)}
    for role in protocol.roles:
        if role.id not in used:
            yield Finding(f"roles/{role.id}", "kommt in keinem Schritt vor")


def _about_people(step: Step) -> Iterator[Finding]:
    if not step.sender:
        yield Finding(f"steps/{step.id}/sender", "niemand darf diesen Schritt sprechen")
    if not step.recipient:
        yield Finding(f"steps/{step.id}/recipient", "niemand ist für die Nachricht zuständig")
    if not step.guidance.strip():
        yield Finding(f"steps/{step.id}/guidance", "sagt nicht, was zu tun ist")


def _about_sides(step: Step, protocol: Protocol) -> Iterator[Finding]:
    """Ask that roles alone decide who may speak.

    A step that named one of several roles of a side would be open or not depending on who happens
    to sit there, and nobody could say in advance what is allowed next.
    """
    place = f"steps/{step.id}"
    if step.opens and not opening_pairs(step, protocol):
        yield Finding(place, "niemand steht sich nach sides so gegenüber")
    if not step.opens and not pairs(step, protocol):
        yield Finding(place, "kommt zwischen den Seiten keines Vorgangs vor")
    for opening in (each for each in protocol.steps if each.opens and not step.opens):
        for side in (opening.sender, opening.recipient):
            for names in (step.sender, step.recipient):
                if 0 < len(set(side) & set(names)) < len(set(side)):
                    yield Finding(place, f"nennt nur einen Teil einer Seite von {opening.id}")


def _about_basis(step: Step, law: Mapping[str, LegalBasis]) -> Iterator[Finding]:
    for role in step.sender:
        if not step.bases_of({role}):
            yield Finding(
                f"steps/{step.id}/basis_sender", f"nennt keine Rechtsgrundlage für {role}"
            )
    for role in step.recipient:
        if not step.collects_on({role}):
            yield Finding(
                f"steps/{step.id}/basis_recipient", f"nennt keine Rechtsgrundlage für {role}"
            )
    for code in step.bases:
        if code not in law:
            yield Finding(f"steps/{step.id}", f"{code} steht nicht in specs/law")


def _about_schema(step: Step, schemas: SchemaRegistry) -> Iterator[Finding]:
    place = f"steps/{step.id}/schema_name"
    try:
        schema = schemas.by_name(step.schema_name)
    except SchemaUnknown:
        yield Finding(place, f"Schema {step.schema_name} fehlt")
        return
    except SchemaNotSealable as wrong:
        yield Finding(place, f"lässt sich nicht versiegeln: {wrong}")
        return
    if schema.digest != step.schema_digest:
        yield Finding(place, "das Schema hat eine andere Prüfsumme")
    allowed: set[str] = set()
    for leaf in schema.leaves:
        if leaf.pointer.endswith(INFORMATION):
            allowed |= set(cast("list[str]", leaf.schema.get("enum", [leaf.schema.get("const")])))
    if allowed != set(step.information):
        yield Finding(
            f"steps/{step.id}/information", "nennt anderes als das Schema für betroffene_informiert"
        )
    yield from _about_classes(step, schema)


def _about_classes(step: Step, schema: SealableSchema) -> Iterator[Finding]:
    """Keep guarded data from everybody who must not have them (``guarded``)."""
    for name in schema.classes:
        guard = GUARDED.get(name)
        if guard is None and name != DEFAULT_CLASS:
            yield Finding(f"steps/{step.id}/schema_name", f"die Klasse {name} ist nicht bekannt")
        if guard is not None and not set(step.recipient) <= guard.recipients:
            others = ", ".join(role for role in step.recipient if role not in guard.recipients)
            yield Finding(f"steps/{step.id}/recipient", f"{others}: {guard.reason}")


def _about_clocks(step: Step, protocol: Protocol) -> Iterator[Finding]:
    if not step.urgencies:
        yield Finding(f"steps/{step.id}/urgencies", "nennt keine Dringlichkeit, also keine Frist")
    for urgency in step.urgencies:
        clocks = protocol.clocks.get(urgency)
        if clocks is None:
            yield Finding(f"clocks/{urgency}", f"fehlt, wird aber von {step.id} gebraucht")
        elif not _rising(clocks, step):
            yield Finding(f"clocks/{urgency}", f"Fristen und Inhaltsgrenze von {step.id} fallen")
    if step.closes and not step.opens and step.reminder is None:
        yield Finding(f"steps/{step.id}/reminder", "an den Abschluss wird niemand erinnert")
    if step.mandatory and not step.closes:
        yield Finding(f"steps/{step.id}/mandatory", "nur ein Abschluss kann verlangt werden")
    if protocol.void_after is not None and protocol.void_after.within < step.content_limit.within:
        yield Finding("void_after", f"der Vorgang endet vor dem Inhalt von {step.id}")


def _rising(clocks: Clocks, step: Step) -> bool:
    limits = [step.content_limit, *step.content_limit_to.values()]
    clock = [clocks.taken, clocks.acknowledged, clocks.overdue]
    # A working day can be up to a long weekend away; what is compared is the plain duration.
    spans = [timedelta(0), *(each.within for each in clock), min(each.within for each in limits)]
    return spans[0] < spans[1] and all(a <= b for a, b in pairwise(spans)) and spans[-2] < spans[-1]


def _about_sequence(step: Step, protocol: Protocol) -> Iterator[Finding]:
    place = f"steps/{step.id}"
    if step.opens and (step.after or step.after_each or step.answers or step.corrects):
        yield Finding(place, "eröffnet und kann deshalb auf nichts folgen")
    if protocol.unlinked and step.corrects:
        yield Finding(
            f"{place}/corrects", "nennt eine frühere Nachricht; unlinked schließt das aus"
        )
    if step.speaker and step.opens:
        yield Finding(f"{place}/speaker", "wer eröffnet, steht schon fest")
    if not (step.opens or step.after or step.after_each or step.answers or step.corrects):
        yield Finding(f"{place}/after", "sagt nicht, worauf der Schritt folgt")
    if step.withdraws and not step.corrects:
        yield Finding(place, "nimmt zurück, ohne zu berichtigen")
    if cap_of(step, protocol) is None:
        yield Finding(f"{place}/at_most", "der Schritt kann beliebig oft gesagt werden")


def _about_corrections(step: Step, protocol: Protocol) -> Iterator[Finding]:
    place = f"steps/{step.id}/corrects"
    if set(step.corrects) == {step.id}:
        yield Finding(place, "nennt nur den Schritt selbst, also keinen Anfang")
    for corrected in (each for each in protocol.steps if each.id in step.corrects):
        if set(corrected.sender).isdisjoint(step.sender):
            yield Finding(place, f"wer {corrected.id} spricht, spricht diesen Schritt nicht")
        if corrected.withdraws:
            yield Finding(place, f"{corrected.id} nimmt zurück; daran ist nichts zu berichtigen")
        if corrected.person_only and not (step.person_only or step.withdraws):
            # What the law gives to one person, a correction would give to the whole desk.
            yield Finding(place, f"{corrected.id} ist nur für eine Person, die Berichtigung nicht")
        if step.absent_correction(corrected.id):
            yield Finding(
                f"steps/{step.id}/absent_corrections", f"{corrected.id} steht in corrects"
            )


def _about_conversations(protocol: Protocol) -> Iterator[Finding]:
    walk = explore(protocol)
    for step in protocol.steps:
        if step.id not in walk.said and not step.corrects:
            yield Finding(f"steps/{step.id}", "kommt in keinem Vorgang vor")
    for course in walk.stuck[:1]:
        yield Finding("steps", f"kein Weg führt zum Abschluss nach: {' → '.join(course)}")
