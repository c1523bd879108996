# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How long does a sender wait for the receipt with its proof, while the hub is half busy?

At half of the rate measured just before, by an open loop: requests come at their times. Beside it,
at the same rate, the route that stores nothing; what the machine does to both is in both.

The same again for a hub whose log is signed by a process of its own, for one that shows its log to
a witness, and for one that does both, by turns. Each is half as busy as it can be.
"""

import statistics
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from bench.contest import Contestant, take_turns
from bench.ground import Ground
from bench.hub import hub_running
from bench.load import Played, open_loop
from bench.options import Options
from bench.place import free_port, fresh
from bench.process import Process
from bench.result import Ratio, Result, compared
from bench.signer import hand_over, signing
from bench.submissions import PROBE, Submissions
from bench.watched import Watched
from hub.audit.checkpoint import origin_of
from hub.audit.note import Signer
from hub.audit.signing.own import keys_in
from hub.main.folder import DataDir
from tests.world import HUB_ID

GOAL_MS: Final = 100
TIMES: Final = 5
KEPT: Final = 0.7
"""Share of the rate that a hub keeps which commits twice for each group."""
KEPT_WITNESSED: Final = 0.9
SHOWN_EVERY: Final = "1"
"""Seconds between two looks of the witness; a hub has sixty of them."""
FORMS: Final = {
    "hub": (False, False),
    "signer": (True, False),
    "witness": (False, True),
    "signer and witness": (True, True),
}
"""Whether somebody else signs, and whether a witness looks on."""


@dataclass
class _Form:
    """One form of the hub, and what came of its turns."""

    name: str
    process: Process
    rates: list[float] = field(default_factory=list)
    played: list[Played] = field(default_factory=list)
    control: list[Played] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Half of what goes through."""
        return statistics.median(self.rates) / 2

    @property
    def p99(self) -> float:
        return statistics.median(each.at(0.99) for each in self.played)

    @property
    def times(self) -> float:
        """How many times the control."""
        return compared(
            [each.at(0.99) for each in self.played], [each.at(0.99) for each in self.control]
        )

    def ratio(self) -> Ratio:
        """Either goal is enough; where the figure itself is too large, the control counts."""
        label = "proof p99" if self.name == "hub" else f"proof p99, {self.name}"
        holds = self.p99 <= GOAL_MS or self.times <= TIMES
        return Ratio(label, self.p99, GOAL_MS, "at most", unit=" ms", is_met_otherwise=holds)

    def raw(self) -> dict[str, Any]:
        return {
            "rate": self.rate,
            "rates": self.rates,
            "times the control": self.times,
            "hub": raw(self.played),
            "no store": raw(self.control),
        }


def proof(ground: Ground, options: Options) -> Result:
    """Measure each form at its half load."""
    submissions = Submissions(ground, PROBE)
    with ExitStack() as stack:
        forms = [_Form(name, stack.enter_context(_running(ground, name))) for name in FORMS]
        _measure_rates(forms, submissions, options)
        for _ in range(options.rounds):
            for form in forms:
                _play(form, submissions, options)
    for form in forms:
        print(f"  {form.name}: {said(form.played, form.rate)}")
        print(f"  {form.name}, no store: {said(form.control, form.rate)}", flush=True)
    first = forms[0]
    kept = {form.name: compared(form.rates, first.rates) for form in forms[1:]}
    ratios = [form.ratio() for form in forms]
    for name, goal in (("signer", KEPT), ("witness", KEPT_WITNESSED)):
        ratios.append(Ratio(f"rate with {name} / without", kept[name], goal, "at least"))
    raw_ = {**first.raw(), "kept": kept, "forms": {form.name: form.raw() for form in forms[1:]}}
    return Result("proof", ratios, raw_)


def _measure_rates(forms: list[_Form], submissions: Submissions, options: Options) -> None:
    contestants = [Contestant(form.name, form.process, submissions.to_hub, 201) for form in forms]
    take_turns(contestants, options.rounds, options.seconds)
    for form, contestant in zip(forms, contestants, strict=True):
        form.rates = contestant.rates


def _play(form: _Form, submissions: Submissions, options: Options) -> None:
    count = int(form.rate * options.seconds * 2)
    form.played.append(open_loop(form.process.port, submissions.requests(count), form.rate))
    form.played[-1].check(201)
    submissions.check(form.played[-1])
    form.control.append(open_loop(form.process.port, submissions.dropped(count), form.rate))


@contextmanager
def _running(ground: Ground, name: str) -> Iterator[Process]:
    """Run the hub in one of its forms, with those who stand beside it."""
    is_signed_elsewhere, is_watched = FORMS[name]
    place = f"proof-{name.replace(' ', '-')}"
    data, environment = ground.copied(place), dict[str, str]()
    port = ground.port if name == "hub" else free_port()
    with ExitStack() as stack:
        if is_watched:
            watched = Watched.begin(fresh(f"{place}-witness"), _vkey(data))
            stack.enter_context(watched.serving())
            environment["MELDEWEG_WITNESS_POLICY"] = str(watched.policy)
            environment["MELDEWEG_WITNESS_EVERY"] = SHOWN_EVERY
        if is_signed_elsewhere:
            state = fresh(f"{place}-signer")
            hand_over(data, state)
            environment["MELDEWEG_SIGNER"] = str(stack.enter_context(signing(state)))
        yield stack.enter_context(
            hub_running(ground, place, data=data, port=port, environment=environment)
        )


def _vkey(data: DataDir) -> str:
    (key,) = keys_in(data.keys)
    return Signer(origin_of(HUB_ID), key).verifier.vkey


def half_load(hub: Process, submissions: Submissions, options: Options) -> float:
    """Measure what goes through, and return half of it in requests a second."""
    contestant = Contestant("hub", hub, submissions.to_hub, 201)
    take_turns([contestant], 2, options.seconds)
    return contestant.rate / 2


def raw(rounds: list[Played]) -> list[dict[str, Any]]:
    """Return each round's figures."""
    return [
        {
            "count": played.count,
            "rate": played.rate,
            "generator_utilisation": played.generator_cpu / played.seconds,
            "p50_ms": played.at(0.5),
            "p99_ms": played.at(0.99),
            "longest_ms": max(played.latencies) * 1000,
        }
        for played in rounds
    ]


def said(rounds: list[Played], rate: float) -> str:
    """Return the middle of all rounds as text."""
    p50, p99 = (statistics.median(played.at(share) for played in rounds) for share in (0.5, 0.99))
    return f"at {rate:.0f} /s: p50 {p50:.1f} ms, p99 {p99:.1f} ms"
