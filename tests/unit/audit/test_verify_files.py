# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What leaves the hub can be verified without it: tiles, an answer, a Beweispaket."""

import json
import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

from hub.audit import tables
from hub.audit.checkpoint import Checkpoint, origin_of, sign_checkpoint
from hub.audit.export import write_tiles
from hub.audit.merkle import leaf_hash
from hub.audit.tile import Tile, bundle
from hub.audit.verify import LOG_TABLES, main, verify_answer, verify_evidence, verify_tiles
from hub.sealing.canonical import digest, jcs
from tests.unit.audit.builders import HUB, a_grown_log, a_signer
from tests.unit.audit.network import (
    OFFICE,
    SCHEMA,
    SCHOOL,
    UNIT,
    Key,
    SmallHub,
    a_small_hub,
    claims_of,
    ed25519,
)

VKEY: Final = a_signer().verifier.vkey


# --- Tiles ---


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("tiles")
    engine, _ = a_grown_log(600)
    with engine.connect() as connection:
        write_tiles(connection, directory, with_entries=True)
    return directory


@pytest.fixture
def tiles(exported: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(exported, tmp_path / "copy"))


def test_an_export_holds_with_and_without_its_entries(tiles: Path) -> None:
    assert verify_tiles(tiles, VKEY) == []

    shutil.rmtree(tiles / "tile" / "entries")

    assert verify_tiles(tiles, VKEY) == []


