# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How are the tables of an evaluation called, and what has to be known to read them?"""

from dataclasses import dataclass
from typing import Final

SUM: Final = "Alle"
SECTORS: Final = {
    "schule": "Schulen",
    "gesundheit": "Gesundheitswesen",
    "polizei": "Polizei",
    "staatsanwaltschaft": "Staatsanwaltschaften",
    "gericht": "Gerichte",
    "ordnungsamt": "Ordnungsämter",
    "traeger": "Träger der Jugendhilfe",
    "jugendamt": "andere Jugendämter",
    "krisendienst": "Krisendienste (Inobhutnahmen)",
    "zoll": "Zoll",
    "andere": "Sonstiges",
}
LINES: Final = {
    "stellen": "Stelle",
    "verfahren": "Stelle und Verfahren",
    "dringlichkeit": "Dringlichkeit",
    "zustellung": "Dringlichkeit",
    "kenntnis": "Dringlichkeit",
    "danach": "Dringlichkeit",
    "rueckmeldung": "Zeit",
    "besonderes": "Mitteilungen",
    "krisendienst": "Anlass",
    "uebernahme": "Zeit",
}
LEGEND: Final = (
    "„unter 5“ steht für jede Zahl unter fünf, auch für null. Steht eine Spanne da, etwa „56 bis "
    "60“, dann bleibt die genaue Zahl weg, weil sonst eine kleine Zahl daneben zu errechnen wäre; "
    "mehr als die Spanne sagen auch alle Tabellen zusammen nicht. „Median“ nennt die Klasse, in "
    "der die mittlere Mitteilung liegt, wo das aus den gezeigten Zahlen folgt."
)
COUNTED: Final = (
    "Gezählt ist, was im Halbjahr bei einem Jugendamt dieses Netzes einen Vorgang begonnen hat; "
    "Übergaben des Krisendienstes zählen für sich. Nicht gezählt ist, was zurückgezogen oder als "
    "nicht verwertbar abgelehnt wurde. Was später als 60 Tage nach dem Ende des Halbjahres "
    "geschah, ändert nichts mehr: Diese Auswertung bleibt, wie sie ist. Alle Regeln sind "
    "Vorgabe des Projekts."
)


@dataclass(frozen=True)
class Text:
    """Title, columns and note of a table."""

    title: str
    column: str
    note: str = ""
    more: tuple[str, ...] = ()

    @property
    def head(self) -> tuple[str, tuple[str, ...]]:
        return self.title, (self.column, *self.more)


@dataclass(frozen=True)
class Timed:
    """A table of times, with a line for each urgency."""

    title: str
    classes: tuple[str, ...]
    columns: tuple[str, ...]
    limits: dict[str, str]
    total: str
    note: str


BY_SECTOR: Final = Text("Mitteilungen nach absendender Stelle", "Mitteilungen")
BY_PROTOCOL: Final = Text(
    "Mitteilungen nach Verfahren",
    "Mitteilungen",
    "Stellen mit nur einem Verfahren stehen in der ersten Tabelle.",
)
BY_URGENCY: Final = Text("Mitteilungen nach Dringlichkeit", "Mitteilungen")
DELIVERY: Final = Timed(
    "Von der Annahme bis zur Zustellung",
    ("minute", "frist", "mehr"),
    ("binnen 1 Minute", "dann in der Zustellfrist", "später oder gar nicht"),
    {"sofort": "2 Minuten", "unverzueglich": "15 Minuten", "planbar": "4 Stunden"},
    "dringlichkeit/{}",
    "Zugestellt heißt: Das Jugendamt oder wer für es Dienst hat, hat die Mitteilung dauerhaft. Die "
    "Zustellfrist steht bei der Dringlichkeit; bei „planbar“ sind Stunden der Uhr gemeint.",
)
KNOWN: Final = Timed(
    "Von der Annahme, bis ein Mensch Kenntnis nahm",
    ("gleich", "frist", "ueber"),
    ("in der Zustellfrist", "dann in der Frist", "Frist überschritten"),
    {
        "sofort": "Frist 10 Minuten",
        "unverzueglich": "Frist 4 Stunden",
        "planbar": "Frist 12 Uhr am nächsten Arbeitstag",
    },
    "dringlichkeit/{}",
    "Wird die Frist überschritten, erfährt es die absendende Stelle mit einer Rufnummer. Wo eine "
    "Vereinbarung eine andere Frist setzt, gilt diese.",
)
LATE: Final = Timed(
    "Frist überschritten: wann ein Mensch dann Kenntnis nahm",
    ("tag", "mehr", "nie"),
    ("binnen eines Tages nach der Frist", "später", "bis zum Stichtag nicht"),
    {},
    "kenntnis/{}/ueber",
    "Bis dahin wird erinnert; am Stichtag ist das Halbjahr seit 60 Tagen vorbei.",
)
FEEDBACK: Final = Text(
    "Von der Annahme bis zur Rückmeldung",
    "Mitteilungen",
    "Rückmeldung nach § 4 Abs. 4 KKG. Das Gesetz sagt „zeitnah“ und nennt keine Tage.",
)
FEEDBACK_CLASSES: Final = (
    "binnen 7 Tagen",
    "dann binnen 14 Tagen",
    "dann binnen 30 Tagen",
    "später oder bis zum Stichtag nicht",
)
FEEDBACK_TOTAL: Final = "Mitteilungen, auf die eine Rückmeldung vorgesehen ist"
MARKED: Final = Text("Besonderes", "ja", "", ("nein",))
MARKS: Final = {
    "weitergabe": "an ein anderes Jugendamt weitergegeben",
    "krisendienst": "einem Krisendienst im Dienst zugestellt",
    "dienstzeit": "in der Dienstzeit des Jugendamts angenommen",
}
HANDOVERS: Final = Text(
    "Übergaben des Krisendienstes",
    "Übergaben",
    "Nach einem Anruf heißt: Der Krisendienst hat selbst begonnen, ohne Mitteilung über den Hub.",
)
ORIGINS: Final = {"anruf": "nach einem Anruf", "mitteilung": "zu einer Mitteilung"}
TAKEOVERS: Final = Text("Von der Übergabe bis zur Übernahme durch das Jugendamt", "Übergaben")
TAKEOVER_CLASSES: Final = (
    "binnen 12 Stunden",
    "dann binnen 24 Stunden",
    "dann binnen 3 Tagen",
    "später oder bis zum Stichtag nicht",
)
