# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The command ``meldeweg`` as anybody has it, but loaded once: each runs in a fork of this process.

    python -m deploy.demo.commands CLOCK

A demo gives a hundred commands, and to load one takes longer than to carry it out. They live by the
clock of the demo from the first, the founding too: before that nobody could know that the hub is
one. Requests come in as lines of JSON, and one line says that a command has ended; what it said is
in two files. The process ends with its input.
"""

import json
import os
import signal
import sys
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from hub import __main__ as meldeweg
from hub import clock
from hub.main.cli import MODULES

_CRASHED: Final = 70


def main(file: Path) -> None:
    """Run what is asked for until the input ends."""
    clock.live_by(clock.DemoClock(file))
    for module in MODULES.values():
        import_module(f"hub.main.{module}")
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _end)
    for line in sys.stdin:
        if os.fork() == 0:
            _become(json.loads(line))


def _end(_number: int, _frame: object) -> None:
    """End with all commands under way: they are in the session that this process began with."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.killpg(os.getpid(), signal.SIGTERM)
    os._exit(0)


def _become(request: Mapping[str, Any]) -> None:
    """Be the command that was asked for; never returns."""
    for number in (signal.SIGCHLD, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    answer = os.dup(1)
    _turn(0, os.devnull, os.O_RDONLY)
    _turn(1, request["out"], os.O_WRONLY | os.O_CREAT)
    _turn(2, request["err"], os.O_WRONLY | os.O_CREAT)
    os.environ.update(request["settings"])
    code = _CRASHED
    try:
        sys.argv = ["meldeweg", *request["arguments"]]
        meldeweg.main()
        code = 0
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        # Shorter than what a pipe takes at once, so no two lines get mixed up.
        os.write(answer, b"%s\n" % json.dumps({"re": request["id"], "code": code}).encode())
        os._exit(0)


def _turn(descriptor: int, path: str, how: int) -> None:
    opened = os.open(path, how, 0o600)
    os.dup2(opened, descriptor)
    os.close(opened)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
