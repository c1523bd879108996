# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Identifiers of organisations, units, messages and conversations (``specs/glossary.yaml``)."""

import re
from typing import Annotated, Final

from pydantic import StringConstraints

PARTY: Final = re.compile(r"[a-z]{4,20}:[A-Za-z0-9][A-Za-z0-9-]{1,39}(\.[a-z0-9-]{1,24})?")
UUID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[47][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
DIGEST: Final = re.compile(r"[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]")

Party = Annotated[str, StringConstraints(pattern=rf"^{PARTY.pattern}$")]
"""Organisation or unit: kind, key and, after a dot, the unit."""
Uuid = Annotated[str, StringConstraints(pattern=rf"^{UUID.pattern}$")]
"""UUID of version 4 or 7, in lower case."""
Digest = Annotated[str, StringConstraints(pattern=rf"^{DIGEST.pattern}$")]
"""SHA-256 as base64url without padding, 43 characters."""


def organisation_of(party: str) -> str:
    """Return the organisation that a unit belongs to; an organisation is its own."""
    return party.partition(".")[0]


def kind_of(party: str) -> str:
    """Return the kind of a party: ``jugendamt``, ``schule``, ``polizei`` and so on."""
    return party.partition(":")[0]
