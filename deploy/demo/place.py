# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Where does the demo keep its things? In one folder that it makes anew at every start.

It deletes nothing that is not its own: the folder says by a file in it whose it is.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from deploy.demo.tell import Failed

ROOT: Final = Path(__file__).parents[2]
DEFAULT: Final = ROOT / "var" / "demo"
MARKER: Final = ".meldeweg-demo"
_TEXT: Final = "Dieser Ordner gehört der Vorführung. Sie löscht ihn bei jedem Start.\n"


@dataclass(frozen=True)
class Place:
    """The folder of one run, and where things are in it."""

    path: Path
    """Relative to the checkout where it lies in it: the address of a socket must be short."""

    @property
    def hub(self) -> Path:
        """Data directory of the hub."""
        return self.path / "hub"

    @property
    def portal(self) -> Path:
        """Data directory of the portal."""
        return self.path / "portal"

    @property
    def connector(self) -> Path:
        """File and state of the connector, and the folder into which it puts what arrives."""
        return self.path / "connector"

    @property
    def check(self) -> Path:
        """What is verified, and with what."""
        return self.path / "check"

    @property
    def clock(self) -> Path:
        """File that says by how much the demo is ahead."""
        return self.path / "demo-clock"

    @property
    def logs(self) -> Path:
        return self.path / "logs"

    def agency(self, unit: str) -> Path:
        """Return the folder of an organisation or unit (``--agency``)."""
        organisation, _, name = unit.replace(":", "-").partition(".")
        return self.path / "agencies" / organisation / name

    def inbox(self, unit: str) -> Path:
        """Return where a unit puts down what it has received."""
        return self.path / "inbox" / unit.replace(":", "-")


@contextmanager
def fresh_place(wanted: Path) -> Iterator[Place]:
    """Make the folder anew and hold it for this run.

    Raises ``Failed`` where something lies there that is not the demo's, or where another one runs.
    """
    path = wanted.absolute()
    _check_own(path)
    path.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path / MARKER, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _hold(descriptor, path)
        _clear(path)
        os.pwrite(descriptor, _TEXT.encode(), 0)
        place = Place(path.relative_to(ROOT) if path.is_relative_to(ROOT) else path)
        for folder in (place.check, place.logs, place.path / "agencies", place.path / "inbox"):
            (ROOT / folder).mkdir(mode=0o700)
        yield place
    finally:
        os.close(descriptor)


def _check_own(path: Path) -> None:
    if path.is_symlink() or (path.exists() and not path.is_dir()):
        raise Failed(f"{path} ist kein Ordner; bitte mit --dir einen anderen angeben.")
    if not path.exists() or not any(path.iterdir()):
        return
    marker = path / MARKER
    if marker.is_symlink() or not marker.is_file() or marker.read_text("utf-8") != _TEXT:
        raise Failed(
            f"In {path} liegt etwas, das nicht von der Vorführung stammt ({MARKER} fehlt). "
            "Es wird nicht gelöscht; bitte mit --dir einen anderen Ordner angeben."
        )


def _hold(descriptor: int, path: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise Failed(
            f"In {path} läuft schon eine Vorführung. Bitte dort mit Strg-C beenden oder mit --dir "
            "einen anderen Ordner angeben."
        ) from None


def _clear(path: Path) -> None:
    """Remove what an earlier run left; the marker stays, so that a crash leaves the folder ours."""
    for each in path.iterdir():
        if each.name == MARKER:
            continue
        if each.is_dir() and not each.is_symlink():
            shutil.rmtree(each)
        else:
            each.unlink()
