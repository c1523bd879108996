# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Can a target take something now? Asked by the connector, read by whoever operates it."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Health:
    """What a target says of itself; no part of it comes out of a message."""

    is_well: bool
    text: str = ""
    """German, one sentence: what is wrong, and what helps."""


WELL: Final = Health(is_well=True)


def unwell(text: str) -> Health:
    """Return what a target says that cannot take anything now."""
    return Health(is_well=False, text=text)
