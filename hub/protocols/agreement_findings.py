# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is wrong with an agreement?

An agreement never creates a legal basis. So whoever has no role in any protocol it names has no
business in it, and no number may loosen what a protocol demands. Findings are JSON pointers and
German sentences, for those who write agreements and are no programmers.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise, permutations
from typing import Final

from hub.model.agreement import AgreedProtocol, Agreement, Concluded
from hub.model.ids import organisation_of
from hub.model.protocol import Clocks, Protocol
from hub.protocols.agreements import WEEKS, agreed_pairs, deadlines_of, is_never_later, stricter
from hub.protocols.catalogue import Catalogue
from hub.protocols.deadlines import ends
from hub.protocols.sides import Pair
from hub.protocols.versions import number_of

Finding = tuple[str, str]
"""JSON pointer into the agreement, and what is wrong there."""
RolesOf = Callable[[str], Collection[str]]
"""The protocol roles of an organisation."""

_CLOCKS: Final = {
    "noticed": "Bemerken",
    "taken": "Zustellung",
    "acknowledged": "Bestätigung",
    "overdue": "Meldung an den Absender",
}


@dataclass(frozen=True)
class Surroundings:
    """What an agreement is held against."""

    catalogue: Catalogue
    roles_of: RolesOf
    known: Collection[Concluded] = field(default=())
    """Other agreements; overlaps with those that all have signed."""


def agreement_findings(agreement: Agreement, around: Surroundings) -> tuple[Finding, ...]:
    """Return everything that is wrong; nothing where the agreement may be signed."""
    return (
        *_term(agreement),
        *_parties(agreement),
        *_contacts(agreement, around),
        *_protocols(agreement, around),
        *_idle_parties(agreement, around),
        *_overlaps(agreement, around.known),
    )


def _term(agreement: Agreement) -> Iterator[Finding]:
    if agreement.valid_until < agreement.valid_from:
        yield "/valid_until", "Der letzte Tag liegt vor dem ersten."
    elif agreement.notice.days < 0 or agreement.notice > (
        agreement.valid_until - agreement.valid_from
    ):
        yield "/notice", "Die Ankündigung des Endes ist länger als die Laufzeit."


def _parties(agreement: Agreement) -> Iterator[Finding]:
    counted = Counter(agreement.parties)
    for place, party in enumerate(agreement.parties):
        if counted[party] > 1:
            yield f"/parties/{place}", "Diese Stelle steht doppelt."
        if party != organisation_of(party):
            yield f"/parties/{place}", "Beteiligt ist die Stelle als Ganzes, nicht eine Einheit."


def _contacts(agreement: Agreement, around: Surroundings) -> Iterator[Finding]:
    for place, contact in enumerate(agreement.contacts):
        if contact.party not in agreement.parties:
            yield f"/contacts/{place}/party", "Diese Stelle ist nicht beteiligt."
        elif contact.role is not None and contact.role not in around.roles_of(contact.party):
            yield f"/contacts/{place}/role", "Diese Rolle hat die Stelle nicht."


def _protocols(agreement: Agreement, around: Surroundings) -> Iterator[Finding]:
    counted = Counter(agreed.protocol for agreed in agreement.protocols)
    for place, agreed in enumerate(agreement.protocols):
        pointer = f"/protocols/{place}"
        if counted[agreed.protocol] > 1:
            yield f"{pointer}/protocol", "Dieses Verfahren steht doppelt."
        versions = _versions(agreed, around.catalogue)
        if not versions:
            yield f"{pointer}/protocol", "Dieses Verfahren gibt es hier in dieser Fassung nicht."
            continue
        if all(each.status == "zurueckgezogen" for each in versions):
            yield f"{pointer}/protocol", "Diese Fassung ist zurückgezogen."
        yield from _directions(agreed, versions[-1], pointer)
        yield from _sides(agreed, agreement, around, pointer)
        yield from _clocks(agreed, versions, pointer)


def _versions(agreed: AgreedProtocol, catalogue: Catalogue) -> list[Protocol]:
    return sorted((each for each in catalogue.all() if agreed.names(each.name)), key=number_of)


def _pairs(agreed: AgreedProtocol, catalogue: Catalogue) -> frozenset[Pair]:
    """Return between which roles the newest version opens a conversation by this agreement."""
    newest = _versions(agreed, catalogue)[-1:]
    return frozenset(
        pair
        for protocol in newest
        for step in protocol.steps
        if step.opens
        for pair in agreed_pairs(agreed, step, protocol)
    )


