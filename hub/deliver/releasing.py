# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A person has looked: what was held after too many leases in vain may be lent again."""

from sqlalchemy import Connection

from hub.audit.entry import Draft
from hub.errors import NotFound, NotPermitted
from hub.keyed import key_of
from hub.node import Node
from hub.record import new_id
from hub.store.leases import release
from hub.store.messages import read_message


def release_message(message_id: str, node: Node, connection: Connection) -> None:
    """Let a held message be lent again; five more leases in vain hold it again.

    Raises ``NotFound`` where there is no such message, ``NotPermitted`` where it is not held.
    """
    message = read_message(connection, message_id)
    if message is None:
        raise NotFound
    if message.state != "accepted" or not release(connection, message_id):
        raise NotPermitted("Diese Nachricht wird nicht zurückgehalten.")
    node.log.append(
        connection,
        Draft(
            kind="hold.released",
            entry_id=new_id(),
            at=node.clock(),
            act={"org": node.hub_id, "role": "betrieb"},
            rcp=(message.recipient,),
            obj={"ty": "message", "id": message_id},
            conversations=(key_of(node, connection, message.conversation),),
        ),
    )
    node.waiting.promise(message.recipient)
