# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which field is asked only after a certain answer, and which is then needed?

Rules of the law tie one field to another: whoever did not tell those concerned says why not. A form
shows the second field when the first is answered so. What is hidden is not sent.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from hub.model.json import Json, JsonObject

Hanging = Mapping[str, tuple[JsonObject | None, JsonObject | None]]
"""By member: when it is shown, and when it is needed."""
ALWAYS: Final = ""
"""Holds without a rule, because the question makes no sense otherwise."""
_NO_TOLD: Final = ("nein-schutz", "nein-ermittlung")
_TALKS: Final = ("gespraech_kind", "gespraech_eltern")


@dataclass(frozen=True)
class Condition:
    """One field that hangs on the answer to another beside it."""

    rule: str
    member: str
    beside: str
    answers: tuple[Json, ...]
    group: tuple[str, ...] = ()
    """Names of the groups in which it holds; empty: in every one."""
    shows: bool = True
    """The field is hidden until then."""
    needs: bool = True
    """The field has to be filled in then."""
    unless: bool = False
    """Turned round: until this answer is given."""

    def holds_in(self, group: str, members: Collection[str], rules: Collection[str]) -> bool:
        fits = not self.group or group in self.group
        is_there = self.member in members and self.beside in members
        return fits and is_there and (self.rule == ALWAYS or self.rule in rules)

    def spoken(self, parent: str) -> JsonObject:
        """Return the condition as the form description says it."""
        answers: list[Json] = list(self.answers)
        return {"pointer": f"{parent}/{self.beside}", "not_in" if self.unless else "in": answers}


def _only(rule: str, member: str, beside: str, *answers: str) -> Condition:
    return Condition(rule, member, beside, answers)


def _if_yes(rule: str, member: str, beside: str, *group: str) -> Condition:
    return Condition(rule, member, beside, (True,), group)


CONDITIONS: Final = (
    _only("ohne-hinweis-nur-mit-grund", "grund", "betroffene_informiert", *_NO_TOLD),
    _if_yes("anruf-mit-zeit-und-stelle", "zeitpunkt", "erfolgt", "anruf"),
    _if_yes("anruf-mit-zeit-und-stelle", "stelle", "erfolgt", "anruf"),
    _if_yes("anruf-mit-zeit", "zeitpunkt", "erfolgt", "anruf"),
    Condition(ALWAYS, "zeitpunkt", "erfolgt", (True,), ("anruf",), needs=False),
    Condition(ALWAYS, "stelle", "erfolgt", (True,), ("anruf",), needs=False),
    Condition(ALWAYS, "am", "erfolgt", (True,), (*_TALKS, "fachberatung"), needs=False),
    Condition("gespraech-oder-warum-nicht", "ergebnis", "erfolgt", (False,), _TALKS, shows=False),
    Condition("einbezogen-oder-warum-nicht", "ergebnis", "erfolgt", (False,), _TALKS, shows=False),
    Condition(
        "schutzunterkunft-ohne-anschrift",
        "angabe",
        "art",
        ("schutzunterkunft",),
        needs=False,
        unless=True,
    ),
    *(
        Condition(
            "zugesagte-anonymitaet-ohne-angaben",
            member,
            "anonymitaet_zugesagt",
            (True,),
            needs=False,
            unless=True,
        )
        for member in ("name", "kontakt")
    ),
    _only("unterrichtet-oder-nicht-erreicht", "zeitpunkt", "betroffene_informiert", "ja"),
    _if_yes("widerspruch-mit-zeitpunkt", "zeitpunkt", "erhoben"),
    _if_yes("freiheitsentziehung-bis-zum-folgetag", "seit", "besteht"),
    *(
        Condition("freiheitsentziehung-bis-zum-folgetag", member, "besteht", (True,), needs=False)
        for member in ("gericht_hat_entschieden", "endet")
    ),
    _if_yes("ladung-oder-vernehmung", "ladung_am", "geladen"),
    Condition("ladung-oder-vernehmung", "am", "geladen", (False,), shows=False),
    Condition("zufuehrung-nur-nach-mahnung", "am", "schriftlich", (True,), ("mahnung",)),
    Condition("eltern-zuerst-oder-warum-nicht", "ergebnis", "versucht", (True,), ("eltern",)),
    Condition("eltern-zuerst-oder-warum-nicht", "grund", "versucht", (False,), ("eltern",)),
    *(
        Condition(rule, member, "erfolgt", (answer,), ("gespraech",))
        for rule in (
            "weitergabe-im-gespraech-oder-mit-grund",
            "hilfeplanfall-nur-mit-gespraech",
            "gespraech-belegt-oder-begruendet",
        )
        for member, answer in (("am", True), ("beteiligte", True), ("grund", False))
    ),
)


def conditions_of(parent: str, members: Mapping[str, Json], rules: Collection[str]) -> Hanging:
    """Return, by member of a group, when it is shown and when it is needed."""
    group = parent.removesuffix("/*").rpartition("/")[2]
    found: dict[str, tuple[JsonObject | None, JsonObject | None]] = {}
    for each in CONDITIONS:
        if not each.holds_in(group, members.keys(), rules):
            continue
        shown, needed = found.get(each.member, (None, None))
        said = each.spoken(parent)
        found[each.member] = (
            shown or (said if each.shows else None),
            needed or (said if each.needs else None),
        )
    return found
