# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The log of reading of one unit: enter a look, ask what was looked at."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection

from hub import clock
from hub.adapters.connector.house import House
from hub.adapters.reading.answers import Answers
from hub.adapters.reading.chain import Chain
from hub.adapters.reading.names import pid_of
from hub.adapters.reading.reading import Reading
from hub.adapters.reading.tables import Books
from hub.audit.checkpoint import origin_of_reading
from hub.audit.note import Signer, Verifier
from hub.audit.tree import read_checkpoint, read_index
from hub.client import Agency
from hub.client.wrapped import lock_in, secret_of
from hub.model.json import Json

FOLDER: Final = "lesebuch"
DATABASE: Final = "lesebuch.db"
_KEY: Final = "log.key"
T = TypeVar("T")


class ReadingLog:
    """Entries are added; every one is on the disk before its page is made."""

    def __init__(self, folder: Path, unit: str, signer: Signer) -> None:
        self.folder = folder
        self.unit = unit
        self._chain = Chain(signer)
        self._books = Books(folder / DATABASE, self._chain)
        self.answers = Answers(folder / "bezeugt")
        """What the hub answered to each head."""

    @property
    def vkey(self) -> str:
        """The public key of this log as one line."""
        return self.verifier.vkey

    @property
    def verifier(self) -> Verifier:
        return self._chain.verifier

    async def note(self, reading: Reading) -> int:
        """Enter a look and return its place; it is on the disk when this returns.

        Raises a ``Failure`` where it could not be written: then nothing may be shown.
        """
        return await self._books.write_and(
            partial(self._enter, reading, clock.now()), lambda _, entry: self._chain.index[entry]
        )

    def note_now(self, reading: Reading) -> int:
        """Do the same from a thread that may wait (commands)."""
        entry = self._books.write_now(partial(self._enter, reading, clock.now()))
        return self.read_now(partial(read_index, event_id=entry)) or 0

    async def read(self, question: Callable[[Connection], T]) -> T:
        """Answer a question that takes a while on one snapshot; it changes nothing."""
        return await self._books.read_long(question)

    def read_now(self, question: Callable[[Connection], T]) -> T:
        """Answer in this thread."""
        return self._books.read_now(question)

    def write_now(self, work: Callable[[Connection, Chain], T]) -> T:
        """Change what may be changed, with the entries that this takes (retention)."""
        return self._books.write_now(lambda connection: work(connection, self._chain))

    async def head(self) -> str | None:
        """Return the newest checkpoint as a signed note; None while nothing was entered."""
        found = await self._books.read(read_checkpoint)
        return None if found is None else found[1]

    def close(self) -> None:
        """Finish what waits and close the file."""
        self._books.close()

    def _enter(self, reading: Reading, at: float, connection: Connection) -> str:
        pid = pid_of(connection, reading.person, at) if reading.person else ""
        return self._chain.append(connection, _members(reading, self.unit, pid), at)


@contextmanager
def a_reading_log(house: House) -> Iterator[ReadingLog]:
    """Open the log of reading of a house; its key is made at the first use."""
    log = open_log(house.state, house.agency)
    try:
        yield log
    finally:
        log.close()


def open_log(state: Path, agency: Agency) -> ReadingLog:
    """Open the log in the state of a connector."""
    folder = state / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    secret = secret_of(folder / _KEY, lock_in(agency.keys.folder))
    signer = Signer(
        origin_of_reading(agency.hub.id, agency.id), Ed25519PrivateKey.from_private_bytes(secret)
    )
    return ReadingLog(folder, agency.id, signer)


def _members(reading: Reading, unit: str, pid: str) -> dict[str, Json]:
    about: dict[str, Json] = {
        "ty": reading.about, "id": reading.message, "ct": reading.protocol, "d": "",
    }  # fmt: skip
    if reading.count is not None:
        about["n"] = reading.count
    return {
        "k": reading.kind,
        "out": "refused" if reading.is_denied else "ok",
        "act": {"org": unit, "role": reading.role, "pid": pid},
        "obj": about,
        "cnv": reading.conversation,
        "cls": list(reading.classes),
        "why": reading.why,
    }
