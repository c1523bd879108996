# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
# ruff: noqa: S608  raw SQL, put together from constants, is what is tried here
"""What the auditor's program asks beyond hashes: who saw it, who agreed, and whether counts fit."""

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from hmac import digest as hmac
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import Engine

from hub.audit import verify
from hub.audit.approval import Claim, sign_approval
from hub.audit.checkpoint import Checkpoint, sign_checkpoint
from hub.audit.cosignature import Cosigner
from hub.audit.entry import Draft
from hub.audit.log import Log
from hub.audit.merkle import push, root
from hub.audit.note import Signer
from hub.audit.triggers import triggers
from hub.audit.verify import Progress, Unusable, audit_db, verify_db, verify_evidence
from hub.sealing.canonical import b64, digest, jcs
from tests.unit.audit.builders import (
    HUB,
    START,
    a_draft,
    a_grown_log,
    a_log,
    a_signer,
    an_id,
    append_all,
    prepared,
)
from tests.unit.audit.network import a_small_hub
from tests.unit.audit.test_verify_files import evidence_of, put_proof, zipped
from tests.unit.audit.witnesses import a_cosigner

VKEY: Final = a_signer().verifier.vkey
TABLES: Final = """
CREATE TABLE hub (id TEXT PRIMARY KEY) STRICT;
CREATE TABLE approver (seq INTEGER PRIMARY KEY, vkey TEXT NOT NULL, act TEXT NOT NULL,
  audit_id TEXT NOT NULL) STRICT;
CREATE TABLE approval (digest TEXT PRIMARY KEY, note TEXT NOT NULL) STRICT;
CREATE TABLE log_key (vkey TEXT PRIMARY KEY, since_size INTEGER NOT NULL, until INTEGER,
  audit_id TEXT NOT NULL) STRICT;
CREATE TABLE message (id TEXT PRIMARY KEY, audit_id TEXT NOT NULL) STRICT;
"""
"""What of a hub's database these rules read, beside the log."""


@dataclass
class Hub:
    """A log with the tables beside it that an auditor holds against it."""

    path: Path
    engine: Engine
    log: Log = field(default_factory=a_log)
    number: int = 0

    def enter(self, kind: str, **members: Any) -> str:
        """Enter one thing in a group of its own; an hour lies between two."""
        self.number += 1
        at = START + timedelta(hours=self.number)
        base = {"act": {"org": HUB}, "obj": {"ty": "log"}, "rcp": (), "law": (), "rule": ""}
        draft: Draft = a_draft(self.number, at=at, kind=kind, **{**base, **members})
        append_all(self.engine, self.log, [draft])
        return draft.entry_id

    def put(self, table: str, *values: Any) -> None:
        marks = ", ".join("?" * len(values))
        self.run(f"INSERT INTO {table} VALUES ({marks})", *values)

    def run(self, statement: str, *values: Any) -> None:
        """Change what stands there as somebody does who owns the file."""
        with closing(sqlite3.connect(self.path, isolation_level=None)) as connection:
            connection.execute("PRAGMA foreign_keys=OFF")
            found = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            for (name,) in found.fetchall():
                connection.execute(f"DROP TRIGGER {name}")
            connection.execute(statement, values)
            for trigger in triggers("sqlite", of_log_alone=True):
                connection.execute(trigger)

    def ask(self, query: str) -> list[Any]:
        with closing(sqlite3.connect(self.path)) as connection:
            return connection.execute(query).fetchall()

    def note(self, size: int) -> str:
        return str(self.ask(f"SELECT note FROM checkpoint WHERE size = {size}")[0][0])

    def cosign(self, size: int, by: Cosigner, hour: float) -> None:
        text = self.note(size).rpartition("\n\n")[0] + "\n"
        second = int((START + timedelta(hours=hour)).timestamp())
        self.put("cosignature", size, by.key.label, by.cosign(text, second))

    def found(self, vkey: str | Sequence[str] = VKEY, **how: Any) -> list[str]:
        """Return what is found, but for the triggers of tables that only a whole hub has."""
        found = verify_db(self.path, vkey, **how)
        return [str(each) for each in found if each.table != "sqlite_master"]


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    engine = prepared(tmp_path / "hub.db", TABLES)
    hub = Hub(tmp_path / "hub.db", engine)
    hub.put("hub", HUB)
    yield hub
    engine.dispose()


