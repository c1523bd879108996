# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The page for auditors finds what the program finds, word for word, in a browser without network.

Two programs in two languages that read the same sentences in the specification: where they differ
about a file, one of them is wrong.
"""

import json
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Final

import pytest

from hub.audit.checkpoint import Checkpoint, sign_checkpoint
from hub.audit.edge import Edge
from hub.audit.export import write_tiles
from hub.audit.merkle import leaf_hash
from hub.audit.tile import ENTRIES, Tile, bundle, tiles_of
from hub.audit.verify import Finding, verify_answer, verify_evidence, verify_tiles
from hub.sealing.canonical import jcs
from tests.browser import AXE, Page, a_page, chromium
from tests.portal.html import CHECKER
from tests.unit.audit.builders import ORIGIN, a_grown_log, a_signer
from tests.unit.audit.judging import choose, judged, said
from tests.unit.audit.network import SmallHub, a_small_hub
from tests.unit.audit.test_verify_files import (
    SPOILED,
    SPOILED_ANSWERS,
    VKEY,
    answer_of,
    evidence_of,
    keys_of,
    written,
    zipped,
)
from tests.unit.audit.the_page import PAGE, renewed

NO_BROWSER = pytest.mark.skipif(chromium() is None, reason="no Chromium on this machine")
NO_AXE = pytest.mark.skipif(not AXE.exists(), reason="npm ci has not run: make sets it up")
NO_CHECKER = pytest.mark.skipif(not CHECKER.exists(), reason="npm ci has not run: make sets it up")
THIEF: Final = a_signer("thief").verifier.vkey


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """A browser whose plug is pulled."""
    with a_page(tmp_path_factory.mktemp("chromium")) as opened:
        opened.connect(is_connected=False)
        yield opened


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("tiles") / "ausfuhr"
    engine, _ = a_grown_log(600)
    with engine.connect() as connection:
        write_tiles(connection, directory, with_entries=True)
    return directory


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> SmallHub:
    return a_small_hub(tmp_path_factory.mktemp("hub") / "hub.db")


def lines(found: list[Finding]) -> list[str]:
    return [str(each) for each in found]


def packed(folder: Path, path: Path) -> Path:
    """Put a folder into a zip, as a file manager does: with its name around all of it."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                archive.write(file, f"{folder.name}/{file.relative_to(folder)}")
    return path


def a_big_export(folder: Path, size: int) -> Path:
    """Write what a log of so many entries would leave, without the database behind it."""
    edge, bodies, files = Edge(), list[bytes](), dict[str, bytes]()
    said = json.loads(BIG)
    for number in range(size):
        bodies.append(jcs(said | {"nseq": number}))
        for tile, rows in edge.push(leaf_hash(bodies[-1])):
            files[tile.path] = b"".join(rows[0])
    hashes = [leaf_hash(body) for body in bodies]
    for tile in tiles_of(size):
        part = hashes[tile.n * 256 : tile.n * 256 + tile.width]
        if tile.level == 0:
            files[tile.path] = b"".join(part)
            entries = bodies[tile.n * 256 : tile.n * 256 + tile.width]
            files[Tile(ENTRIES, tile.n, tile.width).path] = bundle(entries)
        elif tile.path not in files:
            roots = [edge.node(8 * tile.level, tile.n * 256 + at) for at in range(tile.width)]
            files[tile.path] = b"".join(filter(None, roots))
    files["checkpoint"] = sign_checkpoint(Checkpoint(ORIGIN, size, edge.root), a_signer()).encode()
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


BIG: Final = (
    '{"act":{"auth":"","org":"schule:999001","pid":"","role":""},"id":'
    '"01a1fd1e-8c00-7000-8000-000000000001","k":"access.denied","law":[],"n":'
    '"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","node":"hub-1","nseq":0,"obj":{"ct":"","d":"",'
    '"id":"","ty":"request"},"out":"refused","rcp":[],"rule":"","t":"2026-11-21T08:00:00.000000Z",'
    '"tags":["AAAAAAAAAAAAAAAAAAAAAA","BAAAAAAAAAAAAAAAAAAAAA","CAAAAAAAAAAAAAAAAAAAAA",'
    '"DAAAAAAAAAAAAAAAAAAAAA"],"v":1,"why":"not-permitted"}'
)

# --- The file itself ---


def test_the_page_holds_the_lists_and_the_policy_that_it_has_to_hold() -> None:
    text = PAGE.read_text("utf-8")

    assert text == renewed(text)


def test_there_is_no_address_in_the_page() -> None:
    text = PAGE.read_text("utf-8")

    assert (
        re.findall(
            r"(?i)https?:|wss?:|//[a-z0-9.-]+\.[a-z]{2,}|<link|src=|href=|@import|url\(", text
        )
        == []
    )
    assert re.findall(r"fetch\(|XMLHttpRequest|WebSocket|sendBeacon|eval\(|innerHTML", text) == []


