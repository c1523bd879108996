# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A command ``meldeweg`` that stays up and lives by the clock of the demo.

    python -m deploy.demo.timed CLOCK ARGUMENTS …

A witness has no hub, so it cannot see for itself that all of this is a demonstration; and what it
signs says when it has seen the log.
"""

import sys
from pathlib import Path

from hub import __main__ as meldeweg
from hub import clock


def main(file: Path, arguments: list[str]) -> None:
    """Run the command to its end."""
    clock.live_by(clock.DemoClock(file))
    sys.argv = ["meldeweg", *arguments]
    meldeweg.main()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
