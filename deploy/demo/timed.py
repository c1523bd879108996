# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A command ``meldeweg`` that stays up and lives by the clock of the demo.

    python -m deploy.demo.timed CLOCK ARGUMENTS …

A witness has no hub, so it cannot see for itself that all of this is a demonstration; and what it
signs says when it has seen the log.
"""

import signal
import sys
from pathlib import Path
from types import FrameType


def main(file: Path, arguments: list[str]) -> None:
    """Run the command to its end; told to stop before it has begun, it ends as well."""
    signal.signal(signal.SIGTERM, _end)
    from hub import __main__ as meldeweg  # noqa: PLC0415  it takes a second to load
    from hub import clock  # noqa: PLC0415  as above

    clock.live_by(clock.DemoClock(file))
    sys.argv = ["meldeweg", *arguments]
    meldeweg.main()


def _end(_number: int, _frame: FrameType | None) -> None:
    sys.exit(0)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
