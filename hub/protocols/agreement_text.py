# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What does an agreement say, in German and for those who sign it?"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from hub.model.agreement import AgreedDeadline, AgreedProtocol, Agreement, Concluded, Standing
from hub.protocols.agreement_file import agreement_digest

STANDING: Final[dict[Standing, str]] = {
    "proposed": "noch nicht von allen unterschrieben",
    "agreed": "unterschrieben, beginnt noch",
    "in-force": "in Kraft",
    "replaced": "durch eine neuere Fassung ersetzt",
    "ended": "gekündigt",
    "expired": "abgelaufen",
}
_CLOCKS: Final = {
    "noticed": "bemerkt",
    "taken": "zugestellt",
    "acknowledged": "Eingang bestätigt",
    "overdue": "Absender erfährt es",
}
_COUNTED: Final = {
    "elapsed": "",
    "office-hours": " in der Dienstzeit",
    "working-days": " (Arbeitstage, 12 Uhr)",
}


def describe_agreement(agreement: Agreement) -> str:
    """Return an agreement as a page: what is signed, and nothing else."""
    return "\n".join(_lines(agreement))


def ends_soon(concluded: Concluded, day: date) -> bool:
    """Tell whether the last day is so near that everybody is to be told."""
    return (
        concluded.is_complete
        and concluded.last_day - concluded.agreement.notice <= day <= concluded.last_day
    )


def _lines(agreement: Agreement) -> Iterator[str]:
    yield f"{agreement.title} ({agreement.name})"
    if agreement.demo:
        yield "Nur zum Vorführen: Das hat niemand vereinbart."
    term = f"{_day(agreement.valid_from)} bis {_day(agreement.valid_until)}"
    yield f"Laufzeit {term}, Ankündigung {agreement.notice.days} Tage vorher"
    if agreement.template_of:
        yield f"Vorlage: {agreement.template_of}"
    yield "Beteiligte"
    yield from (f"  {party}" for party in agreement.parties)
    for agreed in agreement.protocols:
        yield from _protocol(agreed)
    if agreement.contacts:
        yield "Ansprechstellen"
    for contact in agreement.contacts:
        said = (contact.role, contact.function, contact.telephone, contact.hours)
        yield f"  {contact.party}: {', '.join(filter(None, said))}"
    for rules in agreement.rules:
        yield f"Geschäftsordnung: {rules.name}, Fassung {rules.version}, Prüfsumme {rules.digest}"
    yield from (f"Anmerkung: {' '.join(remark.split())}" for remark in agreement.remarks)
    yield "Eine Vereinbarung schafft keine Rechtsgrundlage und schaltet keine Pflicht ab."
    yield f"Prüfsumme {agreement_digest(agreement)}"


def _protocol(agreed: AgreedProtocol) -> Iterator[str]:
    yield f"Verfahren {agreed.protocol}"
    yield f"  Anlässe: {'; '.join(agreed.occasions)}"
    if agreed.between:
        said = ", ".join(f"{each.sender} → {each.recipient}" for each in agreed.between)
        yield f"  Zwischen: {said}"
    for urgency, clocks in agreed.clocks.items():
        own = ((_CLOCKS[name], getattr(clocks, name)) for name in _CLOCKS)
        said = ", ".join(f"{word} {_duration(each)}" for word, each in own if each is not None)
        yield f"  Fristen {urgency}: {said} (Quelle: Vereinbarung)"


def _duration(deadline: AgreedDeadline) -> str:
    return f"{_span(deadline.within)}{_COUNTED[deadline.counted]}"


def _span(within: timedelta) -> str:
    minutes = int(within.total_seconds() // 60)
    if minutes % 1440 == 0 and minutes:
        return f"{minutes // 1440} Tage"
    return f"{minutes // 60} Std." if minutes % 60 == 0 and minutes else f"{minutes} Min."


def _day(day: date) -> str:
    return day.strftime("%d.%m.%Y")
