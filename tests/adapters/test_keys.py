# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Keys of an office that a stolen disk does not give away: wrapped, or on a token.

The token is SoftHSM, which ``tests/system.sh`` installs; without it these tests say that they are
skipped.
"""

import asyncio
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from hub.audit.checkpoint import Checkpoint, verify_checkpoint
from hub.audit.merkle import EMPTY
from hub.audit.note import parse_vkey
from hub.audit.signing.growth import Growth
from hub.audit.signing.strict import Key, begin
from hub.client import Agency, Hub
from hub.client.keyring import Keyring
from hub.client.wrapped import VARIABLE, Locked, Passphrase, read_secret, relock, secret_of
from hub.main.cli import app_for
from hub.main.signer import load_signer
from hub.main.signer_keys import load_keys, make_key
from hub.sealing.canonical import unb64
from tests import databases
from tests.adapters.world import MEMORY, an_office, notices, until
from tests.world import RHEINBERG, World, a_world

MODULES = (
    Path("/usr/lib/softhsm/libsofthsm2.so"),
    Path("/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so"),
    Path("/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so"),
)
MODULE = next((each for each in MODULES if each.exists()), None)
with_token = pytest.mark.skipif(
    MODULE is None or shutil.which("softhsm2-util") is None,
    reason="SoftHSM is not installed (apt-get install softhsm2): keys on a token are not tried",
)
LABEL = "jugendamt"
LOG = "meldeweg.invalid/test/log"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A hub of its own: what happens to keys here concerns nobody else."""
    home = tmp_path_factory.mktemp("keys")
    with databases.given_back(), a_world(home, "schule:999001", "jugendamt:05170032") as made:
        yield made


