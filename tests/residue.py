# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A copy in a free part of a page, as SQLite leaves it where it splits or merges pages.

Which cell it leaves depends on thousands of rows; here it is put there by hand, in a file that
nobody has open.
"""

import struct
from pathlib import Path
from typing import Final

PAGE: Final = 4096
_HEAD: Final = {2: 12, 5: 12, 10: 8, 13: 8}
"""Length of a page's head by its kind."""


def plant(file: Path, copy: bytes) -> None:
    """Write ``copy`` where SQLite reads nothing, in the last page that has room for it."""
    content = bytearray(file.read_bytes())
    for begin in range(len(content) - PAGE, 0, -PAGE):
        gap, end = _gap(content[begin : begin + PAGE])
        if end - gap >= len(copy):
            content[begin + gap : begin + gap + len(copy)] = copy
            file.write_bytes(content)
            return
    raise AssertionError("no page has room")


def _gap(page: bytearray) -> tuple[int, int]:
    """Return between where and where nothing lies: behind the places, before the cells."""
    if page[0] not in _HEAD:
        return 0, 0
    cells, begin = struct.unpack_from(">HH", page, 3)
    return _HEAD[page[0]] + 2 * cells, begin or PAGE
