# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How long do 200 people wait who file at the portal at once, on two cores with hub and load?

Each replays what a browser asks on the way from the first page to the receipt, with short pauses:
pages, files of the bundle once and from its cache afterwards, drafts as they are saved, and at the
end a real message that the hub accepts. Nobody types, so the two hundred press send within
seconds of each other. By turns with the same requests to a control in the same process that
answers as many bytes and looks nothing up.
"""

import asyncio
import json
import random
import statistics
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from uuid_utils.compat import uuid7

from bench.ground import OFFICE, Ground
from bench.load import Played, connect, measured
from bench.options import Options
from bench.portal_ground import PROTOCOL, STEP, USERS, PortalGround, both_running, found_portal
from bench.portal_process import ASIDE
from bench.process import Process
from bench.result import Ratio, Result
from deploy.demo.portal_client import Notice, Person, Wish
from hub.model.json import Json
from hub.web.portal.assets import listed
from tests.world import example

GOAL_MS: Final = 300
PAUSES: Final = (1.0, 3.0)
"""Seconds between two pages or two drafts; a person who reads and types takes ten times as long."""
SAVES: Final = 5
_END: Final = b"\r\n\r\n"
_PLAIN: Final = ("woff2", "woff", "svg", "json", "txt")


@dataclass(frozen=True)
class Ask:
    """One request, and whether somebody pauses before it."""

    what: str
    method: str
    path: str
    body: Any = None
    headers: tuple[str, ...] = ()
    pauses: bool = False


@dataclass
class Round:
    """What a round came to."""

    played: Played = field(default_factory=Played)
    by_what: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    sizes: dict[str, int] = field(default_factory=dict)
    """Bytes of the body of an answer, by what was asked."""
    wrong: list[str] = field(default_factory=list)


def portal(ground: Ground, options: Options) -> Result:
    """Let everybody file at once, some times, and the same at the control."""
    del ground  # It has a hub of its own.
    own = found_portal(40 if options.is_quick else USERS)
    ours: list[Round] = []
    control: list[Round] = []
    with both_running(own) as (hub, at):
        before = _cpu(hub, at)
        for _ in range(options.rounds):
            ours.append(_round(at.port, [[*_journey(person)] for person in own.people], own.people))
            control.append(_round(at.port, _aside(own, ours[-1]), own.people))
        spent = [round(now - then, 1) for now, then in zip(_cpu(hub, at), before, strict=True)]
    if wrong := [each for made in (*ours, *control) for each in made.wrong]:
        raise RuntimeError(f"{len(wrong)} answers were wrong: {wrong[:3]}")
    p95 = statistics.median(made.played.at(0.95) for made in ours)
    times = statistics.median(
        one.played.at(0.95) / other.played.at(0.95)
        for one, other in zip(ours, control, strict=True)
    )
    print(f"  p95 {p95:.0f} ms, {times:.1f} times the control, {ours[0].played.rate:.0f} /s")
    return Result(
        "portal",
        [Ratio("portal p95", p95, GOAL_MS, "at most", unit=" ms")],
        {
            "users": len(own.people),
            "times the control": times,
            "cpu_seconds of hub and portal": spent,
            "portal": [_figures(made) for made in ours],
            "control": [_figures(made) for made in control],
        },
    )


def _cpu(*processes: Process) -> tuple[float, ...]:
    return tuple(process.cpu_seconds for process in processes)


def _journey(person: Person) -> Iterator[Ask]:
    """Yield what a browser asks from the first page to the receipt."""
    yield Ask("page", "GET", "/portal", pauses=True)
    yield from (Ask("file", "GET", path, headers=("accept-encoding: gzip",)) for path in _files())
    yield Ask("ich", "GET", "/portal/api/ich")
    yield Ask("eingang", "GET", "/portal/api/eingang")
    yield Ask("page", "GET", "/portal/mitteilung", pauses=True)
    yield Ask("ich", "GET", "/portal/api/ich")
    yield Ask("formulare", "GET", "/portal/api/formulare")
    yield Ask("formular", "GET", f"/portal/api/formulare/{PROTOCOL}/{STEP}", pauses=True)
    yield Ask("verzeichnis", "GET", "/portal/api/verzeichnis")
    yield from _drafts(person)
    wish = Wish(PROTOCOL, STEP, OFFICE, "unverzueglich", example("schule-mitteilung", STEP))
    asked = f"urgency={wish.urgency}&protocol={PROTOCOL}&step={STEP}"
    yield Ask("stelle", "GET", f"/portal/api/stellen/{OFFICE}?{asked}", pauses=True)
    notice = person.prepare(wish, _office(person, wish))
    yield Ask("frage", "POST", "/portal/api/bestaetigung", {"digest": notice.digest}, pauses=True)
    path = f"/portal/api/mitteilungen/{notice.id}"
    yield Ask("absenden", "PUT", path, _filed(notice))
    yield Ask("quittung", "GET", path)
    yield Ask("page", "GET", "/portal", pauses=True)
    yield Ask("ich", "GET", "/portal/api/ich")
    yield Ask("eingang", "GET", "/portal/api/eingang")


def _drafts(person: Person) -> Iterator[Ask]:
    assert person.vault is not None  # noqa: S101  set up at the founding
    draft = str(uuid7())
    content: Json = {"values": example("schule-mitteilung", STEP)}
    for version in range(SAVES):
        sealed = person.vault.seal("draft", draft, content)
        match = f'If-Match: "{version}"' if version else "If-None-Match: *"
        path = f"/portal/api/entwuerfe/{draft}"
        yield Ask("entwurf", "PUT", path, {"ciphertext": sealed}, (match,), pauses=True)


_OFFICES: Final[dict[str, Any]] = {}


def _office(person: Person, wish: Wish) -> dict[str, Any]:
    """Return whom a message would reach; the same for everybody, and asked once beforehand."""
    if not _OFFICES:
        _OFFICES.update(person.office(wish))
    return _OFFICES


def _filed(notice: Notice) -> dict[str, Any]:
    return {
        "payload": notice.payload,
        "body": notice.body,
        "keys": notice.keys,
        "confirmation": {"kind": "code"},
        "note": None,
        "draft": None,
    }


def _files() -> list[str]:
    """Return what a browser fetches once: scripts and styles; fonts it has from the system."""
    return [each.path for each in listed().values() if not each.name.endswith(_PLAIN)]


def _aside(own: PortalGround, seen: Round) -> list[list[Ask]]:
    """Return the same requests to the control, with bodies and answers as long."""
    return [
        [
            Ask(
                each.what,
                each.method,
                f"{ASIDE}/{seen.sizes.get(each.what, 0)}",
                each.body,
                pauses=each.pauses,
            )
            for each in _journey(person)
        ]
        for person in own.people
    ]


def _round(port: int, journeys: list[list[Ask]], people: Sequence[Person]) -> Round:
    made = Round()

    async def everybody() -> Played:
        begun = time.perf_counter()
        rest = random.Random(1)  # noqa: S311  pauses, not secrets
        pairs = zip(journeys, people, strict=True)
        await asyncio.gather(*(_visit(port, asks, person, rest, made) for asks, person in pairs))
        made.played.seconds = time.perf_counter() - begun
        return made.played

    asyncio.run(measured(everybody()))
    return made


async def _visit(
    port: int, asks: list[Ask], person: Person, rest: random.Random, made: Round
) -> None:
    raw = [_raw(ask, person, port) for ask in asks]
    line = await connect(port)
    for ask, request in zip(asks, raw, strict=True):
        if ask.pauses:
            await asyncio.sleep(rest.uniform(*PAUSES))
        begun = time.perf_counter()
        answer = await line.ask(request)
        took = time.perf_counter() - begun
        made.played.latencies.append(took)
        made.by_what[ask.what].append(took)
        status = int(answer[9:12])
        made.played.statuses[status] += 1
        made.sizes.setdefault(ask.what, len(answer.partition(_END)[2]))
        if status not in {200, 201}:
            made.wrong.append(
                f"{ask.method} {ask.path}: {status} {answer.partition(_END)[2][:300]!r}"
            )
    line.close()


def _raw(ask: Ask, person: Person, port: int) -> bytes:
    cookies = "; ".join(f"{each.name}={each.value}" for each in person.client.cookies.jar)
    body = b"" if ask.body is None else json.dumps(ask.body).encode()
    head = [
        f"{ask.method} {ask.path} HTTP/1.1",
        f"Host: localhost:{port}",
        f"Cookie: {cookies}",
        *ask.headers,
    ]
    if ask.method != "GET":
        head += [
            f"Origin: http://localhost:{port}",
            "Sec-Fetch-Site: same-origin",
            f"X-Marke: {person.me['marke']}",
            "Content-Type: application/json",
            f"Content-Length: {len(body)}",
        ]
    return "\r\n".join(head).encode() + _END + body


def _figures(made: Round) -> dict[str, Any]:
    def at(values: list[float], share: float) -> float:
        ordered = sorted(values)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000

    played = made.played
    return {
        "p50_ms": played.at(0.5),
        "p95_ms": played.at(0.95),
        "p99_ms": played.at(0.99),
        "count": played.count,
        "rate": played.rate,
        "generator_cpu": played.generator_cpu,
        "p95_ms_by_request": {what: at(each, 0.95) for what, each in made.by_what.items()},
    }
