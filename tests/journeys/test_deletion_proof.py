# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the operator types to let things go or to keep them, and the document about it."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from typer.testing import CliRunner, Result

from hub import clock
from hub.audit.verify import verify_answer
from hub.audit.witnessed import WITHOUT
from hub.errors import NotFound
from hub.inquire.deletion import Asked, find_deletions
from hub.main.assembly import create_hub
from hub.main.cli import app_for
from hub.sealing.canonical import digest
from hub.web.deletion_pdf import as_data, as_pdf
from tests.databases import a_data_dir
from tests.journeys.forgotten import an_exchange, forget
from tests.journeys.pruning import LATER, POLICY, a_node, bear_witness, grow, turn
from tests.world import HUB_ID, a_world


class Desk:
    """Where the operator of a hub sits, two years after sixty things happened in it."""

    def __init__(self, home: Path) -> None:
        self.home, self.data = home, a_data_dir(home / "hub")
        self.policy = home / "policy"
        self.policy.write_text(POLICY.text, "utf-8")
        create_hub(self.data, HUB_ID, ())
        with a_node(self.data) as node:
            grow(node, 60)
            self.vkey = node.log.vkey

    def type(self, *words: str | Path | int) -> Result:
        typed = ["audit", *map(str, words)]
        known = {
            "MELDEWEG_DATA_DIR": str(self.data.path),
            "MELDEWEG_DATABASE_URL": self.data.url,
            "MELDEWEG_WITNESS_POLICY": str(self.policy),
        }
        return CliRunner().invoke(app_for(typed), typed, env=known)

    def told(self, *words: str | Path | int) -> Any:
        result = self.type(*words, "--json")
        assert result.exit_code == 0, result.output
        return json.loads(result.output)

    def carried_out(self, *, is_seen: bool = True) -> int:
        """Let the hub run for a moment; returns how many bodies went."""
        with a_node(self.data, 0) as node:
            if is_seen:
                bear_witness(node)
            return turn(node)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    with clock.lived_by(clock.Hands(LATER)):
        yield made


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A desk at which nothing comes about."""
    return Desk(tmp_path_factory.mktemp("desk"))


def test_what_would_go_is_shown_first_and_nothing_is_entered(desk: Desk) -> None:
    shown = desk.told("prune", "--dry-run")
    again = desk.told("prune", "--dry-run")

    assert shown == again
    assert (shown["first"], shown["last"], shown["bodies"]) == (0, shown["count"] - 1, 60)
    assert desk.told("prune", "--dry-run", "--until", "2020-12-31") == {"count": 0}
    assert desk.type("prune", "--until", "2020-12-31").exit_code == 1
    assert "bdsg-76-4" in desk.type("prune", "--dry-run", "--until", "2999-12-31").output


def test_what_is_ordered_goes_once_it_is_seen_and_the_document_says_so(desk: Desk) -> None:
    shown, done = desk.told("prune", "--dry-run"), desk.told("prune")
    assert (done["digest"], done["least"]) == (shown["digest"], 1)
    order = shown["count"]
    file = desk.home / "nachweis.json"

    assert desk.type("deletion-proof", "--order", order, "--out", file).exit_code == 0
    [waiting] = json.loads(file.read_bytes())["deletions"]
    assert desk.carried_out() == 60
    assert desk.type("deletion-proof", "--order", order, "--out", file).exit_code == 0
    [gone] = json.loads(file.read_bytes())["deletions"]

    assert (waiting["is_gone"], waiting["witnesses"]) == (False, [])
    assert gone["is_gone"]
    assert [each["name"] for each in gone["witnesses"]] == ["eins"]
    assert gone["bodies"] == {
        "first": 0,
        "last": order - 1,
        "gone": 60,
        "kept": order - 60,
        "left": 0,
        "is_unchanged": True,
    }
    assert gone["law"] == [{"code": "bdsg-76-4", "citation": "§ 76 Abs. 4 BDSG"}]
    assert (gone["index"], gone["subject"]["d"]) == (order, shown["digest"])
    assert newest(desk)["obj"]["d"] == digest(file.read_bytes())


def newest(desk: Desk) -> Any:
    with a_node(desk.data) as node:
        proof = node.readers.run_now(
            lambda connection: node.log.tree.proof(connection, node.log.size - 1)
        )
    assert proof.extra is not None
    entry = json.loads(proof.extra)
    assert entry["k"] == "evidence.issued"
    return entry


def test_the_document_can_be_read_in_decades_and_checked_without_the_hub(desk: Desk) -> None:
    order = desk.told("prune")["count"]
    desk.carried_out()
    file = desk.home / "nachweis.pdf"

    result = desk.type("deletion-proof", "--order", order, "--out", file)

    assert result.exit_code == 0, result.output
    with pikepdf.open(BytesIO(file.read_bytes())) as paper:
        with paper.open_metadata() as about:
            assert (about.get("pdfaid:part"), about.get("pdfaid:conformance")) == ("3", "A")
            assert about.get("pdfuaid:part") == "1"
        assert str(paper.Root.Lang) == "de-DE"
        inside = {name: spec.get_file().read_bytes() for name, spec in paper.attachments.items()}
    proof = f"eintrag-{order}.tlog-proof"
    assert set(inside) == {"loeschnachweis.json", proof, "policy"}
    for name, content in inside.items():
        (desk.home / name).write_bytes(content)
    assert verify_answer(desk.home / proof, desk.vkey, policy=desk.home / "policy") == []
    assert json.loads(inside["loeschnachweis.json"])["deletions"][0]["index"] == order


@pytest.mark.parametrize(
    "words",
    [
        ("--out", "nachweis.txt", "--order", "1"),
        ("--out", "nachweis.pdf"),
        ("--out", "nachweis.pdf", "--order", "1"),
        ("--out", "nachweis.pdf", "--order", "9999"),
        ("--out", "nachweis.pdf", "0193f5f0-0000-7000-8000-000000000001"),
    ],
)
def test_of_what_was_never_deleted_there_is_no_proof(quiet: Desk, words: tuple[str, ...]) -> None:
    result = quiet.type("deletion-proof", *words)

    assert result.exit_code == 1
    assert not Path("nachweis.pdf").exists()


def test_holds_are_placed_listed_and_released(desk: Desk) -> None:
    words = ("hold", "place", "--entries", "20-29", "--law", "dsgvo-18", "--reason", "Erfunden")
    placed = desk.told(*words)
    [listed] = desk.told("hold", "list")
    assert listed["id"] == placed["id"]
    assert "Einträge 20 bis 29 nach dsgvo-18" in desk.type("hold", "list").output
    desk.told("prune")
    assert desk.carried_out() == 50

    desk.told("hold", "release", placed["id"], "--reason", "Erfunden")

    assert desk.told("hold", "list") == []
    assert desk.carried_out() == 10
    assert "nichts gesperrt" in desk.type("hold", "list").output


@pytest.mark.parametrize(
    "words",
    [
        ("--entries", "20-29", "--message", "0193f5f0-0000-7000-8000-000000000001"),
        ("--entries", "20-x"),
        ("--entries", "5-4"),
        ("--message", "0193f5f0-0000-7000-8000-000000000001"),
        (),
    ],
)
def test_a_hold_names_one_thing_that_is_there(quiet: Desk, words: tuple[str, ...]) -> None:
    result = quiet.type("hold", "place", *words, "--law", "dsgvo-18", "--reason", "Erfunden")

    assert result.exit_code == 1
    assert quiet.told("hold", "list") == []


@pytest.mark.anyio
async def test_a_forgotten_conversation_is_proven_by_the_ids_that_somebody_else_kept(
    tmp_path: Path,
) -> None:
    """The hub cannot put its entries together any more; whoever has the file number of each can."""
    with a_world(tmp_path, "schule:999001", "jugendamt:05170032") as world:
        exchange = await an_exchange(world)
        asked = Asked(ids=(*exchange.messages, exchange.key.id))
        at = datetime.fromtimestamp(int(world.clock()), UTC)
        look = partial(find_deletions, asked, WITHOUT, at)
        with pytest.raises(NotFound):
            world.node.readers.run_now(look)

        forget(world, exchange.conversation)
        found = world.node.readers.run_now(look)
        vkey = world.node.log.vkey

    said = json.loads(as_data(found, {"dsgvo-17": "Art. 17 DSGVO"}))["deletions"]
    assert {each["subject"]["id"] for each in said} == set(asked.ids)
    assert all(each["is_gone"] for each in said)
    assert all(each["law"][0]["citation"] == "Art. 17 DSGVO" for each in said)
    for each in said:
        proof = tmp_path / f"{each['index']}.tlog-proof"
        proof.write_text(each["proof"], "utf-8")
        assert verify_answer(proof, vkey) == []
    assert as_pdf(found, {}) == as_pdf(found, {})
