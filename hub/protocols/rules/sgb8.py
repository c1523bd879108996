# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Rules of the SGB VIII: what a Jugendamt says, and what it says only in a talk."""

from datetime import datetime, timedelta
from typing import Final

from hub.model.json import Json
from hub.protocols.rules.gemeinsam import talk_without_trace
from hub.protocols.rules.kkg import talks_left_open
from hub.protocols.rules.rule import Rule, Saying, objects


def _still_without_ever(saying: Saying) -> tuple[str, ...]:
    content = saying.content
    if content.get("noch_taetig") is True and content.get("taetig_geworden") is not True:
        return ("/noch_taetig",)
    return ()


def _parents_passed_over(saying: Saying) -> tuple[str, ...]:
    return tuple(
        f"{pointer}/eltern/{name}"
        for pointer, part in objects(saying.content)
        if isinstance(parents := part.get("eltern"), dict)
        for name in ("ergebnis" if parents.get("versucht") is True else "grund",)
        if not parents.get(name)
    )


def _plan_without_talk(saying: Saying) -> tuple[str, ...]:
    talk = saying.content.get("gespraech")
    if saying.content.get("hilfeplanfall") is not True or not isinstance(talk, dict):
        return ()
    if talk.get("erfolgt") is not True:
        return ("/gespraech/erfolgt",)
    return talk_without_trace(saying)


def _entrusted_in_the_open(saying: Saying) -> tuple[str, ...]:
    content = saying.content
    entrusted = content.get("teil") == "anvertrautes"
    needed, foreign = (
        ("richtig_anvertraut", "richtig") if entrusted else ("richtig", "richtig_anvertraut")
    )
    open_still = (f"/{needed}",) if not content.get(needed) else ()
    return (*open_still, f"/{foreign}") if content.get(foreign) else open_still


def _told_or_still_trying(saying: Saying) -> tuple[str, ...]:
    information = saying.content.get("information")
    if not isinstance(information, dict):
        return ()
    told = information.get("betroffene_informiert")
    if (told is None) != (information.get("nicht_erreicht") is True):
        return ("/information/betroffene_informiert",)
    if told == "ja" and not information.get("zeitpunkt"):
        return ("/information/zeitpunkt",)
    return ()


def _objection_without_time(saying: Saying) -> tuple[str, ...]:
    objection = saying.content.get("widerspruch")
    if not isinstance(objection, dict) or objection.get("erhoben") is not True:
        return ()
    return () if objection.get("zeitpunkt") else ("/widerspruch/zeitpunkt",)


def _held_too_long(saying: Saying) -> tuple[str, ...]:
    held = saying.content.get("freiheitsentziehung")
    if not isinstance(held, dict) or held.get("besteht") is not True:
        return ()
    since, until = _moment(held.get("seit")), _moment(held.get("endet"))
    if since is None:
        return ("/freiheitsentziehung/seit",)
    if held.get("gericht_hat_entschieden") is True:
        return ()
    if until is None or until < since or _days_between(since, until) > 1:
        return ("/freiheitsentziehung/endet",)
    return ()


def _moment(written: Json) -> datetime | None:
    return datetime.fromisoformat(written) if isinstance(written, str) else None


def _days_between(since: datetime, until: datetime) -> int:
    """Count midnights where it began: an hour past the second one is already too long."""
    return (until.astimezone(since.tzinfo).date() - since.date()) // timedelta(days=1)


def _standing_mixed(saying: Saying) -> tuple[str, ...]:
    foreign = {"uebernahme": ("beendet_um",), "ende": ("uebernommen_von", "uebernommen_um")}
    named = foreign.get(str(saying.content.get("berichtigt")), ())
    return tuple(f"/{name}" for name in named if name in saying.content)


def _more_than_noted(saying: Saying) -> tuple[str, ...]:
    if saying.basis != "sgb8-64-1":
        return ()
    result = saying.content.get("ergebnis")
    wrong = {"/ergebnis": result != "zur-kenntnis", "/am": "am" in saying.content}
    return tuple(pointer for pointer, is_wrong in wrong.items() if is_wrong)


RULES: Final = (
    Rule(
        "noch-taetig-nur-nach-taetig-geworden",
        "sgb8-64-4",
        "Noch tätig kann nur sein, wer tätig geworden ist.",
        _still_without_ever,
    ),
    Rule(
        "einbezogen-oder-warum-nicht",
        "sgb8-8a-4",
        "Der Träger bezieht Kind und Erziehungsberechtigte ein; wer nicht mit ihnen gesprochen "
        "hat, sagt, warum nicht.",
        talks_left_open,
    ),
    Rule(
        "eltern-zuerst-oder-warum-nicht",
        "sgb8-8a-3",
        "Zuerst werden die Erziehungsberechtigten gebeten; da steht, warum sie nicht mitwirken, "
        "oder warum das nicht versucht wurde.",
        _parents_passed_over,
    ),
    Rule(
        "weitergabe-im-gespraech-oder-mit-grund",
        "sgb8-8a-6",
        "Die Mitteilung soll in einem Gespräch gegeben werden: Da steht, wann es war und wer "
        "dabei war, oder warum es erst folgt.",
        talk_without_trace,
    ),
    Rule(
        "hilfeplanfall-nur-mit-gespraech",
        "sgb8-86c-2",
        "Bei einer Hilfe mit Hilfeplan ist das Gespräch Pflicht; da steht, wann es war und wer "
        "dabei war.",
        _plan_without_talk,
    ),
    Rule(
        "anvertrautes-nur-im-eigenen-feld",
        "sgb8-65-1",
        "Anvertrautes wird nur in seinem eigenen Feld berichtigt, alles andere nur im Feld für "
        "alle.",
        _entrusted_in_the_open,
    ),
    Rule(
        "unterrichtet-oder-nicht-erreicht",
        "sgb8-42-2",
        "Sorge- oder Erziehungsberechtigte werden unverzüglich unterrichtet: Da steht, ob und "
        "wann, oder dass noch niemand erreicht wurde.",
        _told_or_still_trying,
    ),
    Rule(
        "widerspruch-mit-zeitpunkt",
        "sgb8-42-3",
        "Ein Widerspruch steht mit seinem Zeitpunkt da, denn danach muss unverzüglich gehandelt "
        "werden.",
        _objection_without_time,
    ),
    Rule(
        "freiheitsentziehung-bis-zum-folgetag",
        "sgb8-42-5",
        "Ohne Entscheidung des Gerichts endet eine Freiheitsentziehung spätestens am Tag nach "
        "ihrem Beginn; Beginn und Ende stehen da.",
        _held_too_long,
    ),
    Rule(
        "stand-nur-zum-berichtigten",
        "dsgvo-16",
        "Berichtigt wird Übernahme oder Ende, und nur mit den Angaben dieser Nachricht.",
        _standing_mixed,
    ),
    Rule(
        "jugendamt-nimmt-nur-zur-kenntnis",
        "sgb1-35",
        "Das Jugendamt sagt der Schule nur, dass es Kenntnis genommen hat; alles Weitere ist "
        "Sozialgeheimnis.",
        _more_than_noted,
    ),
)
