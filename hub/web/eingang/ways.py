# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Where can somebody go in the inbox, by the roles they hold? What is in the bar of the frame."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from hub.adapters.inbox.roles import LEADS, MANAGES, READERS, WATCHES

HOME: Final = "/eingang"
_NOTICE: Final = f"{HOME}/mitteilung/"


@dataclass(frozen=True)
class Way:
    """One entry of the bar."""

    href: str
    icon: str
    word: str
    roles: frozenset[str] = frozenset()
    """Any of them opens it; without any it is for everybody."""

    def is_here(self, path: str) -> bool:
        """Tell whether a page lies on this way; a notice is reached by the list."""
        if self.href == HOME:
            return path == HOME or path.startswith(_NOTICE)
        return path == self.href or path.startswith(f"{self.href}/")


WAYS: Final = (
    Way(HOME, "mail", "Eingang", READERS),
    Way(f"{HOME}/uebergabe", "autorenew", "Übergabe", READERS),
    Way(f"{HOME}/lesebuch", "checklist", "Lesebuch", frozenset({WATCHES})),
    Way(f"{HOME}/leute", "add", "Leute", frozenset({MANAGES})),
    Way(f"{HOME}/zustand", "info", "Zustand", frozenset({MANAGES, LEADS})),
    Way(f"{HOME}/konto", "account-circle", "Konto"),
)


def ways_of(roles: Collection[str]) -> tuple[Way, ...]:
    """Return what the bar shows to somebody with these roles."""
    held = frozenset(roles)
    return tuple(each for each in WAYS if not each.roles or each.roles & held)
