# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which receipts does this unit hold? A file for each day, one line for each, with its proof.

With it a unit can say what the hub has signed and entered, also where the hub says that it has not.
No content is in it. Days go after the end of the year that follows (Vorgabe des Projekts).
"""

import json
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from hub.client.agency import Agency
from hub.model.receipt import Receipt
from hub.sealing.canonical import digest

_DAY: Final = re.compile(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True)
class Held:
    """A receipt that this unit holds: what it is about, and the answer that proves it."""

    digest: str
    message_id: str
    word: str
    jws: str
    answer: str = ""
    """The hub's answer with entry and proof, where there was one."""


class Ledger:
    """The receipts of one unit, below its state."""

    def __init__(self, agency: Agency) -> None:
        self._folder = agency.path / "state" / "receipts"

    def keep(self, receipt: Receipt, answer: bytes = b"") -> None:
        """Keep a receipt that was verified; the same again is one line more, and one receipt."""
        self._folder.mkdir(mode=0o700, exist_ok=True)
        held = Held(
            digest(receipt.jws), receipt.message_id, receipt.word, receipt.jws, answer.decode()
        )
        line = json.dumps(vars(held), ensure_ascii=False, separators=(",", ":")) + "\n"
        path = self._file(day_of(receipt.iat))
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            # One call, so that two processes of this unit never mix their lines.
            os.write(descriptor, line.encode())
        finally:
            os.close(descriptor)

    def of_day(self, day: str) -> dict[str, Held]:
        """Return the receipts of a day by their digests."""
        try:
            lines = self._file(day).read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return {}
        return {held.digest: held for held in filter(None, map(_read, lines))}

    def days(self) -> Iterator[str]:
        """Name the days of which there is a receipt, the oldest first."""
        return (
            path.stem for path in sorted(self._folder.glob("*.jsonl")) if _DAY.fullmatch(path.stem)
        )

    def forget(self, today: date) -> int:
        """Delete the days of the years before the last; returns how many."""
        gone = [day for day in self.days() if int(day[:4]) < today.year - 1]
        for day in gone:
            self._file(day).unlink(missing_ok=True)
            shutil.rmtree(self.witnessed(day), ignore_errors=True)
        return len(gone)

    def witnessed(self, day: str) -> Path:
        """Return the folder with the witnessed editions of a day's proofs."""
        return self._folder / "bezeugt" / day

    def _file(self, day: str) -> Path:
        if not _DAY.fullmatch(day):
            raise ValueError("not a day")
        return self._folder / f"{day}.jsonl"


def day_of(second: int) -> str:
    """Return the day of a second, in UTC: the two sides must not differ by a time zone."""
    return datetime.fromtimestamp(second, UTC).date().isoformat()


def _read(line: str) -> Held | None:
    # The last line may be half of one, where the power went.
    try:
        return Held(**json.loads(line))
    except (ValueError, TypeError):
        return None
