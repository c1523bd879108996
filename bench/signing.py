# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How often can a witness cosign, and how often can a signer of its own sign?

Both remember durably before they answer. Beside them by turns: a signature and the same durable
file, which neither can do without. Each request proves that the log went on from the one before;
witness and signer are processes of their own, asked one request after the other.
"""

import statistics
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Final

import httpx2

from bench.ground import Ground
from bench.options import Options
from bench.place import fresh
from bench.result import Ratio, Result, compared
from bench.signer import signing as serving
from bench.watched import Watched
from hub.audit.checkpoint import Checkpoint, origin_of
from hub.audit.guard import write_guard
from hub.audit.merkle import EMPTY, consistency_proof, inner_hash, leaf_hash, range_hash
from hub.audit.note import Verifier
from hub.audit.signing.growth import Growth
from hub.audit.signing.remote import SignerProcess
from hub.audit.signing.strict import Key, begin
from hub.audit.witness.request import write_request
from hub.audit.witness.shelf import write_durably
from hub.main.signer_keys import KEYS, load_keys, make_key

ORIGIN: Final = origin_of("messung.example")
STEP: Final = 10
"""Entries by which the log grows from one request to the next."""
GOALS: Final = {"signer": 0.2, "witness": 0.1, "witness without HTTP": 0.4}
"""Share of the bare signature and file that is left with proof, own verification and the call.

A witness is asked over the same server as a hub, which by itself costs more than its signature.
"""
Turn = Callable[[Sequence[Growth]], None]


def signing(_ground: Ground, options: Options) -> Result:
    """Let signer, witness and control take turns."""
    count = 50 if options.is_quick else 500
    growths = _growths(count * options.rounds)
    home = fresh("signing")
    state = home / "signer"
    verifier = make_key(state / KEYS, ORIGIN)
    (key,) = load_keys(state, ORIGIN)
    begin(state, [key], Checkpoint(ORIGIN, 0, EMPTY))
    rates: dict[str, list[float]] = {}
    with ExitStack() as stack:
        turns = _turns(stack, home, key, verifier)
        for at in range(options.rounds):
            part = growths[at * count : (at + 1) * count]
            for name, turn in turns.items():
                begun = time.perf_counter()
                turn(part)
                rates.setdefault(name, []).append(count / (time.perf_counter() - begun))
    for name, each in rates.items():
        print(f"  {name:28} {statistics.median(each):7.0f} /s")
    controls = {"signer": "bare, one folder"}
    ratios = [
        Ratio(
            f"{name} / bare signature and file",
            compared(rates[name], rates[controls.get(name, "bare, two folders")]),
            goal,
            "at least",
        )
        for name, goal in GOALS.items()
    ]
    return Result("signing", ratios, {"step": STEP, "count": count, "rates": rates})


def _turns(stack: ExitStack, home: Path, key: Key, verifier: Verifier) -> dict[str, Turn]:
    """Start who is asked, and return how each is."""
    here = Watched.begin(home / "here", verifier.vkey)
    there = Watched.begin(home / "there", verifier.vkey)
    line = stack.enter_context(httpx2.Client())
    url = stack.enter_context(there.serving())
    signer = SignerProcess(stack.enter_context(serving(home / "signer")))
    return {
        "bare, one folder": partial(_bare, key, partial(write_guard, home / "guard" / "a")),
        "signer": partial(_signed, signer, verifier),
        "bare, two folders": partial(
            _bare, key, partial(write_durably, home / "shelf" / "b" / "c")
        ),
        "witness without HTTP": partial(_witnessed, key, here.answer),
        "witness": partial(_witnessed, key, partial(_posted, line, f"{url}/add-checkpoint")),
    }


def _bare(key: Key, write: Callable[[str], None], growths: Sequence[Growth]) -> None:
    for growth in growths:
        text = growth.checkpoint.text
        write(key.sign(text))


def _signed(signer: SignerProcess, verifier: Verifier, growths: Sequence[Growth]) -> None:
    for growth in growths:
        signer.sign(growth, (verifier,))


def _witnessed(key: Key, ask: Callable[[bytes], int], growths: Sequence[Growth]) -> None:
    for growth in growths:
        text = growth.checkpoint.text
        status = ask(write_request(growth.old, growth.proof, key.sign(text)))
        if status != 200:
            raise RuntimeError(f"the witness answers {status}")


def _posted(line: httpx2.Client, url: str, body: bytes) -> int:
    return line.post(url, content=body).status_code


def _growths(count: int) -> list[Growth]:
    """Return requests for a log that grows, each with its proof."""
    levels = [[leaf_hash(b"%d" % number) for number in range(count * STEP)]]
    while len(below := levels[-1]) > 1:
        pairs = range(0, len(below) - 1, 2)
        levels.append([inner_hash(below[at], below[at + 1]) for at in pairs])

    def node(height: int, index: int) -> bytes:
        return levels[height][index]

    sizes = range(0, (count + 1) * STEP, STEP)
    return [
        Growth(
            old,
            tuple(consistency_proof(old, new, node)),
            Checkpoint(ORIGIN, new, range_hash(0, new, node)),
        )
        for old, new in pairwise(sizes)
    ]
