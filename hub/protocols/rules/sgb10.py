# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Rules of the SGB X: what social data may be given, on request or not, and on whose order."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from hub.model.json import JsonObject
from hub.protocols.rules.rule import Rule, Saying, at

MEMBER_OF: Final[Mapping[str, str]] = MappingProxyType(
    {
        "name": "familienname",
        "vorname": "vorname",
        "geburtsdatum": "geburt",
        "geburtsort": "geburtsort",
        "anschrift": "anschrift",
        "aufenthaltsort": "aufenthaltsort",
        "arbeitgeber": "arbeitgeber",
    }
)
"""Codes of the list sozialdaten-68, and under which name the answer gives each."""
_OWN_TASK: Final = "sgb10-69-1"
"""The power on which a Jugendamt corrects itself; others have none of the SGB X."""
_QUESTION: Final = 1000
"""Characters a question may have, as in its schema."""


def _without_order(saying: Saying) -> tuple[str, ...]:
    if saying.basis != "sgb10-73":
        return ()
    order = saying.content.get("anordnung")
    if not isinstance(order, dict):
        return ("/anordnung",)
    return tuple(
        f"/anordnung/{name}" for name in ("gericht", "am", "aktenzeichen") if not order.get(name)
    )


def _could_be_several(saying: Saying) -> tuple[str, ...]:
    person = saying.content.get("person")
    known = isinstance(person, dict) and (person.get("geburt") or person.get("letzte_anschrift"))
    return () if known else ("/person",)


def _answer_without_item(saying: Saying) -> tuple[str, ...]:
    """Hold results and values together: each item once, and a value only where one was given."""
    given = at(saying.content, "angaben")
    values: JsonObject = given if isinstance(given, dict) else {}
    results = _results(saying.content)
    told = {MEMBER_OF.get(item, "") for item, result in results if result == "mitgeteilt"}
    items = [item for item, _ in results]
    twice = [f"/ergebnisse/{n}" for n, item in enumerate(items) if item in items[:n]]
    empty = [f"/angaben/{name}" for name in sorted(told - values.keys())]
    return (*twice, *empty, *(f"/angaben/{name}" for name in values if name not in told))


def _results(content: JsonObject) -> list[tuple[str, str]]:
    results = content.get("ergebnisse")
    entries = results if isinstance(results, list) else []
    return [
        (str(entry.get("angabe")), str(entry.get("ergebnis")))
        for entry in entries
        if isinstance(entry, dict)
    ]


def _more_than_the_question(saying: Saying) -> tuple[str, ...]:
    # All that a Jugendamt ever said there was a question.
    if "jugendamt" not in saying.speakers and saying.basis != _OWN_TASK:
        return ()
    part, right = saying.content.get("teil"), saying.content.get("richtig")
    is_long = isinstance(right, str) and len(right) > _QUESTION
    return tuple(
        pointer for pointer, breaks in (("/teil", part != "frage"), ("/richtig", is_long)) if breaks
    )


RULES: Final = (
    Rule(
        "jugendamt-berichtigt-nur-seine-frage",
        "sgb10-67d-1",
        "Das Jugendamt hat hier nur gefragt; berichtigt wird die Frage, und sie bleibt so kurz, "
        "wie eine Frage sein darf.",
        _more_than_the_question,
    ),
    Rule(
        "anordnung-fuer-73",
        "sgb10-73",
        "Wer sich auf § 73 SGB X beruft, nennt Gericht, Datum und Aktenzeichen der richterlichen "
        "Anordnung.",
        _without_order,
    ),
    Rule(
        "ersuchen-meint-eine-person",
        "sgb10-68",
        "Ein Ersuchen betrifft einen Einzelfall: Zum Namen gehört das Geburtsdatum oder eine "
        "Anschrift, damit keine andere Person gemeint sein kann.",
        _could_be_several,
    ),
    Rule(
        "auskunft-je-angabe",
        "sgb10-68",
        "Zu jeder Angabe steht ein Ergebnis; mitgeteilt wird nur, was dort „mitgeteilt“ heißt.",
        _answer_without_item,
    ),
)
