# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How long may it take?"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Options:
    """What the command line and the environment say about a run."""

    is_quick: bool = False
    """Half a minute, to see while changing something; nothing of it is committed."""
    is_long: bool = False
    minutes: float = 3
    """For ``memory``; the claim needs 30."""
    rounds: int = 3
    """Turns of each contestant; the middle one counts."""

    @property
    def seconds(self) -> float:
        return 2.0 if self.is_quick else 4.0
