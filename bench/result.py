# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a benchmark found: ratios with their goals, and everything they were made from."""

import json
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from bench.machine import machine
from bench.place import RESULTS

Bound = Literal["at least", "at most"]


@dataclass(frozen=True)
class Ratio:
    """One figure that is held against a goal."""

    label: str
    value: float
    goal: float
    bound: Bound
    aim: float | None = None
    """What we would like; ``goal`` is what has to be."""
    unit: str = ""
    """Empty for a true ratio."""
    is_met_otherwise: bool = False
    """Where one of two goals is enough and the other one is met."""

    @property
    def is_met(self) -> bool:
        return self.is_met_otherwise or self.holds

    @property
    def holds(self) -> bool:
        """Whether the value itself keeps to the goal."""
        return self.value >= self.goal if self.bound == "at least" else self.value <= self.goal

    def line(self) -> str:
        """Return it as a line for people."""
        sign = "≥" if self.bound == "at least" else "≤"
        aim = "" if self.aim is None else f", aim {self.aim:g}"
        verdict = "met" if self.is_met else "MISSED"
        return f"  {self.label}: {self.value:.3g}{self.unit} ({sign} {self.goal:g}{aim}) {verdict}"


@dataclass
class Result:
    """One benchmark as it is written to ``bench/results``."""

    name: str
    ratios: list[Ratio] = field(default_factory=list)
    raw: dict[str, Any] = field(default_factory=dict)

    def write(self, *, is_quick: bool) -> None:
        """Write the result; a quick one goes where nothing is committed."""
        folder = RESULTS / "tmp" if is_quick else RESULTS
        folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps(self._as_json(), ensure_ascii=False, indent=1)
        (folder / f"{self.name}.json").write_text(text + "\n", "utf-8")

    def _as_json(self) -> dict[str, Any]:
        ratios = {
            ratio.label: {"value": ratio.value, "goal": ratio.goal, "met": ratio.is_met}
            for ratio in self.ratios
        }
        said = {
            ratio.label: {"bound": ratio.bound, "aim": ratio.aim, "unit": ratio.unit}
            for ratio in self.ratios
        }
        return {
            "name": self.name,
            "ratios": ratios,
            "raw": {**machine(), "goals": said, **self.raw},
        }


def compared(ones: Sequence[float], others: Sequence[float]) -> float:
    """Return the median of the ratios of rounds that took turns: a slow minute slows both."""
    return statistics.median(one / other for one, other in zip(ones, others, strict=True))
