# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Does the hub know this unit, and does the unit speak anything? Asked over the line itself."""

from collections.abc import Iterator

from hub.client import Agency, DirectoryView, Hub, Refused, Unreachable, Untrustworthy
from hub.errors import Failure, Refusal
from hub.main.finding import Finding, bad, good
from hub.protocols.catalogue import Catalogue


async def line_findings(unit: Agency, catalogue: Catalogue) -> list[Finding]:
    """Ask the hub what it says to everybody, then what it says to this unit alone."""
    async with Hub(unit.hub.url, unit, catalogue=catalogue) as hub:
        try:
            view = await hub.directory()
            found = good("hub", f"{unit.hub.url} antwortet und ist der richtige Hub.")
            return [found, await _signed_in(hub), *_protocols(unit, view, catalogue)]
        except (Unreachable, Untrustworthy, Failure) as trouble:
            return [_trouble(unit, trouble)]


async def _signed_in(hub: Hub) -> Finding:
    try:
        # Asks for what is new about own messages, and takes nothing.
        await hub.events()
    except (Refused, Refusal) as refused:
        text = f"Der Hub lässt {hub.agency.id} nicht an ({refused.code})."
        advice = "Hat der Betreiber den Fingerabdruck bestätigt? Geht die Uhr richtig?"
        return bad("anmeldung", text, advice)
    return good("anmeldung", f"Der Hub kennt {hub.agency.id}.")


def _trouble(unit: Agency, trouble: Exception) -> Finding:
    if isinstance(trouble, Untrustworthy):
        advice = "Nicht weitermachen; den Betreiber unter einer bekannten Nummer anrufen."
        return bad("hub", f"Die Antwort des Hubs hält der Prüfung nicht stand: {trouble}", advice)
    advice = "Verbindungen nach außen zu dieser Adresse erlauben; Namen und Uhrzeit prüfen."
    return bad("hub", f"{unit.hub.url} antwortet nicht ({trouble}).", advice)


def _protocols(unit: Agency, view: DirectoryView, catalogue: Catalogue) -> Iterator[Finding]:
    names = {each.digest: each.name for each in catalogue.all()}
    taken = sorted(
        names.get(digest, protocol)
        for organisation, protocol, digest in view.adoptions
        if organisation == unit.organisation
    )
    if taken:
        yield good("verfahren", f"Angenommen: {', '.join(taken)}.")
    else:
        text = f"{unit.organisation} hat kein Verfahren angenommen; so kommt nichts an."
        yield bad("verfahren", text, "meldeweg protocols adopt")
