# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A Kreis writes a protocol of its own, checks it, loads it and uses it, without a line of code."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from hub.client import Refused
from hub.client.enrolment import adopt
from hub.errors import NotPermitted
from hub.main.assembly import create_hub, open_node
from hub.main.cli import app_for
from hub.main.serving import application
from hub.model.json import JsonObject
from hub.protocols.publish import publish
from hub.trust.jose import sign_token
from hub.trust.keys import PrivateSigningKey
from hub.trust.kinds import ADOPTION
from hub.web.server import Listener, serving
from tests.databases import a_data_dir
from tests.world import HUB_ID, NETWORK, RHEINBERG, SCHOOL, Clock, World, free_port

NAME = "kreis-anliegen"
VERSION = f"{NAME}/1.0.0"
OFFICE = "jugendamt:05170032"


def meldeweg(*arguments: str | Path) -> Result:
    typed = [str(argument) for argument in arguments]
    return CliRunner().invoke(app_for(typed), typed)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A protocol as the command lays it out."""
    made = tmp_path / "verfahren"
    done = meldeweg("protocols", "new", NAME, "--dir", made)
    assert (done.exit_code, done.stderr) == (0, "")
    return made


def protocol_of(folder: Path) -> Path:
    return folder / "protocols" / NAME / "1.0.0" / "protocol.yaml"


def schema_of(folder: Path, step: str) -> Path:
    return folder / "schemas" / NAME / "1.0.0" / f"{step}.schema.json"


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


# --- Writing and checking ---


def test_what_is_laid_out_checks_green_and_belongs_to_whoever_goes_on(folder: Path) -> None:
    done = meldeweg("protocols", "check", folder)

    assert done.exit_code == 0, done.stdout
    assert done.stdout.endswith("0 Beanstandungen in 1 Verfahren.\n")
    texts = [path.read_text("utf-8") for path in folder.rglob("*") if path.is_file()]
    assert [text for text in texts if "muster-verfahren" in text or "SPDX" in text] == []


def test_a_second_protocol_lies_beside_the_first(folder: Path) -> None:
    again = meldeweg("protocols", "new", NAME, "--dir", folder)
    second = meldeweg("protocols", "new", "kreis-zweites", "--dir", folder)

    assert (again.exit_code, "Das gibt es schon" in again.stderr) == (1, True)
    assert second.exit_code == 0
    assert "in 2 Verfahren" in meldeweg("protocols", "check", folder).stdout


@pytest.mark.parametrize("name", ["schule-mitteilung", "Kreis", "x", "../oben"])
def test_a_name_is_free_and_a_name(name: str, tmp_path: Path) -> None:
    done = meldeweg("protocols", "new", name, "--dir", tmp_path / "neu")

    assert (done.exit_code, (tmp_path / "neu").exists()) == (1, False)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda folder: change(protocol_of(folder), "[kkg-4-3]", "[kkg-99]"), "kkg-99 steht nicht"),
        (lambda folder: change(protocol_of(folder), "    at_most: 3\n", ""), "beliebig oft"),
        (
            lambda folder: change(schema_of(folder, "mitteilung"), "kind.json", "fremd.json"),
            "cannot be read",
        ),
        (
            lambda folder: change(
                schema_of(folder, "mitteilung"), '"required": ["kind", ', '"required": ["ort", '
            ),
            "müsste passen",
        ),
        (
            lambda folder: change(
                schema_of(folder, "rueckfrage"), '"required": ["frage"],', '"required": [],'
            ),
            "",
        ),
        (
            lambda folder: change(
                schema_of(folder, "ruecknahme").parent / "examples/ruecknahme.valid.doppelt.json",
                "doppelt",
                "einfach",
            ),
            "müsste passen",
        ),
        (
            lambda folder: change(
                schema_of(folder, "antwort").parent / "examples/antwort.invalid.ohne-ergebnis.json",
                '"antwort": "Bis Freitag."',
                '"ergebnis": "nicht-bekannt"',
            ),
            "müsste scheitern",
        ),
        (
            lambda folder: (
                schema_of(folder, "antwort").parent / "examples/antwort.valid.nicht-bekannt.json"
            ).unlink(),
            "ohne Beispiel",
        ),
    ],
    ids=["law", "cap", "reference", "schema", "still fine", "valid", "invalid", "no example"],
)
def test_the_check_finds_what_is_wrong(folder: Path, spoil: object, said: str) -> None:
    assert callable(spoil)
    spoil(folder)

    done = meldeweg("protocols", "check", folder)

    assert said in done.stdout + done.stderr
    assert isinstance(done.exception, SystemExit | None)
    assert done.exit_code == (1 if said else 0)


def test_nothing_that_is_shipped_can_be_replaced(folder: Path) -> None:
    (folder / "protocols" / NAME).rename(folder / "protocols" / "schule-mitteilung")
    done = meldeweg("protocols", "check", folder)

    assert done.exit_code == 1
    assert "schule-mitteilung: so heißt schon ein mitgeliefertes Verfahren" in done.stderr


def test_the_vocabulary_is_the_shipped_one(folder: Path) -> None:
    vocabulary = folder / "schemas" / "vokabular" / "1.0.0"
    vocabulary.mkdir(parents=True)
    (vocabulary / "text.json").write_text("{}", "utf-8")

    assert "vokabular: so heißt schon" in meldeweg("protocols", "check", folder).stderr


def test_law_can_be_added_and_not_overwritten(folder: Path) -> None:
    law = folder / "law"
    law.mkdir()
    statute = """
