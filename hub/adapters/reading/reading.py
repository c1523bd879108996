# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is to be entered before something is shown?"""

from dataclasses import dataclass
from typing import Final

from hub.adapters.reading.words import DENIED, LOOKED

NOT_PERMITTED: Final = "not-permitted"


@dataclass(frozen=True)
class Reading:
    """One look of one person at one thing; says what it was, never what stood there."""

    person: str
    """Id of somebody of this house; the log knows a pseudonym. Empty for the command line."""
    role: str
    kind: str
    message: str = ""
    conversation: str = ""
    protocol: str = ""
    """With its version."""
    classes: tuple[str, ...] = ()
    """What kinds of content were shown."""
    ground: str = ""
    """Why this person may, as a code of ``words.GROUNDS``."""
    count: int | None = None
    """How many things were looked at, where it was more than one."""

    @property
    def is_denied(self) -> bool:
        return self.kind == DENIED

    @property
    def why(self) -> str:
        """The ground; a refusal always has one."""
        return self.ground or (NOT_PERMITTED if self.is_denied else "")

    @property
    def about(self) -> str:
        """Whether a message was looked at or this log."""
        return "log" if self.kind == LOOKED else "message"
