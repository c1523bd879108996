# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""In which tables is a notice counted, and which ways through them are possible at all?

Every notice goes one way: from its sender's field by its protocol to its urgency, on through how
soon it was taken and a person knew of it, to whether it was passed on, who took it and whether the
office was open. What no notice can be has no way, and whoever reads may know that.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from hub.inquire.suppression import Cell

MINUTE: Final = 60
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR
URGENCIES: Final = ("sofort", "unverzueglich", "planbar")
_PRESSING: Final = ("sofort", "unverzueglich")
_PLANNED: Final = ("planbar",)
_AT_ONCE: Final = ("sofort",)
WAYS: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "schule": {"schule-mitteilung": URGENCIES, "schulabsentismus": _PLANNED},
    "gesundheit": {"gesundheit-mitteilung": URGENCIES, "inobhutnahme": _AT_ONCE},
    "polizei": {
        "polizei-mitteilung": URGENCIES,
        "auskunftsersuchen": URGENCIES,
        "inobhutnahme": _AT_ONCE,
        "jugendgerichtshilfe": URGENCIES,
        "vermisste": _AT_ONCE,
    },
    "staatsanwaltschaft": {
        "justiz-mitteilung": _PRESSING,
        "auskunftsersuchen": URGENCIES,
        "jugendgerichtshilfe": URGENCIES,
    },
    "gericht": {
        "justiz-mitteilung": _PRESSING,
        "auskunftsersuchen": URGENCIES,
        "familiengericht": URGENCIES,
        "jugendgerichtshilfe": URGENCIES,
    },
    "ordnungsamt": {"ordnungsamt-mitteilung": URGENCIES},
    "traeger": {"traeger-mitteilung": URGENCIES},
    "jugendamt": {
        "jugendamt-mitteilung": URGENCIES,
        "fallabgabe": _PLANNED,
        "fallkonferenz": _PLANNED,
    },
    "krisendienst": {"inobhutnahme": _AT_ONCE},
    "zoll": {"zoll-mitteilung": URGENCIES},
    "andere": {"andere": URGENCIES},
}
"""Who may begin what at a Jugendamt, by which urgency. A further line counts from the half-year
that follows: the tables of an earlier one stay as they were shown."""
ANSWERED: Final = frozenset({"schule-mitteilung", "gesundheit-mitteilung", "traeger-mitteilung"})
"""Protocols with feedback; they know every urgency."""
SOON: Final = {"sofort": 2 * MINUTE, "unverzueglich": 15 * MINUTE, "planbar": 4 * HOUR}
"""Seconds to delivery, after which the clock of the protocols asks the next (planbar: of any time,
not of office hours alone)."""
FEEDBACK: Final = {"7": 7 * DAY, "14": 14 * DAY, "30": 30 * DAY, "mehr": None}
TAKEOVER: Final = {"12": 12 * HOUR, "24": DAY, "72": 3 * DAY, "mehr": None}
ALL: Final = "alle"


@dataclass(frozen=True)
class Notice:
    """What is counted of one notice."""

    sector: str
    protocol: str
    urgency: str
    taken_after: int | None
    known_after: int | None
    allowed: int
    """Seconds until its sender is told that nobody has taken note."""
    feedback_after: int | None
    was_passed: bool
    by_service: bool
    in_hours: bool


@dataclass(frozen=True)
class Handover:
    """What is counted of one handover of a crisis service."""

    follows_notice: bool
    taken_over_after: int | None


@dataclass(frozen=True)
class Tables:
    """Counts as they hang together, and for each table the cell that is its sum."""

    cells: tuple[Cell, ...]
    totals: tuple[tuple[str, str], ...]


def count_notices(notices: Iterable[Notice]) -> Tables:
    """Count notices in all tables at once."""
    return _counted(_Net.of_notices(), (_way(each) for each in notices))


def count_handovers(handovers: Iterable[Handover]) -> Tables:
    """Count handovers in all tables at once."""
    return _counted(_Net.of_handovers(), (_handover_way(each) for each in handovers))


