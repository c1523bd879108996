# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What does one step say, in full: its law with the meaning, its rules, what is not in it?"""

from collections.abc import Iterator, Mapping, Sequence

from hub.model.law import BasisCode, LegalBasis
from hub.model.protocol import Protocol, RoleId, Step
from hub.protocols.schemas import SchemaRegistry, explain
from hub.protocols.wording import (
    INFORMED,
    WHEN_CORRECTED,
    cite,
    direction,
    every,
    limits,
    paragraph,
    rule_sentences,
    sequence,
    whole,
)

Law = Mapping[BasisCode, LegalBasis]


def explain_step(step: Step, protocol: Protocol, law: Law, schemas: SchemaRegistry) -> str:
    """Return everything that one step says, with the meaning of each citation."""
    lines = [
        *paragraph(f"{step.title} ({protocol.id} {protocol.version}, {step.id})"),
        *paragraph(f"{direction(step)}; {sequence(step, protocol)}"),
        *(paragraph(WHEN_CORRECTED) if step.corrects else ()),
        "",
        *paragraph(f"Zu tun: {step.guidance}"),
        *paragraph(f"Dringlichkeit: {', '.join(step.urgencies)}"),
        *paragraph(f"Inhalt beim Hub: {'; '.join(limits(step))}"),
        *_people_lines(step),
        "",
        "Rechtsgrundlagen",
        *paragraph(f"{bases(step, law)}.", "  "),
    ]
    for code in step.bases:
        lines += _meaning_lines(law[code])
    lines += [
        *_listed("Regeln", rule_sentences(step, law)),
        *_listed("Offen", protocol.open_points),
    ]
    lines += _listed("Bewusst nicht dabei", step.absent)
    for absent in step.absent_corrections:
        lines += ["", *paragraph(f"Berichtigt nicht: {', '.join(absent.steps)}")]
        lines += paragraph(f"{cite(law[absent.basis])}: {absent.reason}", "  ")
    lines += ["", explain(schemas.by_name(step.schema_name))]
    return "\n".join(lines)


def bases(step: Step, law: Law) -> str:
    """Return the law of both sides; a role that has its own is named with it."""
    sender = _side(step.sender, step.basis_sender, step.basis_sender_of, law)
    if step.basis_beside:
        sender += f", daneben {_cited(step.basis_beside, law)}"
    recipient = _side(step.recipient, step.basis_recipient, step.basis_recipient_of, law)
    if sender == recipient:
        return f"beide Seiten {sender}"
    return f"{sender} | {recipient}"


def _side(
    roles: Sequence[RoleId],
    codes: Sequence[BasisCode],
    own: Mapping[RoleId, Sequence[BasisCode]],
    law: Law,
) -> str:
    alike: dict[str, list[RoleId]] = {}
    for role, held in own.items():
        alike.setdefault(_cited(held, law), []).append(role)
    default = [] if set(roles) <= own.keys() else [_cited(codes, law)]
    return "; ".join([*default, *(f"{', '.join(named)}: {said}" for said, named in alike.items())])


def _cited(codes: Sequence[BasisCode], law: Law) -> str:
    return ", ".join(whole(cite(law[code])) for code in codes)


def _people_lines(step: Step) -> Iterator[str]:
    if step.information:
        choice = " · ".join(INFORMED[each] for each in step.information)
        yield from paragraph(f"Betroffene informiert: {choice}")
    if step.person_only:
        yield from paragraph("Nur mit dem Leseschlüssel der mitteilenden Person zu öffnen.")
    if step.reminder:
        owed = f"Erinnerung: {every(step.reminder)} ({step.reminder.source})"
        yield from paragraph(owed)


def _meaning_lines(basis: LegalBasis) -> Iterator[str]:
    yield from paragraph(f"{cite(basis)}: {basis.meaning}", "  ")
    if basis.kjsg:
        yield from paragraph(f"KJSG: {basis.kjsg}", "    ")


def _listed(title: str, texts: Sequence[str]) -> list[str]:
    lines = [line for each in texts for line in paragraph(each, "  ")]
    return ["", title, *lines] if lines else []
