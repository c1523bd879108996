# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The line of holding: what would be erased by its time stays, because somebody said why.

A hold is entered before it has an effect, and so is its release. It stops the erasing of content,
of conversations, and of the entries of the log.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import Connection

from hub.approved import approved
from hub.audit.approval import Approved, Claim
from hub.audit.entry import Draft
from hub.audit.openings.key import ConversationKey
from hub.audit.orders import add_due
from hub.audit.prune import range_digest
from hub.audit.tree import count_leaves
from hub.errors import NotFound, NotPermitted
from hub.keyed import key_about, key_of
from hub.model.hold import Held, Hold
from hub.model.ids import UUID
from hub.node import Node
from hub.record import new_id
from hub.sealing.canonical import digest
from hub.store.holds import add_hold, read_hold, release_hold
from hub.store.messages import read_conversation, read_message

LONGEST_REASON: Final = 500
"""Characters; a reason is a sentence, and no report."""


_READ: Final[Mapping[Held, Callable[[Connection, str], object]]] = {
    "conversation": read_conversation,
    "message": read_message,
}


@dataclass(frozen=True)
class Ended:
    """Which hold is over, why, and the approval for it where one was given."""

    hold: str
    reason: str
    approval: str = ""
    digest: str = ""
    """Of the range that was held, where a reader has hashed it before."""


@dataclass(frozen=True)
class Wanted:
    """What is to be held: a conversation or message by its id, or entries by their numbers."""

    ty: Held
    subject: str | None = None
    first: int | None = None
    last: int | None = None
    digest: str = ""
    """Of the range, where a reader has hashed it before; no leaf ever changes."""


def hashed(wanted: Wanted, connection: Connection) -> Wanted:
    """Hash a range before the writer's turn, so that nobody waits for that; one that is there."""
    first, last = wanted.first, wanted.last
    if first is None or last is None or not 0 <= first <= last < count_leaves(connection):
        return wanted
    return replace(wanted, digest=range_digest(connection, first, last))


def place(wanted: Wanted, law: str, reason: str, node: Node, connection: Connection) -> Hold:
    """Enter a hold, then hold.

    Raises ``NotFound`` where there is no such thing, ``ContentErased`` where it is forgotten or
    about to be, and ``NotPermitted`` without a legal basis that this hub knows or a reason.
    """
    if law not in node.catalogue.law:
        raise NotPermitted("Diese Rechtsgrundlage kennt der Hub nicht.", pointers=("/law",))
    _check_reason(reason)
    _check_is_there(wanted, connection)
    hold_id = new_id()
    said: dict[str, Any] = {
        "act": Approved().actor(node.hub_id),
        "said": {"reason": reason},
        "law": (law,),
    }
    draft = replace(_draft("hold.placed", hold_id, wanted, node, connection), **said)
    entry = node.log.append(connection, draft, at_once=True)
    placed = Hold(hold_id, wanted.ty, wanted.subject, wanted.first, wanted.last, law, entry)
    add_hold(connection, placed)
    return placed


def release(ended: Ended, node: Node, connection: Connection) -> Hold:
    """Enter that a hold is over, then let go; what was due meanwhile goes with the next turns."""
    _check_reason(ended.reason)
    held = read_hold(connection, ended.hold)
    if held is None:
        raise NotFound("There is no such hold.")
    by = approved(node, connection, Claim("release", digest(held.id)), ended.approval)
    wanted = Wanted(held.ty, held.subject, held.first, held.last, ended.digest)
    draft = replace(
        _draft("hold.released", held.id, wanted, node, connection),
        act=by.actor(node.hub_id),
        law=(held.law,),
        rule=by.rule,
        said={"reason": ended.reason},
    )
    release_hold(connection, held.id, node.log.append(connection, draft, at_once=True))
    add_due(connection)
    return held


def _draft(kind: str, hold_id: str, wanted: Wanted, node: Node, connection: Connection) -> Draft:
    """Say of what an entry is: of a range its digest, of a message its id, else by tags alone."""
    about: dict[str, str | int] = {"ty": "hold", "id": hold_id}
    if wanted.first is not None and wanted.last is not None:
        about["d"] = wanted.digest or range_digest(connection, wanted.first, wanted.last)
        about["n"] = wanted.last - wanted.first + 1
    return Draft(
        kind=kind,
        entry_id=new_id(),
        at=node.clock(),
        act={},
        obj=about,
        ref=[wanted.subject] if wanted.ty == "message" and wanted.subject else None,
        conversations=_keys(wanted, node, connection),
    )


def _keys(wanted: Wanted, node: Node, connection: Connection) -> Sequence[ConversationKey]:
    """Return the key by whose tags whoever searches a conversation finds its holds too."""
    if wanted.subject is None:
        return ()
    find = key_of if wanted.ty == "conversation" else key_about
    return (find(node, connection, wanted.subject),)


def _check_is_there(wanted: Wanted, connection: Connection) -> None:
    subject = wanted.subject or ""
    if wanted.ty == "entries":
        first, last = wanted.first, wanted.last
        if first is None or last is None or not 0 <= first <= last < count_leaves(connection):
            raise NotFound("There are no such entries.")
    elif not UUID.fullmatch(subject) or _READ[wanted.ty](connection, subject) is None:
        raise NotFound("There is no such thing.")


def _check_reason(reason: str) -> None:
    if not reason.strip() or len(reason) > LONGEST_REASON or not reason.isprintable():
        raise NotPermitted("Dafür braucht es einen Grund, in einem Satz.", pointers=("/reason",))
