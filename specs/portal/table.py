# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How does the table of column names get into the browser?

``python -m specs.portal.table`` writes it as a module of JavaScript beside the code that reads it;
``tests/portal/test_upload.py`` holds that it says the same as ``import.yaml``.
"""

import json
import unicodedata
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML

HERE: Final = Path(__file__).parent
SOURCE: Final = HERE / "import.yaml"
MADE: Final = HERE.parents[1] / "hub/web/static/portal/upload/table.js"
_HEAD: Final = """\
// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** Which column becomes which field? Made from specs/portal/import.yaml, never by hand. */

"""
_LETTERS: Final = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"}


def plain(word: str) -> str:
    """Return what counts of the name of a column; ``plainName`` in JavaScript does the same."""
    lowered = unicodedata.normalize("NFC", word).lower()
    spelled = "".join(_LETTERS.get(each, each) for each in lowered)
    return "".join(
        each for each in unicodedata.normalize("NFD", spelled) if each.isascii() and each.isalnum()
    )


def table() -> dict[str, Any]:
    """Return the table as the browser needs it: words as they count, no comment."""
    said = YAML(typ="safe", pure=True).load(SOURCE.read_text("utf-8"))
    return {
        "limits": dict(said["limits"]),
        "records": [plain(each) for each in said["records"]],
        "foreign": [plain(each) for each in said["foreign"]],
        "targets": [_target(each) for each in said["targets"]],
    }


def _target(said: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": said["id"],
        "fields": [said["field"], *said.get("also", ())],
        "reads": said["reads"],
        "title": {"de": said["title"], "en": said["title_en"]},
        "words": list(dict.fromkeys(plain(each) for each in said["words"])),
    }


def module() -> str:
    """Return the text of the module."""
    members = [
        f"  {json.dumps(name)}: {json.dumps(value, ensure_ascii=False)},\n"
        for name, value in table().items()
    ]
    return f"{_HEAD}export const TABLE = {{\n{''.join(members)}}};\n"


if __name__ == "__main__":
    MADE.write_text(module(), encoding="utf-8")
