# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Rules of the JGG: the Jugendgerichtshilfe hears in time, and at once where somebody is held."""

from typing import Final

from hub.model.json import JsonObject
from hub.protocols.rules.rule import Rule, Saying

_INVESTIGATION: Final = "ermittlungen"
"""Code of the list strafverfahren-stand; what the police say has no other stage."""


def _interrogation_undated(saying: Saying) -> tuple[str, ...]:
    hearing = saying.content.get("vernehmung")
    if not isinstance(hearing, dict):
        return ("/vernehmung",) if _is_investigation(saying.content) else ()
    summons, heard = hearing.get("ladung_am"), hearing.get("am")
    needed = "ladung_am" if hearing.get("geladen") is True else "am"
    if not hearing.get(needed):
        return (f"/vernehmung/{needed}",)
    # Days of one spelling (RFC 3339) are in order when their texts are.
    if isinstance(summons, str) and isinstance(heard, str) and summons > heard:
        return ("/vernehmung/ladung_am",)
    return ()


def _late_without_summons(saying: Saying) -> tuple[str, ...]:
    hearing = saying.content.get("vernehmung")
    if not isinstance(hearing, dict) or not _is_investigation(saying.content):
        return ()
    is_late = hearing.get("geladen") is False and saying.urgency == "planbar"
    return ("/vernehmung/geladen",) if is_late else ()


def _held_without_haste(saying: Saying) -> tuple[str, ...]:
    is_held = saying.content.get("haft") is True
    return ("/haft",) if is_held and saying.urgency != "sofort" else ()


def _is_investigation(content: JsonObject) -> bool:
    return content.get("stand", _INVESTIGATION) == _INVESTIGATION


RULES: Final = (
    Rule(
        "ladung-oder-vernehmung",
        "jgg-70-2",
        "Wer lädt, nennt den Tag der Ladung, und er liegt nicht nach der Vernehmung; wer ohne "
        "Ladung vernommen hat, nennt den Tag der Vernehmung.",
        _interrogation_undated,
    ),
    Rule(
        "ohne-ladung-unverzueglich",
        "jgg-70-2",
        "Wurde ohne Ladung vernommen, erfährt es die Jugendgerichtshilfe unverzüglich danach.",
        _late_without_summons,
    ),
    Rule(
        "haftsache-ist-sofort",
        "jgg-38-3",
        "Ist jemand in Haft, geht die Nachricht mit der Dringlichkeit sofort.",
        _held_without_haste,
    ),
)
