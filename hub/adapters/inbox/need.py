# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which parts of a notice may somebody see?

Whoever works on notices sees what every one of them says. A protected address is for those who act
in the matter or answer for it. What was entrusted (§ 65 SGB VIII) belongs to the person who has
taken the matter over: being in charge, on duty or somebody's deputy is no ground of its own, so
everybody else needs to be named by that person, with a ground.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from hub.adapters.inbox.roles import LEADS, READERS
from hub.sealing.sealable import DEFAULT_CLASS

OF_ALL: Final = frozenset({DEFAULT_CLASS, "akte"})
ENTRUSTED: Final = "anvertraut"
ADDRESS: Final = "schutzadresse"
CLASSES: Final = (DEFAULT_CLASS, "akte", ADDRESS, ENTRUSTED)
LAW: Final[Mapping[str, str]] = MappingProxyType({ENTRUSTED: "sgb8-65-1", ADDRESS: "sgb8-64-2"})
"""On which place in the law a restriction stands."""
MARKS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "akte": "Nur für die Akte",
        ENTRUSTED: "Anvertraut (§ 65 SGB VIII)",
        ADDRESS: "Schutzadresse",
    }
)
"""What stands beside a part that is shown; the common class has no mark."""
HIDDEN: Final[Mapping[str, str]] = MappingProxyType(
    {
        ENTRUSTED: (
            "Anvertraut (§ 65 SGB VIII): nur für die Fachkraft, die den Vorgang übernommen hat"
        ),
        ADDRESS: (
            "Schutzadresse: nur für die Leitung und die Fachkraft, die den Vorgang übernommen hat"
        ),
    }
)
"""What stands in the place of a part that is not."""
RESTRICTED: Final = "Nur für die Fachkraft, die den Vorgang übernommen hat"


@dataclass(frozen=True)
class Standing:
    """How somebody stands to one matter."""

    roles: frozenset[str]
    """Those held at the office that has it."""
    has_taken_over: bool = False
    ground: str = field(default="")
    """On which whoever has taken it over has named this person; empty for everybody else."""

    @property
    def reads(self) -> bool:
        return not READERS.isdisjoint(self.roles)


def may_see(class_name: str, standing: Standing) -> bool:
    """Tell whether somebody may see the parts of a class.

    A class that nobody here has heard of is treated as what was entrusted, without the way in by
    being named: its grounds are not known.
    """
    if not standing.reads:
        return False
    if class_name in OF_ALL or standing.has_taken_over:
        return True
    if class_name == ADDRESS:
        return LEADS in standing.roles
    return class_name == ENTRUSTED and bool(standing.ground)


def classes_for(standing: Standing) -> frozenset[str]:
    """Return the classes that somebody may see, of those that are known here."""
    return frozenset(each for each in CLASSES if may_see(each, standing))


def mark(class_name: str) -> str:
    """Return what stands beside a part that is shown."""
    if class_name == DEFAULT_CLASS:
        return ""
    return MARKS.get(class_name, f"Beschränkt ({class_name})")


def hidden(class_name: str) -> str:
    """Return what stands in the place of a part that is not shown."""
    return HIDDEN.get(class_name, RESTRICTED)
