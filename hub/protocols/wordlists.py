# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which words name a person, a place or a school, and which only look as if they did?

In German every noun is capitalised, so a capital letter says nothing. What is known to be a name
stands in lists (``specs/erkennungsmerkmale``), and so do everyday nouns that follow „der Familie“.
"""

from functools import cache
from typing import Final

from ruamel.yaml import YAML

from hub.schemas import SPECS

_FOLDER: Final = SPECS / "erkennungsmerkmale"
_NOUN_ENDINGS: Final = (
    "ung", "ungen", "heit", "heiten", "keit", "keiten", "schaft", "schaften", "ion", "ionen",
    "ität", "itäten", "ismus", "nis", "nisse", "tum", "ment", "mente", "chen", "gespräch",
    "gespräche", "hilfe", "hilfen", "besuch", "besuche", "termin", "termine", "probleme",
    "schmerzen", "zeit", "zeiten", "geld", "angebot", "angebote",
)  # fmt: skip
_SHORTEST_NOUN: Final = 7
"""Below that a family name ends like this as often as a noun does: Jung, Brung."""
_PLACE_ENDINGS: Final = (
    "dorf", "heim", "hausen", "kirchen", "berg", "burg", "bach", "rath", "scheid", "furt",
    "brück", "weiler", "broich", "ingen", "loh", "beck", "stadt",
)  # fmt: skip
_TAKEN_FOR_ORDINARY: Final = frozenset({"Essen", "Lage", "Wenden", "Senden", "Halle", "Heiden"})
"""Places whose names are everyday words; recognised only after „in“."""


def is_given_name(word: str) -> bool:
    """Say whether every part of a word is a given name: ``Lena``, ``Lenas``, ``Anna-Lena``."""
    given = _words("vornamen")
    return all(
        part in given or (part.endswith("s") and part[:-1] in given)
        for part in (each.capitalize() if each.isupper() else each for each in word.split("-"))
    )


def is_ordinary(word: str) -> bool:
    return word in _words("alltagswoerter")


def is_probably_ordinary(word: str) -> bool:
    """Say the same where a noun is as likely as a name, so that its ending counts too."""
    ends = len(word) >= _SHORTEST_NOUN and word.endswith(_NOUN_ENDINGS)
    return ends or is_ordinary(word)


def is_place(word: str) -> bool:
    return word in _words("orte")


def is_name_of_school(word: str) -> bool:
    """Say whether a word beside the word for a school is what that school is called."""
    if word in _TAKEN_FOR_ORDINARY:
        return False
    named = any(is_given_name(part) or part in _words("schulnamen") for part in word.split("-"))
    return named or is_place(word) or word.endswith(_PLACE_ENDINGS)


def is_of_place(word: str) -> bool:
    """Say whether an adjective is made of a place: Kölner, Dinslakener, Rheinberger."""
    stem = word.removesuffix("er")
    return word != stem and (is_place(stem) or is_place(f"{stem}en"))


def is_everyday_way(word: str) -> bool:
    return word in _words("wege")


@cache
def _words(name: str) -> frozenset[str]:
    written = YAML(typ="safe", pure=True).load(_FOLDER / f"{name}.yaml")
    return frozenset(written["words"].split())
