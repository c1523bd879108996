# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What did somebody fill into a form, and what is to be put right before it can be taken?

Every objection names its field, so that a page can lead there.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Final

from hub.web.german import ZONE
from hub.web.sessions import Form

LONGEST_LINE: Final = 200
LONGEST_TEXT: Final = 20_000
_TIME: Final = re.compile(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])")


@dataclass
class Filled:
    """The fields of one form; objections are collected as they are read."""

    form: Form
    wrong: dict[str, str] = field(default_factory=dict)
    """What to put right, by field."""

    @property
    def empty(self) -> "Filled":
        """Return a form of which nothing is filled in, for the one beside this."""
        return Filled({})

    def said(self, name: str) -> str:
        """Return what stands in a field, to show it again."""
        return self.form.get(name, ("",))[0]

    def chosen(self, name: str) -> tuple[str, ...]:
        """Return everything that was ticked."""
        return self.form.get(name, ())

    def line(self, name: str, what: str, *, required: bool = True) -> str:
        """Return one line of text."""
        text = self.said(name)
        if required and not text:
            self.wrong[name] = f"Es fehlt: {what}."
        if len(text) > LONGEST_LINE or not text.isprintable():
            self.wrong[name] = f"{what}: höchstens {LONGEST_LINE} Zeichen in einer Zeile."
        return text

    def text(self, name: str, what: str) -> str:
        """Return text of several lines, or none."""
        text = self.said(name).replace("\r\n", "\n")
        if len(text) > LONGEST_TEXT:
            self.wrong[name] = f"{what}: höchstens {LONGEST_TEXT} Zeichen."
        if not all(each.isprintable() or each in "\n\t" for each in text):
            self.wrong[name] = f"{what}: Es steht ein Steuerzeichen darin."
        return text

    def one_of(self, name: str, known: Collection[str], what: str) -> str:
        """Return a choice out of those that there are."""
        text = self.said(name)
        if text not in known:
            self.wrong[name] = f"Bitte wählen Sie: {what}."
        return text

    def some_of(self, name: str, known: Collection[str], what: str) -> tuple[str, ...]:
        """Return any number of choices out of those that there are."""
        ticked = self.chosen(name)
        if not set(ticked) <= set(known):
            self.wrong[name] = f"Bitte wählen Sie neu: {what}."
        return ticked

    def day(self, name: str, what: str) -> date:
        """Return a day of three fields; German order, whatever the browser thinks of it."""
        parts = [self.said(f"{name}_{part}") for part in ("tag", "monat", "jahr")]
        try:
            number, month, year = (int(each) for each in parts if each.isascii())
            found = date(year, month, number)
        except ValueError:
            self.wrong[f"{name}_tag"] = f"{what}: Diesen Tag gibt es nicht. Beispiel: 15 3 2027."
            return date.min
        if not 2000 <= found.year <= 2100:  # noqa: PLR2004  whoever types 27 means 2027
            self.wrong[f"{name}_jahr"] = f"{what}: Bitte das Jahr mit vier Ziffern."
        return found

    def second(self, on: date, name: str, what: str) -> int:
        """Return the second of a time on a day."""
        known = _TIME.fullmatch(self.said(name))
        if known is None:
            self.wrong[name] = f"{what}: Stunde und Minute, zum Beispiel 14:00."
            return 0
        if on == date.min:
            return 0
        at = time(int(known[1]), int(known[2]))
        return int(datetime.combine(on, at, ZONE).timestamp())
