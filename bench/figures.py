# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which plots belong to a result, with a caption each; a caption without a plot is a sentence."""

import statistics
from collections.abc import Callable, Iterator
from typing import Any, Final

from bench.backlog import GOAL_GROWTH, WARM_UP
from bench.log_figures import DRAWN
from bench.plot import Bar, bars, curve, figure, percent
from bench.texts import OTHERS, german

Figures = Iterator[tuple[str, str]]
_LABELS: Final = ("22 leaves", "schule-mitteilung")
_BUSY: Final = 0.85
"""Share of a core from which on the processor is what bounds."""
_THREADS: Final = {
    "MainThread": "HTTP und Anmeldung",
    "reader": "Prüfen (lesende Threads)",
    "writer": "Speichern (schreibender Thread)",
}

_WAYS: Final = {
    "opening": "öffnen und prüfen",
    "folder": "Ordner",
    "sftp": "SFTP",
    "https": "HTTPS",
    "mail": "E-Mail",
    "write and sync": "nur schreiben",
}


def figures(result: dict[str, Any]) -> Figures:
    """Return the plots of one result."""
    draw = _DRAWN.get(result["name"])
    if draw is not None:
        yield from draw(result["raw"])


def _submit(raw: dict[str, Any]) -> Figures:
    for label in _LABELS:
        if label in raw:
            size = figure(raw[label]["bytes"])
            name = german(label)
            yield f"{name} ({size} Byte): Nachrichten je Sekunde", _rates(raw[label])
    for label in _LABELS:
        if label in raw:
            caption = f"{german(label)}: Rechenzeit einer Nachricht im Hub, in Millisekunden"
            yield caption, _stages(raw[label])
    for label in _LABELS:
        if label in raw:
            yield f"{german(label)}: {_bound(raw[label])}", ""


def _rates(measured: dict[str, Any]) -> str:
    rows = []
    for name, said in measured.items():
        if isinstance(said, dict) and "turns" in said:
            rates = [turn["rate"] for turn in said["turns"]]
            text = f"{figure(said['rate'])} /s"
            rows.append(
                Bar(
                    OTHERS.get(name, name),
                    said["rate"],
                    text,
                    min(rates),
                    max(rates),
                    mark=name == "hub",
                )
            )
    return bars("Nachrichten je Sekunde", rows)


def _stages(own: dict[str, Any]) -> str:
    said = own["stages"]
    over = statistics.median(turn["cpu_ms_per_request"] for turn in own["hub"]["turns"])
    stages = {**said["ms"], "HTTP": max(0.0, over - said["sum_ms"])}
    ordered = sorted(stages.items(), key=lambda item: -item[1])
    return bars(
        "Rechenzeit je Stufe",
        [Bar(stage, ms, f"{figure(ms)} ms", mark=True) for stage, ms in ordered],
    )


def _bound(own: dict[str, Any]) -> str:
    """Name what bounds the rate, from what was measured."""
    turns = own["hub"]["turns"]
    used, cpu, load = (
        statistics.median(turn[name] for turn in turns)
        for name in ("utilisation", "cpu_ms_per_request", "generator_utilisation")
    )
    threads = ", ".join(
        f"{title} {percent(own['threads'][name])}"
        for name, title in _THREADS.items()
        if name in own["threads"]
    )
    if used > _BUSY:
        who = (
            "Die Rate ist durch die Rechenzeit des einen Python-Prozesses begrenzt: Seine Threads "
            "teilen sich einen Interpreter"
        )
    else:
        who = (
            "Der Prozess ist nicht voll ausgelastet; der Rest ist Warten auf die Platte, auf "
            "einen anderen Thread oder auf andere Programme dieser Maschine"
        )
    return (
        f"{who}. Er rechnet {figure(cpu)} ms je Nachricht und ist zu {percent(used)} eines Kerns "
        f"beschäftigt ({threads}); der Lasterzeuger zu {percent(load)}."
    )


def _proof(raw: dict[str, Any]) -> Figures:
    rows = [
        *_latency("Meldeweg", raw["hub"], mark=True),
        *_latency("ohne Speichern", raw["no store"], mark=False),
    ]
    yield f"Wartezeit bei {figure(raw['rate'])} Nachrichten je Sekunde", bars("Wartezeit", rows)
    for name, form in raw.get("forms", {}).items():
        rows = [
            *_latency("Meldeweg", form["hub"], mark=True),
            *_latency("ohne Speichern", form["no store"], mark=False),
        ]
        rate = figure(form["rate"])
        yield f"{_FORMS[name]}, bei {rate} Nachrichten je Sekunde", bars("Wartezeit", rows)


