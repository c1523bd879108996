# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How does somebody begin an adapter of their own? With one that already keeps its promises.

What is copied stands beside this module in ``muster``: a table in a database from which case
software imports. Here it is itself put through the contract.
"""

import errno
import os
import re
from pathlib import Path
from typing import Final

TEMPLATE: Final = Path(__file__).parent / "muster"
FORM: Final = re.compile(r"[a-z][a-z0-9]{2,29}")
"""Of the name of an adapter: it becomes the name of a module."""
_NAME: Final = "muster"
_PACKAGE: Final = f"{__name__}.{_NAME}"
_LICENCE: Final = re.compile(r"\A(?:<!--\n(?:SPDX[^\n]*\n)+-->\n+|(?:# SPDX[^\n]*\n)+)")
"""Ours; what an office writes is its own."""


def scaffold(name: str, folder: Path) -> tuple[Path, ...]:
    """Write the files of a new adapter below ``folder``; returns them.

    Raises ``FileExistsError`` where one of them is there already, and writes nothing then.
    """
    if not FORM.fullmatch(name):
        raise ValueError("Ein Adapter heißt mit kleinen Buchstaben und Ziffern, etwa „ablage“.")
    texts = {
        folder / name / _renamed(path.name, name): _own(path.read_text("utf-8"), name)
        for path in sorted(TEMPLATE.iterdir())
        if path.is_file()
    }
    for path in texts:
        if path.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return tuple(texts)


def _own(text: str, name: str) -> str:
    return _renamed(_LICENCE.sub("", text), name)


def _renamed(text: str, name: str) -> str:
    named = text.replace(_PACKAGE, name).replace(_NAME, name)
    return named.replace(_NAME.capitalize(), name.capitalize())
