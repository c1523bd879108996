# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""As what was an organisation known when something was decided about it?"""

from typing import NamedTuple


class Standing(NamedTuple):
    """Status of an organisation, and how often it changed.

    Where neither is another, nothing that a decision can rest on is: keys, units and roles stand
    in the entry, whose versions are counted, as is what the operator did about the organisation;
    and adoptions are only ever added.
    """

    organisation: str
    status: str
    changes: int
    """Version of the entry, 0 before the first, plus the acts of the operator."""
