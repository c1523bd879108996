# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The hub enters how far a log of reading is; behind that nobody at the office can go back."""

import asyncio
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import func, select
from typer.testing import CliRunner

from hub import clock
from hub.adapters.reading.answers import Witnessed
from hub.adapters.reading.checking import Verdict
from hub.adapters.reading.heads import Heads, HeadsDiffer, send_head
from hub.adapters.reading.log import ReadingLog, open_log
from hub.adapters.reading.proving import verified
from hub.audit import tables
from hub.audit.checkpoint import Checkpoint, sign_checkpoint
from hub.audit.note import Signer
from hub.audit.tile import parse_bundle
from hub.audit.verify import verify_db, verify_tiles
from hub.client import Agency, Hub
from hub.client.answers import Refused, Unreachable
from hub.client.proofs import check_logged
from hub.main.cli import app_for
from hub.model.json import Json
from hub.sealing.canonical import digest
from hub.trust.jose import sign_token
from hub.trust.keys import PrivateSigningKey
from hub.trust.kinds import CONNECTOR_CHECKPOINT
from tests.databases import sqlite_only
from tests.eingang.logbook import LOOK, head_changed
from tests.eingang.world import Inbox
from tests.journeys.copies import copy_of
from tests.journeys.tampering import opened
from tests.world import KREIS, RHEINBERG, World, free_port

PATH: Final = f"/v1/connectors/{RHEINBERG}/checkpoint"
JWT: Final = "application/jwt"


@pytest.fixture
def log(world: World, tmp_path: Path) -> Iterator[ReadingLog]:
    """A new log of the office, of which the hub has entered a first head."""
    with a_log_of(world, tmp_path / "state") as opened_log:
        more(opened_log, 3)
        send(world, opened_log, anew=True)
        yield opened_log


@contextmanager
def a_log_of(world: World, state: Path) -> Iterator[ReadingLog]:
    state.mkdir(exist_ok=True)
    opened_log = open_log(state, world.agency(RHEINBERG))
    try:
        yield opened_log
    finally:
        opened_log.close()


def more(log: ReadingLog, count: int) -> None:
    for _ in range(count):
        log.note_now(LOOK)


def send(world: World, log: ReadingLog, *, anew: bool = False) -> Witnessed | None:
    async def go() -> Witnessed | None:
        async with world.hub(RHEINBERG) as hub:
            return await send_head(hub, log, anew=anew)

    return asyncio.run(go())


def examined(world: World, log: ReadingLog) -> Verdict:
    async def go() -> Verdict:
        async with world.hub(RHEINBERG) as hub:
            return await verified(log, hub)

    return asyncio.run(go())


def put(world: World, jws: str, *, unit: str = RHEINBERG, path: str = PATH) -> dict[str, Any]:
    async def go() -> bytes:
        async with world.hub(unit) as hub:
            return await hub.line.send("PUT", path, jws.encode(), JWT)

    said: dict[str, Any] = json.loads(asyncio.run(go()))
    return said


def refused(world: World, jws: str, **how: str) -> tuple[str, tuple[str, ...]]:
    """Return code and places of a refusal; it leaves one entry, and no head."""
    before = entered(world, "access.denied"), entered(world)
    with pytest.raises(Refused) as refusal:
        put(world, jws, **how)
    assert (entered(world, "access.denied"), entered(world)) == (before[0] + 1, before[1])
    return refusal.value.code, tuple(refusal.value.pointers)


def entered(world: World, kind: str = "connector.checkpoint") -> int:
    """Return how many entries of a kind the hub's log has."""
    event = tables.audit_event.c
    query = select(func.count()).where(event.kind == kind)
    count: int = world.node.readers.run_now(
        lambda connection: connection.execute(query).scalar_one()
    )
    return count


def head_of(log: ReadingLog) -> str:
    note = asyncio.run(log.head())
    assert note is not None
    return note


