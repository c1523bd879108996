# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""On which machine, with which versions, and when?"""

import os
import platform
import time
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pysqlite3.dbapi2 as sqlite

_COUNTED = ("cryptography", "fastapi", "pyjwt", "sqlalchemy", "starlette", "uvicorn")


def machine() -> dict[str, Any]:
    """Return what a reader has to know beside any figure."""
    return {
        "date": datetime.now(UTC).isoformat(timespec="minutes"),
        "machine": {
            "processor": _processor(),
            "cores": os.cpu_count(),
            "system": f"{platform.system()} {platform.release().partition('-')[0]}",
            "python": platform.python_version(),
            "sqlite": sqlite.sqlite_version,
            "packages": {name: version(name) for name in _COUNTED},
        },
    }


def busy(seconds: float = 1.0) -> float:
    """Return how busy all cores are while nothing is measured: with what others do."""
    begun = _ticks()
    time.sleep(seconds)
    idle, whole = (end - start for start, end in zip(begun, _ticks(), strict=True))
    return 1 - idle / whole if whole else 0.0


def _ticks() -> tuple[int, int]:
    """Return idle ticks, waiting for a disk among them, and all ticks."""
    line = Path("/proc/stat").read_text("ascii").partition("\n")[0]
    ticks = [int(each) for each in line.split()[1:9]]
    return ticks[3] + ticks[4], sum(ticks)


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text("utf-8", errors="replace").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()