_FORMS: Final = {
    "signer": "Mit eigenem Unterschreiber",
    "witness": "Mit einem Zeugen",
    "signer and witness": "Mit Unterschreiber und Zeuge",
}


def _latency(name: str, rounds: list[dict[str, float]], *, mark: bool) -> list[Bar]:
    found = []
    for share in ("p50", "p99"):
        values = [each[f"{share}_ms"] for each in rounds]
        middle = statistics.median(values)
        text = f"{figure(middle)} ms"
        found.append(Bar(f"{name}, {share}", middle, text, min(values), max(values), mark=mark))
    return found


def _wake(raw: dict[str, Any]) -> Figures:
    rounds = raw["rounds"]
    whole = [
        {"p50_ms": each["from_sending_p50_ms"], "p99_ms": each["from_sending_p99_ms"]}
        for each in rounds
    ]
    rows = [
        *_latency("ab der Quittung", rounds, mark=True),
        *_latency("ab dem Absenden", whole, mark=False),
    ]
    yield f"Wartezeit bei {figure(raw['rate'])} Nachrichten je Sekunde", bars("Wartezeit", rows)


def _inbox(raw: dict[str, Any]) -> Figures:
    rows = [
        *_latency("Meldeweg", raw["hub"], mark=True),
        *_latency("ohne Speichern", raw["no store"], mark=False),
    ]
    yield f"Wartezeit bei {figure(raw['rate'])} Nachrichten je Sekunde", bars("Wartezeit", rows)
    times = figure(raw["times the control"])
    yield f"Das ist das {times}fache des bloßen Weckens (p99).", ""


def _receive(raw: dict[str, Any]) -> Figures:
    yield "Nachrichten je Sekunde", _rates(raw)


def _seal(raw: dict[str, Any]) -> Figures:
    rows = [
        Bar(
            f"{'versiegeln' if act == 'seal' else 'öffnen'} in {place}",
            (middle := statistics.median(each)),
            f"{figure(middle)} ms",
            mark=True,
        )
        for place, times in raw["times_ms"].items()
        for act, each in times.items()
    ]
    yield "Millisekunden, Median", bars("Versiegeln und öffnen", rows)


def _catalogue(raw: dict[str, Any]) -> Figures:
    rows = []
    for name, title in (("with_few_ms", "wenige Verfahren"), ("with_many_ms", "200 mehr")):
        values = raw[name][1:]
        middle = statistics.median(values)
        text = f"{figure(middle)} ms"
        rows.append(Bar(title, middle, text, min(values), max(values), mark=True))
    yield "Rechenzeit je Annahme, ohne HTTP", bars("Rechenzeit je Annahme", rows)


def _catalogue_load(raw: dict[str, Any]) -> Figures:
    rows = []
    for name, title in (("compiled", "aus einer Datei"), ("files", "aus den Dateien")):
        values = [turn["load_ms"] for turn in raw["turns"][name]]
        middle = statistics.median(values)
        text = f"{figure(middle)} ms"
        mark = name == "compiled"
        rows.append(Bar(title, middle, text, min(values), max(values), mark=mark))
    known = f"{figure(raw['protocols'])} Fassungen mit {figure(raw['schemas'])} Schemas"
    yield f"{known}, in Millisekunden", bars("Verfahren laden", rows)


def _responsible(raw: dict[str, Any]) -> Figures:
    rows = []
    for name, title in (("land", "Verzeichnis"), ("dictionary", "einfaches Wörterbuch")):
        values = raw["seconds"][name]
        middle = statistics.median(values)
        text = f"{figure(middle)} s"
        rows.append(Bar(title, middle, text, min(values), max(values), mark=name == "land"))
    yield "Sekunden je Million Antworten", bars("Wer ist zuständig", rows)
    load = statistics.median(raw["load_ms"])
    yield f"Die Tabellen sind nach {figure(load)} Millisekunden geladen.", ""


def _duty(raw: dict[str, Any]) -> Figures:
    rows = []
    for name, title in (("duty", "Bereitschaft"), ("dictionary", "einfaches Wörterbuch")):
        values = raw["microseconds"][name]
        middle = statistics.median(values)
        text = f"{figure(middle)} µs"
        rows.append(Bar(title, middle, text, min(values), max(values), mark=name == "duty"))
    yield "Mikrosekunden je Antwort", bars("Wer hat Bereitschaft", rows)
    yield f"Die erste Antwort eines Amts braucht {figure(raw['first'])} Mikrosekunden.", ""


def _growth(raw: dict[str, Any]) -> Figures:
    rows = []
    for name, title in (("few", "wenige gespeichert"), ("many", "viele gespeichert")):
        values = [turn["cpu_ms_per_request"] for turn in raw[name]["turns"]]
        middle = statistics.median(values)
        text = f"{figure(middle)} ms"
        rows.append(Bar(title, middle, text, min(values), max(values), mark=True))
    yield "Rechenzeit je Nachricht", bars("Rechenzeit je Nachricht", rows)
    yield f"Die große Datenbank hat {figure(raw['database_bytes'] / 1e9)} GB.", ""