def stated(world: World, log: ReadingLog, **claims: Json) -> str:
    """Sign a head as the office would, with single claims changed."""
    agency = world.agency(RHEINBERG)
    said: dict[str, Json] = {
        "iss": agency.id,
        "hub": agency.hub.id,
        "iat": int(clock.now()),
        "vkey": log.vkey,
        "note": head_of(log),
        **claims,
    }
    return sign_token(agency.signing, CONNECTOR_CHECKPOINT.typ, said)


# --- What the hub enters ------------------------------------------------------------------------


def test_a_head_is_one_entry_with_its_proof(world: World, log: ReadingLog) -> None:
    before = entered(world)
    more(log, 2)
    witnessed = send(world, log)

    assert witnessed is not None
    assert entered(world) == before + 1
    entry = witnessed.said["entry"]
    assert (entry["k"], entry["obj"]["id"], entry["obj"]["n"]) == (
        "connector.checkpoint",
        RHEINBERG,
        5,
    )
    assert check_logged(witnessed.said, digest(witnessed.statement), world.agency(RHEINBERG).hub)
    kept = log.answers.newest()
    assert kept is not None
    assert kept.said == witnessed.said


def test_where_nothing_was_added_nothing_is_sent(world: World, log: ReadingLog) -> None:
    before = entered(world)

    assert send(world, log) is None
    assert entered(world) == before


def test_the_same_head_again_gets_the_same_entry(world: World, log: ReadingLog) -> None:
    known = log.answers.newest()
    assert known is not None
    before = entered(world)
    again, later = put(world, known.statement), put(world, stated(world, log))

    assert again["entry"] == later["entry"] == known.said["entry"]
    assert entered(world) == before


def test_a_lost_answer_is_asked_for(world: World, log: ReadingLog) -> None:
    shutil.rmtree(log.answers.folder)
    before = entered(world)
    assert send(world, log) is not None
    assert entered(world) == before

    shutil.rmtree(log.answers.folder)
    more(log, 1)
    witnessed = send(world, log)

    assert witnessed is not None
    assert witnessed.checkpoint.size == 4
    assert entered(world) == before + 1


# --- What it refuses ----------------------------------------------------------------------------


def test_a_log_that_got_shorter_is_refused(world: World, log: ReadingLog) -> None:
    old = head_of(log)
    more(log, 1)
    send(world, log)

    assert refused(world, stated(world, log, note=old)) == ("step-not-allowed", ("/note",))


def rebuilt(log: ReadingLog, tmp_path: Path, count: int) -> str:
    """Return the head of another log under the same key."""
    folder = tmp_path / f"rebuilt-{count}"
    folder.mkdir()
    other = ReadingLog(folder, RHEINBERG, log._chain._signer)
    more(other, count)
    note = head_of(other)
    other.close()
    return note


def test_a_fork_is_refused(world: World, log: ReadingLog, tmp_path: Path) -> None:
    same = stated(world, log, note=rebuilt(log, tmp_path, 3))
    longer = stated(world, log, note=rebuilt(log, tmp_path, 5), since=3, proof=[])
    unproven = stated(world, log, note=rebuilt(log, tmp_path, 6))

    assert refused(world, same) == ("id-reused", ("/note",))
    assert refused(world, longer) == ("id-reused", ("/proof",))
    assert refused(world, unproven) == ("step-not-allowed", ("/since",))


def test_another_key_of_the_log_has_to_be_said(
    world: World, log: ReadingLog, tmp_path: Path
) -> None:
    with a_log_of(world, tmp_path / "other") as other:
        more(other, 1)
        assert refused(world, stated(world, other)) == ("signer-not-entitled", ("/vkey",))
        before = entered(world)
        assert send(world, other, anew=True) is not None

    assert entered(world) == before + 1
    more(log, 1)
    with pytest.raises(Refused, match="signer-not-entitled"):
        send(world, log)


