# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""``python -m hub.portal.data``: what browsers need of ``specs/`` as JSON, made when the bundle is.

Each maker gives a name and a JSON value; nothing here knows what is in them.
"""

import json
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, Final

FOLDER: Final = Path(__file__).parents[1] / "web" / "static" / "daten"
MAKERS: Final = ("hub.portal.places",)
"""Modules with ``NAME`` (of the file) and ``make()`` (what stands in it)."""


def main() -> None:
    """Write all files; each as a whole, and only where it changes."""
    FOLDER.mkdir(exist_ok=True)
    for module in MAKERS:
        maker: Any = import_module(module)
        make: Callable[[], Any] = maker.make
        write(FOLDER / maker.NAME, make())


def write(path: Path, content: Any) -> None:
    """Write one file, with the same bytes for the same content."""
    raw = json.dumps(content, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
    if not path.exists() or path.read_bytes() != raw:
        path.write_bytes(raw)


if __name__ == "__main__":
    main()
