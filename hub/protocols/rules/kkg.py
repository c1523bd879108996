# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Rules of the KKG: talk first, tell those concerned, and feedback for whom the law names."""

from typing import Final

from hub.protocols.identifiers import SCANNED, UNMISTAKABLE, find_identifiers
from hub.protocols.rules.rule import Rule, Saying, at, objects

NAMED_IN_ABS_1: Final = frozenset(
    {
        "heilberuf",
        "psychologie",
        "beratung",
        "suchtberatung",
        "schwangerschaftsberatung",
        "sozialarbeit",
        "lehrkraft",
    }
)
"""Codes of the list kkg-person for the seven professions of § 4 Abs. 1 KKG."""


def talks_left_open(saying: Saying) -> tuple[str, ...]:
    """Point at each talk that did not take place and gives no reason; another statute asks too."""
    return tuple(
        f"{pointer}/{name}/ergebnis"
        for pointer, part in objects(saying.content)
        for name in ("gespraech_kind", "gespraech_eltern")
        if isinstance(talk := part.get(name), dict)
        and talk.get("erfolgt") is False
        and not talk.get("ergebnis")
    )


def _feedback_to_another(saying: Saying) -> tuple[str, ...]:
    profession = at(saying.content, "absender", "berufsgruppe")
    if saying.content.get("rueckmeldung_an") is None or profession in NAMED_IN_ABS_1:
        return ()
    return ("/rueckmeldung_an",)


def _danger_without_haste(saying: Saying) -> tuple[str, ...]:
    urgent = saying.content.get("dringende_gefahr") is True
    return ("/dringende_gefahr",) if urgent and saying.urgency == "planbar" else ()


def _duty_of_others(saying: Saying) -> tuple[str, ...]:
    if saying.basis != "kkg-4-3-s3":
        return ()
    urgent = saying.content.get("dringende_gefahr") is True
    profession = at(saying.content, "absender", "berufsgruppe")
    wrong = {"/dringende_gefahr": not urgent, "/absender/berufsgruppe": profession != "heilberuf"}
    return tuple(pointer for pointer, is_wrong in wrong.items() if is_wrong)


def _leads_to_a_person(saying: Saying) -> tuple[str, ...]:
    # A name may be none; at that the sender is only asked to look (``hub.client.hints``).
    hints = find_identifiers(saying.content)
    return tuple(dict.fromkeys(hint.pointer for hint in hints if hint.kind in UNMISTAKABLE))


def _told_and_held_back(saying: Saying) -> tuple[str, ...]:
    told = at(saying.content, "information", "betroffene_informiert") == "ja"
    held = at(saying.content, "informationssperre", "gilt") is True
    return ("/informationssperre/gilt",) if told and held else ()


RULES: Final = (
    Rule(
        "gespraech-oder-warum-nicht",
        "kkg-4-1",
        "Wer nicht mit dem Kind oder den Erziehungsberechtigten gesprochen hat, sagt, warum nicht.",
        talks_left_open,
    ),
    Rule(
        "rueckmeldung-nur-fuer-berufe-des-abs-1",
        "kkg-4-4",
        "Eine Rückmeldung erhält nur, wer zu den Berufen des § 4 Abs. 1 KKG gehört; ohne einen "
        "solchen Beruf wird keine Lesestelle dafür genannt.",
        _feedback_to_another,
    ),
    Rule(
        "dringende-gefahr-unverzueglich",
        "kkg-4-3-s3",
        "Wer eine dringende Gefahr sieht, teilt sie sofort oder unverzüglich mit, nicht planbar.",
        _danger_without_haste,
    ),
    Rule(
        "satz-3-nur-heilberuf-bei-dringender-gefahr",
        "kkg-4-3-s3",
        "Auf Satz 3 stützt sich nur, wer einen Heilberuf ausübt und eine dringende Gefahr sieht; "
        "sonst trägt Satz 1 die Mitteilung.",
        _duty_of_others,
    ),
    Rule(
        SCANNED,
        "kkg-4-2",
        "Wer ohne Namen um Rat fragt, schreibt keine E-Mail-Adresse und keine Telefonnummer; sie "
        "führen zu einer Person.",
        _leads_to_a_person,
    ),
    Rule(
        "sperre-und-information-widersprechen",
        None,
        "Wissen die Betroffenen schon davon, gibt es nichts zu sperren; gilt eine Sperre, sind sie "
        "nicht informiert.",
        _told_and_held_back,
    ),
)
