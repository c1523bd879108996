# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""``meldeweg demo-clock``: what time it is in a demonstration, and how to put it ahead."""

import os
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from pydantic import TypeAdapter

from hub import clock
from hub.main.demotime import why_forbidden
from hub.main.folder import DataDir
from hub.main.holdings import newest_entry
from hub.main.options import DEFAULT, Address, Folder, hub_in
from hub.main.output import Json, fail, show
from hub.settings import Settings
from hub.store.engine import open_database

FILE: Final = "demo-clock"
"""Below the data directory, where the environment names no other."""
FORMATS: Final = ("%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S")
_DAYS: Final = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")
app = typer.Typer(help="Die Uhr einer Vorführung.", no_args_is_help=True)


def register(top: typer.Typer) -> None:
    """Hang these commands in below ``demo-clock``."""
    top.add_typer(app, name="demo-clock")


@app.command("show")
def show_(data_dir: Folder = DEFAULT, database: Address = None, as_json: Json = False) -> None:
    """Zeigt, wie spät es in der Vorführung ist."""
    file, _ = _hub(data_dir, database)
    _tell(clock.DemoClock(file).ahead, as_json=as_json)


@app.command("set")
def set_(
    to: Annotated[
        datetime, typer.Argument(formats=list(FORMATS), help="Zeit an der Uhr in Deutschland.")
    ],
    data_dir: Folder = DEFAULT,
    database: Address = None,
    as_json: Json = False,
) -> None:
    """Stellt die Uhr der Vorführung, etwa auf „2026-10-24 21:52“."""
    file, newest = _hub(data_dir, database)
    _put(file, to.replace(tzinfo=clock.BERLIN).timestamp() - time.time(), newest, as_json=as_json)


@app.command("advance")
def advance(
    by: Annotated[str, typer.Argument(help="Wie weit, als Dauer nach ISO 8601: PT10M, P2D.")],
    data_dir: Folder = DEFAULT,
    database: Address = None,
    as_json: Json = False,
) -> None:
    """Stellt die Uhr der Vorführung vor."""
    try:
        seconds = TypeAdapter(timedelta).validate_strings(by).total_seconds()
    except ValueError:
        raise fail("Das ist keine Dauer; gemeint ist etwas wie PT10M oder P2D.", 2) from None
    file, newest = _hub(data_dir, database)
    _put(file, clock.DemoClock(file).ahead + seconds, newest, as_json=as_json)


def _hub(data_dir: Path | None, database: str | None) -> tuple[Path, float | None]:
    """Return where the clock of a demonstration stands, and when its log was last written."""
    data = hub_in(data_dir, database)
    settings = Settings()
    if reason := why_forbidden(data, settings.public_url, settings.host):
        raise fail(f"Die Uhr dieses Hubs lässt sich nicht stellen: {reason}.")
    return clock_file(data), _newest(data)


def clock_file(data: DataDir) -> Path:
    """Return the file that the environment names, or the usual one."""
    return Path(os.environ.get(clock.VARIABLE) or data.path / FILE)


def _newest(data: DataDir) -> float | None:
    opened = open_database(data.place)
    try:
        with opened.reading.connect() as connection:
            return newest_entry(connection)
    finally:
        opened.dispose()


def _put(file: Path, ahead: float, newest: float | None, *, as_json: bool) -> None:
    """Write the file, unless the log would know of something that has not happened yet."""
    if newest is not None and time.time() + ahead < newest:
        raise fail(
            f"Das Protokoll reicht bis {_read(newest)}; davor lässt sich die Uhr nicht stellen."
        )
    write_clock(file, ahead)
    _tell(ahead, as_json=as_json)


def write_clock(file: Path, ahead: float) -> None:
    """Replace the file as a whole: whoever looks sees the old time or the new one."""
    descriptor, new = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    with os.fdopen(descriptor, "w", encoding="ascii") as written:
        written.write(f"{ahead:.3f}\n")
    Path(new).replace(file)


def _tell(ahead: float, *, as_json: bool) -> None:
    now = time.time() + ahead
    said: dict[str, Any] = {
        "now": datetime.fromtimestamp(now, clock.BERLIN).isoformat(timespec="seconds"),
        "ahead": round(ahead, 3),
    }
    show(said, as_json, f"In der Vorführung ist es {_read(now)}.")


def _read(second: float) -> str:
    moment = datetime.fromtimestamp(second, clock.BERLIN)
    return f"{_DAYS[moment.weekday()]}, {moment:%d.%m.%Y %H:%M:%S} ({moment:%Z})"
