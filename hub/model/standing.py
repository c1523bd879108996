# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""As what was an organisation known when something was decided about it?"""

from typing import NamedTuple


class Standing(NamedTuple):
    """Status and version of the entry of an organisation.

    Where neither has changed, nothing that a decision can rest on has: keys, units and roles
    stand in the entry, and adoptions are only ever added.
    """

    organisation: str
    status: str
    version: int
    """0 before the first entry."""
