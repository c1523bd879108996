# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which keys of the hub's log does this unit believe, and how does it come to another one?

The first was pinned when it enrolled. Another follows only where the log itself proves it, to the
key that is believed already: the first checkpoint behind an entry ``key.rotated`` bears the lines
of both keys (``specs/log.md`` § 12). A log that goes on under another name is followed by nobody
by itself: there the old key is in somebody's hands.
"""

import json
from typing import Any

from hub.audit.checkpoint import Checkpoint, origin_of, verify_checkpoint
from hub.audit.merkle import Unproven
from hub.audit.note import Verifier, parse_vkey
from hub.audit.proof import Proof, parse_proof, verify_proof
from hub.client.agency import Agency, PinnedHub
from hub.client.line import Line
from hub.sealing.canonical import digest


def verify_by_any(proof: Proof, hub: PinnedHub, entry: bytes | None = None) -> None:
    """Raise ``Unproven`` unless a key that this log has had proves the entry.

    What an older key signed stays proven: nobody makes the proofs of a year ago anew.
    """
    doubts = Unproven("no key of this log")
    for vkey in reversed(hub.log_keys):
        try:
            verify_proof(proof, read_key(vkey, hub), entry)
        except Unproven as doubt:
            doubts = doubt
        else:
            return
    raise doubts


async def newest_by_known(note: str, agency: Agency, line: Line) -> Checkpoint:
    """Verify a checkpoint of now by the newest key, or by one that is proven to follow it."""
    hub = agency.hub
    try:
        return verify_checkpoint(note, read_key(hub.log_keys[-1], hub))
    except Unproven:
        later = followed(hub, (await line.public("/v1/log/keys"))["keys"])
    if not later:
        raise Unproven("no key that this log had follows")
    shown = verify_checkpoint(note, read_key(later[-1], hub))
    _believe(later, agency)
    return shown


def trust(vkey: str, agency: Agency) -> None:
    """Believe a key that came on another way than through the hub, as after a compromise.

    Raises ``Unproven`` for what is no key of a log of this hub.
    """
    _believe([read_key(vkey, agency.hub).vkey], agency)


def read_key(vkey: str, hub: PinnedHub) -> Verifier:
    """Read a key that bears the name of this hub's log, or of one that goes on from it."""
    verifier = parse_vkey(vkey)
    stem, number = verifier.name[: len(origin_of(hub.id))], verifier.name[len(origin_of(hub.id)) :]
    if stem != origin_of(hub.id) or (number and not number.isdecimal()):
        raise Unproven("the key of another log")
    return verifier


def _believe(vkeys: list[str], agency: Agency) -> None:
    hub = agency.hub
    hub.later.extend(vkeys)
    agency.revise("log-keys", lambda kept: {**kept, hub.id: list(hub.later)})


def followed(hub: PinnedHub, said: list[dict[str, Any]]) -> list[str]:
    """Return the keys that follow the one believed now, each proven to the one before."""
    chain = [hub.log_keys[-1]]
    for each in said:
        if _follows(chain[-1], each.get("vkey"), each.get("proof"), hub):
            chain.append(each["vkey"])
    return chain[1:]


def _follows(old: str, new: Any, proof: Any, hub: PinnedHub) -> bool:
    if not (isinstance(new, str) and isinstance(proof, str)):
        return False
    try:
        read = parse_proof(proof)
        verify_proof(read, read_key(old, hub))
        entry = json.loads(read.extra or b"{}")
    except (Unproven, ValueError):
        return False
    obj = entry.get("obj", {})
    said = (entry.get("k"), obj.get("d"), obj.get("id"))
    return said == ("key.rotated", digest(old), digest(new))
