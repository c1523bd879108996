# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A log of a million entries, made by the hub's own writer and seen by a witness while it grows.

It begins with messages that were really sent, so that somebody is a party to some of its entries.
The others are refusals about conversations, each with its tags and its commitment; they stand
alone, and nothing has to be beside the log for them. What is made is kept for the next run.
"""

import asyncio
import json
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from sqlalchemy import Connection
from uuid_utils.compat import uuid7

from bench.ground import Ground
from bench.hub import hub_running
from bench.load import closed_loop
from bench.options import Options
from bench.place import VAR
from bench.submissions import PROBE, Submissions
from bench.watched import Watched
from hub.audit.entry import Draft
from hub.audit.openings.key import ConversationKey
from hub.audit.policy import parse_policy
from hub.audit.proof import parse_proof
from hub.main.assembly import open_node
from hub.main.folder import DataDir
from hub.node import Node
from hub.sealing.canonical import b64, digest
from hub.witnessed import Feeder

ENTRIES: Final = 1_000_000
FEW: Final = 20_000
GROUP: Final = 1000
"""Entries of one transaction, so with one checkpoint; a hub under load has some fifty."""
EACH: Final = 8
"""Entries about one conversation."""
SHOWN: Final = 10
"""Groups after which the witness sees the newest checkpoint."""
SLICES: Final = 20
SENT: Final = 10
"""Messages at the beginning, each of a school of its own."""


@dataclass(frozen=True)
class LongLog:
    """The log, and what is to be known of it."""

    data: DataDir
    entries: int
    watched: Watched
    facts: dict[str, Any]

    @contextmanager
    def opened(self, ground: Ground) -> Iterator[Node]:
        """Open it in this process, with the policy under which it was seen."""
        with open_node(self.data, ground.url) as node:
            node.policy = parse_policy(self.watched.policy.read_bytes())
            yield node

    @property
    def conversation(self) -> tuple[str, str]:
        """Key and name of a conversation in its middle."""
        key_id, name = self.facts["conversation"]
        return key_id, name


def long_log(ground: Ground, options: Options) -> LongLog:
    """Return the log of an earlier run, or make it."""
    count = FEW if options.is_quick else ENTRIES
    name = f"log-{count}"
    done = VAR / name / "facts.json"
    if not done.exists():
        shutil.rmtree(VAR / name, ignore_errors=True)
        facts = _made(ground, ground.copied(name), count)
        done.write_text(json.dumps(facts), "utf-8")
        print(f"  {count} entries in {facts['seconds']:.0f} s", flush=True)
    data = DataDir(VAR / name / "hub")
    facts = json.loads(done.read_bytes())
    return LongLog(data, count, Watched(VAR / name / "witness"), facts)


def _made(ground: Ground, data: DataDir, count: int) -> dict[str, Any]:
    """Send, then fill; returns what it cost, by slices, and what lies where."""
    sent = _sent(ground, data)
    before = data.database.stat().st_size
    with open_node(data, ground.url) as node:
        watched = Watched.begin(data.path.parent / "witness", node.log.vkey)
        node.policy = parse_policy(watched.policy.read_bytes())
        begun = time.monotonic()
        past = _Past(node)
        groups = [min(GROUP, count - at) for at in range(0, count, GROUP)]
        costs = past.fill(groups, Feeder(node, watched.call, lambda *_: None))
        seconds = time.monotonic() - begun
    each = -(-len(costs) // SLICES)
    slices = [costs[at : at + each] for at in range(0, len(costs), each)]
    return {
        "sent": sent,
        "seconds": seconds,
        "cpu_us_per_entry": [sum(part) / (len(part) * GROUP) * 1e6 for part in slices],
        "bytes_before": before,
        "bytes": data.database.stat().st_size,
        "conversation": past.middle,
    }


def _sent(ground: Ground, data: DataDir) -> list[int]:
    """Hand some messages in; returns the places of their entries, one for each of the schools."""
    submissions = Submissions(ground, PROBE)
    with hub_running(ground, data.path.parent.name, data=data) as hub:
        played = closed_loop(hub.port, [submissions.requests(SENT)], 60)
    played.check(201)
    submissions.check(played)
    return [parse_proof(json.loads(answer)["proof"]).index for answer in played.samples]


class _Past:
    """Enters refusals, as many to a conversation as a conversation has entries."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self.middle: tuple[str, str] | None = None

    def fill(self, groups: list[int], feeder: Feeder) -> list[float]:
        """Return the seconds of processor time of each group, the witness not among them."""
        costs = []
        for number, count in enumerate(groups):
            keys = [self._begun() for _ in range(-(-count // EACH))]
            if number == len(groups) // 2:
                self.middle = (keys[0].id, keys[0].conversation)
            begun = time.process_time()
            self._node.writer.commit_now(partial(self._enter, keys, count))
            costs.append(time.process_time() - begun)
            if number % SHOWN == SHOWN - 1 or number == len(groups) - 1:
                asyncio.run(feeder.turn())
        return costs

    def _begun(self) -> ConversationKey:
        return self._node.openings.take(str(uuid7()))

    def _enter(self, keys: list[ConversationKey], count: int, connection: Connection) -> None:
        for number in range(count):
            # Those about one conversation do not stand beside each other.
            draft = refusal(keys[number % len(keys)], number)
            self._node.log.append(connection, draft)


def refusal(key: ConversationKey, number: int) -> Draft:
    """Return a refusal of the length that entries have."""
    name = str(uuid7())
    return Draft(
        kind="access.denied" if number % 5 == 0 else "message.refused",
        entry_id=name,
        at=time.time(),
        act={
            "org": "schule:999001",
            "role": "verfassen",
            "pid": b64(secrets.token_bytes(16)),
            "auth": f"key:{digest(name)}",
        },
        rcp=("jugendamt:05170032.asd",),
        obj={"ty": "request", "id": name, "d": digest(name), "ct": PROBE},
        law=("kkg-4-3", "sgb8-8a-1", "sgb8-62-3"),
        rule=PROBE,
        why="scope-exceeded",
        out="refused",
        conversations=(key,),
    )
