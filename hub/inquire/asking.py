# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How a question is asked: with a proof of possession that is used up by it."""

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection

from hub.errors import Refusal
from hub.model.evidence import AuthenticatedClient
from hub.node import Node
from hub.record import note_refusal, use_proof

T = TypeVar("T")


async def ask(client: AuthenticatedClient, question: Callable[[Connection], T], node: Node) -> T:
    """Enter the proof of possession, then answer from a reading thread."""
    await node.writer.commit(lambda connection: use_proof(connection, client))
    return await node.readers.run(question)


async def deny(client: AuthenticatedClient, refusal: Refusal, about: str, node: Node) -> None:
    """Leave the entry of a refusal that was no submission (``access.denied``)."""

    def work(connection: Connection) -> None:
        note_refusal(
            node,
            connection,
            client,
            refusal,
            kind="access.denied",
            obj={"ty": "request", "id": about, "d": "", "ct": ""},
            now=node.clock(),
        )

    await node.writer.commit(work)
