# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What identifies somebody in a free text is pointed at, and everyday German is left alone."""

from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.model.json import JsonObject
from hub.protocols.identifiers import SAYS, find_identifiers

ORDINARY = (
    "Das Kind kommt seit drei Wochen ohne Frühstück und ohne Jacke.",
    "Es sagte in der Pause: „Ich will heute nicht nach Hause, da ist wieder Streit.“",
    "Die Mutter wirkte im Gespräch erschöpft und roch nach Alkohol.",
    "Das heißt Stress für alle, und das heißt Schläge, wenn etwas umfällt.",
    "Ich habe der Familie Hilfe angeboten, aber sie hat keinen Termin vereinbart.",
    "Die Familie Erziehungsberatung anzubieten, war bisher ohne Erfolg.",
    "Wir haben der Frau Rat gegeben und dem Vater eine Broschüre.",
    "Das Mädchen hat blaue Flecken am linken Unterarm, je etwa 2 cm.",
    "Der Junge hat Angst vor dem Freund der Mutter.",
    "Im August war alles noch ruhig, seit September häufen sich die Fehltage.",
    "Im Ernst sagte sie, sie wolle nicht mehr leben.",
    "Auf dem Spielplatz 2 Stunden allein, danach auf dem Heimweg 3 Jungen begegnet.",
    "Der Schulweg 20 Minuten zu Fuß, im Winter im Dunkeln.",
    "Er war 3 Tage krank, dann 2 Wochen unentschuldigt nicht da.",
    "Zwischen 8 und 10 Uhr ist zu Hause niemand erreichbar.",
    "Die Wohnung hat 45 Quadratmeter für 6 Personen.",
    "Der Strom wurde im Januar 2026 abgestellt, die Heizung auch.",
    "Die Großmutter kümmert sich am Wochenende, der Onkel holt sie ab.",
    "Das Kind malt Bilder mit Blut und Messern.",
    "In der Grundschule Probleme mit dem Lesen, in der Kita Freunde gefunden.",
    "Das Gymnasium Anfang des Jahres verlassen, seitdem keine feste Gruppe.",
    "Die Gesamtschule Essen und Trinken stellen zu lassen, half nicht.",
    "In Klasse 7 gab es einen Wechsel, seitdem zieht sie sich zurück.",
    "Vor dem Kindergarten Weinen und Klammern, drinnen nach 10 Minuten gut.",
    "Mama weint dann immer, und Papa schreit.",
    "Die Schwester passt auf den Bruder auf, obwohl sie selbst erst acht ist.",
    "Der Vater hat 15000 Euro Schulden und seit 2 Monaten keine Arbeit.",
    "Die Polizei war zweimal da, gerufen über die 110.",
    "Nach dem Notruf 112 kam der Rettungsdienst nach 8 Minuten.",
    "Sie trägt bei Hitze lange Ärmel und will sich beim Sport nicht umziehen.",
    "Frau und Kinder hätten ihm nichts zu sagen, rief er am Telefon.",
    "Der Herr im Hintergrund sprach nicht Deutsch.",
    "Rosa Hausschuhe und ein Schlafanzug, das war alles, was sie dabeihatte.",
    "Am Montag fehlte er, am Dienstag kam er zwei Stunden zu spät.",
    "Zum Sankt-Martins-Zug kam niemand aus der Familie.",
    "Sankt Martin hat sie noch mitgefeiert, danach brach der Kontakt ab.",
    "Nach § 4 Abs. 1 KKG haben wir zuerst mit den Eltern gesprochen.",
    "Auf einem Blatt DIN A4 stand: Ich hasse mich.",
    "Die Werte lagen bei 38,5 Grad, 3 bis 4 Mal am Tag.",
    "Er nennt seinen Stiefvater nur den Chef.",
    "Max. 2 Stunden am Tag darf sie das Zimmer verlassen.",
    "Die Eltern leben getrennt, das Umgangsrecht ist strittig.",
    "Nur der Hund bekommt regelmäßig Futter, sagt das Kind.",
    "Sie isst mittags drei Portionen und steckt Brot in die Tasche.",
    "Mit der Musikschule hat er aufgehört, in den Sportverein geht er noch.",
    "Die Lehrerin einer Nachbarklasse hat dasselbe beobachtet.",
    "Der Hausarzt sieht keinen Grund zur Sorge, der Kinderarzt schon.",
    "Das Baby hat einen wunden Po und trägt mittags die Windel vom Morgen.",
    "Wie sollen wir vorgehen, wenn die Mutter das Gespräch wieder absagt?",
    "Reicht das für eine Mitteilung, oder sollen wir weiter beobachten?",
    "Ein 14 Jahre alter Jugendlicher konsumiert Cannabis, 2 bis 3 Mal in der Woche.",
    "Die Mutter hat Angst vor dem Ehemann und schläft im Bad.",
    "Vor 6 Wochen begann es, vor 2 Wochen wurde es schlimmer.",
    "Die Mutter wohnt seit Mai 2025 allein, der Vater wohnt im Nachbarort.",
    "Die Kita Leitung weiß Bescheid, wir sind eine Förderschule Lernen.",
    "Beim Doktor Angst, beim Zahnarzt keine, ICD F 90 steht im Bericht.",
    "Am Gymnasium Schwierigkeiten, zum Gymnasium Kontakt gesucht.",
    "Das Kind lebt bei einer Pflegefamilie und zeitweise beim Vater.",
)
"""Sentences as they are written into such a consultation; none of them says who it is about."""

