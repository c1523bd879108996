# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A school loses the answer to everything it sends, up to five times, and sends it again."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Final

from hub.client import Draft, Hub
from hub.client.answers import Unreachable
from tests.faults.books import read_books, reconcile
from tests.faults.diary import Diary, Sent
from tests.faults.hub import steady_port
from tests.faults.outcome import Outcome
from tests.faults.place import Place
from tests.faults.proxy import MOMENTS, Proxy, a_proxy
from tests.world import RHEINBERG, SCHOOL, example

MOST: Final = 5


@dataclass
class Losses:
    """Which answers are lost, and how much of them comes through."""

    random: Random
    left: dict[str, int] = field(default_factory=dict)

    def expect(self, draft: Draft) -> int:
        """Choose how often the answer to a message is to be lost."""
        times = self.random.randint(1, MOST)
        self.left[f"/v1/messages/{draft.id}"] = times
        return times

    def cut(self, path: str) -> float | None:
        if not self.left.get(path):
            return None
        self.left[path] -= 1
        return self.random.choice(MOMENTS)


async def lose(place: Place, messages: int, seed: int) -> Outcome:
    """Submit so many messages with the SDK over a line that loses the answers."""
    losses, diary = Losses(Random(seed)), Diary()  # noqa: S311
    proxy = Proxy(steady_port(), losses.cut)
    with place.hub(port=proxy.target) as hub:
        hub.start_and_wait()
        async with a_proxy(place.port, proxy), place.line(SCHOOL, sleep=_at_once) as line:
            await line.directory()
            for _ in range(messages):
                await _submit(line, losses, diary)
        hub.stop()
    findings = [*_heard(proxy, diary), *_left_behind(line), *reconcile(place, diary)]
    books, _ = read_books(place)
    if len(books.requests) != messages:
        findings.append(f"{messages} messages were sent, {len(books.requests)} are there")
    return Outcome(
        "F8",
        f"{messages} Nachrichten, deren Antwort ein- bis fünfmal verloren geht",
        "Dieselben Bytes noch einmal gesendet sind dieselbe Nachricht: eine Zeile, ein Eintrag,"
        " jedes Mal dieselbe Quittung.",
        (
            f"{proxy.lost} verlorene Antworten (ganz oder mittendrin)",
            f"{len(books.requests)} Nachrichten, {len(books.told)} Einträge",
            f"{sum(len(each) for each in proxy.answers.values())} Antworten verglichen",
        ),
        findings=findings,
    )


async def _submit(line: Hub, losses: Losses, diary: Diary) -> None:
    """Submit as the SDK does; what it gives up lies in its outbox and is taken up again."""
    draft = line.compose(
        protocol="schule-mitteilung",
        step="mitteilung",
        to=RHEINBERG,
        urgency="planbar",
        content=example("schule-mitteilung", "mitteilung"),
    )
    sent = Sent(SCHOOL, draft)
    diary.sent.append(sent)
    for _ in range(losses.expect(draft) + 1):
        try:
            sent.first = (await line.submit(line.outbox.load(draft.id) or draft)).raw
        except Unreachable:
            continue
        return
    diary.trouble.append(f"{draft.id} never got its answer")


def _heard(proxy: Proxy, diary: Diary) -> Iterator[str]:
    """Hold all that the hub has answered to one message against each other, heard or lost."""
    for sent in diary.sent:
        answers = Counter(proxy.answers.get(sent.path, []))
        if set(answers) != {sent.first}:
            yield f"{sent.draft.id} got {len(answers)} different answers"


def _left_behind(line: Hub) -> Iterator[str]:
    for draft in line.outbox:
        yield f"{draft.id} still lies in the outbox"


async def _at_once(_seconds: float) -> None:
    await asyncio.sleep(0)
