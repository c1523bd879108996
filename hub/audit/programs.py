# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What does an auditor verify with who has nothing of ours? A program and a page, as they lie here.

They are read as files: whoever hands them out needs nothing that they do.
"""

from collections.abc import Mapping
from importlib.resources import files
from typing import Final

_NAMES: Final = ("verify.py", "pruefen.html")


def read_programs() -> Mapping[str, bytes]:
    """Return both by the names under which they are handed out."""
    return {name: files(__package__).joinpath(name).read_bytes() for name in _NAMES}
