# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Two hubs watch over each other's log, and a child's report waits for none of them.

The processes are those that an operator starts; between them is nothing but loopback.
"""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest

from hub.audit.cosignature import cosigned
from hub.audit.note import parse_note, parse_vkey
from hub.audit.policy import parse_policy
from hub.audit.witness.request import write_request
from hub.main.assembly import create_hub, open_node
from hub.main.witness_folder import WitnessFolder
from hub.witnessed import Said, witnessing
from tests.databases import a_data_dir
from tests.faults.hub import COMMAND, LEASH, a_hub, steady_port, wait_until
from tests.house.source import ROOT
from tests.unit.audit.witnesses import Watched, a_cosigner
from tests.world import RHEINBERG, SCHOOL, World, example


@dataclass
class Process:
    """``meldeweg witness serve`` on one folder and one port, again and again."""

    state: Path
    port: int
    _process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def folder(self) -> WitnessFolder:
        return WitnessFolder(self.state)

    @property
    def vkey(self) -> str:
        return self.folder.cosigners()[0].key.vkey

    def watch(self, vkey: str) -> None:
        self.folder.shelf.add(parse_vkey(vkey))

    def start(self) -> None:
        own = ("--state", str(self.state), "--port", str(self.port))
        command = [*COMMAND, "witness", "serve", *own]
        self._process = subprocess.Popen([*LEASH, *command], stderr=sys.stderr, cwd=ROOT)
        wait_until(self.answers, "the witness listens")

    def answers(self) -> bool:
        try:
            return httpx2.get(f"{self.url}/nobody/checkpoint").status_code == 404
        except httpx2.TransportError:
            return False

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait(30)


@contextmanager
def a_witness(home: Path, name: str) -> Iterator[Process]:
    process = Process(home / name, steady_port())
    process.folder.create(f"{name}.invalid/w1", post_quantum=True)
    try:
        yield process
    finally:
        process.kill()


def witnessed(port: int) -> str:
    """Return the newest witnessed checkpoint of a hub, as soon as there is one."""
    found: list[str] = []

    def is_there() -> bool:
        answer = httpx2.get(f"http://localhost:{port}/v1/log/checkpoint/witnessed")
        found.extend([answer.text] if answer.status_code == 200 else [])
        return bool(found)

    wait_until(is_there, "the log is witnessed")
    return found[0]


def test_two_hubs_are_witnesses_of_each_other(tmp_path: Path) -> None:
    names = ("nord", "sued")
    with ExitStack() as stack:
        hubs, witnesses, vkeys = {}, {}, {}
        for name in names:
            witnesses[name] = stack.enter_context(a_witness(tmp_path, name))
            data = a_data_dir(tmp_path / f"hub-{name}")
            create_hub(data, f"hub.{name}.invalid", ())
            with open_node(data, "http://localhost:1") as node:
                vkeys[name] = node.log.vkey
            port, policy = steady_port(), tmp_path / f"{name}.policy"
            hubs[name] = stack.enter_context(
                a_hub(
                    data=data.path,
                    port=port,
                    url=f"http://localhost:{port}",
                    log=tmp_path / f"{name}.log",
                    database_url=data.url,
                    settings={
                        "MELDEWEG_WITNESS_POLICY": str(policy),
                        "MELDEWEG_WITNESS_EVERY": "1",
                    },
                )
            )
        for one, other in (names, names[::-1]):
            witness = witnesses[other]
            witness.watch(vkeys[one])
            listed = f"witness {other} {witness.vkey} {witness.url}"
            text = f"log {vkeys[one]}\n{listed}\nquorum {other}\n"
            (tmp_path / f"{one}.policy").write_text(text)
            witness.start()
            hubs[one].start()
        for name, hub in hubs.items():
            hub.wait_ready()
            note = witnessed(hub.port)
            policy_text = httpx2.get(f"{hub.url}/v1/log/policy").text
            agreed = parse_policy(policy_text)
            assert parse_note(note).text.startswith(f"hub.{name}.invalid/log\n")
            assert agreed.is_met_by(list(cosigned(parse_note(note), agreed.keys)))
            assert agreed.log == parse_vkey(vkeys[name])


def test_a_killed_witness_has_forgotten_nothing_that_it_signed(tmp_path: Path) -> None:
    """Killed while it is asked without a pause; whatever it answered it still knows."""
    log = Watched()
    with a_witness(tmp_path, "zeuge") as witness:
        witness.watch(log.signer.verifier.vkey)
        witness.start()
        signed = _grow_until_killed(witness, log, killed_after=7)

        witness.start()

        answer = httpx2.post(f"{witness.url}/add-checkpoint", content=log.request(0, 1))
        assert (answer.status_code, answer.headers["content-type"]) == (409, "text/x.tlog.size")
        # The one that was on its way may have been kept and not answered.
        assert int(answer.text) in {signed, signed + 1}


def _grow_until_killed(witness: Process, log: Watched, killed_after: int) -> int:
    """Let the log grow by one entry each time; returns the last size that was signed."""
    size = 0
    with httpx2.Client(base_url=witness.url) as client:
        for step in range(1000):
            body = write_request(size, log.proof(size, size + 1), log.note(size + 1))
            try:
                answer = client.post("/add-checkpoint", content=body)
            except httpx2.TransportError:
                break
            assert answer.status_code == 200, answer.text
            size += 1
            if step == killed_after:
                # Not waited for: the next request is on its way when the process ends.
                assert witness._process is not None
                os.kill(witness._process.pid, 9)
    assert witness._process is not None
    witness._process.wait(30)
    return size


@pytest.mark.anyio
async def test_a_witness_that_never_answers_keeps_nobody_waiting(world: World) -> None:
    silent, asked = asyncio.Event(), asyncio.Event()

    async def call(url: str, body: bytes) -> Said | None:
        del url, body
        asked.set()
        await silent.wait()
        return None

    listed = f"witness a {a_cosigner().key.vkey} http://localhost:1"
    world.node.policy = parse_policy(f"{listed}\nquorum a\n")
    async with witnessing(world.node, call, lambda *_: None, 1), world.hub(SCHOOL) as school:
        await asked.wait()
        await school.directory()
        draft = school.compose(
            protocol="schule-mitteilung",
            step="mitteilung",
            to=RHEINBERG,
            urgency="unverzueglich",
            content=example("schule-mitteilung", "mitteilung"),
        )
        accepted = await school.submit(draft)
        assert accepted.receipt.word == "accepted"
        assert not silent.is_set()