@NO_CHECKER
def test_the_page_is_html_as_it_should_be() -> None:
    done = subprocess.run(
        ["node", str(CHECKER), str(PAGE)], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout


# --- Both judge alike ---


@NO_BROWSER
def test_an_export_holds_as_a_folder_and_as_a_zip(
    page: Page, exported: Path, tmp_path: Path
) -> None:
    page.objections.clear()

    assert judged(page, exported, vkeys=[VKEY]) == []
    assert judged(page, packed(exported, tmp_path / "a.zip"), vkeys=[THIEF, VKEY]) == []
    assert "600 Einträge" in said(page)
    assert page.objections == []


Spoil = Callable[[Path], object]


def flip(path: Path, at: int) -> None:
    data = path.read_bytes()
    at %= len(data)
    path.write_bytes(data[:at] + bytes([data[at] ^ 4]) + data[at + 1 :])


def put(folder: Path, files: Mapping[str, bytes | None]) -> None:
    """Put files into a folder; where there is nothing to put, one goes."""
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.unlink() if data is None else path.write_bytes(data)


SPOILED_TILES: Final[dict[str, Spoil]] = {
    "nothing": lambda _: None,
    "a bit of an entry": lambda folder: flip(folder / "tile/entries/001", 700),
    "a bit of a leaf": lambda folder: flip(folder / "tile/0/001", 40),
    "a bit of a node": lambda folder: flip(folder / "tile/1/000.p/2", 3),
    "a bit of the last tile": lambda folder: flip(folder / "tile/0/002.p/88", 99),
    "a bit of the signature": lambda folder: flip(folder / "checkpoint", -9),
    "a bit of the root": lambda folder: flip(folder / "checkpoint", 45),
    "no checkpoint": lambda folder: (folder / "checkpoint").unlink(),
    "no tile": lambda folder: (folder / "tile/0/001").unlink(),
    "a short tile": lambda folder: (folder / "tile/0/001").write_bytes(b"x"),
    "no bundle": lambda folder: (folder / "tile/entries/001").unlink(),
    "a bundle cut off": lambda folder: (folder / "tile/entries/001").write_bytes(
        (folder / "tile/entries/001").read_bytes()[:-1]
    ),
    "no entries at all": lambda folder: shutil.rmtree(folder / "tile/entries"),
    "a note twice": lambda folder: (folder / "checkpoint").write_bytes(
        (folder / "checkpoint").read_bytes() * 2
    ),
    "seen behind its end": lambda folder: (folder / "cosigned.txt").write_text("x\n\ny\n"),
    "a stamp that is none": lambda folder: put(
        folder, {"stamps/600.tsr": b"\x30\x03\x02\x01\x00", "stamps/600.note": b"x"}
    ),
    "an entry about another export": lambda folder: put(
        folder, {"exported.tlog-proof": b"c2sp.org/tlog-proof@v1\nindex 1\n\nx\n"}
    ),
    "orders that are none": lambda folder: put(
        folder,
        {"tile/entries/000": None, "orders.txt": b"a b c\nx 0 5\n", "gone.txt": b"0 abc\n"},
    ),
}


@NO_BROWSER
def test_both_find_the_same_in_an_export(page: Page, exported: Path, tmp_path: Path) -> None:
    for name, spoil in SPOILED_TILES.items():
        folder = Path(shutil.copytree(exported, tmp_path / name.replace(" ", "-")))
        spoil(folder)
        found = lines(verify_tiles(folder, VKEY))

        assert judged(page, folder, vkeys=[VKEY]) == found, name
        assert bool(found) == (name not in {"nothing", "no entries at all"}), name


@NO_BROWSER
def test_both_find_the_same_in_answers_and_proofs(
    page: Page, hub: SmallHub, tmp_path: Path
) -> None:
    keys = written(tmp_path / "hub-keys.json", keys_of(hub))
    sound = answer_of(hub, "accepted")
    for name, spoil in {"nothing at all": lambda answer, _: answer, **SPOILED_ANSWERS}.items():
        path = written(tmp_path / "antwort.json", spoil(sound, hub))
        found = lines(verify_answer(path, VKEY, keys))
        assert judged(page, path, keys, vkeys=[VKEY]) == found, name
    for name, text in {
        "sound": sound["proof"],
        "cut": sound["proof"][:-40],
        "without its entry": re.sub("extra .*\n", "", sound["proof"]),
        "another place": re.sub("index .*\n", "index 3\n", sound["proof"]),
    }.items():
        proof = tmp_path / "eintrag.tlog-proof"
        proof.write_text(text, "utf-8")
        assert judged(page, proof, vkeys=[VKEY]) == lines(verify_answer(proof, VKEY)), name


@NO_BROWSER
def test_both_find_the_same_in_a_beweispaket(page: Page, hub: SmallHub, tmp_path: Path) -> None:
    path = tmp_path / "beweispaket.zip"
    sound = evidence_of(hub)
    for name, spoil in {"nothing at all": lambda files, _: files, **SPOILED}.items():
        zipped(path, spoil(sound, hub))
        for vkeys in ([VKEY], []) if "key" in name else ([VKEY],):
            found = lines(verify_evidence(path, vkeys))
            assert judged(page, path, vkeys=vkeys) == found, (name, vkeys)


@NO_BROWSER
def test_both_find_the_same_wherever_a_bit_is_flipped(
    page: Page, hub: SmallHub, tmp_path: Path
) -> None:
    """Words may differ where bytes are no text any more; that something is wrong may not."""
    path = tmp_path / "beweispaket.zip"
    files = evidence_of(hub)
    for number, name in enumerate(sorted(files)):
        data = files[name]
        at = int.from_bytes(sha256(f"{number} {name}".encode()).digest()[:4]) % len(data)
        changed = data[:at] + bytes([data[at] ^ 1 << number % 7]) + data[at + 1 :]
        zipped(path, files | {name: changed})
        found = {each.table for each in verify_evidence(path, VKEY)}
        assert {line.partition(":")[0] for line in judged(page, path, vkeys=[VKEY])} == found, name


@NO_BROWSER
def test_both_find_the_same_in_a_zip_that_is_none(
    page: Page, hub: SmallHub, tmp_path: Path
) -> None:
    path = zipped(tmp_path / "beweispaket.zip", evidence_of(hub))
    whole = path.read_bytes()
    for spoiled in (whole[:-30], b"PK" + whole[2:500], whole[:900] + b"\0\0" + whole[902:]):
        path.write_bytes(spoiled)
        assert judged(page, path, vkeys=[VKEY]) == lines(verify_evidence(path, VKEY))


# --- What people meet ---


@NO_BROWSER
def test_the_page_says_what_it_lacks(page: Page, exported: Path, tmp_path: Path) -> None:
    judged(page, expects_refusal=True)
    assert said(page) == "Nichts geprüftBitte wählen Sie eine Datei oder einen Ordner."
    judged(page, exported, expects_refusal=True)
    assert "braucht es den Schlüssel" in said(page)
    judged(page, exported, vkeys=["unfug"], expects_refusal=True)
    assert said(page).startswith("Nichts geprüftkein Schlüssel der Form")
    policy = tmp_path / "richtlinie"
    policy.write_text("quorum niemand\n")
    judged(page, exported, vkeys=[VKEY], policy=policy, expects_refusal=True)
    assert said(page) == "Nichts geprüftZeile 1 der Richtlinie: keine Zeile einer Richtlinie"


@NO_BROWSER
def test_a_browser_that_does_not_know_the_signatures_computes_them(
    page: Page, hub: SmallHub, tmp_path: Path
) -> None:
    path = zipped(tmp_path / "beweispaket.zip", evidence_of(hub))
    page.open(PAGE.as_uri(), width=1280)
    page.evaluate("knowsEd25519 = false;0")
    choose(page, "dateien", path)
    page.evaluate("document.getElementById('pruefen').click();0")

    page.wait_for("document.getElementById('ergebnis').dataset.urteil ?? '…'", "gut")


@NO_BROWSER
def test_the_page_can_be_told_to_stop_and_says_how_far_it_is(page: Page, tmp_path: Path) -> None:
    folder = a_big_export(tmp_path / "ausfuhr", 20_000)
    page.open(PAGE.as_uri(), width=1280)
    choose(page, "ordner", folder)
    page.evaluate(f"document.getElementById('vkey').value = {json.dumps(VKEY)};0")
    page.evaluate("document.getElementById('pruefen').click();0")

    stand = "document.getElementById('stand').textContent"
    assert page.wait_for(stand, "noch etwa").startswith("Einträge: ")
    page.evaluate("document.getElementById('abbrechen').click();0")
    page.wait_for("document.getElementById('ergebnis').textContent", "Abgebrochen")
    assert judged(page, folder, vkeys=[VKEY]) == []
    assert "20.000 Einträge" in said(page)


@NO_BROWSER
@NO_AXE
@pytest.mark.parametrize("width", [1280, 320])
def test_nobody_is_kept_out(page: Page, exported: Path, tmp_path: Path, width: int) -> None:
    folder = Path(shutil.copytree(exported, tmp_path / "ausfuhr"))
    page.objections.clear()
    for scheme in ("light", "dark"):
        page.prefer(scheme)
        assert judged(page, exported, vkeys=[VKEY], width=width) == []
        assert (page.axe(), page.overflow(width)) == ([], 0)
    flip(folder / "tile/0/001", 40)
    assert judged(page, folder, vkeys=[VKEY], width=width) != []
    assert (page.axe(), page.overflow(width)) == ([], 0)
    assert page.objections == []