GIVING_AWAY = {
    "name": (
        "Er heißt Max.", "Sie heißt Xylophina.", "Es geht um Familie Erfunden.",
        "Das sagt auch Frau Dr. Erfunden-Beispiel.", "Herr von Erfunden holt ihn ab.",
        "Die Familie Erfunden zieht um.", "Lenas Mutter trinkt.", "Betroffen ist Anna-Lena.",
        "Ein Junge namens August wohnt dort.", "LENA kam allein.", "Ayşe schweigt.",
        "Der Vorname ist Wolf.", "Name: Erfunden.", "Dr. Erfunden behandelt sie.",
    ),
    "e-mail": ("Schreiben Sie an mutter@erfunden.example.", "max.m (at) erfunden.example"),
    "telefonnummer": (
        "Anruf unter 0221 4710123.", "Mobil 0171/3920017.", "Tel. 4710123", "+49 221 4710-123",
    ),
    "geburtsdatum": (
        "Geboren am 17.3.2014.", "geb. 17.03.14", "Geburtstag ist der 3. Mai.", "Jahrgang 2014.",
    ),
    "datum": ("Am 17.03.2026 war es wieder so.", "Am 17. März 2026 kam sie nicht."),
    "anschrift": (
        "Dort in der Goethestraße 12 a.", "In der Kölner Straße 7 brennt Licht.",
        "Sie wohnt Am Alten Markt 5.", "Anne-Frank-Weg 3", "Musterallee 112, Hinterhaus.",
    ),
    "ort": ("Aus 47495 Rheinberg.", "D-59457 Werl"),
    "schulnummer": ("Schulnummer 999001", "Die Schulnummer lautet 999 001.".replace(" 001", "001")),
    "schule": (
        "An der Gesamtschule Rheinberg.", "In der Anne-Frank-Schule.", "Kita „Pusteblume“",
        "Er besucht das Goethe-Gymnasium.", "In der Marienschule.", "Kita Regenbogen",
        "An der Kölner Grundschule.", "Kindergarten St. Erfunden", "Die Schule in Essen.",
        "Grundschule am Schlossberg", "Anne-Frank-Gesamtschule", "Gesamtschule Musterstadt",
        "Sie besucht die Gesamtschule Holweide.", "Realschule Erfunden",
    ),
    "klasse": ("Sie ist in der Klasse 7b.", "Alle aus der 3a wissen es."),
    "kennzeichen": ("Ein Auto mit WES-AB 123.", "K-XY 4711", "SO X 12"),
    "aktenzeichen": ("Az. 51/2-1234.", "Aktenzeichen: 12 F 345/25", "Siehe 12 F 345/25."),
}  # fmt: skip


