# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A disk and a clock that go wrong on demand, for a process started with them (``disk.c``).

The library is compiled here, with the C compiler of the machine, and preloaded into the process by
``environment``. Everything can be switched while the process runs:

    with Disk.build(folder, below=data_dir) as disk:
        process = Popen(..., env={**os.environ, **disk.environment})
        disk.delay_syncs(0.005)      # each fsync takes 5 ms longer
        disk.fail_syncs(errno.EIO)   # from now on; 0 ends it
        disk.syncs                   # how many there were

Only files below the folder ``below`` are touched; where it is a file, that one and those beside it
whose names begin with its name, as SQLite's journal does.
"""

import mmap
import os
import struct
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

SOURCE: Final = Path(__file__).with_suffix(".c")
_PLACES: Final = (
    "sync_error",
    "sync_grace",
    "sync_delay",
    "write_error",
    "clock",
    "syncs",
    "failed",
    "last_breath",
    "not_journals",
)
"""The numbers that are shared, in the order of ``struct control``."""
_WIDTH: Final = 8


@dataclass
class Disk:
    """What stands between a process and its disk and clock."""

    library: Path
    control: Path
    below: str
    """How the path of a file begins that is touched."""
    _shared: mmap.mmap

    @classmethod
    def build(cls, folder: Path, *, below: Path) -> Self:
        """Compile the library into ``folder``; it does nothing until it is told to."""
        folder.mkdir(parents=True, exist_ok=True)
        library, control = folder / "disk.so", folder / "disk.control"
        flags = ("-O2", "-Wall", "-Wextra", "-Werror", "-fPIC", "-shared")
        subprocess.run(["cc", *flags, "-o", library, SOURCE, "-ldl"], check=True)
        control.write_bytes(bytes(_WIDTH * len(_PLACES)))
        with control.open("r+b") as file:
            shared = mmap.mmap(file.fileno(), 0)
        prefix = f"{below.resolve()}{os.sep if below.is_dir() else ''}"
        return cls(library, control, prefix, shared)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._shared.close()

    @property
    def environment(self) -> Mapping[str, str]:
        """What the process needs in its environment, beside its own."""
        return {
            "LD_PRELOAD": str(self.library),
            "FAULTS_CONTROL": str(self.control),
            "FAULTS_BELOW": self.below,
        }

    @property
    def syncs(self) -> int:
        """How many syncs succeeded since the library was built."""
        return self._get("syncs")

    @property
    def failed(self) -> int:
        """How many syncs and writes were made to fail."""
        return self._get("failed")

    def fail_syncs(self, error: int, *, after: int = 0, journals: bool = True) -> None:
        """Let every fsync fail with an ``errno`` once ``after`` more have succeeded; 0 ends it.

        Without ``journals`` those of SQLite's journal succeed, and only a checkpoint fails.
        """
        self._set("not_journals", int(not journals))
        self._set("sync_grace", after)
        self._set("sync_error", error)

    def delay_syncs(self, seconds: float) -> None:
        """Let every fsync take so much longer."""
        self._set("sync_delay", round(seconds * 1_000_000))

    def fail_writes(self, error: int) -> None:
        """Let every write fail with an ``errno``; 0 ends it."""
        self._set("write_error", error)

    def put_clock(self, seconds: int) -> None:
        """Put the wall clock of the process ahead of the machine's, or behind it."""
        self._set("clock", seconds)

    def kill_after_syncs(self, number: int) -> None:
        """Let the process die by SIGKILL right after so many more syncs; 0 lets it live."""
        self._set("last_breath", number)

    def _get(self, name: str) -> int:
        number: int = struct.unpack_from("=q", self._shared, _PLACES.index(name) * _WIDTH)[0]
        return number

    def _set(self, name: str, number: int) -> None:
        struct.pack_into("=q", self._shared, _PLACES.index(name) * _WIDTH, number)


def preloaded(disk: Disk | None) -> dict[str, str]:
    """Return this process' environment without settings of a hub, and with a disk where one is."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MELDEWEG_")}
    return kept | dict(disk.environment if disk else {})
