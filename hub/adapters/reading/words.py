# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which words may stand in an entry of the log of reading?

Every list is closed. ``specs/reading-entry.schema.json`` and ``hub.audit.verify`` hold the same
lists, and a test holds the three together.
"""

from typing import Final

LISTED: Final = "reading.listed"
SHOWN: Final = "reading.shown"
PRINTED: Final = "reading.printed"
EXPORTED: Final = "reading.exported"
ENTRUSTED: Final = "reading.entrusted"
LOOKED: Final = "reading.log"
DENIED: Final = "reading.denied"
PRUNED: Final = "log.pruned"
"""The bodies of a year went; the kind is the hub's, because its triggers ask for it."""
KINDS: Final = {
    SHOWN: "Mitteilung angezeigt",
    ENTRUSTED: "Anvertrautes geöffnet",
    PRINTED: "Gedruckt",
    EXPORTED: "Als Datei ausgegeben",
    LISTED: "In einer Liste angezeigt",
    DENIED: "Abgelehnt",
    LOOKED: "Lesebuch eingesehen",
    PRUNED: "Einträge nach Frist gelöscht",
}
"""Each with what a page says of it."""
CLASSES: Final = {
    "main": "Inhalt",
    "akte": "Akte",
    "anvertraut": "Anvertraut (§ 65 SGB VIII)",
    "schutzadresse": "Geschützte Anschrift",
}
ROLES: Final = {
    "": "",
    "bereitschaft": "Bereitschaft",
    "fachkraft": "Fachkraft",
    "leitung": "Leitung",
    "verwalten": "Verwaltung",
    "datenschutz": "Datenschutz",
    "betrieb": "Betrieb (Befehlszeile)",
}
GROUNDS: Final = {
    "": "",
    "uebernommen": "hat die Mitteilung übernommen",
    "benannt": "von der übernehmenden Fachkraft benannt",
    "vertretung": "in Vertretung",
    "uebergabe": "bei der Übergabe",
    "einwilligung": "mit Einwilligung (§ 65 Abs. 1 Nr. 1 SGB VIII)",
    "familiengericht": "für das Familiengericht (§ 65 Abs. 1 Nr. 2 SGB VIII)",
    "wechsel": "Wechsel der Zuständigkeit (§ 65 Abs. 1 Nr. 3 SGB VIII)",
    "einschaetzung": "zur Einschätzung hinzugezogen (§ 65 Abs. 1 Nr. 4 SGB VIII)",
    "befugnis": "Befugnis (§ 65 Abs. 1 Nr. 5 SGB VIII)",
    "not-permitted": "nicht erlaubt",
    "eigenueberwachung": "Eigenüberwachung",
    "rechtmaessigkeit": "Prüfung der Rechtmäßigkeit",
    "sicherheit": "Sicherheit der Verarbeitung",
    "strafverfahren": "Strafverfahren",
}
"""Why somebody may, or may not; codes, since a log takes no free text."""
PURPOSES: Final = ("eigenueberwachung", "rechtmaessigkeit", "sicherheit", "strafverfahren")
"""For what a log may be read: § 76 Abs. 3 BDSG names these; here it is the project's measure."""
OBJECTS: Final = ("message", "log")
