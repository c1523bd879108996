# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which data may reach only some, whatever a protocol says?

A schema marks such a field with a class of its own (``x-class``). A protocol that would carry it to
anybody else is not loaded, so no message of that kind can exist.
"""

from dataclasses import dataclass
from typing import Final

from hub.model.law import BasisCode


@dataclass(frozen=True)
class Guard:
    """Data of one class, and who may be given them."""

    recipients: frozenset[str]
    """Protocol roles."""
    basis: BasisCode
    reason: str
    """German."""


GUARDED: Final = {
    "anvertraut": Guard(
        frozenset({"jugendamt", "gericht"}),
        "sgb8-65-1",
        "Anvertrautes geht nur an das Familiengericht und an das Jugendamt, das zuständig wird.",
    ),
    "schutzadresse": Guard(
        frozenset({"jugendamt", "gericht"}),
        "sgb8-64-2",
        "Wo ein Kind zu seinem Schutz untergebracht ist, erfahren nur Jugendamt und Gericht.",
    ),
}
"""By the name of the class."""
