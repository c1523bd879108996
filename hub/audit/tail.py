# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How old is the part of the log that not enough witnesses have seen yet?

What witnesses have seen nobody can take back unnoticed. What is younger is proven by the hub's own
signature, its guard file, and whoever holds a receipt.
"""

from dataclasses import dataclass, field
from math import inf
from typing import TypeAlias

Troubles: TypeAlias = dict[str, str]
"""What is wrong with a witness, by its name in the policy: a word, or a status of HTTP."""
AWAY = "unreachable"
ANOTHER_HISTORY = "another-history"
"""The witness has seen a log that this one does not go on from."""


@dataclass
class Tail:
    """What is known of it just now; whoever feeds the witnesses keeps it up to date."""

    size: int = 0
    """Size of the newest checkpoint that meets the policy."""
    since: float | None = None
    """Second of the first entry behind it; None where everything is witnessed."""
    is_noted: bool = False
    """Whether the log says that it goes on without witnesses."""
    alarm_after: float = 900
    """Seconds after which it does."""
    stop_after: float = inf
    """Seconds after which nothing new is taken."""
    troubles: Troubles = field(default_factory=dict)

    def age(self, now: float) -> float:
        """Return how many seconds ago the first entry was made that is not witnessed."""
        return 0 if self.since is None else max(0, now - self.since)

    def is_alarming(self, now: float) -> bool:
        return self.age(now) >= self.alarm_after

    def must_stop(self, now: float) -> bool:
        return self.age(now) >= self.stop_after

    @property
    def is_contradicted(self) -> bool:
        """Whether a witness has seen another history than this log's."""
        return ANOTHER_HISTORY in self.troubles.values()
