# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What was put somewhere from which others take it away?

A file that is gone has been fetched or was never there, and only whoever put it down can tell. So
before the first name appears, a mark here says that all files lie ready under another name. It
holds ids and a date, and nothing of any content.
"""

import json
import os
from pathlib import Path
from typing import Any, Final

from hub.adapters.delivery import Delivery

_MODE: Final = 0o700
_GRACE: Final = 86_400
"""Seconds beyond the end of a message; then nobody can open it any more, nor hand it over."""

_PAUSE: Final = 3600
"""Seconds between two looks for such."""


class Traces:
    """The marks of one adapter, each a small file that is on the disk when ``note`` returns."""

    def __init__(self, folder: Path) -> None:
        """Make nothing yet; an adapter that was only asked leaves nothing behind."""
        self._folder = folder
        self._looks_at = 0.0

    def of(self, delivery: Delivery) -> tuple[str, ...] | None:
        """Return the names under which a delivery was about to appear; None where it was not."""
        try:
            said: dict[str, Any] = json.loads(self._path(delivery).read_bytes())
        except FileNotFoundError:
            return None
        return tuple(said["names"])

    def note(self, delivery: Delivery, names: tuple[str, ...]) -> None:
        """Say that all of it lies ready; a crash leaves the whole mark or none."""
        self._folder.mkdir(mode=_MODE, parents=True, exist_ok=True)
        path = self._path(delivery)
        new = path.with_suffix(f".{os.getpid()}.new")
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump({"ends": delivery.ends, "names": names}, file)
            file.flush()
            os.fsync(descriptor)
        new.replace(path)
        self._sync()

    def forget(self, now: float) -> int:
        """Drop the marks of messages that nobody can open any more; returns how many.

        Looked at now and then, and one after the other: there may be tens of thousands.
        """
        if now < self._looks_at or not self._folder.is_dir():
            return 0
        self._looks_at = now + _PAUSE
        with os.scandir(self._folder) as marks:
            paths = (Path(each.path) for each in marks if each.name.endswith(".json"))
            gone = [path for path in paths if _ends(path) + _GRACE < now]
        for path in gone:
            path.unlink(missing_ok=True)
        return len(gone)

    def _path(self, delivery: Delivery) -> Path:
        return self._folder / f"{delivery.id}.json"

    def _sync(self) -> None:
        descriptor = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _ends(path: Path) -> float:
    try:
        return float(json.loads(path.read_bytes())["ends"])
    except (OSError, ValueError, KeyError):
        # Nobody knows; it stays, and costs a hundred bytes.
        return float("inf")
