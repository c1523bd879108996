# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What has somebody on duty to know in thirty seconds, and in which order?

Urgency, child, age, where now, what happened, danger to staff, who reported, call-back. Names of
members are the shared vocabulary's, so this holds for every protocol; what a step does not say has
no line, except where its silence is itself something to know.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal, cast

from hub.adapters.delivery import Delivery
from hub.adapters.forms.age import age
from hub.adapters.forms.labelled import Group, Value, birth, values, withheld
from hub.adapters.forms.sections import dialled
from hub.adapters.forms.whereabouts import NOT_SAID, Seen, whereabouts
from hub.clock import BERLIN
from hub.model.json import Json
from hub.protocols.wording import URGENCY

Kind = Literal[
    "dringlichkeit", "akut", "kind", "alter", "aufenthalt", "geschehen", "gefahr", "beachten",
    "meldende", "rueckruf",
]  # fmt: skip
LABELS: Final[Mapping[Kind, str]] = {
    "dringlichkeit": "Dringlichkeit",
    "akut": "Akut",
    "kind": "Kind",
    "alter": "Alter",
    "aufenthalt": "Wo jetzt",
    "geschehen": "Was geschehen ist",
    "gefahr": "Gefahr für Fachkräfte",
    "beachten": "Zu beachten",
    "meldende": "Wer mitteilt",
    "rueckruf": "Rückruf",
}
_STORIES: Final = (
    "/einsatz/anlass", "/gefahr", "/sachverhalt", "/beobachtungen", "/tatsachen", "/feststellungen",
    "/zuletzt", "/frage", "/antwort", "/neues",
)  # fmt: skip
_ACUTE: Final = (
    "/dringende_gefahr", "/anzeichen/akut", "/verletzungen/arzt_jetzt_noetig", "/kind/verletzt",
    "/lage/verletzt", "/gesundheit/notfall", "/gesundheit/zu_tun", "/risiko/art",
    "/risiko/medikament",
)  # fmt: skip
_DANGERS: Final = ("waffen", "tiere", "gewalt")
_MINDED: Final = (
    "/hinweise/auskunftssperre", "/hinweise/sprache", "/hinweise/behinderung_kontakt", "/sprache",
    "/zu_beachten", "/herausgabe_nur_an_jugendamt", "/gesundheit/allergien",
)  # fmt: skip
_SHORTER: Final = {"/dringende_gefahr": "Dringende Gefahr"}
"""Where the label of the form is a question."""


@dataclass(frozen=True)
class Line:
    """One line of the overview."""

    kind: Kind
    text: str
    is_alarm: bool = False
    telephone: str = ""
    """A number with which the text begins, as it was written; empty where there is none."""

    @property
    def label(self) -> str:
        return LABELS[self.kind]


def glance(delivery: Delivery, said: Group) -> tuple[Line, ...]:
    """Return the lines of the overview in their order."""
    day = datetime.fromtimestamp(delivery.issued, BERLIN).date()
    found = {each.pointer: each for each in values(said)}
    hidden = {each.pointer for each in withheld(said)}
    lines = (
        Line("dringlichkeit", URGENCY[delivery.urgency], delivery.urgency == "sofort"),
        *_acute(found),
        *_children(delivery, Seen(found, hidden), day),
        *_happened(found),
        *_danger(delivery, found),
        *_minded(found),
        *_reporting(delivery, found),
    )
    return tuple(line for line in lines if line.text)


def _acute(found: Mapping[str, Value]) -> Iterator[Line]:
    true = [each for each in _below(found, _ACUTE) if each.raw is not False]
    texts = [_SHORTER.get(e.pointer, e.label) if e.raw is True else e.text for e in true]
    yield Line("akut", "; ".join(texts), is_alarm=True)


def _minded(found: Mapping[str, Value]) -> Iterator[Line]:
    """Yield what is no danger and has to be known before somebody rings or goes there."""
    true = [each for each in _below(found, _MINDED) if each.raw is not False]
    texts = [each.label if each.raw is True else f"{each.label}: {each.text}" for each in true]
    yield Line(
        "beachten", "\n".join(texts), is_alarm="/hinweise/auskunftssperre" in _pointers(true)
    )


def _pointers(several: list[Value]) -> set[str]:
    return {each.pointer for each in several}


