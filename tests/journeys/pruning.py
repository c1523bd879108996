# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A hub whose log is years old, and a process of it that ends in the midst of forgetting."""

import asyncio
import os
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, func, select

from hub.audit import orders, tables
from hub.audit.entry import Draft
from hub.audit.openings.store import Openings
from hub.audit.policy import Policy, parse_policy
from hub.audit.tree import read_checkpoint
from hub.audit.witnessed import add_lines
from hub.main.assembly import open_node
from hub.main.folder import DataDir
from hub.node import Node
from hub.prune import Wish, order, prune
from hub.record import new_id
from tests.unit.audit.witnesses import a_cosigner
from tests.world import Clock

YEAR: Final = 366 * 86_400
LATER: Final = 2 * YEAR
"""Seconds after which everything of now is older than the year that follows its own."""
WITNESS: Final = a_cosigner("zeuge.invalid/loeschen")
POLICY: Final = parse_policy(f"witness eins {WITNESS.key.vkey}\nquorum eins\n")


@contextmanager
def a_node(data: DataDir, ahead: float = 0, policy: Policy = POLICY) -> Iterator[Node]:
    with open_node(data, "http://localhost", Clock(ahead)) as node:
        node.policy = policy
        yield node


def grow(node: Node, count: int) -> None:
    """Let so many things happen that nobody needs after a year."""

    def work(connection: Connection) -> None:
        for _ in range(count):
            draft = Draft(
                kind="clock.adjusted",
                entry_id=new_id(),
                at=node.clock(),
                act={"org": node.hub_id},
                obj={"ty": "clock"},
            )
            node.log.append(connection, draft)

    node.writer.commit_now(work)


def bear_witness(node: Node, at: float | None = None) -> int:
    """Let the witness cosign what the log has now; returns the size that it saw.

    ``at`` is what its own clock says, where that is not the hub's.
    """

    def work(connection: Connection) -> int:
        found = read_checkpoint(connection)
        assert found is not None
        checkpoint, note = found
        text = note.partition("\n\n")[0] + "\n"
        line = WITNESS.cosign(text, int(node.clock() if at is None else at))
        add_lines(connection, checkpoint.size, {WITNESS.key.label: line})
        return checkpoint.size

    return node.writer.commit_now(work)


def turn(node: Node) -> int:
    """Let the hub do once what is due of its forgetting."""
    return asyncio.run(prune(node, node.clock()))


def bodies(node: Node) -> int:
    """Count the entries of which more is there than the hash."""
    query = select(func.count()).select_from(tables.audit_body)
    return node.readers.run_now(lambda connection: int(connection.execute(query).scalar_one()))


class Deadly(Openings):
    """An opening store in which the process is killed when it forgets for the nth time."""

    def __init__(self, folder: Path, calls: int) -> None:
        super().__init__(folder)
        self._left = calls

    def forget(self, entry_ids: Sequence[str]) -> None:
        super().forget(entry_ids)
        self._left -= 1
        if not self._left:
            os.kill(os.getpid(), signal.SIGKILL)


def end_in_the_midst(data: DataDir, where: str, calls: int) -> None:
    """Do what is due and be killed: behind the order, or while bodies go."""
    orders.AT_ONCE = 50  # type: ignore[misc]
    with a_node(data, LATER) as node:
        if where == "order":
            node.writer.commit_now(partial(order, Wish(), node))
            os.kill(os.getpid(), signal.SIGKILL)
        node.openings = Deadly(data.openings, calls)
        turn(node)
