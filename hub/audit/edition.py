# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The same proof once more, when witnesses have seen it too.

The first edition of a proof leads to the first checkpoint behind the entry, which the log alone
signed. This one leads to the first that meets the policy, with all lines that it has: whoever holds
it needs to believe no log.
"""

from dataclasses import replace

from sqlalchemy import Connection

from hub.audit.edge import Edge
from hub.audit.policy import Policy
from hub.audit.proof import Proof
from hub.audit.tree import Tree
from hub.audit.witnessed import read_witnessed


def witnessed_edition(
    tree: Tree,
    connection: Connection,
    policy: Policy,
    index: int,
    most: int,
    *,
    edge: Edge | None = None,
) -> Proof | None:
    """Return the proof of an entry that witnesses have seen; None until enough of them have.

    ``most`` is the size beyond which nothing can be proven yet; ``edge`` saves reading it anew.
    """
    found = read_witnessed(connection, policy, behind=index, most=most) if policy.least else None
    if found is None:
        return None
    checkpoint, note = found
    return replace(tree.proof(connection, index, size=checkpoint.size, edge=edge), checkpoint=note)
