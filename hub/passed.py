# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What follows when somebody else takes a matter over? (owner PASS writes this)"""

from sqlalchemy import Connection

from hub.model.stored import StoredMessage
from hub.node import Node


def completed_by(message: StoredMessage, unit: str, node: Node, connection: Connection) -> None:
    del message, unit, node, connection


def after_step(message: StoredMessage, node: Node, connection: Connection) -> None:
    del message, node, connection
