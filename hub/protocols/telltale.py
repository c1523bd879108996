# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What does it look like when a text gives somebody away?

One entry for each kind of thing that identifies: how it is written, and where the pattern alone
would stop at everyday language, a condition on the words that it found. All patterns run in time
proportional to the text.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from hub.protocols.wordlists import (
    is_everyday_way,
    is_given_name,
    is_name_of_school,
    is_of_place,
    is_ordinary,
    is_place,
    is_probably_ordinary,
)

Found = re.Match[str]
_WORD: Final = r"[A-ZÀ-ÖØ-ÞĆČĐĞİŁŃŚŠŞŹŻŽ][^\W\d_]*(?:['’][^\W\d_]+)?"
_NAME: Final = rf"{_WORD}(?:-{_WORD})*"
_SMALL: Final = r"(?:(?:von|van|de|der|den|dem|zu|zum|zur|ten|ter|el|al|bin|ben|da|di)[ -]){0,2}"
_MONTH: Final = (
    r"(?:Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember)"
)
_DATE: Final = (
    rf"(?:\d{{1,2}}\.\s?(?:\d{{1,2}}\.(?:\s?\d{{4}}|\d{{2}})|{_MONTH}\s\d{{4}})"
    r"|\d{4}-\d{2}-\d{2}|\d{1,2}/\d{1,2}/\d{4})(?!\d)"
)
_COUNTED: Final = (
    r"(?!\d|[.,:]\d|\s*(?:[–-]|bis|und|oder)\s*\d|\s*(?:%|€|°|Uhr|Stunden?|Std|Minuten?|Min|Sekunden?|"
    r"Tage?n?|Wochen?|Monate?n?|Jahre?n?|[Mm]al|Kinder|Jungen|Mädchen|Personen|Leute|Schüler|"
    r"andere|weitere|Meter|Kilometer|km|m|Euro|Cent|Prozent|Grad|Schritte|Menschen|Flaschen)\b)"
)
"""What may not follow a number that is meant to be one of a house."""
_KIND_OF_SCHOOL: Final = (
    r"(?:Gesamt|Grund|Haupt|Real|Sekundar|Förder|Waldorf|Berufs|Gemeinschafts|Verbund)schule"
    r"|Gymnasium|Berufskolleg|Kita|KiTa|Kindertagesstätte|Kindergarten|Familienzentrum"
)
_KIND_OF_STREET: Final = (
    r"(?:[Ss]traße|[Ss]trasse|[Ss]tr\.|[Aa]llee|[Gg]asse|[Cc]haussee|[Ww]eg|[Pp]latz|[Rr]ing|[Dd]amm|"
    r"[Uu]fer|[Hh]of|[Bb]erg|[Kk]amp|[Ss]teig|[Pp]fad|[Mm]arkt|[Ww]all|[Ss]tiege)"
)
_NO_PLATE: Final = frozenset({"DIN", "ISO", "SGB", "ICD", "EN", "EG", "UG", "OG", "IQ", "USK"})


