# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How does a Kreis begin a protocol of its own? With a small one that already checks green.

What is copied stands in ``specs/muster``, where it can be read and is itself checked by a test.
"""

import errno
import os
import re
from pathlib import Path
from typing import Final

from hub.schemas import SPECS

TEMPLATE: Final = SPECS / "muster"
NAME: Final = "muster-verfahren"
FORM: Final = re.compile(r"[a-z][a-z0-9-]{2,39}")
"""Of a protocol's id."""
_LICENCE: Final = re.compile(r"\A(?:<!--\n(?:SPDX[^\n]*\n)+-->\n+|(?:# SPDX[^\n]*\n)+#\n?)")
"""Ours; what a Kreis writes is the Kreis's own."""


def scaffold(name: str, folder: Path) -> tuple[Path, ...]:
    """Write the files of a new protocol below ``folder``; returns them.

    Raises ``FileExistsError`` where one of them is there already: nothing is written then. A
    ``README.md`` that stands there stays.
    """
    if not FORM.fullmatch(name):
        raise ValueError("Ein Verfahren heißt mit kleinen Buchstaben, Ziffern und Bindestrichen.")
    texts = {
        folder / _renamed(path.relative_to(TEMPLATE).as_posix(), name): _LICENCE.sub(
            "", _renamed(path.read_text("utf-8"), name)
        )
        for path in sorted(TEMPLATE.rglob("*"))
        if path.is_file()
    }
    readme = folder / "README.md"
    if readme.exists():
        del texts[readme]
    for path in texts:
        if path.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return tuple(texts)


def _renamed(text: str, name: str) -> str:
    return text.replace(NAME, name)
