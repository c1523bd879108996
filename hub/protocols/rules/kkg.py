# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Rules of the KKG: talk first, tell those concerned, and feedback for whom the law names."""

from typing import Final

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
"""Codes of the list kkg-berufsgruppe for the professions of § 4 Abs. 1 Nr. 1 to 7 KKG."""


def _talk_left_open(saying: Saying) -> tuple[str, ...]:
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


RULES: Final = (
    Rule(
        "gespraech-oder-warum-nicht",
        "kkg-4-1",
        "Wer nicht mit dem Kind oder den Erziehungsberechtigten gesprochen hat, sagt, warum nicht.",
        _talk_left_open,
    ),
    Rule(
        "rueckmeldung-nur-fuer-berufe-des-abs-1",
        "kkg-4-4",
        "Eine Rückmeldung erhält nur, wer zu den Berufen des § 4 Abs. 1 KKG gehört; ohne einen "
        "solchen Beruf wird keine Lesestelle dafür genannt.",
        _feedback_to_another,
    ),
)
