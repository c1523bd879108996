# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""One thing that was looked at: what is, how bad it is, and what to do."""

from dataclasses import dataclass
from typing import Final, Literal

Level = Literal["gut", "hinweis", "schlimm"]
BEARABLE: Final = frozenset(
    {
        "speicherplatz",
        "laufender-hub",
        "notzugang",
        "datenpannen",
        "abgleich",
        "unterschreiber",
        "oeffnungen",
        "oeffnungen-schluessel",
    }
)
"""Bad, and no reason not to start: a hub on a full disk reads, hands out, and forgets.

Nor has it to stand still while a person looks at what somebody did.
"""


@dataclass(frozen=True)
class Finding:
    """A finding under an id that stays, for programs that watch."""

    id: str
    level: Level
    what: str
    advice: str = ""

    @property
    def forbids(self) -> bool:
        """Whether a hub must not serve like this."""
        return self.level == "schlimm" and self.id not in BEARABLE

    @property
    def text(self) -> str:
        """The finding as people read it."""
        mark = {"gut": "[gut]    ", "hinweis": "[hinweis]", "schlimm": "[schlimm]"}[self.level]
        advice = f"\n          → {self.advice}" if self.advice else ""
        return f"{mark} {self.what}{advice}"


def good(name: str, what: str) -> Finding:
    return Finding(name, "gut", what)


def hint(name: str, what: str, advice: str) -> Finding:
    return Finding(name, "hinweis", what, advice)


def bad(name: str, what: str, advice: str) -> Finding:
    return Finding(name, "schlimm", what, advice)
