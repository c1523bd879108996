# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What does a protocol say, on one screen and in German?"""

from collections.abc import Iterator, Mapping
from textwrap import wrap
from typing import Final

from hub.model.law import LegalBasis
from hub.model.protocol import Deadline, Protocol, Step
from hub.protocols.schemas import SchemaRegistry, explain

WIDTH: Final = 80
STANDING: Final = {"entwurf": "Entwurf", "in-kraft": "in Kraft", "zurueckgezogen": "zurückgezogen"}
VERIFIED: Final = {"geprueft": "geprüft", "sinngemaess": "sinngemäß", "ungeprueft": "ungeprüft"}
_INFORMED: Final = {
    "ja": "ja",
    "nein-schutz": "nein, zum Schutz des Kindes",
    "nein-ermittlung": "nein, wegen Ermittlungen",
    "nicht-vorgesehen": "nicht vorgesehen",
}

_WHEN_CORRECTED: Final = (
    "Die Nachricht, die sie betrifft, ist zugestellt; der Vorgang kann schon abgeschlossen sein."
)


def describe(protocol: Protocol, law: Mapping[str, LegalBasis], schemas: SchemaRegistry) -> str:
    """Return a protocol version on one screen: who, what, in which order, on what, by when."""
    head = f"{protocol.id} {protocol.version} ({protocol.number})"
    lines = [
        f"{head:<58}{STANDING[protocol.status]:>22}",
        protocol.title,
        *_paragraph(protocol.purpose),
        *(_paragraph(f"Stand: {protocol.status_reason}") if protocol.status_reason else ()),
        *(f"  {role.id:<19} {role.title}" for role in protocol.roles),
        "",
        "Schritte (o eröffnet, x schließt, + auch danach; ohne Angabe jede Dringlichkeit)",
        "    Rechtsgrundlage der sendenden | der empfangenden Stelle",
    ]
    for step in protocol.steps:
        lines += _step_lines(step, protocol, law, schemas)
    for absent in protocol.absent_steps:
        lines += _paragraph(f"Nicht vorgesehen: {absent.id}. {absent.reason}")
    lines += ["", *_clock_lines(protocol), *_law_lines(protocol, law)]
    lines += [*_paragraph(protocol.retention), f"Prüfsumme {protocol.digest}"]
    return "\n".join(lines)


def explain_step(
    step: Step, protocol: Protocol, law: Mapping[str, LegalBasis], schemas: SchemaRegistry
) -> str:
    """Return everything that one step says, with the meaning of each citation."""
    lines = [
        *_paragraph(f"{step.title} ({protocol.id} {protocol.version}, {step.id})"),
        *_paragraph(f"{_direction(step)}; {_sequence(step, protocol)}"),
        *(_paragraph(_WHEN_CORRECTED) if step.corrects else ()),
        "",
        *_paragraph(f"Zu tun: {step.guidance}"),
        *_paragraph(f"Dringlichkeit: {', '.join(step.urgencies)}"),
        *_paragraph(f"Inhalt beim Hub: {'; '.join(_limits(step))}"),
    ]
    if step.information:
        choice = " · ".join(_INFORMED[each] for each in step.information)
        lines += _paragraph(f"Betroffene informiert: {choice}")
    if step.person_only:
        lines += _paragraph("Nur mit dem Leseschlüssel der mitteilenden Person zu öffnen.")
    if step.reminder:
        owed = f"Erinnerung: alle {span(step.reminder)} ({step.reminder.source})"
        lines += _paragraph(owed)
    lines += ["", "Rechtsgrundlagen"]
    for code in dict.fromkeys((*step.basis_sender, *step.basis_beside, *step.basis_recipient)):
        basis = law[code]
        lines += _paragraph(f"{cite(basis)}: {basis.meaning}", "  ")
    if step.absent:
        lines += ["", "Bewusst nicht dabei"]
        lines += [line for each in step.absent for line in _paragraph(each, "  ")]
    for absent in step.absent_corrections:
        lines += ["", f"Berichtigt nicht: {', '.join(absent.steps)}"]
        lines += _paragraph(f"{cite(law[absent.basis])}: {absent.reason}", "  ")
    lines += ["", explain(schemas.by_name(step.schema_name))]
    return "\n".join(lines)


def cite(basis: LegalBasis) -> str:
    """Return a citation, with what is not certain about it: ``§ 27 PolG NRW (sinngemäß)``."""
    if basis.pruefstand == "geprueft":
        return basis.citation
    return f"{basis.citation} ({VERIFIED[basis.pruefstand]})"


def span(deadline: Deadline) -> str:
    """Return a deadline in German: ``10 Minuten``, ``Arbeitstag 12 Uhr``."""
    if deadline.counted == "working-days":
        days = deadline.within.days
        return "Arbeitstag 12 Uhr" if days == 1 else f"{days}. Arbeitstag 12 Uhr"
    text = _duration(int(deadline.within.total_seconds()))
    if deadline.counted == "elapsed":
        return text
    return f"{text} Dienstzeit" if deadline.within else "zur Dienstzeit"


