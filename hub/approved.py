# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""May the operator do this alone, and who stands behind it in the log?

Where nobody was entered as approver, the operator may, and the entry says that it was he. Where
somebody was, nothing of this kind happens without a signed approval for exactly this, used once.
"""

from datetime import UTC, datetime

from sqlalchemy import Connection

from hub.audit.approval import (
    Approved,
    Claim,
    approved_by,
    origin_of_approvals,
    verify_approval,
)
from hub.audit.approvers import add_used, is_used, read_approvers
from hub.audit.merkle import Unproven
from hub.audit.note import Verifier
from hub.errors import NotPermitted
from hub.node import Node


class NotApproved(NotPermitted):
    """Nobody who may has approved this."""


def approved(node: Node, connection: Connection, claim: Claim, note: str) -> Approved:
    """Use an approval up for an act of this transaction; returns what its entry has to say.

    Raises ``NotApproved`` where approvers are entered and ``note`` is none of theirs, is for
    something else, too old, or was used before.
    """
    approvers = read_approvers(connection)
    if not approvers:
        return Approved()
    if not note:
        raise NotApproved(
            "Dafür fehlt die Freigabe: „meldeweg audit approve --key … "
            f"--hub {node.hub_id} --act {claim.act} --subject {claim.subject} --out …“."
        )
    verifier = _checked(node, claim, note, approvers)
    if is_used(connection, note):
        raise NotApproved("Auf diese Freigabe hin ist schon etwas geschehen.")
    add_used(connection, note)
    return approved_by(note, verifier)


def _checked(node: Node, claim: Claim, note: str, approvers: tuple[Verifier, ...]) -> Verifier:
    try:
        approval, verifier = verify_approval(note, approvers)
    except Unproven:
        raise NotApproved("Das ist keine Freigabe von jemandem, der hier freigibt.") from None
    if approval.origin != origin_of_approvals(node.hub_id) or approval.claim != claim:
        raise NotApproved("Diese Freigabe ist für etwas anderes.")
    if not approval.is_timely(datetime.fromtimestamp(node.clock(), UTC)):
        raise NotApproved("Diese Freigabe ist abgelaufen oder aus der Zukunft.")
    return verifier
