# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is one difference between two versions, and what do all of them together mean?"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from hub.model.json import JsonObject

Effect = Literal["wort", "enger", "weiter"]
Verdict = Literal["gleich", "wort", "enger", "weiter"]

ORDER: Final[tuple[Verdict, ...]] = ("gleich", "wort", "enger", "weiter")
"""Rising: one widening makes the whole version a wider one."""
MEANING: Final[dict[Verdict, str]] = {
    "gleich": "Beide Fassungen sagen dasselbe.",
    "wort": "Nur Wörter sind andere: nötig ist eine neue Wortfassung (letzte Zahl).",
    "enger": "Enger, nirgends weiter: nötig ist eine neue Nebenfassung (mittlere Zahl).",
    "weiter": "Weiter: nötig ist eine neue Hauptfassung (erste Zahl) mit Freigabe.",
}


@dataclass(frozen=True)
class Change:
    """One thing that is different, in the newer of two versions."""

    place: str
    """Where, as the checker writes places: ``steps/mitteilung/at_most``."""
    effect: Effect
    text: str
    """German; goes on after „1.0.0 → 2.0.0“: what the newer version does."""

    @property
    def sentence(self) -> str:
        """The rest of the sentence; of a widening with what it needs."""
        return (
            f"{self.text}; Rechtsgrundlage nötig." if self.effect == "weiter" else f"{self.text}."
        )


@dataclass(frozen=True)
class Difference:
    """All that is different between two versions of one protocol."""

    protocol: str
    older: str
    newer: str
    changes: tuple[Change, ...]

    @property
    def verdict(self) -> Verdict:
        return max((change.effect for change in self.changes), key=ORDER.index, default="gleich")

    @property
    def sentences(self) -> tuple[str, ...]:
        """Each change as one German sentence, the widening ones first."""
        rising = sorted(self.changes, key=lambda change: -ORDER.index(change.effect))
        return tuple(f"{self.older} → {self.newer} {change.sentence}" for change in rising)

    def as_json(self) -> JsonObject:
        return {
            "protocol": self.protocol,
            "older": self.older,
            "newer": self.newer,
            "verdict": self.verdict,
            "changes": [
                {"place": each.place, "effect": each.effect, "text": each.sentence}
                for each in self.changes
            ],
        }


@dataclass(frozen=True)
class Phrases:
    """How a set that grows or shrinks is put into words; ``{}`` stands for what came or went."""

    more: str
    fewer: str
    is_guard: bool = False
    """Whether each member holds something back, so that one more is narrower."""


def changed_sets(
    place: str, older: Iterable[str], newer: Iterable[str], phrases: Phrases
) -> Iterator[Change]:
    """Compare two lists of which only the members count; another order is another wording."""
    before, after = list(dict.fromkeys(older)), list(dict.fromkeys(newer))
    added = [each for each in after if each not in before]
    removed = [each for each in before if each not in after]
    up: Effect = "enger" if phrases.is_guard else "weiter"
    down: Effect = "weiter" if phrases.is_guard else "enger"
    if added:
        yield Change(place, up, phrases.more.format(listed(added)))
    if removed:
        yield Change(place, down, phrases.fewer.format(listed(removed)))
    if not added and not removed and before != after:
        yield Change(place, "wort", f"ordnet anders: {listed(after)}")


def changed_number(
    place: str, bounds: tuple[int | None, int | None], text: str, *, is_floor: bool = False
) -> Iterator[Change]:
    """Compare two bounds, older and newer; None is no bound. A floor holds back from below.

    ``text`` takes the newer and the older bound, in this order.
    """
    older, newer = bounds
    if older == newer:
        return
    none = float("-inf") if is_floor else float("inf")
    before, after = (none if each is None else each for each in (older, newer))
    is_wider = after < before if is_floor else after > before
    words = ("ohne Grenze" if each is None else str(each) for each in (newer, older))
    yield Change(place, "weiter" if is_wider else "enger", text.format(*words))


def listed(words: Iterable[str]) -> str:
    return ", ".join(words)