def _duration(seconds: int) -> str:
    for size, one, many in (
        (86_400, "Tag", "Tage"),
        (3_600, "Stunde", "Stunden"),
        (60, "Minute", "Minuten"),
    ):
        if seconds >= size and seconds % size == 0:
            count = seconds // size
            return f"{count} {one if count == 1 else many}"
    return f"{seconds} Sekunden"


def _step_lines(
    step: Step, protocol: Protocol, law: Mapping[str, LegalBasis], schemas: SchemaRegistry
) -> Iterator[str]:
    mark = "o" if step.opens else "x" if step.closes else "+" if step.corrects else " "
    leaves = len(schemas.by_name(step.schema_name).leaves)
    size = f"{leaves:>3} {'Feld' if leaves == 1 else 'Felder'}, {', '.join(_limits(step))}"
    yield f"{mark} {step.id:<13} {_direction(step):<22} {size}"
    if not step.opens:
        yield from _paragraph(_sequence(step, protocol), "    ")
    sender, beside, recipient = (
        ", ".join(_whole(cite(law[code])) for code in codes)
        for codes in (step.basis_sender, step.basis_beside, step.basis_recipient)
    )
    both = f"{sender}, daneben {beside}" if beside else sender
    yield from _paragraph(f"{both} | {recipient}", "    ")


def _direction(step: Step) -> str:
    if set(step.sender) == set(step.recipient) and len(step.sender) > 1:
        return "beide Richtungen"
    return f"{', '.join(step.sender)} → {', '.join(step.recipient)}"


def _sequence(step: Step, protocol: Protocol) -> str:
    said = "eröffnet den Vorgang" if step.opens else ""
    if step.after:
        said = f"nach {', '.join(step.after)}"
    if step.answers:
        said = f"je einmal auf {step.answers}"
    if step.corrects:
        said = f"zu eigener {_corrected(step, protocol)}"
    cap = f", höchstens {step.at_most}-mal" if step.at_most else ""
    closes = ", schließt den Vorgang" if step.closes else ""
    every = len(step.urgencies) == len(protocol.clocks)
    return f"{said}{cap}{closes}{'' if every else '; nur ' + ', '.join(step.urgencies)}"


def _corrected(step: Step, protocol: Protocol) -> str:
    every = {each.id for each in protocol.steps if not each.withdraws}
    if every <= set(step.corrects):
        return "Nachricht"
    others = ", ".join(each for each in step.corrects if each != step.id)
    return f"{others}, auch wiederholt" if step.id in step.corrects else others


def _limits(step: Step) -> list[str]:
    longer = [f"an {role} {span(each)}" for role, each in step.content_limit_to.items()]
    return [span(step.content_limit), *longer]


def _clock_lines(protocol: Protocol) -> Iterator[str]:
    yield _row("Fristen", "bemerkt", "zugestellt", "bestätigt", "überfällig")
    for urgency, clocks in protocol.clocks.items():
        each = (clocks.noticed, clocks.taken, clocks.acknowledged, clocks.overdue)
        yield _row(f"  {urgency}", *map(_short, each))
    spans = [
        f"Erinnerung an {step.id} alle {span(step.reminder)}"
        for step in protocol.steps
        if step.reminder
    ]
    spans.append(f"Ende {span(protocol.ends_after)} nach letzter Nachricht")
    yield from _paragraph(", ".join(spans), "  ")
    yield f"  Quelle der Zahlen, wo das Gesetz keine nennt: {protocol.source}"


def _row(name: str, *cells: str) -> str:
    noticed, taken, acknowledged, overdue = cells
    return f"{name:<16}{noticed:<12}{taken:<15}{acknowledged:<19}{overdue}"


def _short(deadline: Deadline) -> str:
    words = {"Minuten": "Min.", "Minute": "Min.", "Stunden": "Std.", "Dienstzeit": "Dienst"}
    return " ".join(words.get(word, word) for word in span(deadline).split())


def _law_lines(protocol: Protocol, law: Mapping[str, LegalBasis]) -> Iterator[str]:
    codes = [
        code
        for step in protocol.steps
        for code in (*step.basis_sender, *step.basis_beside, *step.basis_recipient)
    ]
    codes += [each.basis for step in protocol.steps for each in step.absent_corrections]
    codes += [absent.basis for absent in protocol.absent_steps]
    by_standing: dict[str, list[str]] = {}
    for code in dict.fromkeys(codes):
        basis = law[code]
        standing = f"{VERIFIED[basis.pruefstand]}, Stand {basis.stand:%d.%m.%Y}"
        by_standing.setdefault(standing, []).append(_whole(basis.citation))
    for standing, citations in by_standing.items():
        yield from _paragraph(f"{standing}: {', '.join(citations)}")


def _whole(citation: str) -> str:
    """Keep a citation on one line: „§ 4“ at its end means nothing."""
    return citation.replace(" ", "\N{NO-BREAK SPACE}")


def _paragraph(text: str, indent: str = "") -> list[str]:
    kept = text.replace("§ ", "§\N{NO-BREAK SPACE}").replace("Abs. ", "Abs.\N{NO-BREAK SPACE}")
    # A break inside an id would make two words of it.
    lines = wrap(
        kept, WIDTH, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False
    )
    return [line.replace("\N{NO-BREAK SPACE}", " ") for line in lines]
