# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How an act of the operator is entered: who, about what, and why without saying it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection

from hub.audit.entry import Draft
from hub.errors import NotPermitted
from hub.node import Node
from hub.record import new_id

LONGEST_REASON = 500
"""Characters; a reason is a sentence, and no report."""


@dataclass(frozen=True)
class Note:
    """What is entered about an act; the reason is committed to and kept apart."""

    kind: str
    obj: Mapping[str, str | int]
    reason: str = ""
    law: tuple[str, ...] = ()
    rule: str = ""
    ref: tuple[str, ...] = ()
    act: Mapping[str, str] = field(default_factory=dict)


def note(said: Note, node: Node, connection: Connection) -> str:
    """Enter an act of the operator; returns the id of the entry."""
    return node.log.append(
        connection,
        Draft(
            kind=said.kind,
            entry_id=new_id(),
            at=node.clock(),
            act={"org": node.hub_id, "role": "betrieb", **said.act},
            obj=said.obj,
            law=said.law,
            rule=said.rule,
            ref=said.ref or None,
            said={"reason": said.reason} if said.reason else {},
        ),
    )


def check_reason(reason: str) -> str:
    """Return a reason as it is kept; refuses none, and what is no line of text."""
    text = reason.strip()
    if not text or len(text) > LONGEST_REASON or not text.isprintable():
        raise NotPermitted("Dafür braucht es einen Grund, in einem Satz.", pointers=("/reason",))
    return text
