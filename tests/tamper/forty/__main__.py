# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Try all forty and print the table; the last line is ``N of M``. ``--write`` keeps it."""

import sys
import tempfile
from pathlib import Path

from tests.databases import KIND, close
from tests.tamper.forty.lived import a_scene
from tests.tamper.forty.paper import Tried, section, write
from tests.tamper.forty.table import ROWS


def main(arguments: list[str]) -> int:
    tried: list[Tried] = []
    try:
        with tempfile.TemporaryDirectory(prefix="mw-") as home:
            scene = a_scene(Path(home))
            for row in ROWS:
                if row.applies:
                    place = Path(home) / str(row.number)
                    place.mkdir()
                    tried.append((row, row.trial(scene, place)))
    finally:
        close()
    print(section(tried))  # noqa: T201
    if "--write" in arguments:
        write(tried, KIND)
    found = sum(bool(verdicts.found) for _, verdicts in tried)
    print(f"{found} of {len(tried)}")  # noqa: T201
    return 0 if found == len(tried) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
