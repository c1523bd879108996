# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""``python -m tests.adapters``: the whole crash matrix, as a table."""

import sys
import tempfile
from pathlib import Path

from tests import databases
from tests.adapters.kills import EVERY, a_scene, play


def main() -> int:
    """Play every case; returns how many did not end well."""
    wrong = 0
    with (
        databases.given_back(),
        tempfile.TemporaryDirectory() as home,
        a_scene(Path(home)) as scene,
    ):
        for case in EVERY:
            outcome = play(case, scene)
            wrong += bool(outcome.findings)
            print(outcome.line(), flush=True)  # noqa: T201
    print(f"{len(EVERY) - wrong} von {len(EVERY)}")  # noqa: T201
    return wrong


if __name__ == "__main__":
    sys.exit(main())
