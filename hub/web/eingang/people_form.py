# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What does somebody who manages people want, as the form says it; and what is missing in it?"""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final

from hub.clock import BERLIN
from hub.people.naming import LONGEST_NAME
from hub.web.browsers import Form

_LAST: Final = time(23, 59, 59)


@dataclass(frozen=True)
class Wanted:
    """Somebody's roles, and perhaps the last day for which they are given."""

    name: str
    roles: tuple[str, ...]
    day: str
    """As it was written; empty for no end."""

    @property
    def until(self) -> int | None:
        """The last second for which the roles are given; raises ``ValueError`` for no day."""
        if not self.day:
            return None
        ends = datetime.combine(date.fromisoformat(self.day), _LAST, BERLIN)
        return int(ends.timestamp())

    def wrong(self, roles: tuple[str, ...], now: int, *, is_new: bool) -> dict[str, str]:
        """Return what is not right, by field."""
        found = {}
        if is_new and not (0 < len(self.name) <= LONGEST_NAME and self.name.isprintable()):
            found["name"] = "Geben Sie bitte einen Namen an."
        if not self.roles or not set(self.roles) <= set(roles):
            found["rollen"] = "Wählen Sie bitte mindestens eine Rolle."
        if not self._ends_later(now):
            found["bis"] = "Das Enddatum liegt nicht in der Zukunft."
        return found

    def _ends_later(self, now: int) -> bool:
        try:
            return self.until is None or self.until > now
        except (ValueError, OverflowError):
            return False


def wanted_of(form: Form) -> Wanted:
    """Read a form about somebody's roles."""
    return Wanted(form.one("name"), form.all("rollen"), form.one("bis"))


def day_of(second: int | None) -> str:
    """Return a last second as the field of a form shows it."""
    return "" if second is None else datetime.fromtimestamp(second, BERLIN).date().isoformat()
