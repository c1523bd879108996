# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""On which machine, with which versions, and when?"""

import os
import platform
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


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text("utf-8", errors="replace").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()
