# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which witnesses have yet to see the newest checkpoint?"""

import asyncio
from collections.abc import Iterable
from functools import partial

import structlog
from sqlalchemy import Connection

from hub.audit.policy import Policy
from hub.audit.tail import ANOTHER_HISTORY
from hub.audit.tree import read_checkpoint
from hub.audit.witnessed import add_lines, read_lines
from hub.node import Node
from hub.witnessed.asking import Asked, Call, Head
from hub.witnessed.standing import Tell, is_noted, look

_log = structlog.stdlib.get_logger()


class Feeder:
    """Shows the newest checkpoint to each witness that has not seen it."""

    def __init__(self, node: Node, call: Call, tell: Tell) -> None:
        self._node = node
        self._call = call
        self._tell = tell
        self._witnesses = _places(node.policy)
        self._has_begun = False

    async def turn(self) -> None:
        """Ask every witness that is missing, keep what they signed, and see how things stand."""
        node = self._node
        if not self._has_begun:
            node.tail.is_noted = await node.readers.run(is_noted)
            self._has_begun = True
        head = await node.readers.run(self._head)
        if head is not None:
            missing = [each for each in self._witnesses if each.is_missing(head)]
            await asyncio.gather(*(each.ask(node, self._call, head) for each in missing))
            await self._keep(head, missing)
        await look(node, self._tell)

    def _head(self, connection: Connection) -> Head | None:
        newest = read_checkpoint(connection, self._node.log.size)
        if newest is None:
            return None
        labels = frozenset(read_lines(connection, newest[0].size))
        return Head(newest[0].size, newest[1], labels)

    async def _keep(self, head: Head, asked: Iterable[Asked]) -> None:
        """Keep the lines that hold, and note what is wrong with whom."""
        lines: dict[str, str] = {}
        for each in asked:
            lines |= each.lines
            self._note(each)
        if lines:
            await self._node.writer.commit(partial(add_lines, size=head.size, lines=lines))

    def _note(self, asked: Asked) -> None:
        tail, names = self._node.tail, self._node.policy.labels
        for name in (names[key.label] for key in asked.keys):
            before = tail.troubles.pop(name, "")
            if asked.trouble:
                tail.troubles[name] = asked.trouble
            if asked.trouble and asked.trouble != before:
                _log.warning("witness.trouble", reason=asked.trouble)
                if asked.trouble == ANOTHER_HISTORY:
                    self._tell("another-history", tail)


def _places(policy: Policy) -> list[Asked]:
    """Name the keys behind each address: a witness with two of them is asked once."""
    places: dict[str, Asked] = {}
    for each in policy.witnesses.values():
        if each.url:
            places.setdefault(each.url, Asked(each.url, [])).keys.append(each.key)
    return list(places.values())
