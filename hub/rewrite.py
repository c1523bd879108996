# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The line that writes the database's file anew in the night after something was erased.

Whoever sends a message meanwhile waits for some seconds and is not refused; so it is done when the
fewest do, and once a night at the most.
"""

from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from hub.clock import BERLIN
from hub.node import Node
from hub.store.rewriting import is_too_large, owed

NIGHT: Final = range(2, 5)
"""Hours in Germany."""


async def rewrite(node: Node, now: float) -> bool:
    """Write the file anew where that is owed and it is night; returns whether it was tried."""
    moment = datetime.fromtimestamp(now, BERLIN)
    if moment.hour not in NIGHT or node.rewritten_on == moment.date():
        return False
    if not await node.readers.run(_is_due):
        return False
    node.rewritten_on = moment.date()
    await node.writer.rewrite()
    return True


def _is_due(connection: Connection) -> bool:
    return bool(owed(connection)) and not is_too_large(connection)
