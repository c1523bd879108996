# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A Beweispaket holds all that others said of the log, and nothing that nobody asked for."""

import json
import subprocess
import zipfile
from collections.abc import Iterator
from functools import partial
from hmac import digest as hmac
from io import BytesIO
from pathlib import Path

import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from hub.audit.checkpoint import verify_checkpoint
from hub.audit.cosignature import cosigned
from hub.audit.note import parse_note, parse_vkey
from hub.audit.policy import parse_policy
from hub.audit.proof import parse_proof, verify_proof
from hub.audit.timestamp import read_roots
from hub.audit.tree import read_checkpoint
from hub.audit.verify import verify_evidence
from hub.audit.witnessed import WITHOUT, add_lines
from hub.client import Draft
from hub.main.stamping import Authority, stamp_newest
from hub.sealing.canonical import b64, unb64
from tests.greedy import Greedy
from tests.journeys.stories import SCHOOL_NOTICE, notify
from tests.tsa import Authority as Tsa
from tests.tsa import an_authority, listening
from tests.unit.audit.witnesses import a_cosigner
from tests.world import KREIS, RHEINBERG, SCHOOL, World, a_world

pytestmark = pytest.mark.anyio
OFFICE = RHEINBERG.partition(".")[0]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with a_world(tmp_path_factory.mktemp("world"), SCHOOL, OFFICE, "jugendamt:05170000") as world:
        yield world


@pytest.fixture(scope="module")
def tsa(tmp_path_factory: pytest.TempPathFactory) -> Tsa:
    return an_authority(tmp_path_factory.mktemp("tsa") / "one")


@pytest.fixture
def alone(world: World) -> Iterator[World]:
    """The hub, which has neither witnesses nor an authority when the test is over."""
    yield world
    world.node.policy, world.node.stamping = WITHOUT, None


async def sent(world: World) -> Draft:
    async with world.hub(SCHOOL) as school:
        return await notify(school, SCHOOL_NOTICE)


async def package(
    world: World, draft: Draft, *, openings: bool = False, unit: str = SCHOOL
) -> zipfile.ZipFile:
    async with world.hub(unit) as party:
        return zipfile.ZipFile(BytesIO(await party.evidence(draft.id, openings=openings)))


def below(archive: zipfile.ZipFile, folder: str) -> dict[str, bytes]:
    """Return the files of a folder by their stems."""
    return {
        Path(name).stem: archive.read(name)
        for name in archive.namelist()
        if name.startswith(f"{folder}/")
    }


def witnessed_now(world: World) -> None:
    """Set a policy of two witnesses, who have seen the newest checkpoint."""
    cosigners = [a_cosigner(f"zeuge.invalid/{number}") for number in (1, 2)]
    names = [f"witness w{number} {each.key.vkey}" for number, each in enumerate(cosigners)]
    lines = [f"log {world.node.log.vkey}", *names, "group beide all w0 w1", "quorum beide", ""]
    world.node.policy = parse_policy("\n".join(lines))
    newest = world.node.readers.run_now(read_checkpoint)
    assert newest is not None
    text = parse_note(newest[1]).text
    said = {each.key.label: each.cosign(text, int(world.node.clock())) for each in cosigners}
    world.node.writer.commit_now(lambda connection: add_lines(connection, newest[0].size, said))


def openssl(command: list[str], folder: Path) -> bytes:
    said = subprocess.run(command, cwd=folder, check=False, capture_output=True)
    return said.stdout + said.stderr


async def test_every_entry_is_proven_to_a_checkpoint_that_witnesses_have_seen(
    alone: World,
) -> None:
    draft = await sent(alone)
    witnessed_now(alone)

    archive = await package(alone, draft)

    policy = parse_policy(archive.read("policy"))
    entries, witnessed = below(archive, "entries"), below(archive, "witnessed")
    assert entries.keys() == witnessed.keys() == below(archive, "proofs").keys()
    assert len(entries) > 1
    for event, text in witnessed.items():
        proof = parse_proof(text.decode())
        verify_proof(proof, parse_vkey(alone.node.log.vkey), entries[event])
        assert policy.is_met_by(cosigned(parse_note(proof.checkpoint), policy.keys))


async def test_what_no_witness_has_seen_yet_is_proven_to_the_log_alone(alone: World) -> None:
    witnessed_now(alone)
    draft = await sent(alone)

    archive = await package(alone, draft)

    receipt = next(iter(below(archive, "receipts")))
    assert receipt == "01-accepted"
    accepted = [e for e, body in below(archive, "entries").items() if b"message.accepted" in body]
    assert accepted[0] in below(archive, "proofs")
    assert accepted[0] not in below(archive, "witnessed")


