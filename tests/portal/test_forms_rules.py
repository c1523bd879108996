# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The rules in the browser and those of the reader's side name the same places."""

import copy
import json
import random
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import pytest

from hub.protocols.identifiers import SCANNED, find_identifiers
from hub.protocols.rules import RULES, Saying
from hub.schemas import SCHEMAS
from tests.interop.node import ROOT, node

BATCH: Final = ROOT / "tests/portal/js/batch.js"
MUTATIONS: Final = 6_000
SLOWLY: Final = 900
"""Contents for the one rule that reads every text."""
SEED: Final = 8
BASES: Final = (
    "kkg-4-3", "kkg-4-3-s3", "sgb10-73", "sgb10-69-1", "dsgvo-7", "sgb8-64-1", "dsgvo-16",
)  # fmt: skip
URGENCIES: Final = ("sofort", "unverzueglich", "planbar")
STRANGE: Final[tuple[Any, ...]] = (
    True, False, "ja", "nein-schutz", "nein-ermittlung", "schutzunterkunft", "", 0, 31, 2, 1900,
    "2026-03-04", "zufuehrung", "frage", "anvertrautes", "mitgeteilt", "heilberuf", "sonstige",
    "x" * 1001, {}, [],
)  # fmt: skip
MOMENTS: Final = (
    "2026-03-29T01:30:00+01:00", "2026-03-31T00:10:00+02:00", "2026-03-13T23:59:59Z",
)  # fmt: skip
RARE: Final[tuple[Any, ...]] = (
    {"information": {"betroffene_informiert": "ja"}, "informationssperre": {"gilt": True}},
    {"anruferin": {"anonymitaet_zugesagt": True, "name": "Erfunden", "kontakt": {"kanal": "02"}}},
    {"berichtigt": "ende", "uebernommen_um": "2026-03-04T10:00:00+01:00"},
    {"berichtigt": "uebernahme", "beendet_um": "2026-03-04T10:00:00+01:00"},
    *(
        {"freiheitsentziehung": {"besteht": True, "seit": since, "endet": until}}
        for since, until in (
            ("2026-03-28T23:30:00+01:00", "2026-03-30T00:10:00+02:00"),
            ("2026-03-28T23:30:00+01:00", "2026-03-29T23:10:00+01:00"),
            ("2026-03-28T23:30:00Z", "2026-03-30T01:10:00+02:00"),
            ("2026-03-28T12:00:00Z", "2026-03-28T11:59:00Z"),
        )
    ),
    *({"geburt": {"jahr": 2023, "monat": month, "tag": 29}} for month in (1, 2, 13)),
    {"geburt": {"monat": 2, "tag": 29}},
    {"frage": "Antworten Sie an jemand@example.invalid, Lena fragt auch."},
)
"""What chance would seldom bring about."""
TEXTS: Final = (
    "Lena und Frau Erfunden-Beispiel wohnen in der Musterstraße 12.",
    "Mail an jemand@example.invalid oder (0221) 4710 123.",
    "Geboren am 3. März 2014, Klasse 5b der Goethe-Gesamtschule in Unna.",
    "47051 Duisburg, Kölner Weg 3b, Kennzeichen DU-AB 123, 12 F 34/26.",
    "Der Familie Hilfe anbieten; auf dem Spielplatz 2 Jungen, max. 2 Stunden.",
    "Ein Kind namens Jörg Özdemir heißt so; Name: Zoë. Az.: 12/34-5.",
    "😀 Anna-Lena fragte 😀 nach Herrn von der Brück.",
    "Die Telefonnummer ist 4710123. Schulnummer: 999001. Am 12.11.2025 und 2025-11-12.",
)


def _examples() -> list[Any]:
    return [json.loads(path.read_bytes()) for path in sorted(SCHEMAS.glob("*/*/examples/*.json"))]


def _places(part: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every container with a key in it."""
    if isinstance(part, dict | list):
        for key, member in part.items() if isinstance(part, dict) else enumerate(part):
            yield part, key
            yield from _places(member)


def _mutated(content: Any, drawn: random.Random) -> Any:
    made = copy.deepcopy(content)
    for _ in range(drawn.randint(1, 3)):
        places = list(_places(made))
        if not places:
            break
        around, key = drawn.choice(places)
        if drawn.random() < 0.4:
            del around[key]
        elif isinstance(around[key], bool) and drawn.random() < 0.7:
            around[key] = not around[key]
        else:
            around[key] = _other(around[key], drawn)
    return made


def _other(value: Any, drawn: random.Random) -> Any:
    """Return something else of the same type: a rule is asked about what fits the schema."""
    pool = MOMENTS if isinstance(value, str) and "T" in value and value[:2] == "20" else STRANGE
    alike = [each for each in pool if type(each) is type(value)]
    return copy.deepcopy(drawn.choice(alike)) if alike else value


@dataclass(frozen=True)
class Asked:
    """One batch: what was asked, and what the browser's rules say of it."""

    said: list[dict[str, Any]]
    answers: dict[str, list[list[str]]]


@pytest.fixture(scope="module")
def asked() -> Asked:
    drawn = random.Random(SEED)  # noqa: S311  the same draw every time
    examples = [each for each in _examples() if isinstance(each, dict)]
    mutations = [_mutated(drawn.choice(examples), drawn) for _ in range(MUTATIONS)]
    drawn.shuffle(mutations)
    said = [
        {
            "content": content,
            "basis": drawn.choice(BASES),
            "urgency": drawn.choice(URGENCIES),
            "speakers": drawn.choice((["jugendamt"], ["schule"])),
        }
        for content in (*RARE, *mutations, *examples)
    ]
    return Asked(said, _answered(said=said, slow=[SCANNED], slowly=SLOWLY)["rules"])


def _answered(**batch: Any) -> dict[str, Any]:
    ran = subprocess.run(
        [node(), str(BATCH)],
        input=json.dumps(batch),
        check=True,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    answer: dict[str, Any] = json.loads(ran.stdout)
    return answer


def test_the_browser_knows_every_rule_by_name(asked: Asked) -> None:
    assert sorted(asked.answers) == sorted(RULES)


@pytest.mark.parametrize("rule", sorted(RULES))
def test_a_rule_points_at_the_same_places_in_both_languages(rule: str, asked: Asked) -> None:
    there = asked.answers[rule]
    said = asked.said[: len(there)]
    here = [list(RULES[rule].check(_saying(each))) for each in said]

    different = [
        (each["content"], one, other)
        for each, one, other in zip(said, here, there, strict=True)
        if sorted(one) != sorted(other)
    ]
    assert different == []
    assert any(here), "no example and no mutation breaks this rule"


def test_hints_are_found_at_the_same_places_in_both_languages() -> None:
    drawn = random.Random(SEED)  # noqa: S311  the same draw every time
    words = " ".join(TEXTS).split()
    shuffled = [" ".join(drawn.sample(words, 14)) for _ in range(1_500)]
    contents = [*_examples(), *({"text": text} for text in (*TEXTS, *shuffled))]

    here = [[list(vars(each).values()) for each in find_identifiers(each)] for each in contents]
    there = _answered(hints=contents)["hints"]

    different = [
        (content, one, other)
        for content, one, other in zip(contents, here, there, strict=True)
        if one != other
    ]
    assert different == []
    assert sum(map(len, here)) > len(TEXTS)


def _saying(asked: dict[str, Any]) -> Saying:
    return Saying(asked["content"], asked["basis"], asked["urgency"], frozenset(asked["speakers"]))
