# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What does an organisation say of its duty, and what would it say after a change?

Whoever signs a roster has seen before whom it asks in the coming week. What is looked at here comes
from signed entries; nothing is sealed by it, so no proof of the log is asked for.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import httpx2

from hub.client.agency import PinnedHub
from hub.client.answers import Refused, Untrustworthy
from hub.client.asking import get_json
from hub.client.renewal import Renewal
from hub.directory.participants import Directory
from hub.directory.roster import LONGEST
from hub.errors import Refusal
from hub.model.ids import organisation_of
from hub.model.participant import DirectoryEntry, Participant, Unit
from hub.model.roster import Line, Roster
from hub.sealing.canonical import unb64
from hub.trust.jose import verify_token
from hub.trust.kinds import DIRECTORY_ENTRY

Change = Callable[[Unit], Unit]
KEPT: Final = timedelta(days=7)
"""How much of the past a longer roster keeps: what was signed a moment ago is still verified."""


@dataclass(frozen=True)
class View:
    """An entry, and the directory as far as its rosters reach."""

    entry: DirectoryEntry
    directory: Directory

    def unit(self, unit: str) -> Unit:
        """Return a unit of the entry; raises ``LookupError`` where it is none."""
        found = next((each for each in self.entry.units if each.id == unit), None)
        if found is None:
            raise LookupError(unit)
        return found


def published(folder: Path) -> View:
    """Return what stands in the directory; from the folder of an organisation or of a unit."""
    organisation, hub = _pinned(folder)
    with httpx2.Client(timeout=30) as client:
        own = _participant(client, hub, organisation)
        if own is None or own.entry is None:
            raise Untrustworthy("the hub shows no entry of this organisation")
        return View(own.entry, Directory([own, *_others(client, hub, own.entry)]))


def planned(folder: Path, unit: str, change: Change) -> tuple[View, View]:
    """Return what is published and what it would be after a change; signs nothing.

    Raises ``LookupError`` where the organisation has no such unit.
    """
    before = published(folder)
    changed = change(before.unit(unit))
    units = tuple(changed if each.id == unit else each for each in before.entry.units)
    entry = before.entry.model_copy(update={"units": units})
    own = [
        each.model_copy(update={"entry": entry})
        for each in before.directory.organisations
        if each.organisation == entry.organisation
    ]
    with httpx2.Client(timeout=30) as client:
        others = _others(client, _pinned(folder)[1], entry)
    return before, View(entry, Directory([*own, *others]))


def publish_change(folder: Path, unit: str, change: Change) -> DirectoryEntry:
    """Sign a change with the root key and publish it as the next version of the entry."""
    with Renewal(folder) as renewal:
        renewal.change(unit, change)
        entry = renewal.publish()
        renewal.forget()
    return entry


def extended(roster: Roster, until: date, today: date, own: str) -> Roster:
    """Return a roster that runs until another day, with the lines that would have ended with it.

    A line of another organisation ends with its contract, which nobody prolongs in passing. What
    is over is left out where the roster would become longer than one may be.
    """
    begins = roster.valid_from
    if (until - begins).days > LONGEST:
        begins = max(begins, min(today, until) - KEPT)
    lines = [_prolonged(line, roster, until, own) for line in roster.lines]
    return roster.model_copy(
        update={
            "valid_from": begins,
            "valid_until": until,
            "lines": tuple(
                line.model_copy(update={"valid_from": max(begins, line.valid_from)})
                for line in lines
                if line.valid_until >= max(begins, line.valid_from)
            ),
        }
    )


def _prolonged(line: Line, roster: Roster, until: date, own: str) -> Line:
    is_own = line.unit is None or organisation_of(line.unit) == own
    if is_own and line.valid_until == roster.valid_until:
        return line.model_copy(update={"valid_until": until})
    return line.model_copy(update={"valid_until": min(line.valid_until, until)})


def _pinned(folder: Path) -> tuple[str, PinnedHub]:
    try:
        said = json.loads((folder / "organisation.json").read_bytes())
    except FileNotFoundError:
        said = json.loads((folder / "stelle.json").read_bytes())
    return organisation_of(said["id"]), PinnedHub.of(said["hub"]["url"], said["hub"])


def _others(client: httpx2.Client, hub: PinnedHub, entry: DirectoryEntry) -> list[Participant]:
    """Return the other organisations that rosters of an entry name, as far as they take part."""
    named = {organisation_of(line.unit) for line in _lines(entry.units) if line.unit}
    found = (_participant(client, hub, each) for each in sorted(named - {entry.organisation}))
    return [each for each in found if each is not None]


def _lines(units: Iterable[Unit]) -> list[Line]:
    return [line for unit in units if unit.roster for line in unit.roster.lines]


def _participant(client: httpx2.Client, hub: PinnedHub, organisation: str) -> Participant | None:
    try:
        known = get_json(client, f"{hub.url}/v1/directory/{organisation}")
    except Refused as refused:
        if refused.code == "not-found":
            return None
        raise
    jws = known["entry"]
    if jws is None:
        return None
    entry = DirectoryEntry.model_validate_json(unb64(jws.split(".")[1]))
    try:
        verify_token(jws, kind=DIRECTORY_ENTRY, key_for=lambda _: entry.root)
    except Refusal:
        raise Untrustworthy("the entry is not signed by its root key") from None
    if (entry.organisation, entry.hub) != (organisation, hub.id):
        raise Untrustworthy("the entry is another organisation's, or another hub's")
    return Participant(
        organisation=organisation,
        name=entry.name,
        status=known["status"],
        entry=entry,
        entry_jws=jws,
    )