def _submit_pg(raw: dict[str, Any]) -> Figures:
    if "left_out" in raw:
        yield "Nicht gemessen: PostgreSQL war auf dieser Maschine nicht installiert.", ""
        return
    yield "Nachrichten je Sekunde", _rates(raw)


def _slow_disk(raw: dict[str, Any]) -> Figures:
    rows = []
    for name, title in (("usual", "wie sie ist"), ("slow", "+5 ms je fsync")):
        rates = [turn["rate"] for turn in raw[name]["turns"]]
        middle = raw[name]["rate"]
        rows.append(
            Bar(title, middle, f"{figure(middle)} /s", min(rates), max(rates), mark=name == "slow")
        )
    yield "Nachrichten je Sekunde", bars("Nachrichten je Sekunde", rows)


def _abuse(raw: dict[str, Any]) -> Figures:
    titles = {"quiet": "allein", "idle and slow": "neben langsamen", "flood": "in der Flut"}
    rows = [
        bar
        for name, rounds in raw["rounds"].items()
        for bar in _latency(titles[name], rounds, mark=name != "quiet")
    ]
    yield f"Wartezeit bei {figure(raw['rate'])} Nachrichten je Sekunde", bars("Wartezeit", rows)


def _memory(raw: dict[str, Any]) -> Figures:
    points = [(at / 60, size) for at, size in raw["samples_mb"]]
    caption = (
        f"{figure(raw['accepted'])} Nachrichten in {figure(raw['minutes'])} Minuten, "
        f"{figure(raw['rate'])} je Sekunde"
    )
    yield caption, curve("Arbeitsspeicher", points, 250, "MB")


def _adapters(raw: dict[str, Any]) -> Figures:
    rows = []
    for name, title in _WAYS.items():
        rates = raw["rates"][name]
        middle = statistics.median(rates)
        is_ours = name != "write and sync"
        text = f"{figure(middle)} /s"
        rows.append(Bar(title, middle, text, min(rates), max(rates), mark=is_ours))
    yield "Mitteilungen je Sekunde", bars("Mitteilungen je Sekunde", rows)
    forms = [Bar(name, ms, f"{figure(ms)} ms", mark=True) for name, ms in raw["forms_ms"].items()]
    yield "Was eine Form kostet, in Millisekunden", bars("Millisekunden je Form", forms)


def _backlog(raw: dict[str, Any]) -> Figures:
    minutes, count = raw["seconds"] / 60, raw["count"]
    steady = [(taken, size) for taken, size in raw["samples"] if taken >= count * WARM_UP]
    points = [(taken / count * minutes, size) for taken, size in raw["samples"]]
    caption = (
        f"{figure(count)} Mitteilungen in {figure(minutes)} Minuten, "
        f"{figure(count / raw['seconds'])} je Sekunde: Arbeitsspeicher der Anbindung"
    )
    limit = steady[0][1] * (1 + GOAL_GROWTH / 100)
    yield caption, curve("Arbeitsspeicher", points, limit, "MB")


def _portal(raw: dict[str, Any]) -> Figures:
    slowest = {
        what: statistics.median(each["p95_ms_by_request"][what] for each in raw["portal"])
        for what in raw["portal"][0]["p95_ms_by_request"]
    }
    ordered = sorted(slowest.items(), key=lambda item: -item[1])
    rows = [Bar(what, ms, f"{figure(ms)} ms", mark=True) for what, ms in ordered]
    yield "p95 je Art der Anfrage, in Millisekunden", bars("Anfragen am Portal", rows)
    rate = statistics.median(each["rate"] for each in raw["portal"])
    times = figure(raw["times the control"])
    yield f"{figure(rate)} Anfragen je Sekunde; das {times}-Fache der bloßen Antwort.", ""


_DRAWN: Final[dict[str, Callable[[dict[str, Any]], Figures]]] = {
    "submit": _submit,
    "proof": _proof,
    "wake": _wake,
    "inbox": _inbox,
    "receive": _receive,
    "seal": _seal,
    "growth": _growth,
    "catalogue": _catalogue,
    "catalogue-load": _catalogue_load,
    "adapters": _adapters,
    "backlog": _backlog,
    "responsible": _responsible,
    "duty": _duty,
    "slow-disk": _slow_disk,
    "portal": _portal,
    "abuse": _abuse,
    "submit-pg": _submit_pg,
    "memory": _memory,
    **DRAWN,
}
