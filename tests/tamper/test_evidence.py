# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""No bit of what proves anything in a Beweispaket, or in an exported log, can be changed."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.audit.export import write_tiles
from hub.audit.verify import verify_evidence, verify_tiles
from tests.journeys.receipts import claims_of
from tests.tamper.bits import draw_flipped
from tests.tamper.examples import thoroughly
from tests.tamper.exchange import Exchange
from tests.unit.audit.builders import a_grown_log, a_signer

Files = dict[str, bytes]
EXPLAINS: Final = {
    "LIESMICH.txt": "says what the package is; an auditor knows",
    "protocol.json": "what the step may carry, to be read; the digest of the schema is signed",
    "verify.py": "a program cannot vouch for itself; an auditor brings a copy from elsewhere",
    "pruefen.html": "the same program for a browser",
}
"""Files without effect: they prove nothing, and nothing is concluded from them."""
NOT_NEEDED: Final = frozenset({*EXPLAINS, "schema.json"})
"""Files whose absence is without effect; a schema that is there is held against its digest."""
OF_THE_HEAD: Final = ("v", "message", "hub")
"""What is held against the signed claims; ``made_at`` only says when the package was made."""


def files_of(packed: bytes) -> Files:
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def pack(path: Path, files: Files) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def what_counts(name: str, content: bytes) -> Any:
    """Return what is concluded from a file; of most files that is every byte."""
    if name not in {"evidence.json", "hub-keys.json"}:
        return content
    try:
        said = json.loads(content)
        if name == "evidence.json":
            return {member: said.get(member) for member in OF_THE_HEAD}
        # Keys of the log and for tokens sign no receipt; the log's key is given from outside.
        return [key for key in said["keys"] if key.get("use") == "receipt"]
    except (ValueError, KeyError, AttributeError, TypeError):
        return None


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("evidence")


def test_the_package_holds_as_it_is(exchange: Exchange, folder: Path) -> None:
    files = files_of(exchange.evidence)
    vkey = exchange.office.hub.log

    assert verify_evidence(pack(folder / "e.zip", files), vkey) == []
    assert files.keys() >= NOT_NEEDED
    for name in NOT_NEEDED:
        left = {known: content for known, content in files.items() if known != name}
        assert verify_evidence(pack(folder / "e.zip", left), vkey) == []


@thoroughly
@given(st.data())
def test_a_file_with_another_bit_is_found(
    exchange: Exchange, folder: Path, data: st.DataObject
) -> None:
    files = files_of(exchange.evidence)
    name = data.draw(st.sampled_from(sorted(files.keys() - EXPLAINS.keys())), label="file")
    changed = draw_flipped(data, files[name])
    path = pack(folder / "e.zip", files | {name: changed})

    findings = verify_evidence(path, exchange.office.hub.log)

    has_effect = what_counts(name, changed) != what_counts(name, files[name])
    assert bool(findings) == has_effect


@thoroughly
@given(st.data())
def test_a_file_that_is_not_there_is_missed(
    exchange: Exchange, folder: Path, data: st.DataObject
) -> None:
    """All but the last of a chain: what came after the package was made is in none either."""
    files = files_of(exchange.evidence)
    kept = NOT_NEEDED | last_of_their_chains(files)
    name = data.draw(st.sampled_from(sorted(files.keys() - kept)), label="file")
    del files[name]

    assert verify_evidence(pack(folder / "e.zip", files), exchange.office.hub.log) != []


def last_of_their_chains(files: Files) -> set[str]:
    """Return the last receipt of either chain, and the school's newest entry.

    It has an older one, which was the newest when the message was accepted.
    """
    hidden = [name for name in files if name.endswith("-opened.jws")]
    visible = [name for name in files if name.startswith("receipts/") and name not in hidden]
    entries = [name for name in files if name.startswith("directory/")]
    newest = max(entries, key=lambda name: claims_of(files[name].decode())["version"])
    return {max(visible), max(hidden), newest}


@thoroughly
@given(st.data())
def test_two_files_exchanged_are_found(
    exchange: Exchange, folder: Path, data: st.DataObject
) -> None:
    files = files_of(exchange.evidence)
    # A file of the directory is called by its digest, and by what it says.
    names = sorted(name for name in files.keys() - EXPLAINS.keys() if "directory/" not in name)
    one, other = data.draw(st.permutations(names))[:2]
    files[one], files[other] = files[other], files[one]

    assert verify_evidence(pack(folder / "e.zip", files), exchange.office.hub.log) != []


@thoroughly
@given(st.data())
def test_a_package_with_another_bit_is_unreadable_or_holds_the_same_files(
    exchange: Exchange, folder: Path, data: st.DataObject
) -> None:
    """The zip is a wrapping: times, attributes and what is said twice in it are without effect.

    At most it loses files, and never one that is needed.
    """
    packed = draw_flipped(data, exchange.evidence)
    path = folder / "e.zip"
    path.write_bytes(packed)

    findings = verify_evidence(path, exchange.office.hub.log)

    if not findings:
        held, before = files_of(packed), files_of(exchange.evidence)
        assert held.items() <= before.items()
        assert before.keys() - held.keys() <= NOT_NEEDED


@pytest.fixture(scope="session")
def tiles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An exported log with a full tile, a partial one, and one above them."""
    directory = tmp_path_factory.mktemp("tiles")
    engine, _ = a_grown_log(260)
    with engine.connect() as connection:
        write_tiles(connection, directory, with_entries=True)
    return directory


@thoroughly
@given(st.data())
def test_an_exported_log_with_another_bit_does_not_hold(tiles: Path, data: st.DataObject) -> None:
    paths = sorted(path for path in tiles.rglob("*") if path.is_file())
    path = data.draw(st.sampled_from(paths), label="file")
    before = path.read_bytes()
    path.write_bytes(draw_flipped(data, before))
    try:
        assert verify_tiles(tiles, a_signer().verifier.vkey) != []
    finally:
        path.write_bytes(before)
