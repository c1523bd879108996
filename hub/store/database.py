# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What does the hub need of a database, whichever it is?"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Final, Literal

from sqlalchemy import Connection, Engine

Kind = Literal["sqlite", "postgresql"]
HAS_ERASED: Final = "has_erased"
"""Set in ``connection.info`` by whoever erased something; the writer then has it forgotten."""


@dataclass(frozen=True)
class Database(ABC):
    """The engines of one node: ``writing`` has exactly one connection."""

    writing: Engine
    reading: Engine

    @property
    @abstractmethod
    def kind(self) -> Kind:
        """Which of the two it is."""

    @abstractmethod
    def describe(self) -> str:
        """Name product and version, for the operator."""

    @abstractmethod
    def forget(self) -> bool:
        """Let go of what was erased, as far as this database can; False where to ask again.

        Called by the writer, between two groups: whatever takes long happens elsewhere. Raises
        ``ReadOnly`` where the disk has failed meanwhile.
        """

    @abstractmethod
    def rewrite(self) -> bool:
        """Write anew what may still hold copies of what was erased; False where it did not work.

        Called by the writer, and takes seconds. Raises ``ReadOnly`` where the disk has failed.
        """

    @abstractmethod
    def is_spoiled(self, connection: Connection) -> bool:
        """Whether a failed statement has spoiled the transaction; known without asking."""

    @abstractmethod
    def settle(self) -> None:
        """Bring what was committed to where it stays, once enough of it has gathered.

        Called by the writer after each group. Raises ``ReadOnly`` where the disk has failed.
        """

    def dispose(self) -> None:
        """Close every connection."""
        self.reading.dispose()
        self.writing.dispose()
