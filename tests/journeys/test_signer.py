# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A log whose key is with somebody else: nothing is signed twice, and nothing is lost between."""

import os
import signal
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import Connection

from hub.audit.checkpoint import Checkpoint
from hub.audit.note import parse_note
from hub.audit.signing.growth import Growth
from hub.audit.signing.remote import SignerProcess
from hub.audit.tree import read_checkpoint
from hub.errors import LogUnavailable
from hub.main.assembly import open_node
from hub.main.comparing import RollbackSuspected
from hub.main.guarding import guard_file
from hub.main.work import note
from hub.node import Node
from hub.protocols.compiled import load_compiled
from hub.sealing.canonical import digest
from tests.databases import sqlite_only
from tests.journeys.processes import Place, started
from tests.journeys.signers import Signed, adopted, killed, set_aside, signing, until
from tests.world import HUB_ID, free_port

URL = "http://localhost:8080"
pytestmark = pytest.mark.anyio


@pytest.fixture
def signed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Signed:
    """A hub that does not run, and a signer that does not run either."""
    made = adopted(tmp_path)
    monkeypatch.setenv("MELDEWEG_SIGNER", str(made.socket))
    return made


async def grow(signed: Signed, entries: int = 1) -> None:
    with open_node(signed.data, URL) as node:
        for _ in range(entries):
            await note(node, "log.heartbeat")


def head(node: Node) -> str:
    def read(connection: Connection) -> str:
        found = read_checkpoint(connection)
        return "" if found is None else found[1]

    return node.readers.run_now(read)


async def test_what_is_entered_is_signed_by_the_other_process(
    signed: Signed, tmp_path: Path
) -> None:
    assert not list(signed.data.keys.glob("log*"))
    before = signed.reached.size

    with signing(signed):
        await grow(signed, 3)

    assert signed.stored() == (before + 3, before + 3)
    assert signed.reached.size == before + 3
    assert signed.verified(tmp_path) == []


async def test_without_the_signer_nothing_is_answered_and_one_group_waits(
    signed: Signed, tmp_path: Path
) -> None:
    """The group is committed and unsigned; it is signed before anything else is entered."""
    size = signed.reached.size
    with open_node(signed.data, URL) as node:
        for _ in range(3):
            with pytest.raises(LogUnavailable):
                await note(node, "log.heartbeat")
        assert signed.stored() == (size + 1, size)

        with signing(signed):
            await note(node, "log.heartbeat")
            assert signed.stored() == (size + 2, size + 2)

    assert signed.verified(tmp_path) == []


async def test_a_signer_killed_at_any_moment_goes_on_where_it_was(
    signed: Signed, tmp_path: Path
) -> None:
    with open_node(signed.data, URL) as node:
        for _ in range(2):
            with signing(signed) as process:
                await note(node, "log.heartbeat")
                killed(process, signed)
                with pytest.raises(LogUnavailable):
                    await note(node, "log.heartbeat")
        with signing(signed):
            await note(node, "log.heartbeat")

    assert signed.verified(tmp_path) == []


def test_a_hub_killed_between_the_two_steps_owes_a_signature_and_gives_it(
    signed: Signed, tmp_path: Path
) -> None:
    """The signer is held up with the request in its hands; then the power goes at the hub."""
    place = Place(signed.data, free_port(), {}, load_compiled())
    said = {"MELDEWEG_SIGNER": str(signed.socket)}
    vkey = signed.did("audit", "approve", "--key", tmp_path / "key", "--new-key", "dsb.invalid")
    enter = Thread(target=signed.meldeweg, args=("audit", "approver", "add", vkey))
    with signing(signed) as process:
        with started(place, said) as hub:
            os.kill(process.pid, signal.SIGSTOP)
            enter.start()
            until(lambda: owes(signed))
            hub.process.kill()
        os.kill(process.pid, signal.SIGCONT)
        enter.join()
        until(lambda: signed.reached.size == signed.stored()[0])
        assert owes(signed), "the signature is out, and the hub does not have it"
        with started(place, said):
            until(lambda: not owes(signed))
            assert signed.did("audit", "approver", "list") == vkey

    assert signed.verified(tmp_path) == []


