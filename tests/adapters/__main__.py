# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""``python -m tests.adapters``: the whole crash matrix, each case as a line and all as a table."""

import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests import databases
from tests.adapters.kills import (
    ANSWER,
    CONNECTOR,
    EVERY,
    HUB,
    TARGET,
    Outcome,
    a_scene,
    play,
)

VICTIMS: Final = {
    CONNECTOR: "Konnektor",
    HUB: "Hub",
    TARGET: "Ziel",
    ANSWER: "Ziel vor der Antwort",
}


def main() -> int:
    """Play every case; returns how many did not end well."""
    played: list[Outcome] = []
    with (
        databases.given_back(),
        tempfile.TemporaryDirectory() as home,
        a_scene(Path(home)) as scene,
    ):
        for case in EVERY:
            played.append(play(case, scene))
            print(played[-1].line(), flush=True)  # noqa: T201
    print("\n".join(table(played)))  # noqa: T201
    return sum(bool(each.findings) for each in played)


def table(played: list[Outcome]) -> Iterator[str]:
    """Yield how often each was killed with which target, and how many of these have a finding."""
    killed = Counter((each.case.target, each.case.victim) for each in played)
    wrong = Counter((each.case.target, each.case.victim) for each in played if each.findings)
    yield "\n" + " | ".join(["Ziel   ", *VICTIMS.values()])
    for target in dict.fromkeys(each.case.target for each in played):
        cells = [
            f"{killed[target, victim]}, {wrong[target, victim]} Befunde"
            for victim in VICTIMS
            if killed[target, victim]
        ]
        yield " | ".join([f"{target:<7}", *cells])
    yield f"{killed.total()} mal abgebrochen, {wrong.total()} mal mit Befund"


if __name__ == "__main__":
    sys.exit(main())
