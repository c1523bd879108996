# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What does one witness say to the newest checkpoint?

How to call is handed in, so that nothing here calls out.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TypeAlias

from hub.audit.cosignature import WitnessKey, parse_lines
from hub.audit.merkle import Unproven
from hub.audit.tail import ANOTHER_HISTORY, AWAY
from hub.audit.witness.request import write_request
from hub.audit.witnessed import read_size_seen
from hub.node import Node

_OK, _CONFLICT, _NOT_CONSISTENT, _LONGEST_SIZE = 200, 409, 422, 19


@dataclass(frozen=True)
class Said:
    """What a witness answered over HTTP."""

    status: int
    body: str

    @property
    def size(self) -> int | None:
        """The size that it saw last, where it says so."""
        line = self.body.removesuffix("\n")
        is_one = line.isdecimal() and line.isascii() and len(line) <= _LONGEST_SIZE
        return int(line) if self.status == _CONFLICT and is_one else None


Call: TypeAlias = Callable[[str, bytes], Awaitable[Said | None]]
"""Hands a request to the witness at an address; None where it does not answer."""


@dataclass(frozen=True)
class Head:
    """The newest checkpoint, and whose lines it has already."""

    size: int
    note: str
    labels: frozenset[str]


@dataclass
class Asked:
    """One witness: where it is, with which keys, and what it has seen as far as is known."""

    url: str
    keys: list[WitnessKey]
    seen: int | None = None
    trouble: str = ""
    lines: Mapping[str, str] = field(default_factory=dict)

    def is_missing(self, head: Head) -> bool:
        return any(key.label not in head.labels for key in self.keys)

    async def ask(self, node: Node, call: Call, head: Head) -> None:
        """Show it the newest checkpoint; what it says is in ``lines`` or in ``trouble`` then."""
        said = await self._show(node, call, head)
        if said is not None and said.size is not None and said.size <= head.size:
            # It says itself where it stands; that is how a new hub finds out.
            self.seen = said.size
            said = await self._show(node, call, head)
        self.trouble, self.lines = _judge(said, self.keys, head, node.log.size)
        self.seen = None if self.trouble else head.size

    async def _show(self, node: Node, call: Call, head: Head) -> Said | None:
        if self.seen is None:
            labels = [key.label for key in self.keys]
            self.seen = await node.readers.run(partial(read_size_seen, labels=labels))
        old = min(self.seen, head.size)
        proof = await node.readers.run(partial(node.log.consistency, old=old, new=head.size))
        return await call(self.url, write_request(old, proof, head.note))


def _judge(
    said: Said | None, keys: Sequence[WitnessKey], head: Head, size: int
) -> tuple[str, Mapping[str, str]]:
    """Return what is wrong, or the lines that hold; ``size`` is that of the log by now.

    Checkpoints are public: somebody else may have shown the witness a newer one while it was being
    asked. That is another history once the witness knows more than there is, or says so.
    """
    if said is None:
        return AWAY, {}
    if said.status == _OK:
        try:
            lines = parse_lines(head.note, said.body, keys)
        except Unproven:
            lines = {}
        return ("", lines) if lines else ("no-cosignature", {})
    if (said.size or 0) > size or said.status == _NOT_CONSISTENT:
        return ANOTHER_HISTORY, {}
    return str(said.status), {}