def _children(delivery: Delivery, seen: Seen, day: date) -> Iterator[Line]:
    several = list(_persons(delivery.content))
    for number, (pointer, beside) in enumerate(several, 1):
        mark = f"{number}. " if len(several) > 1 else ""
        born = cast("Mapping[str, Json]", _at(delivery.content, f"{pointer}/geburt") or {})
        yield Line("kind", mark + (_name(seen.found, pointer) or "Name nicht bekannt"))
        yield Line("alter", mark + _aged(born, day))
        yield Line("aufenthalt", mark + whereabouts(seen, pointer, beside))


def _persons(content: Mapping[str, Json]) -> Iterator[tuple[str, str]]:
    """Yield the pointers of the children: of what says who, and of what says where."""
    listed = content.get("kinder")
    for name in ("kind", "beschuldigt", "person"):
        if isinstance(content.get(name), dict) and not isinstance(listed, list):
            yield f"/{name}", f"/{name}"
            return
    for number, each in enumerate(listed if isinstance(listed, list) else ()):
        within = isinstance(each, dict) and "kind" in each
        yield f"/kinder/{number}{'/kind' if within else ''}", f"/kinder/{number}"


def _name(found: Mapping[str, Value], pointer: str) -> str:
    def part(name: str) -> str:
        each = found.get(f"{pointer}/name/{name}") or found.get(f"{pointer}/{name}")
        return each.text if each else ""

    whole = ", ".join(filter(None, (part("familienname"), part("vorname"))))
    called = part("rufname")
    return f"{whole} (gerufen {called})" if called else whole


def _aged(born: Mapping[str, Json], day: date) -> str:
    years = age(born, day)
    return f"{years} (geboren {birth(born)})" if years else "nicht bekannt"


def _happened(found: Mapping[str, Value]) -> Iterator[Line]:
    """Yield what happened, what belongs together on one line: „16.03.2026, Kind: …“."""
    together: dict[str, list[Value]] = {}
    for each in _below(found, _STORIES):
        entry = each.pointer if each.pointer in _STORIES else each.pointer.rpartition("/")[0]
        together.setdefault(entry, []).append(each)
    yield Line("geschehen", "\n".join(map(_joined, together.values())))


def _joined(parts: list[Value]) -> str:
    """Return codes side by side, and what was seen behind when and by whom."""
    *before, last = (each.text for each in parts)
    if parts[-1].kind != "text":
        return "; ".join((*before, last))
    return f"{', '.join(before)}: {last}" if before else last


def _danger(delivery: Delivery, found: Mapping[str, Value]) -> Iterator[Line]:
    if "hinweise" not in delivery.content:
        return
    marks = [each for name in _DANGERS if (each := found.get(f"/hinweise/{name}"))]
    alarms = [each.label for each in marks if each.raw is True]
    denied = ", ".join(each.label for each in marks if each.raw is False)
    why = found.get("/hinweise/erlaeuterung")
    said = "; ".join((*alarms, *((why.text,) if why else ())))
    nothing = f"Verneint: {denied}" if denied else NOT_SAID
    yield Line("gefahr", said or nothing, is_alarm=bool(alarms))


def _reporting(delivery: Delivery, found: Mapping[str, Value]) -> Iterator[Line]:
    person = _name(found, "/absender")
    yield Line("meldende", ", ".join(filter(None, (delivery.sender_name, person))))
    until = found.get("/absender/erreichbar_bis")
    number = found.get("/absender/kontakt/kennung") or found.get("/kontakt/kennung")
    if number:
        text = number.text + (f", erreichbar bis {until.text}" if until else "")
        yield Line("rueckruf", text, telephone=number.text if dialled(number.text) else "")


def _below(found: Mapping[str, Value], pointers: tuple[str, ...]) -> Iterator[Value]:
    """Yield the values at or below these pointers, in the order of the pointers."""
    for wanted in pointers:
        for pointer, each in found.items():
            if pointer == wanted or pointer.startswith(f"{wanted}/"):
                yield each


def _at(content: Json, pointer: str) -> Json:
    part = content
    for step in pointer.strip("/").split("/"):
        if isinstance(part, dict):
            part = part.get(step)
        elif isinstance(part, list) and step.isdigit() and int(step) < len(part):
            part = part[int(step)]
        else:
            return None
    return part
