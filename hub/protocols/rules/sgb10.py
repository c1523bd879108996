# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Rules of the SGB X: what social data may be given on request, and on whose order."""

from typing import Final

from hub.protocols.rules.rule import Rule

RULES: Final[tuple[Rule, ...]] = ()
