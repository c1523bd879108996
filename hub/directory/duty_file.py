# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What does a file say of a unit's duty?

Offices write it. So everything in it must be understood, and each wrong place is named in German
at once, not one after the other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from hub.directory.duty_changes import MEMBERS
from hub.directory.roster import Duty
from hub.model.participant import Unit
from hub.model.pointer import pointer_of

MAX_BYTES: Final = 256 * 1024
"""The longest roster fits several times over."""
_WRONG: Final = {
    "missing": "fehlt",
    "extra_forbidden": "enthält eine Angabe, die es hier nicht gibt",
    "too_short": "hat zu wenige Einträge",
    "too_long": "hat zu viele Einträge",
    "string_too_short": "ist leer",
    "string_too_long": "ist zu lang",
    "literal_error": "ist keines der erlaubten Wörter",
    "date_type": "ist kein Tag (JJJJ-MM-TT)",
    "greater_than_equal": "ist zu klein",
    "less_than_equal": "ist zu groß",
}
_OTHERWISE: Final = "hat nicht die vorgeschriebene Form"


class DutyInvalid(ValueError):  # noqa: N818  a state of the file, as the refusals are
    """A file cannot be used; each finding is a JSON pointer and what is wrong there, in German."""

    def __init__(self, findings: Sequence[tuple[str, str]]) -> None:
        self.findings = tuple(findings)
        super().__init__("; ".join(f"{pointer}: {wrong}" for pointer, wrong in self.findings))


@dataclass(frozen=True)
class DutyFile:
    """What a file says; of what it does not name it says nothing."""

    duty: Duty
    named: frozenset[str]

    def applied(self, unit: Unit) -> Unit:
        """Return a unit with what the file names; what it leaves out stays as it was published."""
        return unit.model_copy(update={name: getattr(self.duty, name) for name in self.named})


def parse_duty(raw: bytes) -> DutyFile:
    """Read the YAML of a roster, or raise ``DutyInvalid`` with every place that is wrong."""
    if len(raw) > MAX_BYTES:
        raise DutyInvalid([("", "größer als jeder Bereitschaftsplan")])
    value = _loaded(raw)
    try:
        # What stands there with nothing behind it is taken away.
        said = {name: each for name, each in value.items() if each is not None}
        duty = Duty.model_validate(_frozen(said))
    except ValidationError as unfit:
        found = [
            (pointer_of(error, value), _WRONG.get(error["type"], _OTHERWISE))
            for error in unfit.errors(include_url=False)
        ]
        raise DutyInvalid(list(dict.fromkeys(found))) from None
    except RecursionError:
        raise DutyInvalid([("", "kein YAML mit einem Bereitschaftsplan")]) from None
    return DutyFile(duty, frozenset(value))


def _loaded(raw: bytes) -> dict[str, Any]:
    # The safe loader builds plain values only and refuses a member that stands there twice.
    yaml = YAML(typ="safe", pure=True)
    try:
        value: Any = yaml.load(raw)
    except YAMLError as broken:
        mark = getattr(broken, "problem_mark", None)
        where = f" (Zeile {mark.line + 1})" if mark else ""
        raise DutyInvalid([("", f"kein YAML, oder eine Angabe steht doppelt{where}")]) from None
    except (RecursionError, ValueError):
        raise DutyInvalid([("", "kein YAML mit einem Bereitschaftsplan")]) from None
    if not isinstance(value, dict) or not value:
        raise DutyInvalid([("", f"nennt keines von: {', '.join(MEMBERS)}")])
    if not value.keys() <= set(MEMBERS):
        raise DutyInvalid([("", _WRONG["extra_forbidden"])])
    return value


def _frozen(value: Any) -> Any:
    """Return the value with tuples for lists, which is what nouns hold."""
    if isinstance(value, dict):
        return {name: _frozen(member) for name, member in value.items()}
    if isinstance(value, list):
        return tuple(_frozen(item) for item in value)
    return value
