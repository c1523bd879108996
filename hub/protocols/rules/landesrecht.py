# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Rules of the law of North Rhine-Westphalia: what comes before a child is fetched to school."""

from typing import Final

from hub.protocols.rules.rule import Rule, Saying, at


def _fetched_without_warning(saying: Saying) -> tuple[str, ...]:
    content = saying.content
    if at(content, "massnahme", "art") != "zufuehrung":
        return ()
    if at(content, "mahnung", "schriftlich") is not True:
        return ("/mahnung/schriftlich",)
    warned, from_day = at(content, "mahnung", "am"), at(content, "massnahme", "ab")
    # Dates are written year first, so they sort as they follow each other.
    in_time = isinstance(warned, str) and (not isinstance(from_day, str) or warned < from_day)
    return () if in_time else ("/mahnung/am",)


RULES: Final = (
    Rule(
        "zufuehrung-nur-nach-mahnung",
        "bass-12-51-5",
        "Vor einer Zuführung steht eine schriftliche Mahnung; da steht, von welchem Tag sie ist, "
        "und der liegt vor der Maßnahme.",
        _fetched_without_warning,
    ),
)