# --- Fast, and still the same ---


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A log of more than one stretch, some of it in a tile that is not full."""
    path = tmp_path_factory.mktemp("long") / "hub.db"
    a_grown_log(1_300, group=130, path=path)[0].dispose()
    return path


OF_LEAF: Final = "event_id = (SELECT event_id FROM audit_leaf WHERE idx = {})"
SPOILED: Final[dict[str, str]] = {
    "a body": "UPDATE audit_body SET body = CAST(replace(CAST(body AS TEXT), 'hub-1', 'hub-2')"
    f" AS BLOB) WHERE {OF_LEAF.format(1200)}",
    "a kind": "UPDATE audit_event SET kind = 'message.opened'"
    " WHERE id = (SELECT event_id FROM audit_leaf WHERE idx = 17)",
    "a leaf": "UPDATE audit_leaf SET leaf_hash = zeroblob(32) WHERE idx = 1290",
    "a tile": "UPDATE tile SET hashes = zeroblob(8192) WHERE level = 0 AND n = 3",
    "no tile": "DELETE FROM tile WHERE level = 0 AND n = 3",
    "a note": "UPDATE checkpoint SET note = replace(note, 'hub.', 'hut.') WHERE size = 260",
    "no leaf": "DELETE FROM audit_leaf WHERE idx = 700",
    "no body": f"DELETE FROM audit_body WHERE {OF_LEAF.format(9)}",
}


@pytest.mark.parametrize("name", SPOILED)
def test_several_processes_find_what_one_finds(
    long: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """And both find what is found where nothing is taken in one go."""
    monkeypatch.setattr("hub.audit.verify.WORTH_SHARING", 1)
    monkeypatch.setattr("hub.audit.verify.STRETCH", 512)
    path = Path(shutil.copy(long, tmp_path / "copy.db"))
    Hub(path, a_grown_log(0)[0]).run(SPOILED[name])

    alone, shared = (audit_db(path, VKEY, processes=processes) for processes in (1, 2))
    monkeypatch.setattr("hub.audit.verify._bounds", lambda _: None)
    slow = audit_db(path, VKEY)

    assert alone.findings == shared.findings == slow.findings != []
    assert alone.checkpoints == shared.checkpoints == slow.checkpoints


def test_in_a_hurry_hashes_tree_and_the_newest_signature_are_verified(
    long: Path, tmp_path: Path
) -> None:
    assert audit_db(long, VKEY, is_quick=True).findings == []
    found = {}
    for name, statement in SPOILED.items():
        path = Path(shutil.copy(long, tmp_path / "copy.db"))
        Hub(path, a_grown_log(0)[0]).run(statement)
        found[name] = bool(verify_db(path, VKEY, is_quick=True))

    unseen = [name for name, is_found in found.items() if not is_found]
    assert unseen == ["a kind"], "what stands beside an entry is no hash"
    assert verify_db(long, a_signer("thief").verifier.vkey, is_quick=True) != []


def spellings() -> Iterator[bytes]:
    """Entries of many forms, and each of them with one thing otherwise than it may be."""
    entries = [
        a_draft(0),
        a_draft(1, kind="message.refused", out="refused", why="scope-exceeded", law=(), rcp=()),
        a_draft(2, com={"query": digest("q"), "reason": digest("r")}, ref=(an_id(1), an_id(2))),
        a_draft(3, kind="message.passing", ref=(an_id(3),)),
        a_draft(4, kind="data.erased"),
        a_draft(5, kind="log.pruned", obj={"ty": "log", "d": digest("x"), "n": 2**53 - 1}),
        a_draft(6, act={"org": HUB, "role": "betrieb", "auth": "root"}, rule=digest("rule")),
    ]
    engine, log = a_grown_log(0)
    append_all(engine, log, entries)
    with engine.connect() as connection:
        bodies = [bytes(row[0]) for row in connection.exec_driver_sql(BODIES)]
    engine.dispose()
    for body in bodies:
        yield body
        for at in range(len(body)):
            yield body[:at] + body[at + 1 :]
            for letter in b'A0-"[ {,z.\xc3':
                yield body[:at] + bytes([letter]) + body[at + 1 :]
        for name in json.loads(body):
            said = json.loads(body)
            del said[name]
            yield json.dumps(said, sort_keys=True, separators=(",", ":")).encode()
            for other in OTHERS:
                changed = json.loads(body) | {name: other}
                yield json.dumps(changed, sort_keys=True, separators=(",", ":")).encode()


OTHERS: Final[tuple[Any, ...]] = ("", "x", 0, -1, 2**53, [], {}, None, ["x"], True)
BODIES: Final = "SELECT body FROM audit_body"


def test_an_entry_read_at_one_look_is_one_that_is_read_slowly() -> None:
    """The fast way is a pattern; whatever it let through that is no entry would be a hole."""
    fast, accepted = verify.fast_glimpse, 0
    for body in spellings():
        if fast(body) is not None:
            verify.read_entry(body)
            accepted += 1

    assert accepted > 100


def test_progress_says_share_rate_and_rest() -> None:
    progress = Progress()
    progress.start("Einträge", 1_000_000)

    assert progress.line(250_000, 5.0) == (
        "Einträge [######..................]  25%  250.000 von 1.000.000  50.000/s  noch 0:15"
    )


# --- Witnesses ---


def a_policy(path: Path, *names: str, enough: str = "all") -> Path:
    lines = [f"witness {name} {a_cosigner(name).key.vkey}" for name in names]
    path.write_text("\n".join([*lines, f"group q {enough} {' '.join(names)}", "quorum q", ""]))
    return path


def test_entries_lie_between_what_witnesses_saw(hub: Hub, tmp_path: Path) -> None:
    for _ in range(4):
        hub.enter("log.read")
    policy = a_policy(tmp_path / "policy", "eins")
    witness = a_cosigner("eins")
    hub.cosign(2, witness, 2.01)
    hub.cosign(4, witness, 4.05)

    assert hub.found(policy=policy) == []
    assert hub.found() == []

    hub.run("DELETE FROM cosignature")
    hub.cosign(2, witness, 1.5)
    hub.cosign(3, witness, 5)
    assert [line.partition(": ")[2] for line in hub.found(policy=policy)] == [
        "liegt nach der Zeit, zu der Zeugen ihn schon gesehen haben",
        "liegt vor dem, was Zeugen vorher gesehen haben",
    ]
    assert hub.found() == [], "who does not know the witness cannot say"


def test_a_witness_that_saw_the_longer_tree_before_the_shorter_is_named(
    hub: Hub, tmp_path: Path
) -> None:
    hub.enter("log.read")
    hub.enter("log.read")
    hub.cosign(1, a_cosigner("eins"), 2.02)
    hub.cosign(2, a_cosigner("zwei"), 2.01)

    found = hub.found(policy=a_policy(tmp_path / "policy", "eins", "zwei"))

    assert found == ["cosignature[2].line: ein kleinerer Prüfpunkt wurde von Zeugen später gesehen"]


@pytest.mark.parametrize(
    "text",
    [
        "quorum q\n",
        "quorum none\nquorum none\n",
        "group g 2 a b\nquorum g\n",
        "witness a b\nquorum none\n",
        "witness none {key}\nquorum none\n",
        "witness a {key}\nwitness b {key}\nquorum a\n",
        "witness a {key}\ngroup g 2 a\nquorum g\n",
        "witness a {key}\ngroup g 01 a\nquorum g\n",
        "witness a {key}\ngroup g any a a\nquorum g\n",
        "log {key}\nlog {key}\nquorum none\n",
        "\r\nquorum none\n",
        "",
    ],
)
def test_a_policy_that_is_none_lets_nothing_be_verified(
    hub: Hub, tmp_path: Path, text: str
) -> None:
    path = tmp_path / "policy"
    path.write_bytes(text.format(key=a_cosigner("eins").key.vkey).encode())

    with pytest.raises(Unusable):
        audit_db(hub.path, VKEY, policy=path)


# --- Keys of the log ---


def rotated(hub: Hub, *, until: int = 99) -> Signer:
    """Let another key follow: while it does, both sign."""
    new = a_signer("new")
    begun = hub.enter("log.genesis")
    hub.put("log_key", VKEY, 0, None, begun)
    obj = {"ty": "key", "id": digest(new.verifier.vkey), "d": digest(VKEY)}
    size = hub.log.size
    hub.put("log_key", new.verifier.vkey, size, until, hub.enter("key.rotated", obj=obj))
    sign_again(hub, size + 1, a_signer(), new)
    return new


def sign_again(hub: Hub, size: int, *signers: Signer) -> None:
    text = hub.note(size).rpartition("\n\n")[0] + "\n"
    lines = [signer.sign(text).rpartition("\n\n")[2] for signer in signers]
    hub.run("UPDATE checkpoint SET note = ? WHERE size = ?", f"{text}\n{''.join(lines)}", size)


def test_a_rotated_key_is_vouched_for_by_the_one_before(hub: Hub) -> None:
    new = rotated(hub)
    hub.enter("log.read")
    sign_again(hub, 3, new)

    for vkeys in (VKEY, new.verifier.vkey, [VKEY, new.verifier.vkey], ()):
        assert hub.found(vkeys) == [], vkeys
    assert "keiner dieses Protokolls" in hub.found(a_signer("thief").verifier.vkey)[0]


def test_a_checkpoint_with_the_old_key_alone_is_none_any_more(hub: Hub) -> None:
    rotated(hub)
    hub.enter("log.read")

    assert hub.found()[0] == (
        "checkpoint[3].note: nicht mit dem Schlüssel des Protokolls unterschrieben"
    )


def test_a_key_that_no_entry_names_is_nobodys(hub: Hub) -> None:
    new = rotated(hub)
    hub.run("UPDATE log_key SET audit_id = ? WHERE since_size = 1", hub.enter("log.read"))
    sign_again(hub, 3, new)

    assert hub.found() == [
        "log_key[1].audit_id: verweist auf keinen Eintrag, der diesen Schlüssel einsetzt",
        "log_key[1].vkey: der neue Schlüssel ist nicht verbürgt; geben Sie ihn mit --vkey an",
    ]


def test_a_key_that_the_old_one_never_signed_beside_is_not_vouched_for(hub: Hub) -> None:
    """Whoever has the database alone could name a key of his own."""
    new = rotated(hub)
    sign_again(hub, 2, new)

    assert "nicht verbürgt" in hub.found()[0]
    assert hub.found(new.verifier.vkey) == []


def test_a_log_under_a_new_name_begins_with_the_old_one(hub: Hub) -> None:
    hub.put("log_key", VKEY, 0, None, hub.enter("log.genesis"))
    new = a_signer("new", f"{HUB}/log2")
    obj = {"ty": "log", "d": digest(hub.note(1).encode()), "n": 1}
    hub.put("log_key", new.verifier.vkey, 1, None, hub.enter("log.genesis", obj=obj))
    bodies = [
        body
        for (body,) in hub.ask(
            "SELECT b.body FROM audit_leaf AS l JOIN audit_body AS b ON b.event_id = l.event_id"
            " ORDER BY l.idx"
        )
    ]
    frontier: tuple[bytes, ...] = ()
    for size, body in enumerate(bodies):
        frontier = push(frontier, size, sha256(b"\0" + body).digest())
    note = sign_checkpoint(Checkpoint(f"{HUB}/log2", 2, root(frontier)), new)
    hub.run("UPDATE checkpoint SET note = ? WHERE size = 2", note)

    assert hub.found([VKEY, new.verifier.vkey]) == []
    assert hub.found(new.verifier.vkey) == []
    assert "nicht verbürgt" in hub.found()[0], "a key that was lost vouches for nothing"


# --- Approvals ---

OFFICER: Final = a_signer("officer", "dsb.invalid/freigabe")


def approver(hub: Hub, signer: Signer = OFFICER) -> None:
    vkey = signer.verifier.vkey
    event_id = hub.enter("key.enrolled", obj={"ty": "key", "id": digest(vkey)})
    hub.put("approver", len(hub.ask("SELECT 1 FROM approver")) + 1, vkey, "added", event_id)


def approved(
    hub: Hub,
    act: str = "restore",
    subject: str = digest("head"),
    *,
    by: Signer = OFFICER,
    hours: float = 0,
    of: str = HUB,
) -> dict[str, Any]:
    """Return the members of an entry to whose act somebody has agreed."""
    at = START + timedelta(hours=hub.number - hours)
    note = sign_approval(of, Claim(act, subject), at, by)
    hub.put("approval", digest(note.encode()), note)
    auth = f"key:{digest(by.verifier.vkey)}"
    act_of = {"org": HUB, "role": "datenschutz", "auth": auth}
    return {"act": act_of, "rule": digest(note.encode()), "obj": {"ty": "log", "d": digest("head")}}


def test_an_act_to_which_somebody_agreed_holds(hub: Hub) -> None:
    hub.enter("restore.performed", obj={"ty": "log", "d": digest("before")})
    approver(hub)
    hub.enter("restore.performed", **approved(hub))

    assert hub.found() == []


ONLY_SAID: Final[dict[str, Callable[[Hub], dict[str, Any]]]] = {
    "sie fehlt": lambda _: {"obj": {"ty": "log", "d": digest("head")}},
    "sie gilt einer anderen Handlung": lambda hub: approved(hub, "prune"),
    "sie gilt etwas anderem": lambda hub: approved(hub, subject=digest("another")),
    "nicht von jemandem, der freigeben darf": lambda hub: approved(hub, by=a_signer("x", "x")),
    "sie gilt einem anderen Hub": lambda hub: approved(hub, of="hub.nebenan.invalid"),
    "sie ist zu alt": lambda hub: approved(hub, hours=31 * 24),
    "der Eintrag nennt jemand anderen": lambda hub: approved(hub) | {"act": {"org": HUB}},
}


@pytest.mark.parametrize("text", ONLY_SAID)
def test_an_act_without_approval_is_found(hub: Hub, text: str) -> None:
    approver(hub)
    hub.enter("restore.performed", **ONLY_SAID[text](hub))

    (found,) = hub.found()
    assert found.endswith(f"ohne gültige Freigabe: {text}")


def test_an_approval_is_good_for_one_act(hub: Hub) -> None:
    approver(hub)
    said = approved(hub)
    hub.enter("restore.performed", **said)
    hub.enter("restore.performed", **said)

    (found,) = hub.found()
    assert found.endswith("ohne gültige Freigabe: die Freigabe wurde schon gebraucht")


def erased(number: int) -> dict[str, Any]:
    return {"obj": {"ty": "message", "id": an_id(number), "d": digest("env")}}


def test_who_may_forget_one_conversation_forgets_no_other_on_the_same_approval(hub: Hub) -> None:
    approver(hub)
    key = "0198c1f2-0000-4000-8000-000000000001"
    said = approved(hub, "erase", digest(key)) | {"law": ("dsgvo-17",)}
    hub.enter("data.erased", **said | erased(901))
    hub.enter("data.erased", **said | {"obj": {"ty": "conversation", "id": key}})
    hub.enter("data.erased", **said | erased(902))
    assert used_twice(hub) == []

    hub.enter("log.read")
    hub.enter("data.erased", **said | erased(903))
    assert len(used_twice(hub)) == 1

    other = said | approved(hub, "erase", digest("another"))
    hub.enter("data.erased", **other | erased(904))
    assert len([each for each in hub.found() if "nicht vergessen wird" in each]) == 1


def used_twice(hub: Hub) -> list[str]:
    return [each for each in hub.found() if "schon gebraucht" in each]


def test_where_somebody_approves_the_hub_orders_nothing_by_itself(hub: Hub) -> None:
    approver(hub)
    hub.enter("log.pruned", obj={"ty": "log", "d": digest("range"), "n": 1}, law=("bdsg-76-4",))

    assert any(each.endswith("ohne gültige Freigabe: sie fehlt") for each in hub.found())


def test_a_key_of_the_log_is_not_changed_without_approval(hub: Hub) -> None:
    approver(hub)
    rotated(hub)

    assert any(each.endswith("ohne gültige Freigabe: sie fehlt") for each in hub.found())


def test_an_approver_that_no_entry_names_is_none(hub: Hub) -> None:
    event_id = hub.enter("log.read")
    hub.put("approver", 1, OFFICER.verifier.vkey, "added", event_id)

    assert hub.found() == ["approver[1].audit_id: verweist auf keinen Eintrag zu diesem Schlüssel"]


# --- Counts, openings ---


def test_a_heartbeat_counts_what_was_entered(hub: Hub) -> None:
    for _ in range(3):
        hub.enter("log.read")
    said = digest(jcs({"log.read": 3}))
    hub.enter("log.heartbeat", obj={"ty": "log", "n": 3, "d": said})
    wrong = digest(jcs({"log.heartbeat": 2}))
    second = hub.enter("log.heartbeat", obj={"ty": "log", "n": 4, "d": wrong})

    assert hub.found() == [
        f"audit_body[{second}].body: zählt anderes als die Einträge seit dem Herzschlag davor"
    ]


def test_an_opening_shows_what_an_entry_committed_to(hub: Hub) -> None:
    salt = sha256(b"salt").digest()
    committed = b64(hmac(salt, b"reason\0Pr\xc3\xbcfung", "sha256"))
    event_id = hub.enter("log.read", com={"reason": committed})
    opening = {"entry": event_id, "field": "reason", "salt": b64(salt), "value": "Prüfung"}

    assert hub.found(openings=[opening]) == []
    assert hub.found(openings=[opening | {"value": "Neugier"}]) == [
        "openings[1].reason: öffnet die Festlegung nicht"
    ]
    assert hub.found(openings=[opening | {"entry": an_id(99)}]) == [
        "openings[1].reason: zu dieser Öffnung fehlt der Eintrag"
    ]


def test_alarms_about_witnesses_come_by_turns(hub: Hub) -> None:
    obj = {"ty": "checkpoint", "n": 0}
    for kind in ("checkpoint.unwitnessed", "checkpoint.witnessed"):
        hub.enter(kind, obj=obj)
    again = hub.enter("checkpoint.witnessed", obj=obj)

    assert hub.found() == [
        f"audit_event[{again}].kind: zweimal dasselbe über die Zeugen hintereinander"
    ]


# --- A Beweispaket of before a key was rotated ---


def test_evidence_goes_over_from_key_to_key(tmp_path: Path) -> None:
    """Whoever knows only the key of today believes what the one before had signed."""
    small = a_small_hub(tmp_path / "hub.db")
    files, new = evidence_of(small), a_signer("new").verifier.vkey
    keys = json.loads(files["hub-keys.json"]) | {"vkey": new, "vkeys": [VKEY, new]}
    files["hub-keys.json"] = json.dumps(keys).encode()
    path = zipped(tmp_path / "e.zip", files)
    assert verify_evidence(path, VKEY) == verify_evidence(path) == []
    assert verify_evidence(path, new) != []

    with small.engine.begin() as connection:
        obj = {"ty": "key", "id": digest(new), "d": digest(VKEY)}
        event_id = small.enter(connection, "key.rotated", obj)
        small.log.close_group(connection)
    small.log.commit_group()
    hub = Hub(tmp_path / "hub.db", small.engine, small.log)
    sign_again(hub, small.log.size, a_signer(), a_signer("new"))
    put_proof(files, small, event_id)
    path = zipped(tmp_path / "e.zip", files)

    for vkeys in (VKEY, new, [new, VKEY], None):
        assert verify_evidence(path, vkeys) == [], vkeys
    assert verify_evidence(path, a_signer("thief").verifier.vkey) != []
