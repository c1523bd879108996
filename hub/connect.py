# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The line of connecting: a machine shows who it is and gets a token for five minutes."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from sqlalchemy import Connection

from hub.audit.entry import Draft
from hub.errors import TokenInvalid
from hub.node import Node
from hub.record import new_id
from hub.store.replay import add_used
from hub.trust.tokens import AssertionVerified, GrantRefused


async def enter_grant(granted: AssertionVerified, node: Node) -> None:
    """Enter assertion and proof as used before a token leaves; each counts once (RFC 7523 § 3).

    Raises ``GrantRefused`` with the OAuth name where one of them was used before.
    """

    def work(connection: Connection) -> None:
        expires = granted.assertion_expires_at
        with _refused_as("invalid_client"):
            add_used(connection, granted.unit, f"assertion:{granted.assertion_id}", expires)
        with _refused_as("invalid_dpop_proof"):
            add_used(connection, granted.unit, granted.proof_id, granted.proof_expires_at)

    await node.writer.commit(work)


@contextmanager
def _refused_as(error: str) -> Iterator[None]:
    """Say it with the name that OAuth has for it: the token endpoint knows no other."""
    try:
        yield
    except TokenInvalid:
        raise GrantRefused(error) from None


async def count_refusals(node: Node, now: float) -> int:
    """Enter, in one entry each, the refusals of past minutes that left none of their own."""
    counts = node.flood.take_counts(int(now))
    try:
        if counts:
            await node.writer.commit(partial(_count, counts, node, now))
    except Exception:
        # Whatever it was, it goes on; only the counts must not be lost with the group.
        node.flood.put_back(counts)
        raise
    return len(counts)


def _count(
    counts: list[tuple[str, str, int]], node: Node, now: float, connection: Connection
) -> None:
    for sender, code, number in counts:
        node.log.append(
            connection,
            Draft(
                kind="access.denied" if sender else "auth.failed",
                entry_id=new_id(),
                at=now,
                act={"org": sender},
                obj={"ty": "request", "n": number},
                why=code,
                out="refused",
            ),
        )
