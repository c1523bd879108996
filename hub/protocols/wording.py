# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How are deadlines, citations and standings said in German, wherever a protocol is shown?"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from textwrap import wrap
from types import MappingProxyType
from typing import Final

from hub.model.law import BasisCode, LegalBasis
from hub.model.protocol import Deadline, Protocol, Step, StepId
from hub.protocols.rules import RULES

WIDTH: Final = 80
OURS: Final = "Vorgabe des Projekts"
STANDING: Final = {"entwurf": "Entwurf", "in-kraft": "in Kraft", "zurueckgezogen": "zurückgezogen"}
VERIFIED: Final = {"geprueft": "geprüft", "sinngemaess": "sinngemäß", "ungeprueft": "ungeprüft"}
URGENCY: Final = {"sofort": "sofort", "unverzueglich": "unverzüglich", "planbar": "planbar"}
INFORMED: Final = {
    "ja": "ja",
    "nein-schutz": "nein, zum Schutz des Kindes",
    "nein-ermittlung": "nein, wegen Ermittlungen",
    "nicht-vorgesehen": "nicht vorgesehen",
}
WHEN_CORRECTED: Final = (
    "Die Nachricht, die sie betrifft, ist zugestellt; der Vorgang kann schon abgeschlossen sein."
)
AGREED: Final = "Nur mit Vereinbarung: eröffnet nur, wo eine geltende beide Seiten abdeckt."
UNLINKED: Final = (
    "Die Nachrichten sind mit keiner anderen verknüpft, auch nicht mit einer späteren Mitteilung."
)
_EVERY: Final = {"1 Tag": "jeden Tag", "1 Stunde": "jede Stunde", "1 Minute": "jede Minute"}
_BRIEF: Final = {"Minuten": "Min.", "Minute": "Min.", "Stunden": "Std.", "Dienstzeit": "Dienst"}


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


def brief(deadline: Deadline) -> str:
    """Return the same as short as a table wants it: ``4 Std. Dienst``."""
    return " ".join(_BRIEF.get(word, word) for word in span(deadline).split())


def every(deadline: Deadline) -> str:
    """Return how often: ``alle 14 Tage``, ``jeden Tag``."""
    said = span(deadline)
    return _EVERY.get(said, f"alle {said}")


def spoken(deadline: Deadline) -> str:
    """Return the same for a sentence: ``bis 12 Uhr am nächsten Arbeitstag``."""
    if deadline.counted == "working-days":
        days = deadline.within.days
        return f"bis 12 Uhr am {'nächsten' if days == 1 else f'{days}.'} Arbeitstag"
    return f"in {span(deadline)}" if deadline.within else span(deadline)


def limits(step: Step) -> list[str]:
    """Return how long content may stay at the hub, and to whom it may stay longer."""
    longer = [f"an {role} {span(each)}" for role, each in step.content_limit_to.items()]
    return [span(step.content_limit), *longer]


def sequence(
    step: Step, protocol: Protocol, called: Mapping[StepId, str] = MappingProxyType({})
) -> str:
    """Return when a step may be said, how often, by which side and with which key.

    ``called`` gives steps another name than their id.
    """
    parts = ["eröffnet den Vorgang"] if step.opens else []
    return _joined([*parts, *_conditions(step, protocol, called)], step, protocol)


def conditions(step: Step, protocol: Protocol) -> str:
    """Return the same without what the mark in front of a step says; empty where that is all."""
    return _joined(_conditions(step, protocol, {}), step, protocol)


def direction(step: Step) -> str:
    """Return from whom to whom; both ways where the two sides may both say it."""
    is_mutual = set(step.sender) == set(step.recipient) and step.speaker is None
    if is_mutual and not step.opens:
        return "beide Richtungen"
    return f"{', '.join(step.sender)} → {', '.join(step.recipient)}"


def rule_sentences(step: Step, law: Mapping[BasisCode, LegalBasis]) -> list[str]:
    """Return what no schema can say, each as a sentence with its place in the law."""
    rules = [RULES[each] for each in step.rules]
    return [f"{each.says} ({cite(law[each.basis]) if each.basis else OURS})" for each in rules]


def whole(citation: str) -> str:
    """Keep a citation on one line: „§ 4“ at its end means nothing."""
    return citation.replace(" ", "\N{NO-BREAK SPACE}")


def paragraph(text: str, indent: str = "", width: int = WIDTH) -> list[str]:
    """Return a text in lines of one screen."""
    kept = text.replace("§ ", "§\N{NO-BREAK SPACE}").replace("Abs. ", "Abs.\N{NO-BREAK SPACE}")
    # A break inside an id would make two words of it.
    lines = wrap(
        kept, width, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False
    )
    return [line.replace("\N{NO-BREAK SPACE}", " ") for line in lines]


def hanging(text: str, indent: int) -> list[str]:
    """Return a row of a table; what does not fit stands below, indented."""
    lines = wrap(text, WIDTH, subsequent_indent=" " * indent, break_on_hyphens=False)
    return [line.replace("\N{NO-BREAK SPACE}", " ") for line in lines]


def _conditions(step: Step, protocol: Protocol, called: Mapping[StepId, str]) -> list[str]:
    def named(steps: Iterable[StepId], between: str = ", ") -> str:
        return between.join(called.get(each, each) for each in steps)

    spoken = {
        "opener": "spricht, wer eröffnet hat",
        "partner": "spricht, wer angesprochen wurde",
    }
    offices = " oder ".join(step.signed_by)
    said = (
        (step.after, f"nach {named(step.after)}"),
        (step.after_each, f"erst nach {named(step.after_each, ' und ')}"),
        (step.answers, f"je einmal auf {named([step.answers or ''])}"),
        (step.corrects, f"zu eigener {_corrected(step, protocol, named)}"),
        (step.at_most, f"höchstens {step.at_most}-mal"),
        (step.closes, "schließt den Vorgang"),
        (step.mandatory, "muss gesagt werden"),
        (step.speaker, spoken.get(step.speaker or "", "")),
        (step.basis_chosen, "Grundlage jedes Mal gewählt"),
        (step.signed_by, f"nur mit dem Schlüssel von {offices}"),
    )
    return [text for holds, text in said if holds]


def _joined(parts: Sequence[str], step: Step, protocol: Protocol) -> str:
    limited = len(step.urgencies) < len(protocol.clocks)
    said = [", ".join(parts), f"nur {', '.join(step.urgencies)}" if limited else ""]
    return "; ".join(part for part in said if part)


def _corrected(step: Step, protocol: Protocol, named: Callable[[list[StepId]], str]) -> str:
    correctable = {each.id for each in protocol.steps if not each.withdraws}
    if correctable <= set(step.corrects):
        return "Nachricht"
    others = named([each for each in step.corrects if each != step.id])
    return f"{others}, auch wiederholt" if step.id in step.corrects else others


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