@dataclass(frozen=True)
class Telltale:
    """One way in which a kind of identifier is written."""

    kind: str
    pattern: re.Pattern[str]
    is_meant: Callable[[Found], bool] = lambda _: True

    def places(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield where it stands; the group ``it`` is what identifies, else the whole."""
        group = "it" if "it" in self.pattern.groupindex else 0
        yield from (each.span(group) for each in self.pattern.finditer(text) if self.is_meant(each))


def _first(found: Found, group: str = "name") -> str:
    return found[group].partition("-")[0].partition(" ")[0]


def _has_title(found: Found) -> bool:
    # „der Familie Hilfe anbieten“ names nobody, „Familie Erfunden“ does.
    is_other = is_probably_ordinary if found["article"] else is_ordinary
    return not is_other(_first(found))


def _is_called(found: Found) -> bool:
    return not is_ordinary(_first(found))


def _is_given(found: Found) -> bool:
    if not is_given_name(found["given"]):
        return False
    # „max. 2 Stunden“ and „im Jan. 2025“ at the beginning of a sentence.
    return not re.match(r"\.\s*[\da-zäöü]", found.string[found.end("given") :])


def _is_house(found: Found) -> bool:
    return not is_everyday_way(found["street"])


def _names_school(found: Found) -> bool:
    return is_name_of_school(found["name"])


def _is_plate(found: Found) -> bool:
    return found["district"] not in _NO_PLATE


def _telltale(kind: str, pattern: str, is_meant: Callable[[Found], bool] | None = None) -> Telltale:
    compiled = re.compile(pattern)
    return Telltale(kind, compiled, is_meant) if is_meant else Telltale(kind, compiled)


TELLTALES: Final = (
    _telltale(
        "e-mail", r"[\w.+-]{1,64}(?:@|\s?[(\[](?:at|AT|ät)[)\]]\s?)[\w-]{1,63}(?:\.[\w-]{1,63})+"
    ),
    _telltale(
        "telefonnummer",
        r"(?<![\w.,/-])(?!\d{1,2}/\d{1,2}/\d{4})(?:\+49|0049|0)[\s()/-]{0,3}\d(?:[\s()/-]{0,2}\d){5,13}(?!\d)",
    ),
    _telltale(
        "telefonnummer",
        r"\b(?:Tel|Telefon|Telefonnummer|Handy|Handynummer|Mobil|Mobilnummer|Rufnummer|Nummer)"
        r"\b[.:]?\s?(?:ist|lautet)?\s?(?P<it>\d(?:[ /-]?\d){4,13})(?!\d)",
    ),
    _telltale(
        "geburtsdatum",
        rf"\b(?:[Gg]eboren|[Gg]eb\.|Geburtsdatum|Geburtstag|Jahrgang)[^\d\n]{{0,25}}"
        rf"(?P<it>{_DATE}|\d{{1,2}}\.\s?(?:\d{{1,2}}\.|{_MONTH})|(?:19|20)\d\d)",
    ),
    _telltale("datum", rf"(?<![\d.]){_DATE}"),
    _telltale(
        "anschrift",
        rf"(?<![\w-])(?P<street>{_NAME}er\s{_KIND_OF_STREET}|{_WORD}(?:-{_WORD})*?-?{_KIND_OF_STREET})"
        r"\s*(?:Nr\.\s?)?\d{1,4}(?:\s?[a-z]\b)?" + _COUNTED,
        _is_house,
    ),
    _telltale(
        "anschrift",
        r"\b(?:[Ww]ohnt|[Ww]ohnen|[Ww]ohnhaft|[Gg]emeldet|Adresse|Anschrift)\b[^.\d\n]{0,40}?"
        rf"\b(?!{_MONTH})(?P<it>{_NAME}\s+\d{{1,4}}(?:\s?[a-z]\b)?)" + _COUNTED,
    ),
    _telltale(
        "ort",
        rf"(?<![\d.,])(?:D-)?\d{{5}}\s+(?P<name>{_NAME})",
        lambda found: not re.match("Euro|Schritte|Meter|Menschen|Einwohner|Mal", found["name"]),
    ),
    _telltale("schulnummer", r"\bSchul(?:nummer|-?[Nn]r\.?)\s*:?\s*(?:ist|lautet)?\s*\d{6}(?!\d)"),
    _telltale("schule", rf"\b(?:{_KIND_OF_SCHOOL})\s+[„“”\"»‚']\s*{_NAME}"),
    _telltale("schule", rf"\b(?:{_KIND_OF_SCHOOL}|Schule)\s+(?:St\.|Sankt)\s*{_NAME}"),
    _telltale(
        "schule", rf"\b(?:{_KIND_OF_SCHOOL})\s+(?:am\s|an\sder\s)?(?P<name>{_NAME})", _names_school
    ),
    _telltale(
        "schule",
        r"(?:(?:^|[.!?:;,(]\s*)|\b(?:[Bb]esucht\s(?:die|das)|[Aa]n\s(?:der|einer)|[Aa]m|[Vv]on\sder|[Vv]om|"
        r"[Aa]uf\s(?:die|das)|[Zz]ur|[Zz]um)\s)(?P<it>(?:(?:Gesamt|Grund|Haupt|Real|Sekundar)schule|"
        rf"Gymnasium|Berufskolleg)\s+(?P<name>{_NAME}))",
        lambda found: not is_probably_ordinary(_first(found)),
    ),
    _telltale(
        "schule",
        rf"\b(?:{_KIND_OF_SCHOOL}|Schule)\s+(?:in|aus)\s+(?P<name>{_WORD})",
        lambda found: is_place(found["name"]),
    ),
    _telltale(
        "schule",
        rf"\b(?P<name>{_WORD}er)\s+(?:{_KIND_OF_SCHOOL}|Schule)\b",
        lambda found: is_of_place(found["name"]),
    ),
    _telltale(
        "schule",
        rf"(?<![\w-])(?P<name>{_WORD}(?:-{_WORD}){{0,4}})-(?:{_KIND_OF_SCHOOL}|Schule|Kolleg|Hort)\b",
        lambda found: found["name"].count("-") > 0 or is_name_of_school(found["name"]),
    ),
    _telltale(
        "schule",
        r"\b(?P<name>[A-ZÄÖÜ][a-zäöüß]{2,20})(?:schule|gymnasium|kindergarten)\b",
        _names_school,
    ),
    _telltale("klasse", r"\bKlasse\s?\d{1,2}\s?[a-h]\b|\b(?:der|die|einer)\s\d{1,2}[a-h]\b"),
    _telltale(
        "kennzeichen",
        r"(?<![\w-])(?P<district>[A-ZÄÖÜ]{1,3})[ -][A-Z]{1,2}[ -]?\d{1,4}[EH]?(?![\w-])",
        _is_plate,
    ),
    _telltale(
        "aktenzeichen",
        r"\b(?:Az\.?|AZ|Aktenzeichen|Geschäftszeichen|Vorgangsnummer|Fallnummer|Aktennummer|"
        r"Versichertennummer|Kundennummer)\s*:?\s*(?:ist|lautet)?\s*(?P<it>[A-Za-z.\s/-]{0,10}\d[\w./-]*)",
    ),
    _telltale(
        "aktenzeichen",
        r"(?<!\d)\d{1,4}\s(?:UF|WF|F|Js|Ls|Ds|Cs|Gs|XVII|AR|C|O|T|S|K|L)\s\d{1,6}/\d{2,4}(?!\d)",
    ),
    _telltale(
        "name",
        r"(?P<article>\b(?:[Dd](?:er|ie|en|em)|[Dd]ieser?|[Ee]iner?|[Ii]hrer?|[Ss]einer?|[Uu]nserer?|"
        r"[Mm]einer?|[Kk]einer?|[Zz]ur)\s+)?\b(?:Frau|Herrn?|Fräulein|Familie|Fam\.|Eheleuten?|Doktor|Dr\.|"
        rf"Prof\.)\s+(?:Dr\.\s+|Prof\.\s+)*(?P<it>{_SMALL}(?P<name>{_NAME}))",
        _has_title,
    ),
    _telltale(
        "name",
        r"(?<!\bdas )(?<!\bDas )(?<!\bwas )(?<!\bWas )\b(?:heißt|heisst|hieß|namens|genannt|"
        rf"[A-Za-z]*[Nn]ame(?:\s(?:ist|lautet)|:))\s+(?P<it>{_SMALL}(?P<name>{_NAME}))",
        _is_called,
    ),
    _telltale(
        "name",
        rf"(?<![\w-])(?<!Sankt )(?<!St\. )(?P<given>{_NAME})(?![\w-])",
        _is_given,
    ),
)
