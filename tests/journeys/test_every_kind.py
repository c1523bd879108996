# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every kind of entry that the catalogue lists is really written by somebody.

One tale of a hub is played, and what it left in the log is held against the rows that name this
file. The other rows name the test in which their kind is written; it has to speak of it.
"""

import asyncio
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, Final

import pytest
from ruamel.yaml import YAML
from sqlalchemy import select

from hub.audit import tables, words
from hub.audit.verify import verify_db
from hub.audit.words import KEPT, KINDS, MESSAGE_KINDS
from hub.client.ledger import day_of
from hub.client.reconciling import reconcile
from hub.main.acts import ACTS
from hub.main.registering import register
from hub.main.signer_keys import make_key
from hub.main.work import note, turn
from hub.oversee.heartbeat import beat
from hub.schemas import SPECS
from hub.sealing.canonical import digest
from tests.databases import given_back
from tests.greedy import Greedy
from tests.house.source import ROOT
from tests.journeys.copies import copy_of
from tests.world import RHEINBERG, SCHOOL, World, a_world

HERE: Final = "tests/journeys/test_every_kind.py"
DAY: Final = 86_400
ROWS: Final[dict[str, dict[str, Any]]] = {
    row["kind"]: row
    for row in YAML(typ="safe").load((SPECS / "log-kinds.yaml").read_text("utf-8"))["kinds"]
}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[frozenset[str]]:
    """The kinds that stand in the log of a hub after its tale."""
    home = tmp_path_factory.mktemp("world")
    with given_back(), a_world(home, "schule:999001", "jugendamt:05170032") as world:
        with Greedy(world, SCHOOL) as school, Greedy(world, RHEINBERG) as office:
            _messages(world, school, office)
        _people(world)
        _participants(world)
        asyncio.run(_days(world))
        _log(world)
        query = select(tables.audit_event.c.kind).distinct()
        assert verify_db(copy_of(world.data, home / "copy.sqlite")) == []
        yield world.node.readers.run_now(lambda c: frozenset(c.execute(query).scalars()))


def _messages(world: World, school: Greedy, office: Greedy) -> None:
    taken, refused, taken_back = (school.say(RHEINBERG).id for _ in range(3))
    school.utter(taken_back, "withdrawn")
    held = office.lease()
    for word in ("opened", "taken", "acknowledged"):
        assert office.utter(taken, word).status_code == 201
    assert office.utter(refused, "rejected").status_code == 201
    assert len(held) == 2
    school.submit(b"{}", taken_back)
    office.hand_in(taken, office.receipt(taken_back, "withdrawn"))
    path = f"/v1/messages/{taken}"
    school.send("GET", f"{path}/evidence")
    body = f'{{"v":1,"draft":"{digest("draft")}"}}'.encode()
    school.send("PUT", f"{path}/incidents/{taken_back}", body)
    world.node.flood.count_unknown("token-invalid", int(world.clock()))


def _people(world: World) -> None:
    first, second = (
        _act(world, "people-add", name=f"Erfunden-{n}", role="betrieb")["person"] for n in "ab"
    )
    _act(world, "people-revoke", person=second, role="betrieb")
    _act(world, "people-rename", person=first, name="Erfunden-c", reason="Schreibfehler")
    asked = {"by": first, "second": second, "reason": "Beschwerde"}
    _act(world, "people-resolve", person=first, **asked)
    used = _act(world, "break-glass", person=first, role="betrieb", reason="Notfall")
    _act(world, "break-glass-review", entry=used["entry"], by=second, verdict="berechtigt")
    paper = digest("paper")
    incident = _act(world, "incident-open", paper=paper)["incident"]
    for act in ("incident-notify", "incident-close"):
        _act(world, act, incident=incident, paper=paper)
    _act(world, "sample", count="2")
    _act(world, "backup", id=incident, digest=paper, size="1")


def _participants(world: World) -> None:
    said = {"organisation": "schule:999002", "by": "Erfunden"}
    _act(world, "invite", **said)
    about = {"organisation": "schule:999001", "by": "Erfunden", "reason": "Probe"}
    _act(world, "suspend", **about)
    _act(world, "resume", **{**about, "by": "Erfunden-b"})
    _act(world, "contract", **about, dated="2026-01-01", reference="1")
    world.join("schule:999002", protocols=())
    _act(world, "succeed", **about, successor="schule:999002", on="2027-08-01")
    # Where something is at stake, one person alone only doubts.
    shown, world.node.networks = world.node.networks, ()
    kid = world.agency(SCHOOL).signing.kid
    _act(world, "revoke-key", **{**about, "reason": "lost"}, kid=kid)
    world.node.networks = shown


def _log(world: World) -> None:
    _act(world, "hold", ty="entries", subject="0-1", law="bdsg-76-3", reason="Probe")
    new = make_key(world.data.keys, world.node.log.origin, prefix="log-")
    _act(world, "rotate-key", vkey=new.vkey, approval="")


async def _days(world: World) -> None:
    await world.node.writer.commit(partial(register, world.node))
    await world.node.writer.commit(partial(beat, world.node))
    await note(world.node, "clock.adjusted")
    for days in (1, 2, 40):
        await turn(world.node, world.clock() + days * DAY)
    day = day_of(int(world.clock()))
    world.hands.ahead += DAY
    async with world.hub(SCHOOL) as school:
        await reconcile(school, day)


def _act(world: World, word: str, **request: str) -> dict[str, Any]:
    return world.node.writer.commit_now(partial(ACTS[word], world.node, request))


def test_the_catalogue_has_a_row_for_every_kind_and_for_nothing_else() -> None:
    assert list(ROWS) == list(KINDS)


def test_the_tale_leaves_every_kind_whose_row_names_it(told: frozenset[str]) -> None:
    assert {kind for kind, row in ROWS.items() if row["seen"] == HERE} <= told


def test_every_kind_of_the_tale_has_its_row(told: frozenset[str]) -> None:
    assert told <= ROWS.keys()


@pytest.mark.parametrize("kind", [kind for kind, row in ROWS.items() if row["seen"] != HERE])
def test_a_kind_that_the_tale_lacks_is_expected_by_the_test_that_its_row_names(kind: str) -> None:
    text = (ROOT / ROWS[kind]["seen"]).read_text("utf-8")

    word = kind.partition(".")[2] if kind in MESSAGE_KINDS else kind

    called = ROWS[kind].get("called", word)

    assert re.search(rf"\b(message\.)?{re.escape(called)}\b", text)
    assert "def test_" in text


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in MESSAGE_KINDS])
def test_a_kind_is_written_where_its_row_says(kind: str) -> None:
    """Those of receipts are made of the word of the receipt, whoever says it."""
    found = "".join((ROOT / path).read_text("utf-8") for path in ROWS[kind]["by"])
    named = [name for name, value in vars(words).items() if value == kind]
    ending = kind.partition(".")[2]

    assert any(f'"{word}"' in found for word in (kind, ending)) or any(
        re.search(rf"\b{name}\b", found) for name in named
    )


@pytest.mark.parametrize("kind", KINDS)
def test_a_row_says_when_the_entry_is_written_and_how_long_it_stays(kind: str) -> None:
    row = ROWS[kind]

    assert row["when"] in {"mit", "vorher", "danach"}
    assert row["class"] == ("bestand" if kind in KEPT else "vorgang")
    assert row["what"].strip()


def test_paths_are_those_of_files() -> None:
    missing = [
        path
        for row in ROWS.values()
        for path in (*row["by"], row["seen"])
        if not (Path(ROOT) / path).is_file()
    ]

    assert missing == []
