# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who looked at what is known of a conversation? Whoever asks is entered before the answer.

The question itself is a commitment under the key of the conversation: once that is destroyed,
nobody can say any more what was searched for.
"""

from dataclasses import dataclass

from sqlalchemy import Connection

from hub.audit.entry import Draft
from hub.audit.openings.search import Found, indexed, scan
from hub.audit.openings.store import Openings
from hub.audit.words import PURPOSES
from hub.errors import NotPermitted
from hub.keyed import key_of
from hub.node import Node
from hub.record import new_id
from hub.store.messages import entries_of_receipts, read_key_id


@dataclass(frozen=True)
class Search:
    """What the log has of a conversation, by its index and by its tags."""

    indexed: dict[str, int]
    """Places by id of the entry."""
    tagged: tuple[Found, ...] | None
    """None where nobody has looked through the whole log."""

    @property
    def unlisted(self) -> tuple[int, ...]:
        """Entries that bear the tag and that the index hides."""
        tagged = self.tagged or ()
        return tuple(each.index for each in tagged if each.event_id not in self.indexed)

    @property
    def untagged(self) -> tuple[int, ...]:
        """Entries that the index names and that do not bear the tag."""
        if self.tagged is None:
            return ()
        known = {each.event_id for each in self.tagged}
        return tuple(index for event, index in self.indexed.items() if event not in known)


def note_search(node: Node, connection: Connection, conversation_id: str, purpose: str) -> str:
    """Enter that somebody searches the log for a conversation; returns the entry's id.

    Raises ``NotPermitted`` for a purpose that § 76 Abs. 3 BDSG does not name.
    """
    if purpose not in PURPOSES:
        raise NotPermitted(f"Einen Zweck muss es geben: {', '.join(PURPOSES)}.")
    return node.log.append(
        connection,
        Draft(
            kind="log.read",
            entry_id=new_id(),
            at=node.clock(),
            act={"org": node.hub_id, "role": "betrieb"},
            obj={"ty": "log"},
            law=("bdsg-76-3",),
            why=purpose,
            conversations=(key_of(node, connection, conversation_id),),
            said={"query": conversation_id},
        ),
    )


def search(
    conversation_id: str, openings: Openings, connection: Connection, *, whole: bool
) -> Search | None:
    """Find the entries about a conversation; None where there is no such conversation.

    ``whole`` looks through the whole log, and so proves that none is missing.
    """
    key_id = read_key_id(connection, conversation_id)
    if key_id is None:
        return None
    found = indexed(connection, key_id, entries_of_receipts(connection, conversation_id))
    if not whole:
        return Search(found, None)
    return Search(found, tuple(scan(connection, openings.key(key_id, conversation_id))))