def _directions(agreed: AgreedProtocol, protocol: Protocol, pointer: str) -> Iterator[Finding]:
    openings = [step for step in protocol.steps if step.opens]
    whole = agreed.model_copy(update={"between": ()})
    possible = {pair for step in openings for pair in agreed_pairs(whole, step, protocol)}
    for place, each in enumerate(agreed.between):
        if (each.sender, each.recipient) not in possible:
            yield (
                f"{pointer}/between/{place}",
                (
                    "So geht in diesem Verfahren keine eröffnende Mitteilung; eine Vereinbarung "
                    "schafft keine Rechtsgrundlage."
                ),
            )


def _sides(
    agreed: AgreedProtocol, agreement: Agreement, around: Surroundings, pointer: str
) -> Iterator[Finding]:
    linked = _linked(agreed, agreement, around)
    if not linked:
        yield pointer, "Keine zwei der Beteiligten haben in diesem Verfahren etwas auszutauschen."
    elif not agreed.between and linked != set(agreement.parties):
        yield (
            f"{pointer}/between",
            (
                "Nicht alle Beteiligten haben in diesem Verfahren eine Rolle: angeben, zwischen "
                "welchen Rollen es gilt."
            ),
        )


def _linked(agreed: AgreedProtocol, agreement: Agreement, around: Surroundings) -> set[str]:
    """Return the parties that can open a conversation with another party, or be its other side."""
    pairs = _pairs(agreed, around.catalogue)
    roles = {party: frozenset(around.roles_of(party)) for party in agreement.parties}
    return {
        party
        for one, other in permutations(roles, 2)
        if any(pair[0] in roles[one] and pair[1] in roles[other] for pair in pairs)
        for party in (one, other)
    }


def _idle_parties(agreement: Agreement, around: Surroundings) -> Iterator[Finding]:
    busy: set[str] = set()
    for agreed in agreement.protocols:
        busy |= _linked(agreed, agreement, around)
    for place, party in enumerate(agreement.parties):
        if party not in busy:
            yield (
                f"/parties/{place}",
                (
                    "Diese Stelle hat in keinem der Verfahren eine Rolle; eine Vereinbarung "
                    "schafft keine Rechtsgrundlage."
                ),
            )


def _clocks(
    agreed: AgreedProtocol, versions: Iterable[Protocol], pointer: str
) -> Iterator[Finding]:
    for urgency, own in agreed.clocks.items():
        here = f"{pointer}/clocks/{urgency}"
        for protocol in versions:
            clocks = next((each for name, each in protocol.clocks.items() if name == urgency), None)
            if clocks is None:
                yield here, "Diese Dringlichkeit kennt das Verfahren nicht."
                break
            later = [
                name
                for name, deadline in deadlines_of(own).items()
                if not is_never_later(deadline, getattr(clocks, name))
            ]
            yield from (
                (f"{here}/{name}", f"Später als das Verfahren erlaubt: {_CLOCKS[name]}.")
                for name in later
            )
            if not later and not _is_in_order(stricter(clocks, own)):
                yield here, "Die Uhren stehen in falscher Folge: Zustellung, Bestätigung, Meldung."
            if later:
                break


def _is_in_order(clocks: Clocks) -> bool:
    """Tell whether the clocks follow each other in an office with the ordinary hours.

    In one with other hours ``due`` sees to it; here whoever writes an agreement learns of a slip.
    """
    order = clocks.taken, clocks.acknowledged, clocks.overdue
    return all(
        ends(one, start) <= ends(other, start) for start in WEEKS for one, other in pairwise(order)
    )


def _overlaps(agreement: Agreement, known: Collection[Concluded]) -> Iterator[Finding]:
    others = [
        each.agreement
        for each in known
        if each.agreement.id != agreement.id
        and each.is_complete
        and each.agreement.valid_from <= agreement.valid_until
        and agreement.valid_from <= each.last_day
        and len(set(each.agreement.parties) & set(agreement.parties)) > 1
    ]
    for place, agreed in enumerate(agreement.protocols):
        if any(_meet(agreed, theirs) for other in others for theirs in other.protocols):
            yield (
                f"/protocols/{place}",
                (
                    "Darüber gilt zwischen zwei der Beteiligten in dieser Zeit schon eine andere "
                    "Vereinbarung."
                ),
            )


def _meet(one: AgreedProtocol, other: AgreedProtocol) -> bool:
    """Tell whether two agreed protocols can be about the same opening message."""
    same = one.protocol == other.protocol or any(
        wide.protocol.count(".") == 0 and wide.names(exact.protocol)
        for wide, exact in ((one, other), (other, one))
    )
    apart = one.between and other.between and not set(one.between) & set(other.between)
    return same and not apart
