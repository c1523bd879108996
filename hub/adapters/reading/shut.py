# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What stands in the place of a log of reading that cannot be opened?

A damaged file must not keep an office from taking notices in. It keeps everybody from seeing their
content here: nothing can be entered, so nothing is shown until somebody has put the file right.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NoReturn

import structlog

from hub.adapters.connector.house import House
from hub.adapters.reading.answers import Answers
from hub.adapters.reading.log import FOLDER, ReadingLog, open_log
from hub.errors import LogUnavailable

SHUT: Final = (
    "Das Lesebuch lässt sich nicht öffnen; bis es wiederhergestellt und die Anbindung neu "
    "gestartet ist, zeigt der Eingang keinen Inhalt."
)
_log: Final = structlog.stdlib.get_logger()


class LogShut(LogUnavailable):
    """The log of reading could not be opened when the connector started."""


class ShutLog(ReadingLog):
    """Takes no entry and answers no question."""

    def __init__(self, folder: Path, unit: str) -> None:
        self.folder = folder
        self.unit = unit
        self.answers = Answers(folder / "bezeugt")

    @property
    def verifier(self) -> NoReturn:
        raise LogShut(SHUT)

    async def note(self, *_: object) -> NoReturn:
        """Refuse: what cannot be entered is not shown."""
        raise LogShut(SHUT)

    async def read(self, *_: object) -> NoReturn:
        raise LogShut(SHUT)

    async def head(self) -> NoReturn:
        raise LogShut(SHUT)

    def note_now(self, *_: object) -> NoReturn:
        raise LogShut(SHUT)

    def read_now(self, *_: object) -> NoReturn:
        raise LogShut(SHUT)

    def write_now(self, *_: object) -> NoReturn:
        raise LogShut(SHUT)

    def close(self) -> None:
        """There is nothing to close."""


@contextmanager
def opened_or_shut(house: House) -> Iterator[ReadingLog]:
    """Open the log of reading of a house, or what takes its place where that is impossible."""
    try:
        log = open_log(house.state, house.agency)
    except Exception as trouble:  # noqa: BLE001  whatever it is, the intake goes on without it
        _log.critical("reading.shut", unit=house.agency.id, kind=type(trouble).__name__)
        log = ShutLog(house.state / FOLDER, house.agency.id)
    try:
        yield log
    finally:
        log.close()
