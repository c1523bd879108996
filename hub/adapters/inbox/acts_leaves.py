# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What does one box say? A value of its schema, or one German sentence with the id of the box."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import Final, cast

from hub.adapters.inbox.acts_boxes import DATE_PARTS, Box, Given, said
from hub.clock import BERLIN
from hub.model.json import Json, JsonObject
from hub.sealing.text import is_plain_text

BOOLEAN: Final[Mapping[str, Json]] = {"ja": True, "nein": False}
_TIME: Final = re.compile(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])")
_YEARS: Final = range(1900, 2101)
_BOUNDS: Final = {"tag": (1, 31), "monat": (1, 12)}


class BoxUnfit(Exception):  # noqa: N818  something is to be put right
    """What stands in a box is no value of it."""

    def __init__(self, box: str, text: str) -> None:
        self.box = box
        """Id of the input."""
        self.text = text
        super().__init__(text)


def read_leaf(box: Box, given: Given) -> Json:
    """Return the value of a box that is filled in; raises ``BoxUnfit``."""
    return _READ[box.kind](box, given)


def _text(box: Box, given: Given) -> Json:
    text = unicodedata.normalize("NFC", said(given, box.name).replace("\r\n", "\n"))
    pattern = box.field.get("pattern")
    least = cast("int", box.field.get("min") or 0)
    if len(text) > box.longest:
        raise BoxUnfit(box.name, box.objected(f"Höchstens {box.longest} Zeichen."))
    if len(text) < least:
        raise BoxUnfit(box.name, box.objected(f"Mindestens {least} Zeichen."))
    if not is_plain_text(text):
        raise BoxUnfit(box.name, box.objected("Ein Zeichen darin kann nicht gesendet werden."))
    if pattern is not None and re.search(str(pattern), text) is None:
        raise BoxUnfit(box.name, box.objected("So kann diese Angabe nicht geschrieben sein."))
    return text


def _choice(box: Box, given: Given) -> Json:
    listed = cast("list[JsonObject]", box.field["choices"])
    values = {str(each["value"]): each["value"] for each in listed}
    chosen = said(given, box.name)
    if chosen not in values:
        raise BoxUnfit(box.name, box.objected("Bitte wählen Sie eine der Antworten."))
    return values[chosen]


def _several(box: Box, given: Given) -> Json:
    ticked = {each.strip() for each in given.get(box.name, ())}
    listed = cast("list[JsonObject]", box.field["choices"])
    chosen = [each["value"] for each in listed if str(each["value"]) in ticked]
    if len(chosen) > box.longest:
        raise BoxUnfit(box.name, box.objected(f"Höchstens {box.longest} davon."))
    return chosen


def _boolean(box: Box, given: Given) -> Json:
    answer = said(given, box.name)
    if answer not in BOOLEAN or (box.kind == "confirm" and answer != "ja"):
        raise BoxUnfit(box.name, box.objected("Bitte mit Ja oder Nein antworten."))
    return BOOLEAN[answer]


def _number(box: Box, given: Given) -> Json:
    text, least = said(given, box.name), cast("int", box.field["min"])
    if not re.fullmatch(r"[0-9]{1,9}", text) or not least <= int(text) <= box.longest:
        raise BoxUnfit(box.name, box.objected(f"Eine Zahl von {least} bis {box.longest}."))
    return int(text)


def _date(box: Box, given: Given) -> Json:
    return _day(box, given).isoformat()


def _moment(box: Box, given: Given) -> Json:
    day, place = _day(box, given), f"{box.name}-zeit"
    clock = _TIME.fullmatch(said(given, place))
    if clock is None:
        raise BoxUnfit(place, box.objected("Es fehlt die Uhrzeit, zum Beispiel 14:05."))
    return datetime.combine(day, time(int(clock[1]), int(clock[2])), BERLIN).isoformat()


def _day(box: Box, given: Given) -> date:
    parts = [said(given, f"{box.name}-{part}") for part in reversed(DATE_PARTS)]
    try:
        year, month, day = (int(each) for each in parts if each.isascii())
        found = date(year, month, day)
    except ValueError:
        raise BoxUnfit(
            box.first, box.objected("Diesen Tag gibt es nicht. Beispiel: 15 3 2026.")
        ) from None
    if found.year not in _YEARS:
        raise BoxUnfit(f"{box.name}-jahr", box.objected("Bitte das Jahr mit vier Ziffern."))
    return found


def _birth(box: Box, given: Given) -> Json:
    known: JsonObject = {}
    for part in box.parts:
        text = said(given, f"{box.name}-{part}")
        least, most = _BOUNDS.get(part, (cast("int", box.field["min"]), box.longest))
        if not text:
            continue
        if not re.fullmatch(r"[0-9]{1,4}", text) or not least <= int(text) <= most:
            raise BoxUnfit(f"{box.name}-{part}", box.objected("Dieses Datum gibt es nicht."))
        known[part] = int(text)
    return known


_READ: Final[Mapping[str, Callable[[Box, Given], Json]]] = {
    "line": _text,
    "paragraph": _text,
    "choice": _choice,
    "several": _several,
    "yes-no": _boolean,
    "confirm": _boolean,
    "number": _number,
    "date": _date,
    "moment": _moment,
    "birth": _birth,
}