WRONG: Final[dict[str, tuple[dict[str, Json], str, tuple[str, ...]]]] = {
    "another unit's": ({"iss": KREIS}, "sender-mismatch", ("/iss",)),
    "for another hub": ({"hub": "hub.invalid/anderer"}, "hub-mismatch", ("/hub",)),
    "no key": ({"vkey": "schluessel"}, "envelope-invalid", ("/vkey",)),
    "more than there is": ({"person": "p"}, "envelope-invalid", ()),
    "a proof that is none": ({"proof": ["kurz"]}, "envelope-invalid", ()),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_does_not_hold_is_refused_with_its_place(
    world: World, log: ReadingLog, name: str
) -> None:
    more(log, 1)
    claims, code, places = WRONG[name]

    assert refused(world, stated(world, log, **claims)) == (code, places)


def test_a_head_that_the_log_did_not_sign_is_refused(
    world: World, log: ReadingLog, tmp_path: Path
) -> None:
    more(log, 1)
    note = head_of(log).replace("\n4\n", "\n5\n")
    other = Signer("meldeweg.invalid/test/lesebuch/schule:999001", Ed25519PrivateKey.generate())

    assert refused(world, stated(world, log, note=note)) == ("signature-invalid", ("/note",))
    strange = stated(world, log, vkey=other.verifier.vkey)
    assert refused(world, strange) == ("signer-not-entitled", ("/vkey",))
    assert not (tmp_path / "nothing").exists()


def test_a_head_of_more_entries_than_a_log_can_have_is_refused(
    world: World, log: ReadingLog, tmp_path: Path
) -> None:
    """It could be entered nowhere, and must not fail on its way there."""
    with a_log_of(world, tmp_path / "other") as other:
        signer = other._chain._signer
        head = Checkpoint(signer.verifier.name, 10**16 - 1, bytes(32))
        said = {"note": sign_checkpoint(head, signer), "vkey": other.vkey, "replaces": log.vkey}

    assert refused(world, stated(world, log, **said)) == ("envelope-invalid", ("/note",))


def test_a_head_that_the_unit_did_not_sign_is_refused(world: World, log: ReadingLog) -> None:
    more(log, 1)
    claims: dict[str, Json] = {
        "iss": RHEINBERG,
        "hub": world.node.hub_id,
        "iat": int(clock.now()),
        "vkey": log.vkey,
        "note": head_of(log),
    }
    forged = sign_token(PrivateSigningKey.generate(), CONNECTOR_CHECKPOINT.typ, claims)

    assert refused(world, forged)[0] == "signature-invalid"


def test_what_was_signed_at_another_time_is_refused(world: World, log: ReadingLog) -> None:
    more(log, 1)
    too_early = stated(world, log)
    too_late = stated(world, log, iat=int(clock.now()) + 120)
    assert refused(world, too_late) == ("issued-outside-window", ("/iat",))

    world.hands.ahead += 600
    try:
        assert refused(world, too_early) == ("issued-outside-window", ("/iat",))
    finally:
        world.hands.ahead -= 600


def test_nobody_speaks_or_asks_for_another_unit(world: World, log: ReadingLog) -> None:
    before = entered(world)

    async def ask() -> None:
        async with world.hub(KREIS) as hub:
            await hub.line.get(PATH)

    with pytest.raises(Refused, match="not-found"):
        put(world, stated(world, log), unit=KREIS)
    with pytest.raises(Refused, match="not-found"):
        asyncio.run(ask())
    assert entered(world) == before


# --- What the office cannot hide ----------------------------------------------------------------


def test_a_sound_log_is_proven_up_to_its_head_at_the_hub(world: World, log: ReadingLog) -> None:
    more(log, 2)
    verdict = examined(world, log)

    assert verdict.holds
    assert verdict.is_compared
    assert (verdict.size, verdict.proven) == (5, 3)


def test_an_answer_that_the_hub_never_gave_proves_nothing(world: World, log: ReadingLog) -> None:
    """Whoever owns the machine has the key of the log, and can write such a file."""
    more(log, 4)
    known = log.answers.newest()
    assert known is not None
    invented = {**known.said, "statement": stated(world, log)}
    log.answers.keep(Witnessed.of(invented, log.verifier))

    verdict = examined(world, log)

    assert verdict.proven == 3
    assert [str(each) for each in verdict.findings] == [
        "Hub: weiß nichts von einem Kopf, zu dem hier seine Antwort liegt"
    ]


def set_back(world: World, state: Path, *, with_answers: bool) -> tuple[Verdict, bool]:
    """Put an older copy of the log in its place; returns what is found and whether it is sent."""
    older = state.with_name("older")
    with a_log_of(world, state) as log:
        more(log, 2)
        send(world, log, anew=True)
    shutil.copytree(state, older)
    with a_log_of(world, state) as log:
        more(log, 2)
        send(world, log)
    if with_answers:
        shutil.copytree(
            state / "lesebuch" / "bezeugt", older / "lesebuch" / "bezeugt", dirs_exist_ok=True
        )
    with a_log_of(world, older) as log:
        more(log, 1)
        try:
            send(world, log)
        except HeadsDiffer:
            return examined(world, log), False
        return examined(world, log), True


@pytest.mark.parametrize("with_answers", [True, False])
def test_a_log_that_was_set_back_is_found(
    world: World,
    tmp_path: Path,
    with_answers: bool,
) -> None:
    """Its own signatures all hold; only what the hub has entered shows that something is gone."""
    verdict, was_sent = set_back(world, tmp_path / "state", with_answers=with_answers)

    assert not verdict.holds
    assert not was_sent


def test_a_log_that_was_made_anew_under_its_own_key_is_found(
    world: World, log: ReadingLog, tmp_path: Path
) -> None:
    state = tmp_path / "rebuilt"
    (state / "lesebuch").mkdir(parents=True)
    shutil.copy(log.folder / "log.key", state / "lesebuch" / "log.key")
    with a_log_of(world, state) as other:
        more(other, 7)
        with pytest.raises(HeadsDiffer):
            send(world, other)
        verdict = examined(world, other)

    assert [str(each) for each in verdict.findings] == [
        "Hub: kennt einen anderen Verlauf dieses Lesebuchs"
    ]


def test_while_the_hub_is_away_reading_goes_on_and_is_told_later(
    world: World, log: ReadingLog, tmp_path: Path
) -> None:
    folder = tmp_path / "away"
    shutil.copytree(world.folders[RHEINBERG], folder)
    said = json.loads((folder / "stelle.json").read_bytes())
    said["hub"]["url"] = f"http://localhost:{free_port()}"
    (folder / "stelle.json").write_text(json.dumps(said))
    agency = Agency.load(folder)

    async def go() -> Verdict:
        async with Hub(agency.hub.url, agency, catalogue=world.catalogue) as hub:
            await log.note(LOOK)
            with pytest.raises(Unreachable):
                await send_head(hub, log)
            await log.note(LOOK)
            return await verified(log, hub)

    verdict = asyncio.run(go())
    witnessed = send(world, log)

    assert (verdict.holds, verdict.is_compared, verdict.size, verdict.proven) == (True, False, 5, 3)
    assert witnessed is not None
    assert witnessed.checkpoint.size == 5


def test_at_the_end_of_the_process_the_last_head_is_sent(inbox: Inbox) -> None:
    log: ReadingLog = inbox.room.reading[inbox.unit]

    async def go() -> None:
        await send_head(inbox.house.hub, log, anew=True)
        heads = Heads(inbox.house, log)
        running = asyncio.create_task(heads.run())
        await asyncio.sleep(0)
        await log.note(LOOK)
        heads.stop()
        await running

    log.note_now(LOOK)
    inbox.run(go())
    newest, size = (
        log.answers.newest(),
        log.read_now(
            lambda connection: connection.execute(
                select(func.count(tables.audit_leaf.c.idx))
            ).scalar_one()
        ),
    )

    assert newest is not None
    assert newest.checkpoint.size == size


# --- On the command line ------------------------------------------------------------------------


def command(world: World, home: Path, *words: str) -> tuple[int, str]:
    """Run a command about the log of reading of a connector whose state is ``home``."""
    file = home / "connector.toml"
    file.write_text(f'data_dir = "{home}"\n')
    head = ("connector", "lesebuch", words[0], "--config", str(file))
    agency = ("--agency", str(world.folders[RHEINBERG]))
    said = CliRunner().invoke(app_for(head), [*head, *agency, *words[1:]])
    return said.exit_code, said.output


def test_commands_send_verify_and_export(world: World, tmp_path: Path) -> None:
    state, out = tmp_path / RHEINBERG.replace(":", "-"), tmp_path / "out"
    assert command(world, tmp_path, "verify")[0] == 1, "there is no log yet"
    with a_log_of(world, state) as log:
        more(log, 3)
        vkey = log.vkey

    assert command(world, tmp_path, "head", "--neu") == (
        0,
        f"{RHEINBERG}: bezeugt sind 3 Einträge\n",
    )
    code, said = command(world, tmp_path, "verify")
    assert (code, "in Ordnung" in said, "Bezeugt am Hub bis Nr. 2" in said) == (0, True, True)
    assert command(world, tmp_path, "export", str(out), "--zweck", "neugier")[0] == 1
    assert command(world, tmp_path, "export", str(out), "--zweck", "rechtmaessigkeit")[0] == 0
    assert verify_tiles(out / state.name, vkey) == []
    bundle = (out / state.name / "tile" / "entries" / "000.p" / "4").read_bytes()
    assert b"reading.log" in parse_bundle(bundle)[3], "whoever takes it is in it"


def test_the_command_that_verifies_names_what_was_touched(world: World, tmp_path: Path) -> None:
    state = tmp_path / RHEINBERG.replace(":", "-")
    with a_log_of(world, state) as log:
        more(log, 3)
    head_changed(state / "lesebuch")

    code, said = command(world, tmp_path, "verify")

    assert code == 1
    assert "HÄLT NICHT" in said
    assert "Kopf 3: ist nicht mit dem Schlüssel dieses Lesebuchs unterschrieben" in said


# --- What the auditor of the hub sees ------------------------------------------------------------


OLDEST: Final = "SELECT min(id) FROM audit_event"
TOUCHES: Final = (
    "UPDATE connector_head SET size = size - 1",
    "UPDATE connector_head SET root = 'A' || substr(root, 2)",
    "UPDATE connector_head SET vkey = vkey || 'A'",
    "UPDATE connector_head SET jws = jws || 'A'",
    "UPDATE connector_head SET unit = 'schule:999001'",
    f"UPDATE connector_head SET audit_id = ({OLDEST})",  # noqa: S608  constants
    f"UPDATE connector_head SET audit_id = ({OLDEST} WHERE kind = 'connector.checkpoint')",  # noqa: S608
    "DELETE FROM connector_head",
)


@sqlite_only
def test_the_auditors_program_holds_the_heads_too(
    world: World, log: ReadingLog, tmp_path: Path
) -> None:
    more(log, 1)
    send(world, log)
    vkey = world.node.log.vkey
    sound = copy_of(world.data, tmp_path / "sound.sqlite")
    assert verify_db(sound, vkey) == []

    for statement in TOUCHES:
        copy = Path(shutil.copy(sound, tmp_path / "touched.sqlite"))
        with opened(copy) as connection:
            connection.execute(statement)
        assert {each.table for each in verify_db(copy, vkey)} == {"connector_head"}, statement
