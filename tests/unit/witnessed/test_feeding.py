# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A hub shows its log to its witnesses, and says so in the log when too few look at it.

A real hub with its database and real witnesses; between them a call instead of a line, so that a
witness can be away. Time is handed in.
"""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from hub import clock
from hub.audit import tables
from hub.audit.cosignature import cosigned
from hub.audit.edition import witnessed_edition
from hub.audit.note import Signer, parse_note, parse_vkey
from hub.audit.policy import parse_policy
from hub.audit.proof import verify_proof
from hub.audit.signing.own import keys_in
from hub.audit.tail import Tail
from hub.audit.witness.shelf import Shelf
from hub.audit.witnessed import read_cosigned, read_witnessed
from hub.main.assembly import create_hub, open_node
from hub.main.work import note
from hub.node import Node
from hub.witnessed import Feeder, Said, Turn
from tests.databases import a_data_dir
from tests.unit.audit.witnesses import BEGIN, Office, Watched, a_cosigner

NAMES = ("dsb", "nord", "sued")


@dataclass
class Circle:
    """A hub among three witnesses, of whom the first and one of the others are enough."""

    node: Node
    offices: dict[str, Office]
    log_key: Signer
    away: set[str] = field(default_factory=set)
    told: list[Turn] = field(default_factory=list)
    calls: int = 0
    now: float = 0
    begins: int = 0
    """Size of the log when the tale began."""

    def __post_init__(self) -> None:
        lines = [
            f"witness {name} {office.cosigners[0].key.vkey} https://{name}.invalid"
            for name, office in self.offices.items()
        ]
        groups = "group nachbarn any nord sued\ngroup alle all dsb nachbarn\nquorum alle\n"
        self.node.policy = parse_policy("\n".join(lines) + "\n" + groups)
        self.node.tail = Tail(stop_after=4 * 3600)
        self.now = int(max(clock.now(), self.node.log.newest.timestamp())) + 1
        self.node.clock = lambda: self.now
        for office in self.offices.values():
            Shelf(office.folder / "logs").add(parse_vkey(self.node.log.vkey))
        self.feeder = self.a_feeder()

    def a_feeder(self) -> Feeder:
        """Begin anew, as after a start."""
        return Feeder(self.node, self.call, lambda turn, _: self.told.append(turn))

    async def call(self, url: str, body: bytes) -> Said | None:
        self.calls += 1
        name = url.removeprefix("https://").removesuffix(".invalid")
        if name in self.away:
            return None
        answer = self.offices[name].add(body)
        return Said(answer.status, answer.body)

    def turn(self, *, after: float = 0) -> None:
        self.now += after
        for office in self.offices.values():
            office.now = self.now
        asyncio.run(self.feeder.turn())

    def grow(self) -> None:
        asyncio.run(note(self.node, "software.started"))

    def kinds(self) -> list[str]:
        def look(connection: Connection) -> list[str]:
            event, leaf = tables.audit_event.c, tables.audit_leaf.c
            joined = select(event.kind).join(tables.audit_leaf, leaf.event_id == event.id)
            query = joined.where(leaf.idx >= self.begins).order_by(leaf.idx)
            return list(connection.execute(query).scalars())

        return [kind for kind in self.node.readers.run_now(look) if kind.startswith("checkpoint.")]

    def entries(self) -> list[dict[str, object]]:
        def look(connection: Connection) -> list[bytes]:
            body, leaf = tables.audit_body.c, tables.audit_leaf.c
            joined = select(body.body).join(tables.audit_leaf, leaf.event_id == body.event_id)
            return list(connection.execute(joined.order_by(leaf.idx)).scalars())

        return [json.loads(body) for body in self.node.readers.run_now(look)]

    def seen_by(self) -> set[str]:
        """Name whose lines stand beneath the newest checkpoint, and hold."""
        newest = self.node.readers.run_now(read_cosigned)
        assert newest is not None
        labels = cosigned(parse_note(newest[1]), self.node.policy.keys)
        return {self.node.policy.labels[label] for label in labels}


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Node, Signer]]:
    """One hub for all, because founding one takes seconds; its witnesses are others each time."""
    data = a_data_dir(tmp_path_factory.mktemp("hub") / "hub")
    create_hub(data, "meldeweg.invalid/test", ())
    with open_node(data, "http://localhost:1") as node:
        (private,) = keys_in(data.keys)
        yield node, Signer(parse_vkey(node.log.vkey).name, private)


@pytest.fixture
def circle(hub: tuple[Node, Signer], tmp_path: Path) -> Iterator[Circle]:
    """A hub that all of its witnesses have seen as it is."""
    offices = {name: Office(tmp_path / name, (a_cosigner(str(tmp_path / name)),)) for name in NAMES}
    made = Circle(hub[0], offices, hub[1])
    made.grow()
    made.turn()
    made.calls, made.begins = 0, made.node.log.size
    yield made
    made.away = set()
    made.turn()


def test_every_witness_sees_every_checkpoint_that_it_is_shown(circle: Circle) -> None:
    assert circle.seen_by() == set(NAMES)

    circle.grow()
    assert circle.seen_by() == set()
    circle.turn()

    assert circle.seen_by() == set(NAMES)
    assert circle.node.tail.size == circle.node.log.size
    assert circle.node.tail.age(circle.now) == 0


def test_nobody_is_asked_about_what_everybody_has_seen(circle: Circle) -> None:
    circle.turn(after=60)

    assert circle.calls == 0


def test_a_witness_that_comes_back_is_shown_what_it_missed(circle: Circle) -> None:
    circle.away = {"nord"}
    for _ in range(2):
        circle.grow()
        circle.turn()
    assert circle.node.tail.troubles == {"nord": "unreachable"}

    circle.away = set()
    circle.turn()

    assert circle.seen_by() == set(NAMES)
    assert circle.node.tail.troubles == {}


def test_a_hub_that_starts_anew_finds_out_where_its_witnesses_stand(circle: Circle) -> None:
    circle.grow()
    circle.feeder = circle.a_feeder()

    circle.turn()

    assert circle.seen_by() == set(NAMES)


def test_without_a_quorum_the_log_says_so_once_and_once_that_it_is_over(circle: Circle) -> None:
    witnessed = circle.node.tail.size
    circle.away = {"dsb"}
    circle.grow()
    circle.turn(after=60)
    assert circle.kinds() == []

    circle.turn(after=840)
    circle.turn(after=60)
    circle.turn(after=60)
    assert circle.kinds() == ["checkpoint.unwitnessed"]
    assert circle.entries()[-1]["obj"]["n"] == witnessed  # type: ignore[index]

    circle.away = set()
    circle.turn(after=60)
    circle.turn(after=60)

    assert circle.kinds() == ["checkpoint.unwitnessed", "checkpoint.witnessed"]
    assert circle.told == ["unwitnessed", "witnessed"]
    assert circle.node.tail.age(circle.now) <= 60


def test_a_hub_that_starts_anew_knows_what_it_has_said(circle: Circle) -> None:
    circle.away = {"dsb"}
    circle.grow()
    circle.turn(after=1000)
    assert circle.kinds() == ["checkpoint.unwitnessed"]

    circle.node.tail = Tail()
    circle.feeder = circle.a_feeder()
    circle.turn(after=60)
    assert circle.kinds() == ["checkpoint.unwitnessed"]

    circle.away = set()
    circle.turn(after=60)
    assert circle.kinds()[1:] == ["checkpoint.witnessed"]


def test_one_neighbour_is_enough_and_the_other_alone_is_not(circle: Circle) -> None:
    circle.away = {"sued"}
    circle.grow()
    circle.turn()
    assert circle.node.tail.size == circle.node.log.size

    circle.away = {"dsb"}
    circle.grow()
    circle.turn(after=600)

    assert circle.seen_by() == {"nord", "sued"}
    assert circle.node.tail.age(circle.now) == 600
    assert not circle.node.tail.must_stop(circle.now)
    assert circle.node.tail.must_stop(circle.now + 4 * 3600)


def test_who_has_seen_another_history_is_heard(circle: Circle) -> None:
    """The hub has been set back, or somebody else signed with its key."""
    office, size = circle.offices["nord"], circle.node.log.size
    other = Watched(circle.log_key, forked_at=0)
    Path(office.folder / "logs").rename(office.folder / "vergessen")
    office.watch(other)
    assert office.add(other.request(0, size + 5)).status == 200
    circle.grow()

    circle.turn()

    assert circle.node.tail.troubles == {"nord": "another-history"}
    assert circle.node.tail.is_contradicted
    assert circle.told == ["another-history"]
    assert circle.seen_by() == {"dsb", "sued"}


def test_who_was_shown_a_newer_checkpoint_meanwhile_has_seen_no_other_history(
    circle: Circle,
) -> None:
    """Checkpoints are public; whoever passes one on must not raise an alarm."""
    circle.grow()

    async def call(url: str, body: bytes) -> Said | None:
        if "nord" not in url:
            return await circle.call(url, body)
        await note(circle.node, "software.started")
        return Said(409, f"{circle.node.log.size}\n")

    told: list[Turn] = []
    circle.feeder = Feeder(circle.node, call, lambda turn, _: told.append(turn))
    circle.turn()

    assert circle.node.tail.troubles == {"nord": "409"}
    assert told == []

    circle.feeder = circle.a_feeder()
    circle.turn()

    assert circle.node.tail.troubles == {}
    assert circle.seen_by() == set(NAMES)


@pytest.mark.parametrize("said", [Said(200, "nonsense\n"), Said(200, ""), Said(500, "x")])
def test_an_answer_that_is_none_is_trouble_and_nothing_more(circle: Circle, said: Said) -> None:
    async def call(url: str, body: bytes) -> Said | None:
        return said if "nord" in url else await circle.call(url, body)

    circle.feeder = Feeder(circle.node, call, lambda *_: None)
    circle.grow()
    circle.turn()

    assert circle.seen_by() == {"dsb", "sued"}
    assert "nord" in circle.node.tail.troubles


def test_the_line_of_a_stranger_is_not_kept(circle: Circle) -> None:
    stranger = a_cosigner("fremd.invalid/w1")

    async def call(url: str, body: bytes) -> Said | None:
        text = body.decode().partition("\n\n")[2].partition("\n\n")[0] + "\n"
        return (
            Said(200, stranger.cosign(text, BEGIN))
            if "nord" in url
            else await circle.call(url, body)
        )

    circle.feeder = Feeder(circle.node, call, lambda *_: None)
    circle.grow()
    circle.turn()

    assert circle.seen_by() == {"dsb", "sued"}
    assert circle.node.tail.troubles["nord"] == "no-cosignature"


def test_the_witnessed_edition_leads_to_the_first_checkpoint_that_is_enough(
    circle: Circle,
) -> None:
    node, index = circle.node, circle.node.log.size
    circle.grow()
    edition = partial(witnessed_edition, node.log.tree, policy=node.policy, index=index)
    assert node.readers.run_now(partial(edition, most=node.log.size)) is None
    circle.away = {"dsb"}
    circle.turn()
    circle.away = set()
    circle.grow()
    circle.turn()
    size = node.log.size

    circle.grow()
    circle.turn()
    proof = node.readers.run_now(partial(edition, most=node.log.size))

    assert proof is not None
    assert verify_proof(proof, parse_vkey(node.log.vkey)).size == size
    assert len(cosigned(parse_note(proof.checkpoint), node.policy.keys)) == 3
    newest = node.readers.run_now(partial(read_witnessed, policy=node.policy))
    assert newest is not None
    assert newest[0].size == node.log.size
