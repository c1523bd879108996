# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The watched folder: what lies in it is looked at with suspicion, and only then an order.

Anybody who may write there can put down anything. So names are ours to judge, links are never
followed, the open file is asked and not its name, and no more is read than an order can have. It is
looked at again and again, because a network drive tells nobody of a new file.
"""

import errno
import json
import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Final

from uuid_utils.compat import uuid4

from hub.adapters.sending.order import MOST, OrderUnfit
from hub.adapters.sending.report import Report

NAME: Final = re.compile(r"[A-Za-z0-9ÄÖÜäöüß][A-Za-z0-9ÄÖÜäöüß _()+,.-]{0,120}\.json")
REPORT: Final = ".bericht.json"
REFUSED: Final = ".abgewiesen"
WORK: Final = ".in-arbeit"
"""Folder below the watched one: what was picked up, until it is sent."""
_KEY: Final = re.compile(r"([0-9a-f]{32})~(.+)", re.DOTALL)
_LONGEST: Final = 200
"""Bytes of a name to which a key can be put in front."""
_LINK: Final = "Das ist eine Verknüpfung; gesendet wird nur, was selbst in diesem Ordner liegt."
_NAME: Final = (
    "Dieser Dateiname ist nicht erlaubt: Buchstaben, Ziffern, Punkt, Strich, Leerzeichen."
)


@dataclass(frozen=True)
class Picked:
    """A file that was picked up and is not sent yet."""

    key: str
    name: str
    """As it was put down."""

    @property
    def file(self) -> str:
        return f"{self.key}~{self.name}"


@dataclass
class Watched:
    """A folder that is looked at."""

    path: Path
    _before: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Size and time of what lay there at the last look: what still grows is left alone."""

    def look(self) -> tuple[Picked, ...]:
        """Pick up what has come and does not grow any more, and what broke off before."""
        with _opened(self.path) as folder, _working(folder) as work:
            before, self._before = self._before, _waiting(folder)
            for name, seen in self._before.items():
                if before.get(name) == seen:
                    _pick_up(name, folder, work)
            with os.scandir(work) as entries:
                found = [_KEY.fullmatch(name) for name in sorted(each.name for each in entries)]
            return tuple(Picked(each[1], each[2]) for each in found if each)

    def read(self, picked: Picked) -> bytes:
        """Return what a file says; raises ``OrderUnfit`` for what must not be sent."""
        if not NAME.fullmatch(picked.name):
            raise OrderUnfit(_NAME)
        with _opened(self.path) as folder, _working(folder) as work:
            return _content(picked.file, work)

    def finish(self, picked: Picked, report: Report) -> None:
        """Write the report beside where the file lay; what was sent goes, what was not stays."""
        name = picked.name if NAME.fullmatch(picked.name) else f"datei-{_mark(picked.name)}.json"
        with _opened(self.path) as folder, _working(folder) as work:
            _write(name.removesuffix(".json") + REPORT, report, folder)
            if report.outcome == "angenommen":
                os.unlink(picked.file, dir_fd=work)
            else:
                os.rename(picked.file, name + REFUSED, src_dir_fd=work, dst_dir_fd=folder)

    def say(self, picked: Picked, report: Report) -> None:
        """Write a report of something that goes on."""
        with _opened(self.path) as folder:
            _write(picked.name.removesuffix(".json") + REPORT, report, folder)


def _waiting(folder: int) -> dict[str, tuple[int, int]]:
    """Return what lies there and ends like an order, with size and time."""
    found = {}
    with os.scandir(folder) as entries:
        for each in entries:
            if not each.name.endswith(".json") or each.name.endswith(REPORT):
                continue
            with suppress(FileNotFoundError):
                about = each.stat(follow_symlinks=False)
                if not stat.S_ISDIR(about.st_mode):
                    found[each.name] = (about.st_size, about.st_mtime_ns)
    return found


def _pick_up(name: str, folder: int, work: int) -> None:
    """Take a file out of everybody's reach; one that cannot be moved keeps no other waiting."""
    fits = len(os.fsencode(name)) <= _LONGEST
    kept = Picked(uuid4().hex, name if fits else f"zu-lang-{_mark(name)}")
    with suppress(OSError):
        os.rename(name, kept.file, src_dir_fd=folder, dst_dir_fd=work)


def _content(name: str, work: int) -> bytes:
    try:
        descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=work)
    except OSError as trouble:
        said = _LINK if trouble.errno == errno.ELOOP else "Die Datei lässt sich nicht lesen."
        raise OrderUnfit(said) from None
    with os.fdopen(descriptor, "rb") as file:
        about = os.fstat(descriptor)
        if not stat.S_ISREG(about.st_mode):
            raise OrderUnfit("Das ist keine Datei.")
        if about.st_nlink != 1:
            raise OrderUnfit(_LINK)
        try:
            return file.read(MOST + 1)
        except OSError:
            raise OrderUnfit("Die Datei lässt sich nicht lesen.") from None


def _write(name: str, report: Report, folder: int) -> None:
    new = f".bericht-{uuid4().hex}"
    how = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    descriptor = os.open(new, how, 0o640, dir_fd=folder)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(report.as_json(), file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(descriptor)
    os.replace(new, name, src_dir_fd=folder, dst_dir_fd=folder)
    os.fsync(folder)


def _mark(name: str) -> str:
    return sha256(name.encode("utf-8", "surrogateescape")).hexdigest()[:8]


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def _working(folder: int) -> Iterator[int]:
    """Open the folder of what is worked on; a link in its place is none."""
    with suppress(FileExistsError):
        os.mkdir(WORK, 0o700, dir_fd=folder)
    descriptor = os.open(WORK, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=folder)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