statute: Satzung des Kreises (erfunden)
stand: 2026-01-01
source: erfunden
provisions:
  - code: kreis-1
    citation: § 1 der erfundenen Satzung
    pruefstand: ungeprueft
    meaning: Erfunden.
"""
    (law / "kreis.yaml").write_text(statute, "utf-8")
    change(protocol_of(folder), "[kkg-4-3]", "[kreis-1]")
    assert meldeweg("protocols", "check", folder).exit_code == 0

    change(law / "kreis.yaml", "code: kreis-1", "code: kkg-4-3")
    assert "law: kkg-4-3 gibt es schon" in meldeweg("protocols", "check", folder).stderr


def test_a_difference_is_told_in_sentences(folder: Path) -> None:
    newer = folder / "protocols" / NAME / "1.1.0"
    newer.mkdir()
    text = protocol_of(folder).read_text("utf-8").replace("version: 1.0.0", "version: 1.1.0")
    (newer / "protocol.yaml").write_text(text.replace("at_most: 3", "at_most: 2"), "utf-8")

    asked = ("protocols", "diff", VERSION, f"{NAME}/1.1.0", "--protocols", folder)
    done, said = meldeweg(*asked), json.loads(meldeweg(*asked, "--json").stdout)

    assert "1.0.0 → 1.1.0 lässt rueckfrage 2-mal statt 3-mal zu.\n" in done.stdout
    assert (said["verdict"], len(said["changes"])) == ("enger", 1)


def widened(folder: Path) -> str:
    """Lay a version beside the first that lets one more question be asked, without approval."""
    newer = folder / "protocols" / NAME / "2.0.0"
    newer.mkdir()
    text = protocol_of(folder).read_text("utf-8").replace("version: 1.0.0", "version: 2.0.0")
    (newer / "protocol.yaml").write_text(text.replace("at_most: 3", "at_most: 4"), "utf-8")
    return f"{NAME}/2.0.0"


def test_what_is_to_be_approved_can_be_read_before(folder: Path) -> None:
    """Whoever approves a widening decides by what the comparison says."""
    name = widened(folder)
    own = ("--protocols", folder)

    told = meldeweg("protocols", "diff", VERSION, name, *own)
    shown = meldeweg("protocols", "show", name, *own)
    checked = meldeweg("protocols", "check", folder, "--json")
    adopted = meldeweg("protocols", "adopt", name, "--agency", folder, *own, "--entwurf")

    assert "4-mal statt 3-mal zu; Rechtsgrundlage nötig." in told.stdout
    assert (told.exit_code, shown.exit_code) == (0, 0)
    assert [each["place"] for each in json.loads(checked.stdout)] == ["freigabe.yaml"]
    assert (checked.exit_code, adopted.exit_code) == (1, 1)
    assert "es fehlt die Freigabe" in adopted.stderr


def test_a_file_that_nobody_would_look_at_is_named(folder: Path) -> None:
    protocol_of(folder).rename(protocol_of(folder).with_suffix(".yml"))

    done = meldeweg("protocols", "check", folder)

    assert (done.exit_code, f"{VERSION}: protocol.yaml fehlt" in done.stderr) == (1, True)


def test_what_cannot_be_sealed_is_a_finding(folder: Path) -> None:
    change(schema_of(folder, "mitteilung"), '"additionalProperties": false,', "")

    done = meldeweg("protocols", "check", folder)

    assert isinstance(done.exception, SystemExit)
    assert "steps/mitteilung/schema_name: lässt sich nicht versiegeln" in done.stdout


def test_an_own_version_is_published_and_stays_as_it_is(folder: Path) -> None:
    publish(VERSION, folder, folder / "schemas")
    assert meldeweg("protocols", "check", folder).exit_code == 0

    change(protocol_of(folder), "at_most: 3", "at_most: 2")

    assert (
        "weicht von der veröffentlichten Fassung ab"
        in meldeweg("protocols", "check", folder).stderr
    )


# --- Using ---


@pytest.fixture
def world(folder: Path, tmp_path: Path) -> Iterator[World]:
    """A hub that loads the folder."""
    data, clock = a_data_dir(tmp_path / "hub"), Clock()
    create_hub(data, HUB_ID, (NETWORK,))
    port = free_port()
    url = f"http://localhost:{port}"
    with (
        open_node(data, url, clock, folder) as node,
        serving(application(node, None, every=86_400), Listener(port=port)),
    ):
        yield World(data, url, node, clock, tmp_path)


def test_it_is_adopted_and_spoken_with_the_same_folder(
    world: World, folder: Path, tmp_path: Path
) -> None:
    world.join(SCHOOL, protocols=(VERSION,))
    world.join(OFFICE, protocols=(VERSION,))
    content = schema_of(folder, "mitteilung").parent / "examples" / "mitteilung.valid.minimal.json"
    asked = (
        *("send", content, "--agency", world.folders[SCHOOL], "--to", RHEINBERG),
        *("--protocol", VERSION, "--step", "mitteilung", "--urgency", "planbar"),
    )

    unknown = meldeweg(*asked)
    sent = meldeweg(*asked, "--protocols", folder, "--json")
    received = meldeweg(
        *("receive", "--agency", world.folders[RHEINBERG], "--out", tmp_path / "post"),
        *("--once", "--protocols", folder, "--json"),
    )

    assert (unknown.exit_code, "schema-unknown" in unknown.stderr) == (1, True)
    assert sent.exit_code == 0, sent.stderr
    assert json.loads(sent.stdout)["id"] == json.loads(received.stdout)["id"]
    assert json.loads(Path(json.loads(received.stdout)["file"]).read_bytes()) == json.loads(
        content.read_bytes()
    )


def test_a_draft_is_adopted_knowingly(world: World) -> None:
    """Whoever adopts a draft answers for law that nobody has verified (Art. 26 DSGVO)."""
    world.join(SCHOOL, protocols=())
    unit = world.folders[SCHOOL]

    with pytest.raises(NotPermitted, match="ist ein Entwurf: Gerüst"):
        adopt(unit, VERSION, world.catalogue)

    assert world.node.directory.adoptions == frozenset()
    signed = adopt(unit, VERSION, world.catalogue, draft=True)
    assert world.node.directory.has_adopted(SCHOOL, VERSION, signed)


def test_the_hub_takes_no_adoption_of_a_draft_that_does_not_say_so(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.join(SCHOOL, protocols=())

    def silent(key: PrivateSigningKey, typ: str, claims: JsonObject) -> str:
        return sign_token(key, typ, {name: claims[name] for name in claims if name != "draft"})

    monkeypatch.setattr("hub.client.enrolment.sign_token", silent)
    with pytest.raises(Refused) as refused:
        adopt(world.folders[SCHOOL], VERSION, world.catalogue, draft=True)

    assert (refused.value.code, refused.value.pointers) == ("not-permitted", ("/draft",))


def test_the_signed_adoption_says_that_it_is_of_a_draft() -> None:
    claims: JsonObject = {"iss": SCHOOL, "hub": HUB_ID, "proto": VERSION}
    claims |= {"iat": 1_790_000_000, "digest": "A" * 43}

    assert ADOPTION.admits({**claims, "draft": True})
    assert not ADOPTION.admits({**claims, "draft": False})
    assert not ADOPTION.admits({**claims, "draft": "yes"})


def test_the_command_says_why_a_version_is_a_draft(world: World, folder: Path) -> None:
    world.join(SCHOOL, protocols=())
    asked = ("protocols", "adopt", VERSION, "--agency", world.folders[SCHOOL])

    without = meldeweg(*asked, "--protocols", folder)
    knowingly = meldeweg(*asked, "--protocols", folder, "--entwurf")

    assert without.exit_code == 1
    assert "ist ein Entwurf: Gerüst" in without.stderr
    assert "--entwurf" in without.stderr
    assert knowingly.exit_code == 0, knowingly.stderr
    assert knowingly.stdout.startswith(f"Angenommen: {VERSION}")