async def test_evidence_is_stamped_before_it_is_given_out(
    alone: World, tsa: Tsa, tmp_path: Path
) -> None:
    """The stamp is over a checkpoint that contains the very entries of the package."""
    draft = await sent(alone)
    with listening(tsa.reply) as asked:
        authority = Authority(asked.url, read_roots(tsa.ca.read_bytes()))
        alone.node.stamping = partial(stamp_newest, alone.node, authority)
        archive = await package(alone, draft)

    archive.extractall(tmp_path)
    stamped = below(archive, "stamped")
    assert stamped.keys() == below(archive, "entries").keys()
    for event, text in stamped.items():
        proof = parse_proof(text.decode())
        verify_proof(proof, parse_vkey(alone.node.log.vkey), archive.read(f"entries/{event}.json"))
        size = verify_checkpoint(proof.checkpoint, parse_vkey(alone.node.log.vkey)).size
        assert (tmp_path / f"stamps/{size}.note").read_bytes() == proof.checkpoint.encode()
        command = ["openssl", "ts", "-verify", "-data", f"stamps/{size}.note"]
        command += ["-in", f"stamps/{size}.tsr", "-CAfile", str(tsa.ca)]
        assert b"OK" in openssl(command, tmp_path)


async def test_evidence_does_not_wait_for_an_authority_that_is_away(alone: World, tsa: Tsa) -> None:
    draft = await sent(alone)
    authority = Authority("http://127.0.0.1:9/tsa", read_roots(tsa.ca.read_bytes()))
    alone.node.stamping = partial(stamp_newest, alone.node, authority)

    archive = await package(alone, draft)

    assert "receipts/01-accepted.jws" in archive.namelist()


async def test_openings_are_in_it_only_where_somebody_asks(alone: World) -> None:
    draft = await sent(alone)

    assert "openings.json" not in (await package(alone, draft)).namelist()
    archive = await package(alone, draft, openings=True)

    [opening] = json.loads(archive.read("openings.json"))
    entry = json.loads(archive.read(f"entries/{opening['entry']}.json"))
    assert opening["value"] == draft.conversation
    said = f"conversation\0{opening['value']}".encode()
    assert b64(hmac(unb64(opening["salt"]), said, "sha256")) == entry["com"]["conversation"]


async def test_what_is_needed_to_verify_lies_in_it(alone: World, tmp_path: Path) -> None:
    archive = await package(alone, await sent(alone))

    names = set(archive.namelist())
    assert {"LIESMICH.txt", "verify.py", "pruefen.html", "hub-keys.json", "env.txt"} <= names
    assert "policy" not in names
    assert verify_evidence(packed(archive, tmp_path), alone.node.log.vkey) == []


async def test_the_auditor_holds_the_witnesses_the_stamp_and_the_openings_to_it(
    alone: World, tsa: Tsa, tmp_path: Path
) -> None:
    """With all that can be in it, and with each of these spoiled in turn."""
    draft = await sent(alone)
    witnessed_now(alone)
    with listening(tsa.reply) as asked:
        authority = Authority(asked.url, read_roots(tsa.ca.read_bytes()))
        alone.node.stamping = partial(stamp_newest, alone.node, authority)
        archive = await package(alone, draft, openings=True)
    (tmp_path / "policy").write_bytes(archive.read("policy"))
    vkey, how = alone.node.log.vkey, {"policy": tmp_path / "policy"}

    assert verify_evidence(packed(archive, tmp_path), vkey, **how) == []

    for folder in ("witnessed", "stamped", "stamps", "openings"):
        name = next(each for each in archive.namelist() if each.startswith(folder))
        spoiled = archive.read(name).replace(b"a", b"b", 1)
        path = packed(archive, tmp_path, **{name: spoiled})
        assert verify_evidence(path, vkey, **how) != [], name


def packed(archive: zipfile.ZipFile, folder: Path, **instead: bytes) -> Path:
    """Write a package to a file, with some files replaced."""
    path = folder / "paket.zip"
    with zipfile.ZipFile(path, "w") as copy:
        for name in archive.namelist():
            copy.writestr(name, instead.get(name, archive.read(name)))
    return path


async def test_a_party_gets_a_receipt_in_cose_by_the_key_for_these(alone: World) -> None:
    """RFC 9942; that other people's code accepts it is told with the other verifiers."""
    index = alone.node.log.size
    draft = await sent(alone)
    path = f"/v1/log/entries/{index}"
    with Greedy(alone, SCHOOL) as school, Greedy(alone, KREIS) as stranger:
        said = school.send("GET", path).json()
        answer = school.send("GET", path, accept="application/cose")
        assert stranger.send("GET", path, accept="application/cose").status_code == 404
    assert answer.headers["content-type"] == "application/cose"
    receipt = answer.content

    archive = await package(alone, draft)
    protected, unprotected, payload, signature = cbor2.loads(receipt).value
    root = verify_checkpoint(
        parse_proof(said["proof"]).checkpoint, parse_vkey(alone.node.log.vkey)
    ).root
    [key] = [
        each for each in json.loads(archive.read("hub-keys.json"))["keys"] if each["use"] == "cose"
    ]
    assert (payload, cbor2.loads(protected)[4]) == (None, unb64(key["kid"]))
    signed = cbor2.dumps(["Signature1", protected, b"", root], canonical=True)
    Ed25519PublicKey.from_public_bytes(unb64(key["jwk"]["x"])).verify(signature, signed)
    size, at, path = cbor2.loads(unprotected[396][-1][0])
    assert at == index
    assert list(path) == list(parse_proof(said["proof"]).hashes)
    assert size > index
