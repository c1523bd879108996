# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Another key for the log: by rotation, or, where the old one is not to be trusted, by succession.

Whichever it is, the leaves go on in the same tree, so every proof that was ever handed out leads
into it. What changes is who has to have signed the next root.
"""

import re
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from hub.approved import approved
from hub.audit.approval import Approved, Claim
from hub.audit.entry import Draft
from hub.audit.merkle import Unproven
from hub.audit.note import Verifier, parse_vkey
from hub.audit.signing.keyring import LogKey, add_key
from hub.errors import NotPermitted
from hub.node import Node
from hub.record import new_id
from hub.sealing.canonical import digest

BESIDE: Final = 30 * 86_400
"""Seconds in which the key before still signs, for whoever has pinned it (Vorgabe des Projekts)."""
_NUMBERED: Final = re.compile(r"(?P<stem>.+/log)(?P<number>[1-9][0-9]*)?")


@dataclass(frozen=True)
class Head:
    """The last checkpoint that can be relied on, as it was signed."""

    note: str
    size: int


def rotate(vkey: str, approval: str, node: Node, connection: Connection) -> str:
    """Let another key of the same name sign; returns its digest."""
    new, old = _read(vkey), node.log.keyring.newest
    if new.name != old.name:
        raise NotPermitted("Der neue Schlüssel trägt einen anderen Namen als das Protokoll.")
    said = _agreed("rotate", new, approval, node, connection)
    entry = _enter(
        "key.rotated", {"id": digest(vkey), "d": digest(old.vkey)}, said, node, connection
    )
    add_key(connection, LogKey(new, node.log.size, int(node.clock()) + BESIDE, entry))
    return digest(vkey)


def succeed(vkey: str, approval: str, last: Head | None, node: Node, connection: Connection) -> str:
    """Go on under another name and key, and revoke the key before; returns the new name.

    ``last`` is the newest checkpoint that witnesses have seen: whatever the old key signed beyond
    it and is not in this tree, somebody else has signed with it.
    """
    new, old = _read(vkey), node.log.keyring.newest
    if new.name != next_name(old.name):
        raise NotPermitted(f"Das Protokoll geht unter dem Namen {next_name(old.name)} weiter.")
    said = _agreed("succeed", new, approval, node, connection)
    head: dict[str, str | int] = {"n": last.size if last else 0}
    if last is not None:
        head["d"] = digest(last.note.encode())
    genesis = _enter("log.genesis", {"ty": "log", **head}, said, node, connection)
    _enter("key.revoked", {"id": digest(old.vkey)}, said, node, connection)
    add_key(connection, LogKey(new, node.log.size, 0, genesis))
    return new.name


def next_name(name: str) -> str:
    """Return the name of the log that follows one of this name: ``…/log``, ``…/log2``, …"""
    found = _NUMBERED.fullmatch(name)
    if found is None:
        raise ValueError("not the name of a hub's log")
    return f"{found['stem']}{int(found['number'] or 1) + 1}"


def _read(vkey: str) -> Verifier:
    try:
        return parse_vkey(vkey)
    except Unproven:
        raise NotPermitted("Das ist kein Schlüssel in der Form name+kennung+schlüssel.") from None


def _agreed(act: str, new: Verifier, approval: str, node: Node, connection: Connection) -> Approved:
    if new in {key.verifier for key in node.log.keyring.keys}:
        raise NotPermitted("Diesen Schlüssel hat das Protokoll schon.")
    if not node.log.has_key(new):
        # Once it is entered, nothing could be signed without it.
        raise NotPermitted("Wer das Protokoll unterschreibt, hat diesen Schlüssel nicht.")
    return approved(node, connection, Claim(act, digest(new.vkey)), approval)


def _enter(
    kind: str, obj: dict[str, str | int], said: Approved, node: Node, connection: Connection
) -> str:
    return node.log.append(
        connection,
        Draft(
            kind=kind,
            entry_id=new_id(),
            at=node.clock(),
            act=said.actor(node.hub_id),
            obj={"ty": "key", **obj},
            rule=said.rule,
        ),
    )
