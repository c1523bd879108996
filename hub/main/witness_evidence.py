# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""``meldeweg witness evidence``: what a log signed that does not go together."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final

import typer

from hub.audit.checkpoint import Checkpoint
from hub.audit.merkle import Unproven
from hub.audit.note import Verifier, verify_note
from hub.audit.witness.evidence import Contradiction, What
from hub.audit.witness.request import parse_shown
from hub.audit.witness.shelf import name_of
from hub.main.output import Json, fail, show
from hub.main.witness_folder import WitnessFolder

SAID: Final[dict[What, str]] = {
    "two-roots": (
        "Zwei Wurzeln bei gleicher Größe. Das Protokoll hat zwei Geschichten unterschrieben; wer "
        "seinen Schlüssel kennt, dem beweisen das die beiden Prüfpunkte allein."
    ),
    "no-continuation": (
        "Der neue Prüfpunkt setzt den bezeugten nicht fort, jedenfalls hat das niemand gezeigt. "
        "Kann der Betreiber keinen Beweis dafür vorlegen, hat er zwei Geschichten unterschrieben."
    ),
}
ADVICE: Final = (
    "Beide Prüfpunkte aufheben, den Betreiber unter einer schon bekannten Nummer anrufen und die "
    "Aufsichtsbehörde unterrichten; bis zur Klärung wird nichts bezeugt, was davon abweicht."
)


def evidence(
    folder: Annotated[
        Path, typer.Option("--state", envvar="MELDEWEG_WITNESS_STATE", help="Ordner des Zeugen.")
    ] = Path("var/zeuge"),
    as_json: Json = False,
) -> None:
    """Zeigt Widersprüche mit beiden Prüfpunkten; der Rückgabewert ist 1, wenn es welche gibt."""
    place = WitnessFolder(folder)
    if not place.is_there:
        raise fail(f"In {folder} ist kein Zeuge; mit „meldeweg witness init“ einrichten.")
    found = list(place.drawer.all())
    said = [asdict(each) | {"holds": _holds(place, each)} for each in found]
    texts = [f"{text_of(each)}\n\n{_notes(place, each)}" for each in found]
    show(said, as_json, "\n\n".join(texts) or "Kein Widerspruch.")
    if found:
        raise typer.Exit(1)


def text_of(found: Contradiction) -> str:
    """Say what was found, in sizes and roots, and what to do."""
    when = datetime.fromtimestamp(found.at, UTC).isoformat()
    before, shown = parse_shown(found.cosigned).head, parse_shown(found.submitted).head
    return "\n".join(
        [
            f"{found.origin}, vorgelegt {when}",
            SAID[found.what],
            f"  bezeugt:   {_head(before)}",
            f"  vorgelegt: {_head(shown)}",
            ADVICE,
        ]
    )


def _head(head: Checkpoint) -> str:
    return f"{head.size} Einträge, Wurzel {head.root.hex()}"


def _notes(place: WitnessFolder, found: Contradiction) -> str:
    verdict = "halten" if _holds(place, found) else "HALTEN NICHT"
    return f"Die Unterschriften des Protokolls {verdict}.\n\n{found.cosigned}\n{found.submitted}"


def _holds(place: WitnessFolder, found: Contradiction) -> bool:
    """Whether the log signed both notes with keys that are believed here."""
    kept = place.shelf.read(name_of(found.origin))
    keys = kept.keys if kept else ()
    return _is_signed(found.cosigned, keys) and _is_signed(found.submitted, keys)


def _is_signed(note: str, keys: Sequence[Verifier]) -> bool:
    for key in keys:
        try:
            verify_note(note, key)
        except Unproven:
            continue
        return True
    return False
