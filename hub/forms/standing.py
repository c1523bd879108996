# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""On what does a step stand, who reads it, how fast, and when is it deleted?

What a page says before anything leaves the house. Nothing here is written for the portal: all of it
is read from the protocol and from the law files, with what is not certain about them.
"""

from collections.abc import Iterator
from typing import Final, cast

from hub.forms.words import read_portal
from hub.model.json import Json, JsonObject
from hub.model.law import LegalBasis
from hub.model.protocol import Deadline, Protocol, Step, Urgency
from hub.protocols.catalogue import Catalogue
from hub.protocols.fields import CLASSES
from hub.protocols.rules import RULES
from hub.protocols.wording import OURS, URGENCY, VERIFIED, span, spoken

_CLOCKS: Final = {
    "taken": "Bei der anderen Stelle angekommen",
    "acknowledged": "Dort hat ein Mensch davon Kenntnis genommen",
    "overdue": "Sonst erfahren Sie, wen Sie anrufen",
}
"""What has happened by then; the states are those of every receipt."""
MAIN: Final = "main"


def bases_of(step: Step, catalogue: Catalogue) -> list[JsonObject]:
    """Return the sender's legal bases; what stands beside carries no message by itself."""
    own = [code for codes in step.basis_sender_of.values() for code in codes]
    carrying = dict.fromkeys((*step.basis_sender, *own))
    said = [_basis(catalogue.law[code], beside=False) for code in carrying]
    beside = [code for code in step.basis_beside if code not in carrying]
    return said + [_basis(catalogue.law[code], beside=True) for code in beside]


def _basis(basis: LegalBasis, *, beside: bool) -> JsonObject:
    return {
        "code": basis.code,
        "citation": basis.citation,
        "meaning": basis.meaning,
        "pruefstand": basis.pruefstand,
        "pruefstand_text": VERIFIED[basis.pruefstand],
        "stand": basis.stand.isoformat(),
        "beside": beside,
    }


def bases_by_role(step: Step) -> JsonObject:
    """Return for each role that may say it the codes of its bases."""
    return {role: list(step.bases_of({role})) for role in step.sender}


def rules_of(step: Step, catalogue: Catalogue) -> list[JsonObject]:
    """Return the sentences that no schema can say, for the page that shows a broken one."""
    found: list[JsonObject] = []
    for name in step.rules:
        rule = RULES[name]
        cited = catalogue.cite(rule.basis) if rule.basis else None
        found.append({"id": rule.id, "says": rule.says, "citation": cited})
    return found


def urgencies_of(step: Step, protocol: Protocol) -> list[JsonObject]:
    """Return what a sender may choose, with who hears what by when."""
    plain = read_portal("questions")["urgencies"]
    return [
        {
            "value": urgency,
            "label": plain[urgency]["label"],
            "explanation": plain[urgency]["explanation"],
            "word": URGENCY[urgency],
            "clocks": cast("Json", list(_clocks(urgency, protocol))),
        }
        for urgency in step.urgencies
    ]


def _clocks(urgency: Urgency, protocol: Protocol) -> Iterator[JsonObject]:
    clocks = protocol.clocks[urgency]
    for name, what in _CLOCKS.items():
        deadline: Deadline = getattr(clocks, name)
        source = deadline.source or OURS
        yield {"name": name, "what": what, "text": spoken(deadline), "source": source}


def readers_of(step: Step, protocol: Protocol, classes: tuple[str, ...]) -> list[JsonObject]:
    """Return who can open what: the recipients, and of guarded fields only those allowed."""
    titles = {role.id: role.title for role in protocol.roles}
    who = " oder ".join(titles[role] for role in step.recipient)
    if step.person_only:
        who = "Nur die Person, die mitgeteilt hat"
    more = {name: None if name == MAIN else CLASSES.get(name, name) for name in classes}
    return [
        {"class": name, "who": f"{who}; {note}" if note else who, "note": note}
        for name, note in more.items()
    ]


def deletion_of(step: Step, protocol: Protocol) -> JsonObject:
    """Return how long sealed content may stay, who says so, and what is kept after."""
    limits = [step.content_limit, *step.content_limit_to.values()]
    longest = max(limits, key=lambda limit: limit.within)
    days = span(longest).replace("Tage", "Tagen")
    text = (
        "Der Hub löscht den versiegelten Inhalt 24 Stunden, nachdem der Eingang bestätigt ist, "
        f"spätestens nach {days}."
    )
    return {
        "days": longest.within.days,
        "days_to": {role: step.limit_to({role}).within.days for role in step.recipient},
        "text": text,
        "source": longest.source,
        "retention": protocol.retention.strip(),
    }