def test_every_file_of_an_export_is_held(tiles: Path) -> None:
    files = sorted(path for path in tiles.rglob("*") if path.is_file())
    assert len(files) == 8
    for path in files:
        data = path.read_bytes()
        for at in (0, len(data) // 2, len(data) - 1):
            path.write_bytes(data[:at] + bytes([data[at] ^ 4]) + data[at + 1 :])
            assert verify_tiles(tiles, VKEY) != [], (path, at)
        path.write_bytes(data)


def test_a_tile_that_is_not_there_is_named(tiles: Path) -> None:
    for tile in (Tile(0, 1), Tile(0, 2, 88), Tile(1, 0, 2)):
        path = tiles / tile.path
        data = path.read_bytes()
        path.unlink()
        assert tile.path in {found.table for found in verify_tiles(tiles, VKEY)}
        path.write_bytes(data)


def test_an_entry_that_is_not_in_closed_form_is_named_though_the_tree_holds(tmp_path: Path) -> None:
    """A hub that signs what it must not write is found by whoever reads the entries."""
    body = b'{"name":"Lisa Musterkind"}'
    (tmp_path / "tile" / "0").mkdir(parents=True)
    (tmp_path / "tile" / "0" / "000.p").mkdir()
    (tmp_path / "tile" / "0" / "000.p" / "1").write_bytes(leaf_hash(body))
    (tmp_path / "tile" / "entries" / "000.p").mkdir(parents=True)
    (tmp_path / "tile" / "entries" / "000.p" / "1").write_bytes(bundle([body]))
    note = sign_checkpoint(Checkpoint(origin_of(HUB), 1, leaf_hash(body)), a_signer())
    (tmp_path / "checkpoint").write_text(note, "utf-8")

    assert [str(found) for found in verify_tiles(tmp_path, VKEY)] == [
        "tile/entries/000.p/1: Eintrag 0: nicht die Felder eines Eintrags"
    ]


def test_an_export_of_another_log_is_refused(tiles: Path) -> None:
    assert [found.table for found in verify_tiles(tiles, a_signer("thief").verifier.vkey)] == [
        "checkpoint"
    ]
    (tiles / "checkpoint").unlink()
    assert [str(found) for found in verify_tiles(tiles, VKEY)] == ["checkpoint: nicht lesbar"]


# --- The answer to a submission ---


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> SmallHub:
    return a_small_hub(tmp_path_factory.mktemp("hub") / "hub.db")


def rows(hub: SmallHub, query: str) -> list[Any]:
    with hub.engine.connect() as connection:
        return list(connection.exec_driver_sql(query).all())


def answer_of(hub: SmallHub, word: str) -> dict[str, Any]:
    query = f"SELECT jws, audit_id FROM receipt WHERE word = '{word}'"  # noqa: S608  a constant
    jws, audit_id = rows(hub, query)[0]
    with hub.engine.connect() as connection:
        proof = hub.log.prove(connection, audit_id)
    return {"receipt": jws, "entry": json.loads(proof.entry or b"null"), "proof": proof.text}


def written(path: Path, value: Any) -> Path:
    path.write_text(json.dumps(value, indent=2), "utf-8")
    return path


def keys_of(hub: SmallHub) -> dict[str, Any]:
    listed = rows(hub, "SELECT kid, use, alg, jwk FROM hub_key")
    names = ("kid", "use", "alg", "jwk")
    keys = [dict(zip(names, row, strict=True)) for row in listed]
    return {"keys": [{**key, "jwk": json.loads(key["jwk"])} for key in keys], "vkey": VKEY}


def test_an_answer_proves_that_its_receipt_is_in_the_log(hub: SmallHub, tmp_path: Path) -> None:
    answer = written(tmp_path / "answer.json", answer_of(hub, "accepted"))
    keys = written(tmp_path / "keys.json", keys_of(hub))

    assert verify_answer(answer, VKEY) == []
    assert verify_answer(answer, VKEY, keys) == []


SPOILED_ANSWERS: Final[dict[str, Callable[[dict[str, Any], SmallHub], Any]]] = {
    "another receipt": lambda answer, hub: (
        answer | {"receipt": answer_of(hub, "overdue")["receipt"]}
    ),
    "another entry": lambda answer, hub: answer | {"entry": answer_of(hub, "overdue")["entry"]},
    "another proof": lambda answer, hub: answer | {"proof": answer_of(hub, "overdue")["proof"]},
    "a changed entry": lambda answer, _: answer | {"entry": answer["entry"] | {"nseq": 99}},
    "an entry with more": lambda answer, _: answer | {"entry": answer["entry"] | {"x": 1}},
    "another word for the same": lambda answer, hub: (
        answer_of(hub, "overdue") | {"receipt": answer["receipt"]}
    ),
    "no proof": lambda answer, _: {"receipt": answer["receipt"], "entry": answer["entry"]},
    "no receipt": lambda answer, _: answer | {"receipt": ""},
    "nothing": lambda _, __: None,
}


@pytest.mark.parametrize("name", SPOILED_ANSWERS)
def test_an_answer_is_refused_with(hub: SmallHub, tmp_path: Path, name: str) -> None:
    spoiled = SPOILED_ANSWERS[name](answer_of(hub, "accepted"), hub)

    findings = verify_answer(written(tmp_path / "answer.json", spoiled), VKEY)

    assert [found.table for found in findings] == ["answer.json"]


def test_an_answer_whose_entry_is_pruned_says_so(hub: SmallHub, tmp_path: Path) -> None:
    answer = answer_of(hub, "accepted")
    proof = re.sub("extra .*\n", "", answer["proof"])
    pruned = written(tmp_path / "a.json", answer | {"entry": None, "proof": proof})

    assert "gelöscht" in verify_answer(pruned, VKEY)[0].text


def test_a_receipt_by_a_stranger_is_refused_where_the_keys_are_known(
    hub: SmallHub, tmp_path: Path
) -> None:
    answer = written(tmp_path / "answer.json", answer_of(hub, "taken"))
    keys = written(tmp_path / "keys.json", keys_of(hub))

    assert verify_answer(answer, VKEY) == []
    assert "Unterschrift" in verify_answer(answer, VKEY, keys)[0].text
    assert verify_answer(tmp_path / "nowhere.json", VKEY)[0].text == "nicht lesbar"


# --- A Beweispaket ---

Files = dict[str, bytes]


def evidence_of(hub: SmallHub, position: int = 1) -> Files:
    """Return the files of a Beweispaket for a message, with both chains."""
    message, env = rows(hub, f"SELECT id, env FROM message WHERE position = {position}")[0]  # noqa: S608
    files: Files = {
        "evidence.json": jcs({"v": 1, "message": message, "hub": HUB, "made_at": "2026-11-22"}),
        "env.txt": env.encode(),
        "hub-keys.json": json.dumps(keys_of(hub)).encode(),
        "schema.json": json.dumps(SCHEMA, ensure_ascii=False, indent=1).encode(),
        "LIESMICH.txt": "Übung".encode(),
    }
    receipts = rows(
        hub,
        "SELECT word, jws, audit_id FROM receipt"  # noqa: S608
        f" WHERE message_id = '{message}' ORDER BY chain DESC, seq",
    )
    for number, (word, jws, audit_id) in enumerate(receipts, start=1):
        files[f"receipts/{number:02}-{word}.jws"] = jws.encode()
        put_proof(files, hub, audit_id)
    for jws, audit_id in rows(hub, "SELECT jws, audit_id FROM directory_entry"):
        files[f"directory/{digest(jws)}.jws"] = jws.encode()
        put_proof(files, hub, audit_id)
    return files


def put_proof(files: Files, hub: SmallHub, audit_id: str) -> None:
    with hub.engine.connect() as connection:
        proof = hub.log.prove(connection, audit_id)
    files[f"entries/{audit_id}.json"] = proof.entry or b""
    files[f"proofs/{audit_id}.tlog-proof"] = proof.text.encode()


def zipped(path: Path, files: Files) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


@pytest.mark.parametrize("position", [1, 2])
def test_a_beweispaket_holds(hub: SmallHub, tmp_path: Path, position: int) -> None:
    path = zipped(tmp_path / "e.zip", evidence_of(hub, position))

    assert verify_evidence(path, VKEY) == []
    assert verify_evidence(path) == []


def test_the_senders_beweispaket_holds_without_the_hidden_chain(
    hub: SmallHub, tmp_path: Path
) -> None:
    files = evidence_of(hub)
    visible = {
        name: data
        for name, data in files.items()
        if not name.endswith(("-opened.jws", "-escalated.jws"))
    }
    assert len(visible) == len(files) - 2

    assert verify_evidence(zipped(tmp_path / "e.zip", visible), VKEY) == []


def test_no_byte_of_a_beweispaket_can_change(hub: SmallHub, tmp_path: Path) -> None:
    """Only what explains, and the vkey that is given from outside, may say anything."""
    files = evidence_of(hub)
    for name, data in files.items():
        if name in {"LIESMICH.txt", "hub-keys.json"}:
            continue
        for at in range(0, len(data), max(1, len(data) // 9)):
            changed = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
            if name == "evidence.json" and not re.search(b'made_at":"2026-11-22"', changed):
                continue
            if name == "schema.json" and json.loads(data) == loads(changed):
                continue
            path = zipped(tmp_path / "e.zip", files | {name: changed})
            assert verify_evidence(path, VKEY) != [], (name, at)


def loads(data: bytes) -> Any:
    try:
        return json.loads(data)
    except ValueError:
        return None


def without(files: Files, pattern: str) -> Files:
    left = {name: data for name, data in files.items() if not re.search(pattern, name)}
    assert len(left) < len(files)
    return left


def resigned(files: Files, word: str, key: Key, **claims: Any) -> Files:
    """Put a receipt of one's own in the place of another."""
    name = next(name for name in files if name.endswith(f"-{word}.jws"))
    said = claims_of(files[name].decode()) | claims
    return files | {name: key.jws("secevent+jwt", said).encode()}


SPOILED: Final[dict[str, Callable[[Files, SmallHub], Files]]] = {
    "no acceptance": lambda files, _: without(files, "-accepted"),
    "a receipt left out": lambda files, _: without(files, "-taken"),
    "no proofs": lambda files, _: without(files, "proofs/"),
    "no entries": lambda files, _: without(files, "entries/"),
    "no directory": lambda files, _: without(files, "directory/"),
    "no keys": lambda files, _: without(files, "hub-keys"),
    "no envelope": lambda files, _: without(files, "env.txt"),
    "no head": lambda files, _: without(files, "evidence.json"),
    "the envelope of another message": lambda files, hub: (
        files | {"env.txt": evidence_of(hub, 2)["env.txt"]}
    ),
    "the name of another message": lambda files, hub: (
        files | {"evidence.json": evidence_of(hub, 2)["evidence.json"]}
    ),
    "another schema": lambda files, _: files | {"schema.json": b"{}"},
    "a schema that is none": lambda files, _: files | {"schema.json": b"{"},
    "a receipt by a stranger": lambda files, _: resigned(files, "taken", ed25519("stranger")),
    "a receipt that nobody logged": lambda files, hub: resigned(files, "taken", hub.office, iat=1),
    "a receipt of the hub by the unit": lambda files, hub: resigned(
        files, "accepted", hub.office, iss=UNIT
    ),
    "keys of another hub": lambda files, _: files | {"hub-keys.json": b'{"keys":[],"vkey":"x"}'},
    "keys that are no list": lambda files, _: files | {"hub-keys.json": b'{"keys":[1]}'},
    "a word in the name that is not the receipt's": lambda files, _: {
        name.replace("-taken", "-rejected"): data for name, data in files.items()
    },
}


@pytest.mark.parametrize("name", SPOILED)
@pytest.mark.parametrize("key", [VKEY, None], ids=["key given", "key inside"])
def test_a_beweispaket_is_refused_with(
    hub: SmallHub, tmp_path: Path, name: str, key: str | None
) -> None:
    files = SPOILED[name](evidence_of(hub), hub)

    assert verify_evidence(zipped(tmp_path / "e.zip", files), key) != []


def test_a_beweispaket_of_another_log_is_refused(hub: SmallHub, tmp_path: Path) -> None:
    path = zipped(tmp_path / "e.zip", evidence_of(hub))

    assert verify_evidence(path, a_signer("thief").verifier.vkey) != []
    assert verify_evidence(path, a_signer(name="fremd.invalid/log").verifier.vkey) != []


def test_a_key_that_entered_the_log_after_the_message_does_not_count(tmp_path: Path) -> None:
    """Otherwise whoever runs the hub could make a message in the name of a school."""
    hub = a_small_hub(tmp_path / "hub.db")
    hub.school = ed25519("made up by the operator")
    hub.accept(3, rows(hub, "SELECT env FROM message WHERE position = 1")[0][0])
    hub.join(SCHOOL, hub.school_root, SCHOOL, [hub.school], version=2)

    findings = verify_evidence(zipped(tmp_path / "e.zip", evidence_of(hub, 3)), VKEY)

    assert {found.table for found in findings} == {"env.txt"}


def test_an_entry_in_the_directory_by_a_stolen_name_does_not_count(tmp_path: Path) -> None:
    hub = a_small_hub(tmp_path / "hub.db")
    hub.join(OFFICE, ed25519("stranger"), UNIT, [hub.office], version=3)

    findings = verify_evidence(zipped(tmp_path / "e.zip", evidence_of(hub)), VKEY)

    assert [found.table.partition("/")[0] for found in findings] == ["directory"]


def test_a_file_that_is_no_zip_is_said_to_be_none(tmp_path: Path) -> None:
    path = tmp_path / "e.zip"
    path.write_bytes(b"no zip")

    assert [found.text for found in verify_evidence(path, VKEY)] == ["kein lesbares Zip"]
    assert [found.text for found in verify_evidence(tmp_path / "no.zip")] == ["kein lesbares Zip"]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_file_that_stands_in_the_zip_twice_is_refused(hub: SmallHub, tmp_path: Path) -> None:
    path = zipped(tmp_path / "e.zip", evidence_of(hub))
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("env.txt", b"another")

    assert [found.text for found in verify_evidence(path, VKEY)] == [
        "eine Datei steht doppelt darin"
    ]


# --- The program ---


def test_the_program_verifies_each_kind(
    hub: SmallHub, exported: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = written(tmp_path / "answer.json", answer_of(hub, "accepted"))
    package = zipped(tmp_path / "e.zip", evidence_of(hub))

    for arguments in (
        ("tiles", exported, "--vkey", VKEY),
        ("receipt", answer, "--vkey", VKEY),
        ("evidence", package, "--vkey", VKEY),
    ):
        assert main([str(argument) for argument in arguments]) == 0
        assert capsys.readouterr().out.startswith("In Ordnung.")
    assert main(["evidence", str(package)]) == 0
    assert "stammt aus dem Geprüften selbst" in capsys.readouterr().out


def test_the_program_fails_where_something_is_found(
    exported: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["tiles", str(exported), "--vkey", a_signer("thief").verifier.vkey]) == 1
    assert capsys.readouterr().out.startswith("checkpoint: ")
    assert main(["tiles", str(exported), "--vkey", "nonsense", "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["text"].startswith("kein Schlüssel")


def test_the_tables_of_the_log_are_those_that_the_program_expects() -> None:
    assert {table.name for table in tables.TABLES} == set(LOG_TABLES)
