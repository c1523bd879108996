# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What do the pages about people say of roles, of what was done, and to somebody who is invited?"""

from typing import Final

WHAT: Final = {
    "bereitschaft": "Bereitschaft: liest Mitteilungen und handelt, vor allem außer der Dienstzeit",
    "fachkraft": "Fachkraft: liest Mitteilungen, übernimmt und beantwortet sie",
    "leitung": "Leitung: liest Mitteilungen und handelt, sieht auch Schutzadressen",
    "verwalten": "Verwaltung: lädt ein, ändert Rollen, hilft bei verlorenen Geräten",
    "datenschutz": "Datenschutz: liest das Lesebuch, aber keine Mitteilung",
}
ACTS: Final = {
    "eingeladen": "{name} eingeladen",
    "link-neu": "Neuer Link für {name}",
    "rollen": "Rollen von {name} geändert",
    "neu-begonnen": "{name} neu beginnen lassen, Geräte verloren",
    "entlassen": "{name} den Zugang genommen",
}
SAID: Final = {
    "rollen": "Die Rollen gelten ab sofort.",
    "entlassen": "Der Zugang ist beendet.",
}
NOBODY_MANAGES: Final = (
    "Danach würde niemand mehr ohne Enddatum die Zugänge verwalten. Geben Sie diese Rolle zuerst "
    "einer anderen Person."
)
NOT_ONESELF: Final = (
    "Sich selbst gibt niemand eine Rolle oder einen neuen Zugang. Das tut eine andere Person "
    "mit der Rolle „verwalten“ oder die IT der Stelle auf der Befehlszeile."
)
IS_IN: Final = (
    "Diese Person war schon angemeldet. Hat sie ihr Gerät verloren, lassen Sie sie neu beginnen."
)
LETTER: Final = (
    "Guten Tag {name},\n\n"
    "für Sie ist ein Zugang zum Eingang eingerichtet ({office}). Öffnen Sie dazu diesen Link auf "
    "dem Gerät, mit dem Sie arbeiten:\n\n{link}\n\n"
    "Der Link gilt einmal und drei Tage lang. Ihr Gerät legt dabei einen Passkey an: Sie melden "
    "sich künftig so an, wie Sie das Gerät entsperren. Ein Kennwort gibt es nicht.\n\n"
    "Haben Sie den Link nicht erwartet, öffnen Sie ihn bitte nicht und fragen Sie nach."
)
