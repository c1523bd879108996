# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What runs in ``make interop`` alone: tests of the long form, by their marker."""

from pathlib import Path
from typing import Final

import pytest

LONG: Final = "interop"


def name_marker(config: pytest.Config) -> None:
    """Make the marker of the long form known."""
    config.addinivalue_line("markers", f"{LONG}: the long form, for ``make interop``")


def leave_out(config: pytest.Config, items: list[pytest.Item], here: Path) -> None:
    """Leave the long form of a folder out of a run that does not ask for it."""
    if LONG in config.option.markexpr:
        return
    # Few have the marker, and paths take longer to compare.
    marked = [item for item in items if item.get_closest_marker(LONG)]
    long = [item for item in marked if here in item.path.parents]
    if long:
        left_out = set(map(id, long))
        items[:] = [item for item in items if id(item) not in left_out]
        config.hook.pytest_deselected(items=long)