class _Net:
    """The places where something is counted, before anything is."""

    def __init__(self) -> None:
        self.cells: dict[str, Cell] = {}
        self.totals: dict[str, str] = {}

    @classmethod
    def of_notices(cls) -> "_Net":
        net = cls()
        net.put(ALL, "aus", "ein", ALL)
        for sector, protocols in WAYS.items():
            net.put(f"bereich/{sector}", "ein", sector, "bereich", ALL)
            for protocol, urgencies in protocols.items():
                net.add_protocol(sector, protocol, urgencies)
        net.add_feedback()
        for urgency in URGENCIES:
            net.add_urgency(urgency)
        net.put("weitergabe/ja", "bekannt", "b", "weitergabe", ALL)
        net.put("weitergabe/nein", "nicht", "b", "weitergabe", ALL)
        net.join(("bekannt", "unbekannt"), "nicht")
        net.put("krisendienst/ja", "b", "c", "krisendienst", ALL)
        net.put("krisendienst/nein", "b", "c", "krisendienst", ALL)
        net.put("dienstzeit/nein", "c", "aus", "dienstzeit", ALL)
        net.put("dienstzeit/ja", "c", "aus", "dienstzeit", ALL)
        return net

    @classmethod
    def of_handovers(cls) -> "_Net":
        net = cls()
        net.put("uebergaben", "aus", "ein", "uebergaben")
        for origin in ("mitteilung", "anruf"):
            net.put(f"anlass/{origin}", "ein", "da", "anlass", "uebergaben")
        for each in TAKEOVER:
            net.put(f"uebernahme/{each}", "da", "aus", "uebernahme", "uebergaben")
        return net

    def put(self, key: str, tail: str, head: str, table: str = "", total: str = "") -> None:
        self.cells[key] = Cell(key, tail, head, 0, table)
        if total:
            self.totals[table] = total

    def join(self, tails: Iterable[str], head: str) -> None:
        """Say that one may go from each of these points to another, which nobody counts."""
        for tail in tails:
            self.put(f"{tail}>{head}", tail, head)

    def add_protocol(self, sector: str, protocol: str, urgencies: Iterable[str]) -> None:
        key, point = f"verfahren/{sector}/{protocol}", f"{sector}/{protocol}"
        if len(WAYS[sector]) > 1:
            self.put(key, sector, point, f"verfahren/{sector}", f"bereich/{sector}")
        else:
            # It would be the same number a second time.
            self.put(key, sector, point)
        for each in ("antwort",) if protocol in ANSWERED else urgencies:
            self.join((point,), each)

    def add_feedback(self) -> None:
        self.put("vorgesehen", "antwort", "antwort?", "vorgesehen")
        for each in FEEDBACK:
            self.put(f"rueckmeldung/{each}", "antwort?", f"r{each}", "rueckmeldung", "vorgesehen")
            for urgency in URGENCIES:
                self.join((f"r{each}",), urgency)

    def add_urgency(self, urgency: str) -> None:
        u = urgency
        self.put(f"dringlichkeit/{u}", u, f"{u}!", "dringlichkeit", ALL)
        for each in ("minute", "frist", "mehr"):
            key = f"zustellung/{u}/{each}"
            self.put(key, f"{u}!", f"{u}/{each}", f"zustellung/{u}", f"dringlichkeit/{u}")
            self.join((f"{u}/{each}",), f"{u}:frist")
            self.join((f"{u}/{each}",), f"{u}:ueber")
        # Who was handed it later than this cannot have known of it so soon.
        self.join((f"{u}/minute", f"{u}/frist"), f"{u}:gleich")
        known, total = f"kenntnis/{u}", f"dringlichkeit/{u}"
        self.put(f"{known}/gleich", f"{u}:gleich", "bekannt", known, total)
        self.put(f"{known}/frist", f"{u}:frist", "bekannt", known, total)
        self.put(f"{known}/ueber", f"{u}:ueber", f"{u}:dann", known, total)
        for each, head in (("tag", "bekannt"), ("mehr", "bekannt"), ("nie", "unbekannt")):
            key, table = f"danach/{u}/{each}", f"danach/{u}"
            self.put(key, f"{u}:dann", head, table, f"{known}/ueber")


def _counted(net: _Net, ways: Iterable[list[str]]) -> Tables:
    counts = Counter(key for way in ways for key in way)
    cells = (
        Cell(each.key, each.tail, each.head, counts[each.key], each.table)
        for each in net.cells.values()
    )
    return Tables(tuple(cells), tuple(net.totals.items()))


def _way(notice: Notice) -> list[str]:
    return [ALL, *_whence(notice), *_how_soon(notice), *_what_else(notice)]


def _whence(notice: Notice) -> Iterator[str]:
    sector, protocol, urgency = notice.sector, notice.protocol, notice.urgency
    if urgency not in WAYS.get(sector, {}).get(protocol, ()):
        sector = protocol = "andere"
    yield f"bereich/{sector}"
    yield f"verfahren/{sector}/{protocol}"
    points = [f"{sector}/{protocol}", urgency]
    if protocol in ANSWERED:
        within = _class(notice.feedback_after, FEEDBACK)
        yield from ("vorgesehen", f"rueckmeldung/{within}", f"r{within}>{urgency}")
        points[1] = "antwort"
    yield ">".join(points)


def _how_soon(notice: Notice) -> Iterator[str]:
    u, soon = notice.urgency, SOON[notice.urgency]
    yield f"dringlichkeit/{u}"
    taken = _class(notice.taken_after, {"minute": MINUTE, "frist": soon, "mehr": None})
    # A clock that an agreement shortened below this one counts for nothing here.
    limits = {"gleich": soon, "frist": max(soon, notice.allowed), "ueber": None}
    known = _class(notice.known_after, limits)
    if taken == "mehr" and known == "gleich":
        known = "frist"
    yield from (f"zustellung/{u}/{taken}", f"{u}/{taken}>{u}:{known}", f"kenntnis/{u}/{known}")
    if known == "ueber":
        yield f"danach/{u}/{_afterwards(notice)}"


def _afterwards(notice: Notice) -> str:
    if notice.known_after is None:
        return "nie"
    return "tag" if notice.known_after <= notice.allowed + DAY else "mehr"


def _what_else(notice: Notice) -> Iterator[str]:
    is_known = notice.known_after is not None
    was_passed = notice.was_passed and is_known
    if not was_passed:
        yield f"{'bekannt' if is_known else 'unbekannt'}>nicht"
    yield f"weitergabe/{'ja' if was_passed else 'nein'}"
    yield f"krisendienst/{'ja' if notice.by_service else 'nein'}"
    yield f"dienstzeit/{'ja' if notice.in_hours else 'nein'}"


def _handover_way(handover: Handover) -> list[str]:
    origin = "mitteilung" if handover.follows_notice else "anruf"
    within = _class(handover.taken_over_after, TAKEOVER)
    return ["uebergaben", f"anlass/{origin}", f"uebernahme/{within}"]


def _class(seconds: int | None, limits: Mapping[str, int | None]) -> str:
    """Return the first class whose limit is not exceeded; the last one has none."""
    return next(
        name
        for name, limit in limits.items()
        if limit is None or (seconds is not None and seconds <= limit)
    )
