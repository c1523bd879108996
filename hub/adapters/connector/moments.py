# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Between which steps may the process end? Tests end it at each of them; nobody else listens."""

from collections.abc import Callable
from typing import Final, TypeAlias

LEASED: Final = "leased"
"""The hub has lent the message, and nothing about it is written here."""
OPENED: Final = "opened"
"""The hub has the word ``opened``; the content is in memory alone."""
SPOOLED: Final = "spooled"
"""The content is in the spool, and the books know nothing of it."""
WRITTEN: Final = "written"
"""The books have the delivery."""
HANDING: Final = "handing"
"""The adapter is about to be called."""
HANDED: Final = "handed"
"""The target has it, and the books do not know that."""
NOTED: Final = "noted"
"""The books know that the target has it; the hub does not."""
TAKEN: Final = "taken"
"""The hub has the word ``taken``, and the books do not know that."""
DONE: Final = "done"
"""Everybody knows."""
MOMENTS: Final = (LEASED, OPENED, SPOOLED, WRITTEN, HANDING, HANDED, NOTED, TAKEN, DONE)
Watch: TypeAlias = Callable[[str, str], None]
"""Told of each moment, with the id of the message."""


def unwatched(_moment: str, _message: str) -> None:
    """Do nothing: how a connector runs outside of tests."""
