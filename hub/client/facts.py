# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How are facts kept durably, so that many cost each no more than few?

In small files by key: whoever writes one fact writes those that lie beside it, and no other.
"""

import fcntl
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, TypeAlias

Facts: TypeAlias = dict[str, Any]
Change: TypeAlias = Callable[[Facts], Facts]
_PARTS: Final = 2
"""Digits of the digest by which a fact finds its file: 256 files."""


class Spread:
    """Facts under one name, spread over the files of a folder."""

    def __init__(self, state: Path, name: str) -> None:
        self._state = state
        self._folder = state / name
        self._before = state / f"{name}.json"
        """The one file in which programs of before kept them."""

    def part(self, key: str) -> Facts:
        """Return a fact with those that lie beside it."""
        if self._before.exists():
            self._bring_over()
        return _read(self._file(key))

    def all(self) -> Facts:
        return dict(self.each())

    def each(self) -> Iterator[tuple[str, Any]]:
        """Return one fact after the other, without all of them in memory."""
        if self._before.exists():
            self._bring_over()
        for file in sorted(self._folder.glob("*.json")):
            yield from _read(file).items()

    def revise(self, key: str, change: Change) -> None:
        """Replace the facts beside a key by what becomes of them; nobody else writes meanwhile."""
        if self._before.exists():
            self._bring_over()
        with held(self._state):
            self._revise(self._file(key), change)

    def revise_all(self, change: Change) -> None:
        """Do the same with all of them; nothing is written where ``change`` raises."""
        kept = self.all()
        changed = change(dict(kept))
        for key in kept.keys() | changed.keys():
            if kept.get(key) != changed.get(key):
                self.revise(key, lambda part, key=key: _replaced(part, key, changed))  # type: ignore[misc]

    def _revise(self, file: Path, change: Change) -> None:
        kept = _read(file)
        if (changed := change(dict(kept))) != kept:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            write_json(file, changed)

    def _bring_over(self) -> None:
        """Spread what lies in one file; broken off, it is done once more."""
        with held(self._state):
            for key, value in _read(self._before).items():
                self._revise(self._file(key), lambda part, k=key, v=value: {k: v, **part})  # type: ignore[misc]
            self._before.unlink(missing_ok=True)

    def _file(self, key: str) -> Path:
        return self._folder / f"{sha256(key.encode()).hexdigest()[:_PARTS]}.json"


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Hold a folder for this process: several commands may work for one unit at a time."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def write_json(path: Path, content: object) -> None:
    """Replace a file as a whole, so that a crash leaves the old or the new one."""
    new = path.with_suffix(f".{os.getpid()}.new")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(content, file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(descriptor)
    new.replace(path)
    _sync(path.parent)


def _read(file: Path) -> Facts:
    try:
        kept: Facts = json.loads(file.read_bytes())
    except FileNotFoundError:
        return {}
    return kept


def _replaced(part: Facts, key: str, changed: Facts) -> Facts:
    rest = {name: value for name, value in part.items() if name != key}
    return {**rest, key: changed[key]} if key in changed else rest


def _sync(folder: Path) -> None:
    # Without this a power cut can take the name of a file whose content is safe.
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
