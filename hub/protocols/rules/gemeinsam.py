# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Rules that hold in many protocols alike."""

from datetime import date
from typing import Final

from hub.model.json import JsonObject
from hub.protocols.rules.rule import Rule, Saying, objects

CONSENT: Final = "dsgvo-7"
"""The basis of whoever was allowed to by those concerned."""
_ANY_YEAR: Final = 2000
"""A leap year: of a day without a year one cannot know more."""


def _no_reason(saying: Saying) -> tuple[str, ...]:
    return tuple(
        f"{pointer}/grund"
        for pointer, part in objects(saying.content)
        if str(part.get("betroffene_informiert", "")).startswith("nein") and not part.get("grund")
    )


def _impossible_birth(saying: Saying) -> tuple[str, ...]:
    births = (
        (f"{pointer}/geburt", part["geburt"])
        for pointer, part in objects(saying.content)
        if isinstance(part.get("geburt"), dict)
    )
    return tuple(
        f"{pointer}/tag" for pointer, birth in births if isinstance(birth, dict) and _is_odd(birth)
    )


def _is_odd(birth: JsonObject) -> bool:
    year, month, day = (birth.get(name) for name in ("jahr", "monat", "tag"))
    if day is None:
        return False
    if not isinstance(month, int) or not isinstance(day, int):
        return True
    try:
        date(year if isinstance(year, int) else _ANY_YEAR, month, day)
    except ValueError:
        return True
    return False


def _call_without_trace(saying: Saying) -> tuple[str, ...]:
    return tuple(
        f"{pointer}/anruf/{name}"
        for pointer, part in objects(saying.content)
        if isinstance(call := part.get("anruf"), dict) and call.get("erfolgt") is True
        for name in ("zeitpunkt", "stelle")
        if not call.get(name)
    )


def _call_without_time(saying: Saying) -> tuple[str, ...]:
    return tuple(
        f"{pointer}/anruf/zeitpunkt"
        for pointer, part in objects(saying.content)
        if isinstance(call := part.get("anruf"), dict) and call.get("erfolgt") is True
        if not call.get("zeitpunkt")
    )


def _shelter_found(saying: Saying) -> tuple[str, ...]:
    return tuple(
        f"{pointer}/angabe"
        for pointer, part in objects(saying.content)
        if part.get("art") == "schutzunterkunft" and part.get("angabe")
    )


def talk_without_trace(saying: Saying) -> tuple[str, ...]:
    """Return what a recorded talk leaves open: day and roles if it took place, else the reason."""
    return tuple(
        f"{pointer}/gespraech/{name}"
        for pointer, part in objects(saying.content)
        if isinstance(talk := part.get("gespraech"), dict)
        for name in (("am", "beteiligte") if talk.get("erfolgt") is True else ("grund",))
        if not talk.get(name)
    )


def _caller_named(saying: Saying) -> tuple[str, ...]:
    return tuple(
        f"{pointer}/{name}"
        for pointer, part in objects(saying.content)
        if part.get("anonymitaet_zugesagt") is True
        for name in ("name", "kontakt")
        if part.get(name)
    )


def _nothing_put_right(saying: Saying) -> tuple[str, ...]:
    # The root, because any of several members would do.
    return () if saying.content.keys() - {"teil", "nummer", "grund"} else ("",)


def _consent_left_open(saying: Saying) -> tuple[str, ...]:
    consent = saying.content.get("einwilligung")
    if not isinstance(consent, dict):
        return ("/einwilligung",) if saying.basis == CONSENT else ()
    given, until = consent.get("erteilt_am"), consent.get("gilt_bis")
    # Dates are written year first, so they sort as they follow each other.
    if isinstance(given, str) and isinstance(until, str) and until < given:
        return ("/einwilligung/gilt_bis",)
    return _beyond_consent(saying.content, consent) if saying.basis == CONSENT else ()


def _beyond_consent(content: JsonObject, consent: JsonObject) -> tuple[str, ...]:
    said, allowed = content.get("angaben"), consent.get("umfang")
    if not isinstance(said, list) or not isinstance(allowed, list):
        return ("/einwilligung/umfang",)
    return tuple(f"/angaben/{i}" for i, each in enumerate(said) if each not in allowed)


RULES: Final = (
    Rule(
        "ohne-hinweis-nur-mit-grund",
        "sgb10-82a-3",
        "Wer die Betroffenen nicht informiert hat, sagt warum: Die Ausnahme ist eine begründete "
        "Entscheidung im Einzelfall.",
        _no_reason,
    ),
    Rule(
        "geburtstag-nur-mit-monat",
        None,
        "Ein Geburtstag steht nur zusammen mit dem Monat, und den Tag muss es geben.",
        _impossible_birth,
    ),
    Rule(
        "anruf-mit-zeit-und-stelle",
        None,
        "Wer angerufen hat, sagt, wann das war und welche Stelle abgenommen hat.",
        _call_without_trace,
    ),
    Rule(
        "anruf-mit-zeit",
        None,
        "Wer angerufen hat, sagt, wann das war.",
        _call_without_time,
    ),
    Rule(
        "schutzunterkunft-ohne-anschrift",
        "dsgvo-5",
        "Die Anschrift einer Schutzunterkunft steht in keiner Nachricht; sie wird am Telefon "
        "erfragt.",
        _shelter_found,
    ),
    Rule(
        "gespraech-belegt-oder-begruendet",
        None,
        "Ein Gespräch steht mit Tag und Rollen der Beteiligten da; ohne Gespräch steht da, warum.",
        talk_without_trace,
    ),
    Rule(
        "zugesagte-anonymitaet-ohne-angaben",
        "sgb1-35",
        "Wer anrief und Vertraulichkeit zugesagt bekam, wird nicht genannt: weder Name noch "
        "Kontakt.",
        _caller_named,
    ),
    Rule(
        "berichtigung-nennt-das-richtige",
        "dsgvo-16",
        "Wer berichtigt, sagt auch, was richtig ist.",
        _nothing_put_right,
    ),
    Rule(
        "einwilligung-mit-umfang-und-frist",
        CONSENT,
        "Wer sich auf eine Einwilligung stützt, sagt, was sie umfasst und bis wann sie gilt, und "
        "trägt nur das bei.",
        _consent_left_open,
    ),
)
