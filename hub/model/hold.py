# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A hold: that something must not be erased although its time has come."""

from dataclasses import dataclass
from typing import Literal

Held = Literal["conversation", "message", "entries"]


@dataclass(frozen=True)
class Hold:
    """What is held, on which legal basis, and the entry that says so."""

    id: str
    ty: Held
    subject: str | None
    """Id of the conversation or message; None for a range of entries."""
    first: int | None
    last: int | None
    law: str
    audit_id: str
