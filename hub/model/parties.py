# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The two sides of one message, as far as a protocol asks about them."""

from dataclasses import dataclass

from hub.model.agreement import Concluded


@dataclass(frozen=True)
class Parties:
    """Who sender and recipient are, and what their organisations adopted and agreed on."""

    sender_roles: frozenset[str]
    recipient_roles: frozenset[str]
    """Empty where the directory does not know the unit."""
    adoptions: frozenset[tuple[str, str, str]]
    """Organisation, protocol with version, digest that it signed."""
    agreements: tuple[Concluded, ...] = ()
    """In force now, with both organisations among their parties."""
