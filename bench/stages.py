# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Where does the processor time of one accepted message go, stage by stage?

The real node accepts messages in this process, without HTTP, while the functions of each stage are
clocked by the processor time of their thread. What a function spends in one of another stage counts
there. What is left over is the way between: queues, threads, the database's connection.
"""

import importlib
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from threading import local
from typing import Any, Final

from bench.admission import Admission
from bench.ground import Ground

STAGES: Final = {
    "Token und Besitznachweis": ("hub.trust.tokens:AuthorizationServer.authenticate",),
    "Lesen (JSON, strenge Form)": ("hub.submit:parse_message",),
    "Unterschrift": ("hub.submit:verify_signature",),
    "Umschlag": ("hub.submit:check_envelope",),
    "Form und Umfang": ("hub.submit:schema_of_step", "hub.submit:check_scope"),
    "Verfahren und Verzeichnis": (
        "hub.submit:check_reader_keys",
        "hub.submit:admit",
        "hub.submit:check_addressee",
        "hub.submit:due",
    ),
    "Datenbank lesen": (
        "hub.submit:read_ground",
        "hub.submit:read_grounds",
        "hub.submit:first_of_chain",
        "hub.record:last_of_chain",
    ),
    "Datenbank schreiben": (
        "hub.submit:use_proofs",
        "hub.submit:add_openers",
        "hub.submit:add_receipts",
    ),
    "Quittung": ("hub.record:make_receipt",),
    "Kennzeichen und Öffnungsspeicher": (
        "hub.audit.openings.store:Openings.take",
        "hub.audit.openings.store:Openings.key",
        "hub.audit.log:Log._commitments",
        "hub.audit.log:tags",
    ),
    "Protokoll": ("hub.audit.log:Log.append", "hub.audit.log:Log.close_group"),
    "Beweis und Antwort": ("hub.submit:answer",),
    "Entscheiden (dazwischen)": ("hub.submit:decide",),
    "Transaktion der Gruppe": ("hub.store.writer:Writer._keep",),
}
REST: Final = "Übriges (Warteschlangen, Threads, Schleife)"


class _Clock:
    """Processor time by stage; a stage inside another is not counted twice."""

    def __init__(self) -> None:
        self.spent: defaultdict[str, float] = defaultdict(float)
        self._own = local()

    def around(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def clocked(*arguments: Any, **named: Any) -> Any:
            stack: list[float] = self._own.__dict__.setdefault("stack", [])
            stack.append(0.0)
            begun = time.thread_time()
            try:
                return function(*arguments, **named)
            finally:
                whole = time.thread_time() - begun
                inner = stack.pop()
                self.spent[stage] += whole - inner
                if stack:
                    stack[-1] += whole

        return clocked


def stages(ground: Ground, protocol: str, count: int = 320) -> dict[str, Any]:
    """Return milliseconds of processor time for each stage of one message."""
    clock = _Clock()
    with Admission.opened(ground, "stages", protocol) as admission, _clocked(clock) as missing:
        used = admission.accept(count)
    said = {stage: clock.spent[stage] / count * 1000 for stage in STAGES}
    said[REST] = used - sum(said.values())
    return {"ms": said, "sum_ms": used, "not_found": missing}


@contextmanager
def _clocked(clock: _Clock) -> Iterator[list[str]]:
    """Put clocks around the functions of all stages; gives those that are not there any more."""
    missing: list[str] = []
    undo: list[tuple[Any, str, Any]] = []
    for stage, names in STAGES.items():
        for name in names:
            owner, attribute = _found(name)
            if owner is None:
                missing.append(name)
                continue
            function = getattr(owner, attribute)
            undo.append((owner, attribute, function))
            setattr(owner, attribute, clock.around(stage, function))
    try:
        yield missing
    finally:
        for owner, attribute, function in reversed(undo):
            setattr(owner, attribute, function)


def _found(name: str) -> tuple[Any, str]:
    module, _, path = name.partition(":")
    *owners, attribute = path.split(".")
    owner: Any = importlib.import_module(module)
    for each in owners:
        owner = getattr(owner, each, None)
    return (owner if hasattr(owner, attribute) else None), attribute


def lines(said: dict[str, Any], measured_ms: float) -> Sequence[str]:
    """Return the table as text; what a message costs over HTTP was measured from outside."""
    table = [f"  {stage:46} {ms:6.3f} ms" for stage, ms in said["ms"].items()]
    over = measured_ms - said["sum_ms"]
    return [*table, f"  {'HTTP (gemessen weniger Summe)':46} {over:6.3f} ms"]
