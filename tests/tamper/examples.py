# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How often is each property tried? A little in every run, 10,000 times with ``make tamper``."""

import os
from typing import Any, Final

from hypothesis import settings

IN_EVERY_RUN: Final = 200
EXAMPLES: Final = int(os.environ.get("MELDEWEG_TAMPER", IN_EVERY_RUN))
thoroughly: Final = settings(
    # The same examples every time: who sees a failure can see it again.
    derandomize=True,
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
)


class Unshown:
    """Stands behind every example of a property and would bury the one that failed."""

    def _repr_pretty_(self, printer: Any, _: bool) -> None:
        printer.text(type(self).__name__)
