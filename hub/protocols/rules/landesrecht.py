# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Rules of the law of North Rhine-Westphalia."""

from typing import Final

from hub.protocols.rules.rule import Rule

RULES: Final[tuple[Rule, ...]] = ()