@pytest.fixture
def phrase(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A passphrase in a file that the environment names."""
    file = tmp_path / "passphrase"
    file.write_text("erfunden und lang genug\n", "utf-8")
    monkeypatch.setenv(VARIABLE, str(file))
    return file


@dataclass(frozen=True)
class SoftToken:
    """A token of SoftHSM; its PIN is in a file that the environment names."""

    module: str
    folder: Path


@pytest.fixture(scope="module")
def token(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SoftToken]:
    assert MODULE is not None
    folder = tmp_path_factory.mktemp("softhsm")
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder}/tokens\n", "ascii")
    (folder / "pin").write_text("471100\n", "ascii")
    patch = pytest.MonkeyPatch()
    patch.setenv("SOFTHSM2_CONF", str(folder / "softhsm2.conf"))
    patch.setenv("MELDEWEG_TOKEN_PIN_FILE", str(folder / "pin"))
    arguments = ["--init-token", "--free", "--label", LABEL, "--so-pin", "4711000", "--pin"]
    subprocess.run(["softhsm2-util", *arguments, "471100"], check=True, capture_output=True)
    yield SoftToken(str(MODULE), folder)
    patch.undo()


def run(*words: str) -> str:
    said = CliRunner().invoke(app_for(words), words)
    assert said.exit_code == 0, said.output
    return said.stdout


def test_wrapped_reading_keys_open_with_the_passphrase_alone(
    world: World, tmp_path: Path, phrase: Path
) -> None:
    folder = tmp_path / "unit"
    shutil.copytree(world.folders[RHEINBERG], folder)
    plain = Agency.load(folder)
    seeds = [key.seed for key in plain.desk]
    run("connector", "keys", "lock", "--agency", str(folder), "--passphrase")
    assert [key.seed for key in Agency.load(folder).desk] == seeds
    held = json.loads((folder / "keys" / "dienst.key").read_bytes())
    assert held["wrap"] == "scrypt"
    phrase.write_text("eine andere", "utf-8")
    with pytest.raises(Locked):
        Agency.load(folder)
    phrase.write_text("erfunden und lang genug", "utf-8")
    run("connector", "keys", "unlock", "--agency", str(folder))
    os.environ.pop(VARIABLE)
    assert [key.seed for key in Agency.load(folder).desk] == seeds


@pytest.mark.usefixtures("phrase")
def test_a_key_made_later_is_wrapped_as_the_others_are(world: World, tmp_path: Path) -> None:
    folder = tmp_path / "unit"
    shutil.copytree(world.folders[RHEINBERG], folder)
    relock(folder / "keys", Passphrase())
    made = Keyring(folder / "keys").next("dienst").reader
    file = folder / "keys" / "dienst.next.key"
    assert json.loads(file.read_bytes())["wrap"] == "scrypt"
    assert read_secret(file) == made.seed


@pytest.mark.usefixtures("phrase")
def test_a_shell_that_asks_for_too_much_is_refused(tmp_path: Path) -> None:
    """Whoever can write a key file must not stop the process with it."""
    file = tmp_path / "spool.key"
    secret_of(file, Passphrase())
    greedy = json.loads(file.read_bytes()) | {"n": 2**30}
    file.write_text(json.dumps(greedy), "ascii")
    with pytest.raises(Locked, match="mehr, als ein Rechner hat"):
        read_secret(file)


@with_token
def test_an_office_works_with_a_signing_key_and_a_lock_on_a_token(
    world: World, tmp_path: Path, token: SoftToken
) -> None:
    """The key is made there, announced, and signs every receipt; nothing of it is on the disk."""
    folder = world.folders[RHEINBERG]
    about = ("--agency", str(folder), "--module", token.module, "--token", LABEL)
    before = Agency.load(folder).signing.kid
    run("connector", "keys", "token", *about)
    organisation = str(world.home / "jugendamt-05170032")
    run("keys", "rotate", organisation, "signing", "--unit", RHEINBERG, "--ahead", "0s")
    run("connector", "keys", "lock", *about)
    agency = Agency.load(folder)
    assert (agency.signing.alg, agency.signing.kid == before) == ("ES256", False)
    assert json.loads((folder / "keys" / "dienst.key").read_bytes())["wrap"] == "pkcs11"

    async def go() -> None:
        async with an_office(world, tmp_path, MEMORY) as office:
            (notice,) = await notices(world)
            await until(lambda: office.state(notice.id) == ("handed-over", True))
        async with Hub(world.url, agency, catalogue=world.catalogue) as hub:
            said = (await hub.state(notice.id))["receipts"]
        assert any(agency.signing.kid in _head(jws) for jws in said)

    asyncio.run(go())
    spool = tmp_path / RHEINBERG.replace(":", "-") / "spool.key"
    assert json.loads(spool.read_bytes())["wrap"] == "pkcs11"


@with_token
def test_a_token_that_is_not_there_is_said(token: SoftToken) -> None:
    from hub.client.pkcs11 import Slot, TokenLock  # noqa: PLC0415  the library may be missing

    with pytest.raises(Locked, match="gibt nichts her"):
        TokenLock(Slot(token.module, "ein anderer", "x")).wrap(bytes(32))


def _head(jws: str) -> str:
    return unb64(jws.partition(".")[0]).decode()


@with_token
def test_the_log_of_a_hub_can_be_signed_by_a_key_on_a_token(
    token: SoftToken, tmp_path: Path
) -> None:
    begin(tmp_path, [make_log_key(tmp_path)], Checkpoint(LOG, 0, EMPTY))
    where = ("--module", token.module, "--token", LABEL, "--label", "protokoll")
    vkey = run("signer", "new-key", "--state", str(tmp_path), *where).strip()

    one = Checkpoint(LOG, 1, bytes(32))
    note = load_signer(tmp_path).sign(Growth(0, (), one))

    assert verify_checkpoint(note, parse_vkey(vkey)) == one
    assert {path.suffix for path in (tmp_path / "keys").iterdir()} == {".pem", ".json"}


def make_log_key(state: Path) -> Key:
    make_key(state / "keys", LOG)
    (key,) = load_keys(state, LOG)
    return key