def owes(signed: Signed) -> bool:
    leaves, size = signed.stored()
    return leaves > size


@sqlite_only
async def test_what_was_set_back_is_neither_signed_nor_written_to(
    signed: Signed, tmp_path: Path
) -> None:
    """A restored copy with its guard file: the signer alone knows better."""
    put_back = set_aside(signed, tmp_path / "older.sqlite")
    with signing(signed):
        await grow(signed, 2)
        put_back()
        guard_file(signed.data).unlink()

        with pytest.raises(RollbackSuspected), open_node(signed.data, URL):
            pass
        with open_node(signed.data, URL, on_doubt="forbid") as node:
            assert "log-set-back" in node.troubles()
            with pytest.raises(RollbackSuspected):
                await note(node, "log.heartbeat")
            assert head(node), "it reads on"
        with (
            open_node(signed.data, URL, on_doubt="ignore") as node,
            pytest.raises(LogUnavailable),
        ):
            await note(node, "log.heartbeat")

    assert signed.meldeweg("doctor").exit_code != 0


async def test_a_fork_is_refused_whoever_asks(signed: Signed) -> None:
    """Whoever has taken the hub over can ask for anything, and gets nothing."""
    with signing(signed), open_node(signed.data, URL) as node:
        await note(node, "log.heartbeat")
        reached, keys = signed.reached, (node.log.keyring.newest,)
        fork = Checkpoint(reached.origin, reached.size + 1, bytes(32))
        for asked in (
            Growth(reached.size, (), fork),
            Growth(reached.size, (), Checkpoint(reached.origin, reached.size, bytes(32))),
            Growth(0, (), Checkpoint(reached.origin, 1, bytes(32))),
        ):
            with pytest.raises(LogUnavailable):
                SignerProcess(signed.socket).sign(asked, keys)

        assert signed.reached == reached
        await note(node, "log.heartbeat")


async def test_a_key_is_rotated_and_both_sign_for_thirty_days(
    signed: Signed, tmp_path: Path
) -> None:
    with signing(signed):
        refused = signed.meldeweg("audit", "rotate-key", "--vkey", "x+00000000+AA==")
        assert refused.exit_code == 1
    new = signed.did("signer", "new-key", "--state", signed.state)
    with signing(signed):
        assert signed.did("audit", "rotate-key", "--vkey", new) == new
        with open_node(signed.data, URL) as node:
            assert len(parse_note(head(node)).signatures) == 2
            node.clock = lambda: later(node)
            await note(node, "log.heartbeat")
            await note(node, "log.heartbeat")
            [(_, blob)] = parse_note(head(node)).signatures
            assert blob[:4] == node.log.keyring.newest.id
            assert node.log.vkey == new

    assert signed.verified(tmp_path) == []


def later(node: Node) -> float:
    """Return a second at which the old key need not sign any more."""
    return max(key.until for key in node.log.keyring.keys) + 1.0


async def test_after_a_compromise_the_log_goes_on_under_another_name(
    signed: Signed, tmp_path: Path
) -> None:
    with signing(signed):
        await grow(signed, 2)
        with open_node(signed.data, URL) as node:
            old, old_note = node.log.vkey, head(node)
    (tmp_path / "checkpoint").write_text(old_note, "utf-8")
    signed.state = tmp_path / "second"
    new = signed.did(
        *("signer", "begin", "--state", signed.state, "--origin", f"{HUB_ID}/log2"),
        *("--checkpoint", tmp_path / "checkpoint"),
    )

    with signing(signed):
        assert signed.did("audit", "succeed-log", "--vkey", new) == new
        with open_node(signed.data, URL) as node:
            await note(node, "log.heartbeat")
            assert head(node).startswith(f"{HUB_ID}/log2\n")
            assert len(parse_note(head(node)).signatures) == 1
            node.log.keyring.check(old_note)  # What was signed before still holds.
            assert node.readers.run_now(
                lambda connection: node.log.consistency(connection, 3, node.log.size)
            ), "the old tree is the beginning of the new one"
            assert digest(old) not in {digest(each.vkey) for each in node.log.keyring.signing(0)}

    assert signed.verified(tmp_path) == []
