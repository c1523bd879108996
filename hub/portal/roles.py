# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What may somebody do at a house? Four roles, each given for itself and perhaps for a term."""

from collections.abc import Iterable
from typing import Final

from hub.errors import NotPermitted

WRITES: Final = "verfassen"
RELEASES: Final = "freigeben"
READS: Final = "lesen"
MANAGES: Final = "verwalten"
ROLES: Final = (WRITES, RELEASES, READS, MANAGES)
NEEDS_DESK_KEY: Final = frozenset({READS, MANAGES})
"""Whoever reads for the house opens with its key; whoever manages passes it on."""


def check_roles(roles: Iterable[str]) -> tuple[str, ...]:
    """Return roles in their order, each once; refuses others, and none at all."""
    named = frozenset(roles)
    if not named or not named <= frozenset(ROLES):
        raise NotPermitted("There is no such role.", pointers=("/roles",), allowed=ROLES)
    return tuple(role for role in ROLES if role in named)


def check_one_of(held: frozenset[str], wanted: tuple[str, ...]) -> None:
    """Refuse whoever holds none of these roles."""
    if held.isdisjoint(wanted):
        raise NotPermitted("This needs another role at the house.", allowed=wanted)
