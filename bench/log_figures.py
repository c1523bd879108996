# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which plots belong to the results about the log; ``bench.figures`` has those of all others."""

import statistics
from collections.abc import Callable, Iterator
from typing import Any, Final

from bench.plot import Bar, bars, figure

Figures = Iterator[tuple[str, str]]


_PROGRAMS: Final = {
    "whole": "ganz prüfen",
    "quick": "kurz prüfen",
    "search": "vollständig suchen",
    "bare": "nur Hashes, ein Kern",
}


def _verify(raw: dict[str, Any]) -> Figures:
    rows = []
    for name, title in _PROGRAMS.items():
        seconds = raw["seconds"][name]
        middle = statistics.median(seconds)
        text = f"{figure(middle)} s"
        mark = name != "bare"
        rows.append(Bar(title, middle, text, min(seconds), max(seconds), mark=mark))
    yield f"Sekunden für {figure(raw['entries'])} Einträge", bars("Prüfen", rows)
    yield f"Während es prüft, sagt das Programm, wie weit es ist: {raw['progress']}", ""


_PROOFS: Final = {
    "one proof": "Beweis",
    "one witnessed proof": "bezeugter Beweis",
    "one proof over HTTP": "über HTTP",
    "one witnessed proof over HTTP": "bezeugt über HTTP",
    "read and drop": "HTTP allein",
}
_BYTES: Final = {
    "database": "Datenbank je Eintrag",
    "body": "davon der Eintrag",
    "leaf": "davon der Hash des Blatts",
    "tiles": "davon Kacheln des Baums",
    "opening store for a conversation": "Öffnungsspeicher je Konversation",
}


def _entry(raw: dict[str, Any]) -> Figures:
    rows = [
        Bar(
            f"{title}, {share}",
            (ms := raw["times"][name][f"{share}_ms"]),
            f"{figure(ms)} ms",
            mark=name != "read and drop",
        )
        for name, title in _PROOFS.items()
        for share in ("p50", "p99")
    ]
    yield "Millisekunden je Beweis", bars("Beweis eines Eintrags", rows)
    sizes = [
        Bar(title, (size := raw["bytes"][name]), f"{figure(size)} Byte", mark=True)
        for name, title in _BYTES.items()
    ]
    yield "Bytes", bars("Größe eines Eintrags", sizes)
    yield (
        "Rechenzeit je Eintrag, während das Protokoll wächst",
        bars("Rechenzeit je Eintrag", [*_on_the_way(raw)]),
    )


def _on_the_way(raw: dict[str, Any]) -> Iterator[Bar]:
    """Give the cost of an entry at five places of the way."""
    costs = raw["cpu_us"]
    for place in range(len(costs) // 5 - 1, len(costs), len(costs) // 5):
        entries = raw["entries"] * (place + 1) / len(costs)
        title = f"bei {figure(entries)} Einträgen"
        yield Bar(title, costs[place], f"{figure(costs[place])} µs", mark=True)


_ASKED: Final = {
    "signer": "Unterschreiber",
    "bare, one folder": "Unterschrift und Datei",
    "witness": "Zeuge",
    "witness without HTTP": "Zeuge ohne HTTP",
    "bare, two folders": "Unterschrift und Datei, zwei Ordner",
}


def _signing(raw: dict[str, Any]) -> Figures:
    rows = []
    for name, title in _ASKED.items():
        rates = raw["rates"][name]
        middle = statistics.median(rates)
        mark = not name.startswith("bare")
        text = f"{figure(middle)} /s"
        rows.append(Bar(title, middle, text, min(rates), max(rates), mark=mark))
    yield "Anfragen je Sekunde, eine nach der anderen", bars("Unterschreiben", rows)


_PARTS: Final = {
    "body": ("Eintrag", "gehen lassen"),
    "conversation": ("Konversation", "vergessen"),
    "key": ("Schlüssel einer Konversation", "neu einpacken"),
}


def _forgetting(raw: dict[str, Any]) -> Figures:
    rows = []
    for name, (what, act) in _PARTS.items():
        for step, title in (("forgotten_us", act), ("entered_us", "eintragen")):
            values = [each[step] for each in raw["parts"][name]]
            middle = statistics.median(values)
            text = f"{figure(middle)} µs"
            mark = step == "forgotten_us"
            bar = Bar(f"{what}: {title}", middle, text, min(values), max(values), mark=mark)
            rows.append(bar)
    yield "Mikrosekunden", bars("Vergessen", rows)


DRAWN: Final[dict[str, Callable[[dict[str, Any]], Figures]]] = {
    "verify": _verify,
    "entry": _entry,
    "signing": _signing,
    "forgetting": _forgetting,
}
