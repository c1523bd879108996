# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the page of results says in German, beside the figures."""

import re
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Chapter:
    """One benchmark as people read about it."""

    title: str
    text: str


INTRODUCTION: Final = (
    "Was kostet es, dass jede Nachricht geprüft, versiegelt, dauerhaft gespeichert und bewiesen "
    "ist? Jede Zahl, an der wir uns messen lassen, ist ein Verhältnis: zwei Programme auf "
    "derselben Maschine, im selben Lauf, abwechselnd; der Median von mindestens drei Runden. "
    "Absolute Zahlen stehen daneben, gelten aber nur für diese Maschine und diese Stunde."
)
READING: Final = (
    "In den Bildern: blau ist Meldeweg, grau sind die anderen. Der Strich am Balken reicht von der "
    "kleinsten bis zur größten Runde, die gestrichelte Linie ist die Grenze."
)
NOT_QUIET: Final = (
    "Die Maschine war bei dieser Messung nicht ruhig: Andere Programme nutzten vorher oder "
    "nachher {share} ihrer Kerne. Zeiten sind deshalb zu groß und Raten zu klein; Verhältnisse "
    "gelten."
)
CHAPTERS: Final = {
    "submit": Chapter(
        "Annehmen",
        "Angenommene Nachrichten je Sekunde: ein Prozess, SQLite, 32 Absender, die immer erst nach "
        "der Antwort weitersenden. Jede Antwort trägt Quittung und Beweis und geht erst ab, wenn "
        "die Nachricht auf der Platte ist (fsync). Anmeldung und Besitznachweis (DPoP) gehören "
        "dazu; nichts ist abgeschaltet. Gemessen wird mit einer kleinen Nachricht von 22 Feldern "
        "und mit der veröffentlichten schule-mitteilung. Die Anfragen sind vorher fertig; der "
        "Lasterzeuger läuft auf dem anderen Kern.",
    ),
    "proof": Chapter(
        "Bis zum Beweis",
        "Wie lange wartet ein Absender auf Quittung und Beweis, wenn der Hub halb ausgelastet ist? "
        "Die Anfragen kommen zu festen Zeiten, ob der Hub nachkommt oder nicht. Daneben dieselbe "
        "Last auf eine Adresse, die nichts speichert: Was die Maschine selbst verzögert, trifft "
        "beide. Eines der beiden Ziele genügt. Dasselbe noch einmal für einen Hub, dessen "
        "Protokoll ein eigener Prozess unterschreibt (dann wird je Gruppe zweimal geschrieben), "
        "für einen, der es jede Sekunde einem Zeugen zeigt, und für beides; jeder ist halb so "
        "beschäftigt, wie er sein kann.",
    ),
    "wake": Chapter(
        "Bis zum Empfänger",
        "Wie bald hat ein wartendes Fachverfahren die Nachricht, gerechnet ab dem Augenblick, in "
        "dem der Absender seine Quittung hat? Der Hub ist dabei halb ausgelastet.",
    ),
    "inbox": Chapter(
        "Bis zur Bereitschaft",
        "Eine Mitteilung, die nicht warten kann, geht an das Jugendamt; Dienst hat nach dessen "
        "Bereitschaftsplan eine andere Stelle. Wie bald liegt sie dort, gerechnet ab dem "
        "Augenblick, in dem der Absender seine Quittung hat, und bei halber Auslastung? Daneben "
        "dasselbe Warten und Wecken im selben Server, ohne dass etwas geprüft oder gespeichert "
        "wird.",
    ),
    "receive": Chapter(
        "Entgegennehmen",
        "Ein einzelnes Fachverfahren holt, prüft, öffnet, übernimmt und bestätigt eine Nachricht "
        "nach der anderen, mit drei unterschriebenen Quittungen und drei geprüften Beweisen. "
        "Die Vergleichsgröße mesh-sandbox holt und hakt ab und prüft dabei nichts.",
    ),
    "seal": Chapter(
        "Versiegeln und öffnen",
        "So lange dauert es auf dem Rechner der Schule oder des Jugendamts: 22 Felder, ein "
        "Empfänger, in Python, in Node und in einem Browser.",
    ),
    "portal-seal": Chapter(
        "Im Portal versiegeln",
        "So lange wartet eine Lehrkraft zwischen der letzten Frage und dem Passkey: die größte "
        "Mitteilung, die eine Schule machen kann, im Browser versiegelt an das Jugendamt und an "
        "alle, die für es einstehen. Formular und Schlüssel hat die Seite vorher gelernt, während "
        "jemand las; die erste Mitteilung einer Seite dauert am längsten. Daneben dasselbe in "
        "Python.",
    ),
    "verify": Chapter(
        "Prüfen",
        "Das Prüfprogramm liest das ganze Protokoll einer Datenbank, mit Python allein und auf "
        "allen Kernen: kurz nur Hashes, Baum und die neueste Unterschrift; ganz auch Form "
        "und Schema jedes Eintrags, jeden Prüfpunkt und was der Zeuge gesehen hat. Daneben, "
        "abwechselnd, ein Programm, das auf einem Kern nur die Hashes bildet. Die Ziele sind im "
        "Verhältnis zur Zahl der Einträge: je Million 40, 10 und 5 Sekunden. Eine Gruppe hat hier "
        "tausend Einträge und einen Prüfpunkt; ein wenig benutzter Hub hat mehr Prüfpunkte, und "
        "jeder kostet ohne weitere Bibliothek etwa eine Millisekunde mehr. Vollständig suchen "
        "heißt: das Kennzeichen einer Konversation in jedem Eintrag nachrechnen.",
    ),
    "entry": Chapter(
        "Ein Eintrag",
        "Was kostet ein Eintrag in einem Protokoll von einer Million: ihn zu beweisen, den Beweis "
        "als Beteiligter abzurufen (mit Token und Besitznachweis), ihn aufzuheben und einen "
        "weiteren anzufügen? Die bezeugte Fassung führt zum ersten Prüfpunkt, den ein Zeuge "
        "gesehen hat. Jeder Eintrag hat vier Kennzeichen und eine Festlegung.",
    ),
    "growth": Chapter(
        "Wachsen",
        "Rechenzeit je angenommener Nachricht, wenn schon eine Million gespeichert ist, verglichen "
        "mit zehntausend. Der Bestand ist so, wie er bei einem Hub ist: Die Inhalte sind bis auf "
        "die neuesten 5000 gelöscht, jede Nachricht hat eine Quittung und einen Eintrag, die "
        "meisten Vorgänge sind geschlossen.",
    ),
    "signing": Chapter(
        "Unterschreiben und bezeugen",
        "Wie oft kann ein Unterschreiber, der ein Prozess für sich ist, einen Prüfpunkt "
        "unterschreiben, und wie oft ein Zeuge? Beide prüfen, dass das Protokoll nur gewachsen "
        "ist, und antworten erst, wenn es auf der Platte steht. Daneben Unterschrift und Datei "
        "allein. Ein Hub fragt einmal je Gruppe und seine Zeugen einmal je Minute.",
    ),
    "forgetting": Chapter(
        "Vergessen",
        "Was kostet es, einen Eintrag gehen zu lassen (nach Anordnung und Zeugen), eine "
        "Konversation zu vergessen und beim Wechsel des Monats ihren Schlüssel neu einzupacken? "
        "Daneben, im selben Lauf, was das Eintragen gekostet hat.",
    ),
    "catalogue": Chapter(
        "Viele Verfahren",
        "Rechenzeit je Annahme, wenn der Hub zweihundert Verfahren mehr kennt.",
    ),
    "catalogue-load": Chapter(
        "Die Verfahren laden",
        "Wie lange braucht ein eben gestarteter Befehl, bis er alle Verfahren, ihre Schemas und "
        "die Rechtsgrundlagen kennt? Gelesen wird abwechselnd die eine Datei, die beim Bauen "
        "entsteht, und der Ordner, aus dem sie gemacht ist, jedes Mal in einem neuen Prozess.",
    ),
    "responsible": Chapter(
        "Wer ist zuständig?",
        "Eine Million zufälliger Fragen nach Jugendamt, Landesjugendamt, Polizei, Gericht und "
        "Staatsanwaltschaft für alle 396 Gemeinden in Nordrhein-Westfalen, an Tagen aus zehn "
        "Jahren; jede Antwort mit ihrer Begründung. Abwechselnd mit einem einfachen Wörterbuch "
        "gleicher Größe, das weder Tage noch Netze noch Gründe kennt. Gefragt wird auf dem Rechner "
        "der mitteilenden Stelle; es geht nichts hinaus.",
    ),
    "duty": Chapter(
        "Wer hat Bereitschaft?",
        "Zufällige Fragen nach der Bereitschaft von 186 Ämtern mit Krisendienst, in vier Wochen "
        "mit Allerheiligen und der Nacht der Umstellung; jede Antwort mit der ganzen Kette, ihrem "
        "Ende und ihrer Begründung. Abwechselnd mit einem einfachen Wörterbuch der Stunden einer "
        "Woche, das weder Feiertage noch Verträge kennt. Gefragt wird bei jeder Mitteilung.",
    ),
    "slow-disk": Chapter(
        "Langsame Platte",
        "Was bleibt von der Rate, wenn jedes fsync fünf Millisekunden länger dauert? Die "
        "Verzögerung wird zwischen den Runden ein- und ausgeschaltet.",
    ),
    "memory": Chapter(
        "Speicher",
        "Arbeitsspeicher eines Knotens bei halber Last. Das erste Fünftel der Zeit ist Anlauf und "
        "zählt nicht. Die Zusage gilt für 30 Minuten; ein kürzerer Lauf sagt weniger.",
    ),
    "submit-pg": Chapter(
        "Annehmen mit PostgreSQL", "Dieselbe Messung mit PostgreSQL, verglichen mit SQLite."
    ),
    "portal": Chapter(
        "Zweihundert zugleich am Portal",
        "Zweihundert Lehrkräfte aus zwanzig Schulen melden im selben Augenblick, jede mit allem, "
        "was ihr Browser dafür fragt: Seiten, Skripte, Formular, fünfmal den Entwurf, "
        "Zuständigkeit und am Ende eine echte Mitteilung, die der Hub annimmt. Zwischen zwei "
        "Seiten vergehen eine bis drei Sekunden; ein Mensch braucht Minuten. Portal, "
        "Hub und Lasterzeuger teilen sich zwei Kerne. Daneben dieselben Anfragen an "
        "dieselbe Anwendung, die nur liest und gleich viel antwortet.",
    ),
    "portal-open": Chapter(
        "Das Portal zum ersten Mal öffnen",
        "Vom Aufruf der Startseite bis sie bedienbar ist, in Chromium auf demselben Rechner, ohne "
        "dass etwas aus früheren Besuchen da wäre; im Wechsel mit der Anmeldeseite. Dazu die Größe "
        "dessen, was dafür übertragen wird, komprimiert und ohne Schriften.",
    ),
    "adapters": Chapter(
        "Übergeben",
        "Wie viele Mitteilungen je Sekunde ein Adapter übergibt, jeder an ein wirkliches Gegenüber "
        "auf demselben Rechner, vier zugleich, und was jede Form kostet. Daneben, im selben Lauf: "
        "wie viele die Anbindung nacheinander öffnet und prüft, und dieselben Bytes nur "
        "geschrieben und auf den Datenträger gebracht. Kein Adapter soll mehr als doppelt so lange "
        "brauchen wie das Öffnen und Prüfen davor.",
    ),
    "backlog": Chapter(
        "Ein Rückstand wird abgearbeitet",
        "Ein Fachverfahren war lange aus: So schnell holt, öffnet, prüft, übergibt und quittiert "
        "die Anbindung, was wartet, und so viel Arbeitsspeicher braucht sie dabei mehr.",
    ),
    "abuse": Chapter(
        "Aufdringliche Verbindungen",
        "Wie lange wartet ein ordentlicher Absender, während andere 500 Verbindungen offen halten "
        "und auf 200 weiteren Kopf oder Rumpf tropfenweise senden? Und wie groß wird der Hub in "
        "einer Flut größter Anfragen? Wer getrennt wird, kommt sofort wieder.",
    ),
}
OTHERS: Final = {
    "plain handler with a kept validator": "einfacher Handler, Prüfer behalten",
    "plain handler": "einfacher Handler",
    "read and drop": "lesen und wegwerfen",
    "RabbitMQ": "RabbitMQ",
    "mesh-sandbox": "mesh-sandbox",
    "hub": "Meldeweg",
}
GLOSSARY: Final = (
    (
        "Einfacher Handler",
        (
            "Was ein gutes Team zuerst schriebe: FastAPI, SQLModel, PyJWT und jsonschema so, wie "
            "ihre Dokumentation es zeigt; eine Datenbank-Transaktion je Anfrage mit einem "
            "verketteten Protokolleintrag, eine unterschriebene Quittung. Er nimmt dieselben Bytes "
            "auf demselben Server an und wartet auf dasselbe fsync. Er tut weniger: kein "
            "Besitznachweis, keine strenge Form, keine Regeln eines Verfahrens, kein Beweis. Mit "
            "dem ersten Beispiel von jsonschema prüft er bei jeder Anfrage auch das Schema selbst; "
            "beim zweiten Anlauf behält man den Prüfer. Gemessen ist beides. Jeder Server in "
            "Python hat einen Kern für sich, der Lastgeber einen anderen."
        ),
    ),
    (
        "Lesen und wegwerfen",
        (
            "Derselbe Server liest denselben Rumpf, verwirft ihn und antwortet leer: was HTTP und "
            "FastAPI allein kosten. Mehr kann niemand mit ihnen erreichen."
        ),
    ),
    (
        "RabbitMQ",
        (
            "Ein verbreiteter Nachrichtenvermittler (Debian): dauerhafte Warteschlange, dauerhafte "
            "Nachrichten, Bestätigung nach dem Schreiben. Er prüft nichts und beweist nichts und "
            "nutzt mehrere Kerne."
        ),
    ),
    (
        "mesh-sandbox",
        (
            "Das Testprogramm des Nachrichtenaustauschs im englischen Gesundheitswesen (NHS), mit "
            "Ablage in Dateien. Es wartet auf keine Platte, prüft keine Unterschrift, kein Schema "
            "und hier keine Anmeldung."
        ),
    ),
    ("p50, p99", "So lange warten höchstens 50 beziehungsweise 99 von 100 Anfragen."),
)
LABELS: Final = (
    ("22 leaves", "22 Felder"),
    ("proof p99, signer and witness", "p99 bis zum Beweis, mit Unterschreiber und Zeuge"),
    ("proof p99, signer", "p99 bis zum Beweis, mit Unterschreiber"),
    ("proof p99, witness", "p99 bis zum Beweis, mit Zeuge"),
    ("proof p99", "p99 bis zum Beweis"),
    ("rate with signer / without", "Rate mit Unterschreiber / ohne"),
    ("rate with witness / without", "Rate mit Zeuge / ohne"),
    ("one witnessed proof over HTTP", "ein bezeugter Beweis über HTTP"),
    ("one witnessed proof", "ein bezeugter Beweis"),
    ("one proof over HTTP", "ein Beweis über HTTP"),
    ("one proof", "ein Beweis"),
    ("database for an entry / its bytes", "Datenbank je Eintrag / seine Bytes"),
    ("CPU of an entry at ", "Rechenzeit eines Eintrags bei "),
    (" / at a tenth", " / bei einem Zehntel"),
    ("hashes and tree of ", "Hashes und Baum, "),
    ("complete search of ", "vollständige Suche, "),
    ("hashes and tree / bare hashing", "Hashes und Baum / nur Hashes"),
    ("verdict / bare hashing", "Urteil / nur Hashes"),
    ("signer / bare signature and file", "Unterschreiber / Unterschrift und Datei allein"),
    (
        "witness without HTTP / bare signature and file",
        "Zeuge ohne HTTP / Unterschrift und Datei allein",
    ),
    ("witness / bare signature and file", "Zeuge / Unterschrift und Datei allein"),
    ("let a body go", "einen Eintrag gehen lassen"),
    ("forget a conversation", "eine Konversation vergessen"),
    ("wrap a key anew", "einen Schlüssel neu einpacken"),
    ("enter it", "eintragen"),
    ("wake p99", "p99 bis zum Empfänger"),
    ("one connector", "ein Fachverfahren"),
    ("seal in ", "versiegeln in "),
    ("open in ", "öffnen in "),
    ("form and keys learnt", "Formular und Schlüssel lernen"),
    ("first notice of a page", "erste Mitteilung einer Seite"),
    ("next notice of a page", "jede weitere Mitteilung"),
    ("verdict on ", "Urteil über "),
    (" entries", " Einträge"),
    ("CPU with ", "Rechenzeit mit "),
    ("load compiled, cold", "laden aus einer Datei, kalt"),
    ("compiled / files", "aus einer Datei / aus den Dateien"),
    (" stored / ", " gespeicherten / "),
    (" protocols / with ", " Verfahren / mit "),
    ("rate at +5 ms per fsync / as it is", "Rate bei +5 ms je fsync / ohne"),
    (", one process", ", ein Prozess"),
    ("slowest adapter", "langsamster Adapter"),
    ("notices a second", "Mitteilungen je Sekunde"),
    ("files for each notice", "Dateien je Mitteilung"),
    ("folder / opening", "Ordner: übergeben / öffnen und prüfen"),
    ("sftp / opening", "SFTP: übergeben / öffnen und prüfen"),
    ("https / opening", "HTTPS: übergeben / öffnen und prüfen"),
    ("mail / opening", "E-Mail: übergeben / öffnen und prüfen"),
    ("portal p95", "p95 einer Anfrage am Portal"),
    ("portal start page ready", "Startseite bedienbar"),
    ("portal first page without fonts", "Größe der ersten Seite ohne Schriften"),
    ("first answer of an office", "erste Antwort eines Amts"),
    ("one answer", "eine Antwort"),
    ("p99 among idle and slow", "p99 neben offenen und langsamen Verbindungen"),
    ("growth in a flood", "Zuwachs in einer Flut"),
    ("resident after ", "Arbeitsspeicher nach "),
    ("growth in ", "Zuwachs in "),
    ("growth", "Zuwachs an Arbeitsspeicher"),
    *OTHERS.items(),
)
"""Parts of labels, the longer before the shorter."""


def german(label: str) -> str:
    """Return a label of a result in German."""
    for english, translated in LABELS:
        label = label.replace(english, translated)
    return re.sub(r"\d{5,}", lambda found: f"{int(found[0]):,}".replace(",", "\u202f"), label)
