# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The two sides of one message, as far as a protocol asks about them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Parties:
    """Who sender and recipient are, and what their organisations have adopted."""

    sender_roles: frozenset[str]
    recipient_roles: frozenset[str]
    """Empty where the directory does not know the unit."""
    adoptions: frozenset[tuple[str, str, str]]
    """Organisation, protocol with version, digest that it signed."""
