# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What does the law ask for that no JSON schema can say?

Each rule has a name, its place in the law and one German sentence; a step names those that hold for
it. They look at values, so they are checked where values are known: by the sender before sealing,
and by the reader after opening. What the hub itself can establish without reading, ``admit`` does:
who signed, on which basis, in which order, until when.
"""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Final

from hub.errors import ContentInvalid
from hub.model.law import BasisCode
from hub.protocols.rules import gemeinsam, jgg, kkg, landesrecht, sgb8, sgb10
from hub.protocols.rules.rule import Rule, Saying

__all__ = ["RULES", "Rule", "Saying", "check_rules"]

RULES: Final[Mapping[str, Rule]] = MappingProxyType(
    {
        rule.id: rule
        for part in (gemeinsam, kkg, sgb8, sgb10, jgg, landesrecht)
        for rule in part.RULES
    }
)


def check_rules(names: Iterable[str], saying: Saying, cite: Callable[[BasisCode], str]) -> None:
    """Refuse a content that breaks one of the named rules.

    Raises ``ContentInvalid`` with the sentence of the first rule that is broken, its citation, and
    pointers into the content; never with a value.
    """
    for name in names:
        rule = RULES[name]
        pointers = rule.check(saying)
        if pointers:
            basis = cite(rule.basis) if rule.basis else None
            raise ContentInvalid(rule.says, pointers=pointers, basis=basis)