def kinds(text: str) -> set[str]:
    return {hint.kind for hint in find_identifiers({"text": text})}


@pytest.mark.parametrize("sentence", ORDINARY)
def test_everyday_german_is_left_alone(sentence: str) -> None:
    assert find_identifiers({"text": sentence}) == ()


def test_there_are_enough_ordinary_sentences_to_look_at() -> None:
    assert len(ORDINARY) >= 40


@pytest.mark.parametrize(
    ("kind", "text"), [(kind, text) for kind, texts in GIVING_AWAY.items() for text in texts]
)
def test_what_gives_somebody_away_is_pointed_at(kind: str, text: str) -> None:
    assert kind in kinds(text)


def test_each_kind_has_its_sentence_and_an_example() -> None:
    assert SAYS.keys() == GIVING_AWAY.keys()
    assert all(says.endswith(".") for says in SAYS.values())


@settings(max_examples=150, deadline=None)
@given(
    before=st.lists(st.sampled_from(ORDINARY), max_size=3),
    kind=st.sampled_from(sorted(GIVING_AWAY)),
    after=st.lists(st.sampled_from(ORDINARY), max_size=3),
    data=st.data(),
)
def test_an_identifier_is_found_wherever_it_stands(
    before: list[str], kind: str, after: list[str], data: st.DataObject
) -> None:
    giving_away = data.draw(st.sampled_from(GIVING_AWAY[kind]))
    start = len(" ".join([*before, ""]))
    text = " ".join([*before, giving_away, *after])

    hints = find_identifiers({"beobachtungen": [{"text": text}]})

    assert kind in {hint.kind for hint in hints}
    for hint in hints:
        assert hint.pointer == "/beobachtungen/0/text"
        assert start <= hint.start < hint.end <= start + len(giving_away)


@settings(max_examples=60, deadline=None)
@given(sentences=st.lists(st.sampled_from(ORDINARY), min_size=1, max_size=12))
def test_ordinary_sentences_say_nothing_together_either(sentences: list[str]) -> None:
    assert find_identifiers([" ".join(sentences)]) == ()


def test_a_hint_says_where_and_never_what() -> None:
    (hint,) = find_identifiers({"frage": "Was tun, wenn Lena Erfunden schweigt?"})

    assert (hint.pointer, hint.kind) == ("/frage", "name")
    assert "Was tun, wenn Lena Erfunden schweigt?"[hint.start : hint.end] == "Lena Erfunden"
    assert "Lena" not in repr(hint)
    assert "Erfunden" not in repr(hint)


def test_hints_come_in_the_order_of_reading() -> None:
    content: JsonObject = {
        "frage": "Lena, 47495 Rheinberg, 0221 4710123",
        "rat": ["Herr Erfunden", 7, None],
    }

    found = [(hint.pointer, hint.kind) for hint in find_identifiers(content)]

    assert found == [
        ("/frage", "name"), ("/frage", "ort"), ("/frage", "telefonnummer"), ("/rat/0", "name"),
    ]  # fmt: skip


def test_a_find_within_another_is_told_once() -> None:
    assert kinds("Die Anne-Frank-Schule.") == {"schule"}
    assert kinds("In der Max-Ernst-Straße 5.") == {"anschrift"}


def test_a_text_without_texts_has_no_hints() -> None:
    assert find_identifiers({"zahl": 7, "wahr": True, "leer": [], "nichts": None}) == ()


@pytest.mark.parametrize(
    "part", ["A", "0 ", "Aa-", "12.", "Klasse ", "der Familie ", "a@", "Ab ", "der ", "Tel "]
)
def test_no_text_keeps_the_program_busy(part: str) -> None:
    """A text of four thousand characters is the longest that a schema allows."""
    began = process_time()

    find_identifiers(part * (4000 // len(part)))

    assert process_time() - began < 1
