# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How does a browser get the words that may name somebody? As a module of plain strings.

``python -m hub.forms.wordlists`` writes it from ``specs/erkennungsmerkmale``; a test holds
it current, so that the hint in a browser and the check of the SDK never know different words.
"""

from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML

import hub
from hub.schemas import SPECS

TARGET: Final = Path(hub.__file__).parent / "web/static/portal/form/words.js"
_FOLDER: Final = SPECS / "erkennungsmerkmale"
_HEAD: Final = """\
// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

// Written by `python -m hub.forms.wordlists` from specs/erkennungsmerkmale; not by hand.

/** Words by list, separated by blanks. @type {Readonly<Record<string, string>>} */
"""


def write() -> str:
    """Return the module as text."""
    lists: dict[str, str] = {}
    for path in sorted(_FOLDER.glob("*.yaml")):
        written: dict[str, Any] = YAML(typ="safe", pure=True).load(path)
        lists[path.stem] = " ".join(written["words"].split())
    lines = [f'  {name}: "{words}",' for name, words in lists.items()]
    return "\n".join([f"{_HEAD}export const WORDS = {{", *lines, "};", ""])


if __name__ == "__main__":
    TARGET.write_text(write(), encoding="utf-8")
