# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A small disk of its own: really full when it is full, really read-only when it is.

It is mounted in a namespace that a shell holds, so the machine does not see it, no right is needed
that an ordinary user has not, and it is gone with the shell. Its files are reached through
``/proc``; a process that is to work on it is started inside. Where the machine gives nobody a
namespace there is none.
"""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.faults.hub import PATIENCE, Late
from tests.house.source import ROOT

SIZE: Final = 48
"""MiB."""
BALLAST: Final = 12
"""MiB of each file that is there to be removed.

The journal of SQLite may take four of them before it is written back; what remains has to hold more
messages than a trial waits for, or it waits on a disk that is full again already.
"""
INSIDE: Final = Path("/mnt")
"""Where the disk is for a process that was started inside."""
_MIB: Final = 1_048_576


@dataclass(frozen=True)
class SmallDisk:
    """A file system in memory with little room."""

    shell: subprocess.Popen[str]

    @property
    def path(self) -> Path:
        """Where everybody finds its files; SQLite would take the link for another place."""
        return Path("/proc", str(self.shell.pid), "root", *INSIDE.parts[1:])

    @property
    def entrance(self) -> tuple[str, ...]:
        """What a command begins with to be run inside."""
        namespaces = ("--user", "--mount", "--preserve-credentials", f"--wdns={ROOT}")
        return ("nsenter", f"--target={self.shell.pid}", *namespaces, "--")

    def load(self, files: int) -> None:
        """Take room away, in so many files."""
        for number in range(files):
            (self.path / f"ballast-{number}").write_bytes(bytes(BALLAST * _MIB))

    def relieve(self) -> None:
        """Give back the room of one file."""
        min(self.path.glob("ballast-*")).unlink()

    def make_read_only(self) -> None:
        self.tell(f"mount -o remount,ro {INSIDE}")

    def tell(self, command: str) -> bool:
        """Have the shell that holds the disk do something; returns whether it worked."""
        if self.shell.stdin is None or self.shell.stdout is None:
            raise Late("the shell has no ear")
        try:
            self.shell.stdin.write(f"({command}) >&2 && echo yes || echo no\n")
            self.shell.stdin.flush()
        except BrokenPipeError:
            return False
        return self.shell.stdout.readline().strip() == "yes"


@contextmanager
def a_small_disk(size: int = SIZE) -> Iterator[SmallDisk | None]:
    """Give a small disk for as long as the block lasts, or None where there can be none."""
    try:
        shell = subprocess.Popen(
            ["unshare", "--user", "--map-root-user", "--mount", "sh"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
    except FileNotFoundError:
        yield None
        return
    try:
        disk = SmallDisk(shell)
        options = f"size={size}m,mode=700"
        yield disk if disk.tell(f"mount -t tmpfs -o {options} tmpfs {INSIDE}") else None
    finally:
        shell.kill()
        shell.communicate(timeout=PATIENCE)
