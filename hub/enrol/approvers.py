# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who may say yes beside the operator: entering an approver, and taking one out again.

The first one the operator enters. From then on it needs an approval, or whoever runs the machine
would enter himself.
"""

from sqlalchemy import Connection

from hub.approved import approved
from hub.audit.approval import Claim
from hub.audit.approvers import Act, Spoken, add_word, read_approvers
from hub.audit.entry import Draft
from hub.audit.merkle import Unproven
from hub.audit.note import parse_vkey
from hub.errors import NotPermitted
from hub.node import Node
from hub.record import new_id
from hub.sealing.canonical import digest

_KINDS = {"added": "key.enrolled", "removed": "key.revoked"}


def speak(act: Act, vkey: str, approval: str, node: Node, connection: Connection) -> str:
    """Enter that this key approves from now on, or no more; returns the digest of the key."""
    is_known = vkey in {each.vkey for each in read_approvers(connection)}
    if is_known == (act == "added"):
        raise NotPermitted("Das ist schon so eingetragen.")
    try:
        parse_vkey(vkey)
    except Unproven:
        raise NotPermitted("Das ist kein Schlüssel in der Form name+kennung+schlüssel.") from None
    said = approved(node, connection, Claim("approver", digest(vkey)), approval)
    entry = node.log.append(
        connection,
        Draft(
            kind=_KINDS[act],
            entry_id=new_id(),
            at=node.clock(),
            act=said.actor(node.hub_id),
            obj={"ty": "key", "id": digest(vkey)},
            rule=said.rule,
        ),
    )
    add_word(connection, Spoken(vkey, act, entry))
    return digest(vkey)
