# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What may be said under one version of a protocol that could not be said under another?

``change`` says what a difference is, ``fields`` and ``leaf`` compare schemas, ``step`` and
``whole`` the rest. Whatever cannot be shown to be narrower counts as wider.
"""

from hub.protocols.difference.change import Change, Difference, Effect, Verdict
from hub.protocols.difference.whole import difference

__all__ = ["Change", "Difference", "Effect", "Verdict", "difference"]
