# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Does the hub take back what it has said before?

A signature tells who said it, not that nothing newer was said since. What this unit saw last is
kept in its folder: a list, an entry or a log that goes back, or forks, is not believed.
"""

from typing import Any, Final

from hub import clock
from hub.audit.checkpoint import Checkpoint, parse_text
from hub.audit.merkle import Unproven, verify_consistency
from hub.audit.note import parse_note
from hub.client.agency import Agency
from hub.client.answers import Refused, Untrustworthy
from hub.client.line import Line
from hub.client.log_keys import newest_by_known
from hub.model.participant import DirectoryEntry
from hub.sealing.canonical import digest

OVERTAKEN: Final = 60
"""Seconds by which an older list may come after a newer one, asked for by another process."""


def check_list_follows(agency: Agency, issued_at: int) -> None:
    """Refuse a list of participants that is older than one that was seen.

    Nothing can have been shown in the future: what a clock that went ahead has left behind, be it
    the hub's or our own, counts as shown just now. Otherwise every list would be refused until the
    right clock had come that far.
    """
    now = int(clock.now())

    def change(kept: dict[str, Any]) -> dict[str, Any]:
        newest = min(int(kept.get("iat", 0)), now)
        if issued_at < newest - OVERTAKEN:
            raise Untrustworthy("the list of participants is older than one that was shown before")
        return {**kept, "iat": max(newest, issued_at)}

    agency.revise("list", change)


def check_entry_follows(agency: Agency, entry: DirectoryEntry, jws: str) -> None:
    """Refuse a version that was replaced, and a second entry of the same version."""
    said = digest(jws)

    def change(kept: dict[str, Any]) -> dict[str, Any]:
        version, known = kept.get(entry.organisation, (0, ""))
        if entry.version < version:
            raise Untrustworthy("the entry was replaced by a newer one that was shown before")
        if entry.version == version and said != known:
            raise Untrustworthy("there are two entries of the same version")
        return {**kept, entry.organisation: [entry.version, said]}

    agency.revise("versions", change)


async def check_log_follows(agency: Agency, line: Line) -> None:
    """Hold the log's checkpoint against the last one that was seen; keep the larger.

    Raises ``Untrustworthy`` unless the smaller of the two logs is the beginning of the larger.
    """
    hub = agency.hub
    kept = agency.recall("log").get(hub.id)
    try:
        note = (await line.public_bytes("/v1/log/checkpoint")).decode()
        shown = await newest_by_known(note, agency, line)
        if kept is not None:
            await _check_same_log(parse_text(parse_note(kept).text), shown, line)
    except Refused as refused:
        if kept is None and refused.code == "not-found":
            return  # A log without entries has no checkpoint yet.
        raise Untrustworthy("the log does not show what it has shown before") from None
    except (Unproven, ValueError) as doubt:
        raise Untrustworthy(f"the log is not the one that was shown before: {doubt}") from None
    agency.revise("log", lambda known: _with_larger(known, hub.id, note, shown))


async def _check_same_log(one: Checkpoint, other: Checkpoint, line: Line) -> None:
    # Another process of this unit may have seen a larger log in the meantime.
    old, new = sorted((one, other), key=lambda checkpoint: checkpoint.size)
    hashes: list[bytes] = []
    if 0 < old.size < new.size:
        said = await line.public(f"/v1/log/proof?old={old.size}&new={new.size}")
        hashes = _hashes(said)
    verify_consistency(old.size, new.size, old.root, new.root, hashes)


def _hashes(said: object) -> list[bytes]:
    found = said.get("hashes") if isinstance(said, dict) else None
    if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
        raise Unproven("there is no proof")
    return [bytes.fromhex(each) for each in found]


def _with_larger(
    known: dict[str, Any], hub_id: str, note: str, shown: Checkpoint
) -> dict[str, Any]:
    before = known.get(hub_id)
    if before is not None and parse_text(parse_note(before).text).size >= shown.size:
        return known
    return {**known, hub_id: note}
