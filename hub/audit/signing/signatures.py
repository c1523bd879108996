# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What of a log is signed, by which key, and what has still to be?

Where the keys lie here, a group is signed within its transaction and nothing is ever owed. Where a
signer has them, it must not sign what could still be rolled back: the group is committed first,
then signed, then the checkpoint is committed. A hub that ends in between owes a signature, and
gives it before anything else is entered.
"""

from collections.abc import Callable

from sqlalchemy import Connection

from hub.audit.checkpoint import Checkpoint
from hub.audit.edge import Edge
from hub.audit.merkle import Unproven
from hub.audit.note import Verifier
from hub.audit.signing.growth import Authority, Growth
from hub.audit.signing.keyring import Keyring
from hub.audit.tree import Tree, read_checkpoint
from hub.errors import ReadOnly


def _nothing(_connection: Connection) -> Keyring | None:
    return None


class Signatures:
    """The keys of a log as its writer sees them, and whoever signs with them."""

    def __init__(
        self,
        authority: Authority,
        keyring: Keyring,
        read: Callable[[Connection], Keyring | None] = _nothing,
    ) -> None:
        """``read`` finds the keys in a database that keeps them; else it is ``keyring``."""
        self._authority = authority
        self._read = read
        self.keyring = keyring
        self.owes = False
        """Whether leaves are committed over which no checkpoint stands."""

    @property
    def is_elsewhere(self) -> bool:
        return self._authority.is_elsewhere

    def has(self, verifier: Verifier) -> bool:
        return self._authority.has(verifier)

    def take_up(self, connection: Connection, tree: Tree, edge: Edge) -> None:
        """Hold the newest checkpoint against the leaves; raises ``Unproven``."""
        self.keyring = self._read(connection) or self.keyring
        head = read_checkpoint(connection)
        self.owes = False
        if head is None:
            if edge.size and not self.is_elsewhere:
                raise Unproven("there is none")
            self.owes = bool(edge.size)
            return
        checkpoint = self.keyring.check(head[1])
        if self.is_elsewhere and checkpoint.size < edge.size:
            edge, self.owes = tree.edge(connection, checkpoint.size), True
        if (checkpoint.size, checkpoint.root) != (edge.size, edge.root):
            raise Unproven("size or root differ")

    def read_anew(self, connection: Connection) -> Keyring:
        """Return the keys as this transaction has them."""
        return self._read(connection) or self.keyring

    def sign(self, growth: Growth, keyring: Keyring, at: float) -> str:
        """Return the note with a line of each key that signs now."""
        return self._authority.sign(growth, keyring.signing(at))

    def settle(self, connection: Connection, tree: Tree, edge: Edge, at: float) -> str:
        """Sign what is owed, from where the signer stands.

        Raises ``ReadOnly`` where that has signed more than there is: somebody set the log back.
        """
        reached = self._authority.reached()
        old = 0 if reached is None else reached.size
        if old > edge.size:
            raise ReadOnly(f"The signer has signed {old} entries, and there are {edge.size}.")
        proof = tree.consistency(connection, old, edge.size, edge=edge)
        growth = Growth(old, proof, Checkpoint(self.keyring.origin, edge.size, edge.root))
        note = self.sign(growth, self.keyring, at)
        self.owes = False
        return note
