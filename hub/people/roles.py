# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which roles are there, and does somebody hold one that is wanted?"""

from collections.abc import Iterable

from hub.errors import NotPermitted
from hub.people.change import Rules


def check_roles(rules: Rules, roles: Iterable[str]) -> tuple[str, ...]:
    """Return roles in their order, each once; refuses others, and none at all."""
    named = frozenset(roles)
    if not named or not named <= frozenset(rules.roles):
        raise NotPermitted("There is no such role.", pointers=("/roles",), allowed=rules.roles)
    return tuple(role for role in rules.roles if role in named)


def check_one_of(held: frozenset[str], wanted: tuple[str, ...]) -> None:
    """Refuse whoever holds none of these roles."""
    if held.isdisjoint(wanted):
        raise NotPermitted("This needs another role at the house.", allowed=wanted)
