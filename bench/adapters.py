# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How many notices a second are opened and checked, handed over by each adapter, and written?

Each adapter against its real counterpart on loopback, four at a time, durable before the next:
files synced and read back, answers confirmed. Beside them, in the same run, opening and checking of
the same kind of notice, one after the other, each with its word at the hub; and a plain write and
sync of as many bytes, which is what no adapter can do without.
"""

import asyncio
import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from bench.backlog import send_notices
from bench.ground import Ground
from bench.hub import hub_running
from bench.options import Options
from bench.process import Process
from bench.result import Ratio, Result, compared
from bench.submissions import NOTICE, Submissions
from hub.adapters.forms.as_csv import as_csv
from hub.adapters.forms.as_json import as_json
from hub.adapters.forms.as_pdf import as_pdf
from hub.adapters.forms.as_xml import as_xml
from hub.adapters.forms.document import Document
from hub.adapters.forms.told import Told
from hub.adapters.mapping.apply import mapped
from hub.adapters.mapping.file import read_mapping
from hub.adapters.stand import MakeStand, a_delivery, surroundings_in
from hub.client import Hub, Message
from hub.protocols.catalogue import Catalogue
from hub.schemas import SPECS
from tests.adapters import stands

GOAL: Final = 10
"""A second, for the slowest of them: ten thousand in less than twenty minutes."""
AT_ONCE: Final = 4
SHARE: Final = 0.5
"""No adapter may take more than twice as long as opening and checking."""
OPENING: Final = "opening"
PLAIN: Final = "write and sync"
MEASURED: Final[dict[str, MakeStand]] = {
    "folder": stands.folder_stand,
    "sftp": stands.sftp_stand,
    "https": stands.https_stand,
    "mail": stands.mail_stand,
    "memory": stands.memory_stand,
}


def adapters(ground: Ground, options: Options) -> Result:
    """Measure all adapters by turns, and each form."""
    count = 20 if options.is_quick else 200
    submissions = Submissions(ground, NOTICE)
    rates: dict[str, list[float]] = {name: [] for name in (OPENING, *MEASURED, PLAIN)}
    with hub_running(ground, "adapters") as hub:
        for _ in range(options.rounds):
            rates[OPENING].append(_opening(hub, submissions, count))
            for name, make_stand in MEASURED.items():
                rates[name].append(asyncio.run(_rate(make_stand, count, ground.catalogue)))
            rates[PLAIN].append(_plain(count))
    middle = {name: statistics.median(several) for name, several in rates.items()}
    forms = _forms(ground.catalogue, options.rounds)
    print("  " + ", ".join(f"{name} {rate:.0f} /s" for name, rate in middle.items()))
    print("  " + ", ".join(f"{name} {ms:.1f} ms" for name, ms in forms.items()))
    slowest = min(middle[name] for name in MEASURED)
    shares = [
        Ratio(f"{name} / opening", compared(rates[name], rates[OPENING]), SHARE, "at least")
        for name in MEASURED
        if name != "memory"
    ]
    return Result(
        "adapters",
        [Ratio("slowest adapter", slowest, GOAL, "at least", unit=" /s"), *shares],
        {"count": count, "at once": AT_ONCE, "rates": rates, "forms_ms": forms},
    )


def _opening(hub: Process, submissions: Submissions, count: int) -> float:
    """Send notices, lease them, and open one after the other; returns how many a second."""
    send_notices(hub, submissions, count)
    return asyncio.run(_opened(submissions.ground, count))


async def _opened(ground: Ground, count: int) -> float:
    leased: list[Message] = []
    async with Hub(ground.url, ground.office, catalogue=ground.catalogue) as line:
        while len(leased) < count:
            leased += await line.lease(wait=5, limit=20, ttl=600)
        begun = time.perf_counter()
        for message in leased:
            await message.open()
        taken = time.perf_counter() - begun
        for message in leased:
            await message.take()
    return len(leased) / taken


async def _rate(make_stand: MakeStand, count: int, catalogue: Catalogue) -> float:
    with TemporaryDirectory() as home:
        folder = Path(home)
        async with make_stand(folder, surroundings_in(folder, catalogue)) as stand:
            adapter = stand.adapter()
            turn = asyncio.Semaphore(AT_ONCE)

            async def one(number: int) -> None:
                async with turn:
                    delivery = a_delivery(number)
                    if await adapter.already_there(delivery) is None:
                        await adapter.hand_over(delivery)

            await one(0)
            begun = time.perf_counter()
            await asyncio.gather(*(one(number) for number in range(1, count + 1)))
            taken = time.perf_counter() - begun
            await adapter.close()
    return count / taken


def _plain(count: int) -> float:
    """Write what the folder gets, and sync it; nothing else."""
    content = as_json(a_delivery()).content
    with TemporaryDirectory() as home:
        begun = time.perf_counter()
        for number in range(2 * count):
            with (Path(home) / str(number)).open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        return count / (time.perf_counter() - begun)


def _forms(catalogue: Catalogue, rounds: int) -> dict[str, float]:
    told = Told.of(a_delivery(), catalogue)
    mapping = read_mapping(SPECS / "adapters" / "gedok.yaml")
    made: dict[str, Callable[[], Document]] = {
        "json": lambda: as_json(told.delivery),
        "xml": lambda: as_xml(told),
        "csv": lambda: as_csv(told),
        "mapped": lambda: mapped(told, mapping, "guard"),
        "pdf": lambda: as_pdf(told),
    }
    return {name: _middle(make, 5 * rounds) for name, make in made.items()}


def _middle(make: Callable[[], Document], times: int) -> float:
    make()
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        make()
        taken.append(1000 * (time.perf_counter() - begun))
    return statistics.median(taken)
