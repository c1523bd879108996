# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a data protection officer types to run a witness alone, and what the witness says."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from hub.audit.cosignature import parse_witness_key
from hub.errors import ReadOnly
from hub.main.cli import app_for
from hub.main.witness_folder import WitnessFolder
from hub.main.witness_serving import open_witness
from tests.unit.audit.builders import ORIGIN
from tests.unit.audit.witnesses import Watched

LOG = Watched()
FORK = Watched(forked_at=0)


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "zeuge"


def run(state: Path, command: str, *words: str, code: int = 0) -> str:
    arguments = ["witness", command, "--state", str(state), *words]
    done = CliRunner().invoke(app_for(arguments), arguments)
    assert done.exit_code == code, done.output
    return done.output


def test_a_witness_is_set_up_in_two_commands(state: Path) -> None:
    vkeys = run(state, "init", "--name", "zeuge.invalid/1", "--ml-dsa").split()
    said = run(state, "add-log", LOG.signer.verifier.vkey)

    assert [parse_witness_key(each).kind for each in vkeys] == [b"\x04", b"\x06"]
    assert ORIGIN in said
    assert "noch nichts gesehen" in run(state, "status")
    assert (state / "keys").stat().st_mode & 0o077 == 0


def test_its_status_says_what_it_saw_and_when(state: Path) -> None:
    vkeys = run(state, "init", "--name", "zeuge.invalid/1").split()
    run(state, "add-log", LOG.signer.verifier.vkey)
    open_witness(WitnessFolder(state), lambda *_: None).add(LOG.request(0, 7))

    said = json.loads(run(state, "status", "--json"))

    assert said["vkeys"] == vkeys
    (log,) = said["logs"]
    assert (log["origin"], log["size"]) == (ORIGIN, 7)
    assert log["at"].endswith("+00:00")
    assert f"{ORIGIN}: 7 Einträge, zuletzt bezeugt " in run(state, "status")


def test_a_fork_is_told_at_once_and_shown_with_both_checkpoints(state: Path) -> None:
    run(state, "init", "--name", "zeuge.invalid/1")
    run(state, "add-log", LOG.signer.verifier.vkey)
    assert "Kein Widerspruch." in run(state, "evidence")
    mails: list[tuple[str, str]] = []
    witness = open_witness(WitnessFolder(state), lambda *mail: mails.append(mail))
    witness.add(LOG.request(0, 7))

    witness.add(FORK.request(7, 7))
    witness.add(FORK.request(7, 9))

    assert [subject for subject, _ in mails] == [f"Widerspruch im Protokoll {ORIGIN}"] * 2
    shown = run(state, "evidence", code=1)
    assert LOG.note(7) in shown
    assert FORK.note(7) in shown
    assert FORK.note(9) in shown
    assert "HALTEN NICHT" not in shown
    said = json.loads(run(state, "evidence", "--json", code=1))
    assert [each["what"] for each in said] == ["two-roots", "no-continuation"]
    assert all(each["holds"] for each in said)
    assert "WIDERSPRÜCHE: 2" in run(state, "status")


def test_what_is_no_witness_is_said_to_be_none(state: Path) -> None:
    for command in ("status", "evidence", "serve"):
        assert "ist kein Zeuge" in run(state, command, code=1)
    assert "ist kein Zeuge" in run(state, "add-log", LOG.signer.verifier.vkey, code=1)


def test_a_second_witness_does_not_take_the_place_of_the_first(state: Path) -> None:
    run(state, "init", "--name", "zeuge.invalid/1")

    assert "schon ein Zeuge" in run(state, "init", "--name", "anders.invalid/1", code=1)


def test_a_key_that_is_none_is_not_believed(state: Path) -> None:
    run(state, "init", "--name", "zeuge.invalid/1")

    assert "kein Schlüssel" in run(state, "add-log", "zeuge.invalid+00000000+AAAA", code=1)


def test_two_processes_never_share_a_folder(state: Path) -> None:
    run(state, "init", "--name", "zeuge.invalid/1")
    folder = WitnessFolder(state)

    with folder.locked(), pytest.raises(ReadOnly), folder.locked():
        pass
