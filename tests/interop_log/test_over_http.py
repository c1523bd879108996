# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a hub answers to strangers and to a sender is enough for verifiers that are not ours."""

from pathlib import Path

import httpx2

from hub.audit.tile import tiles_of
from hub.audit.verify import verify_answer
from hub.sealing.canonical import digest, jcs
from tests.greedy import Greedy, seal_anyway
from tests.interop_log.foreign import ask_go, shell
from tests.interop_log.test_paper import BLOCKS
from tests.world import RHEINBERG, SCHOOL, World, a_world


def test_strangers_verify_a_running_hub_and_a_sender_its_receipt(tmp_path: Path) -> None:
    with a_world(tmp_path / "home", "schule:999001", "jugendamt:05170032") as world:
        with Greedy(world, SCHOOL) as school:
            raw = seal_anyway(school.wish(RHEINBERG))
            answer = school.submit(raw)
            assert answer.status_code == httpx2.codes.CREATED, answer.text
        older = fetch(world, tmp_path / "before")
        with Greedy(world, SCHOOL) as school:
            for _ in range(3):
                school.say(RHEINBERG)
        size = fetch(world, tmp_path)
    vkey = (tmp_path / "log.vkey").read_text("ascii").strip()
    proven = answer.json()
    (tmp_path / "answer.json").write_bytes(answer.content)
    (tmp_path / "entry.json").write_bytes(jcs(proven["entry"]))
    (tmp_path / "entry.tlog-proof").write_text(proven["proof"], encoding="utf-8")

    tiles = ask_go("tiles", tmp_path, vkey, tmp_path / "before" / "checkpoint")
    assert tiles.stdout == (f"holds: {size} entries, 0 read; begins with the older {older}\n")
    assert size > older
    proof = ask_go("proof", tmp_path / "entry.tlog-proof", vkey, tmp_path / "entry.json")
    assert proof.returncode == 0, proof.stdout
    assert shell("\n".join(BLOCKS), tmp_path).returncode == 0
    assert verify_answer(tmp_path / "answer.json", vkey) == []
    assert proven["entry"]["obj"]["d"] == digest(proven["receipt"])


def fetch(world: World, directory: Path) -> int:
    """Fetch vkey, checkpoint and hash tiles as anybody can; return the size of the tree."""
    directory.mkdir(exist_ok=True)
    with httpx2.Client(base_url=world.url) as http:
        vkey = http.get("/.well-known/meldeweg").json()["log"]
        (directory / "log.vkey").write_text(f"{vkey}\n", encoding="ascii")
        note = http.get("/v1/log/checkpoint").content
        (directory / "checkpoint").write_bytes(note)
        size = int(note.split(b"\n")[1])
        for tile in tiles_of(size):
            answer = http.get(f"/v1/log/{tile.path}")
            assert answer.status_code == httpx2.codes.OK
            path = directory / tile.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(answer.content)
    return size
