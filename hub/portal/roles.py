# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What may somebody do at a house? Four roles, each given for itself and perhaps for a term."""

from typing import Final

WRITES: Final = "verfassen"
RELEASES: Final = "freigeben"
READS: Final = "lesen"
MANAGES: Final = "verwalten"
ROLES: Final = (WRITES, RELEASES, READS, MANAGES)
NEEDS_DESK_KEY: Final = frozenset({READS, MANAGES})
"""Whoever reads for the house opens with its key; whoever manages passes it on."""
