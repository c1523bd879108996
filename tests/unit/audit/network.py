# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
# ruff: noqa: S608  raw SQL, put together from constants, is what is tried here
"""A small hub with messages, receipts and a directory, written by hand as the hub writes them.

A school tells a Jugendamt twice: one message is taken note of, the other expires and is erased.
"""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from sqlalchemy import Connection, Engine

from hub.audit.entry import Draft
from hub.audit.log import Log
from hub.sealing.canonical import b64, digest, jcs, unb64
from tests.unit.audit.builders import HUB, START, a_log, a_private_key, an_id, append_all, prepared

SCHOOL: Final = "schule:999001"
OFFICE: Final = "jugendamt:05170032"
UNIT: Final = "jugendamt:05170032.asd"
PROTOCOL: Final = "schule-mitteilung/1.0.0"
SCHEMA: Final = {"title": "Übung", "type": "object"}
NOW: Final = int(START.timestamp())

TABLES: Final = """
CREATE TABLE hub (id TEXT PRIMARY KEY, created_at INTEGER NOT NULL) STRICT;
CREATE TABLE hub_key (kid TEXT PRIMARY KEY, use TEXT NOT NULL, alg TEXT NOT NULL,
  jwk TEXT NOT NULL) STRICT;
CREATE TABLE conversation (id TEXT PRIMARY KEY, protocol TEXT NOT NULL, opener TEXT NOT NULL,
  partner TEXT NOT NULL, closed_at INTEGER) STRICT;
CREATE TABLE message (id TEXT PRIMARY KEY, conversation TEXT NOT NULL, position INTEGER NOT NULL,
  protocol TEXT NOT NULL, step TEXT NOT NULL, sender TEXT NOT NULL, recipient TEXT NOT NULL,
  urgency TEXT NOT NULL, request TEXT NOT NULL, client TEXT NOT NULL, state TEXT NOT NULL,
  accepted_at INTEGER NOT NULL, ends_at INTEGER NOT NULL, due_taken INTEGER NOT NULL,
  due_acknowledged INTEGER NOT NULL, due_overdue INTEGER NOT NULL,
  audit_id TEXT NOT NULL UNIQUE REFERENCES audit_event (id) DEFERRABLE INITIALLY DEFERRED,
  env TEXT NOT NULL, wraps BLOB, body BLOB) STRICT;
CREATE TABLE receipt (id TEXT PRIMARY KEY, message_id TEXT NOT NULL REFERENCES message (id),
  word TEXT NOT NULL, chain TEXT NOT NULL, seq INTEGER NOT NULL, signer TEXT NOT NULL,
  issued_at INTEGER NOT NULL, jws TEXT NOT NULL, digest TEXT NOT NULL,
  audit_id TEXT NOT NULL UNIQUE REFERENCES audit_event (id) DEFERRABLE INITIALLY DEFERRED,
  UNIQUE (message_id, chain, seq)) STRICT;
CREATE TABLE addition (message_id TEXT NOT NULL REFERENCES message (id), kid TEXT NOT NULL,
  added INTEGER NOT NULL, statement TEXT NOT NULL, wrap TEXT, PRIMARY KEY (message_id, kid)) STRICT;
CREATE TABLE directory_entry (organisation TEXT NOT NULL, version INTEGER NOT NULL,
  digest TEXT NOT NULL UNIQUE, jws TEXT NOT NULL, audit_id TEXT NOT NULL
  REFERENCES audit_event (id) DEFERRABLE INITIALLY DEFERRED,
  PRIMARY KEY (organisation, version)) STRICT;
CREATE TABLE adoption (organisation TEXT NOT NULL, protocol TEXT NOT NULL, digest TEXT NOT NULL,
  jws TEXT NOT NULL, audit_id TEXT NOT NULL
  REFERENCES audit_event (id) DEFERRABLE INITIALLY DEFERRED,
  PRIMARY KEY (organisation, protocol, digest)) STRICT;
"""


@dataclass(frozen=True)
class Key:
    """A signing key of either kind."""

    private: Ed25519PrivateKey | ec.EllipticCurvePrivateKey

    @property
    def alg(self) -> str:
        return "EdDSA" if isinstance(self.private, Ed25519PrivateKey) else "ES256"

    @property
    def jwk(self) -> dict[str, str]:
        if isinstance(self.private, Ed25519PrivateKey):
            x = b64(self.private.public_key().public_bytes_raw())
            return {"crv": "Ed25519", "kty": "OKP", "x": x}
        numbers = self.private.public_key().public_numbers()
        x, y = (b64(number.to_bytes(32)) for number in (numbers.x, numbers.y))
        return {"crv": "P-256", "kty": "EC", "x": x, "y": y}

    @property
    def kid(self) -> str:
        return digest(jcs(dict(self.jwk)))

    def signing(self, not_before: int = NOW - 60) -> dict[str, Any]:
        return {"kid": self.kid, "alg": self.alg, "jwk": self.jwk, "not_before": not_before}

    def sign(self, data: bytes) -> bytes:
        if isinstance(self.private, Ed25519PrivateKey):
            return self.private.sign(data)
        signature = self.private.sign(data, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))
        return b"".join(number.to_bytes(32) for number in decode_dss_signature(signature))

    def jws(self, typ: str, claims: dict[str, Any]) -> str:
        header: dict[str, Any] = {"alg": self.alg, "kid": self.kid, "typ": typ}
        signed = f"{b64(jcs(header))}.{b64(jcs(claims))}"
        return f"{signed}.{b64(self.sign(signed.encode()))}"


def ed25519(seed: str) -> Key:
    return Key(a_private_key(seed))


def p256(number: int) -> Key:
    return Key(ec.derive_private_key(number, ec.SECP256R1()))


@dataclass
class SmallHub:
    """What happens at the hub, group by group."""

    engine: Engine
    log: Log
    receipt_key: Key = field(default_factory=lambda: ed25519("receipt"))
    school_root: Key = field(default_factory=lambda: ed25519("school root"))
    office_root: Key = field(default_factory=lambda: p256(11))
    school: Key = field(default_factory=lambda: ed25519("school"))
    office: Key = field(default_factory=lambda: p256(12))
    number: int = 0
    changed_by: str = ""
    """The entry of the version that was published last."""
    ends: dict[tuple[str, str], tuple[int, str]] = field(default_factory=dict)
    additions: dict[str, int] = field(default_factory=dict)

    def next_id(self) -> str:
        self.number += 1
        return an_id(self.number)

    def enter(self, connection: Connection, kind: str, obj: dict[str, str], **more: Any) -> str:
        event_id = more.pop("entry_id", None) or self.next_id()
        act = {"org": more.pop("org", HUB)}
        draft = Draft(kind=kind, entry_id=event_id, at=START, act=act, obj=obj, **more)
        return self.log.append(connection, draft)

    def join(
        self,
        organisation: str,
        root: Key,
        unit: str,
        keys: list[Key],
        version: int = 1,
        **duty: Any,
    ) -> str:
        """Publish a version of an entry; returns its JWS. ``duty`` is what the unit says of it."""
        claims: dict[str, Any] = {
            "hub": HUB,
            "organisation": organisation,
            "name": "Übungsstelle",
            "version": version,
            "iat": NOW - 60 + version,
            "root": root.signing(),
            "units": [{"id": unit, "signing": [key.signing() for key in keys], **duty}],
        }
        before = self.ends.get((organisation, "directory"))
        if before is not None:
            claims["prv"] = before[1]
        jws = root.jws("meldeweg-directory+jwt", claims)
        with self.engine.begin() as connection:
            obj = {"ty": "organisation", "id": organisation, "d": digest(jws)}
            event_id = self.enter(connection, "directory.changed", obj, org=organisation)
            insert(
                connection, "directory_entry", (organisation, version, digest(jws), jws, event_id)
            )
            self.log.close_group(connection)
        self.log.commit_group()
        self.ends[organisation, "directory"] = (version, digest(jws))
        self.changed_by = event_id
        return jws

    def enter_roster(self, organisation: str, unit: str, said: str, changed_by: str) -> None:
        """Enter that a version changed what a unit says of its duty."""
        with self.engine.begin() as connection:
            obj = {"ty": "roster", "id": unit, "d": said}
            self.enter(connection, "roster.changed", obj, org=organisation, ref=(changed_by,))
            self.log.close_group(connection)
        self.log.commit_group()

    def adopt(self, organisation: str, root: Key) -> None:
        claims = {
            "iss": organisation,
            "hub": HUB,
            "iat": NOW,
            "proto": PROTOCOL,
            "digest": digest("p"),
        }
        jws = root.jws("meldeweg-adoption+jwt", dict(claims))
        with self.engine.begin() as connection:
            obj = {"ty": "organisation", "id": organisation, "d": digest(jws), "ct": PROTOCOL}
            event_id = self.enter(connection, "protocol.adopted", obj, org=organisation)
            row = (organisation, PROTOCOL, digest("p"), jws, event_id)
            insert(connection, "adoption", row)
            self.log.close_group(connection)
        self.log.commit_group()

    def accept(self, position: int, before: str | None, *, is_kept: bool = True) -> str:
        """Accept a message of the school; returns its envelope."""
        message, event_id = self.next_id(), self.next_id()
        conversation = message if before is None else claims_of(before)["cnv"]
        body, wrap = jcs({"leaf": f"sealed {position}"}), f"wrap-{position}"
        claims: dict[str, Any] = {
            "suite": "SL1",
            "hub": HUB,
            "iss": SCHOOL,
            "aud": UNIT,
            "jti": message,
            "iat": NOW,
            "end": NOW + 14 * 86_400,
            "proto": PROTOCOL,
            "step": "mitteilung",
            "schema": digest(jcs(dict(SCHEMA))),
            "cnv": conversation,
            "pos": position,
            "urg": "sofort",
            "lb": "kkg-4-3",
            "readers": [
                {"classes": ["main"], "kid": digest("r"), "rel": "now", "wrap": digest(wrap)}
            ],
            "commit": {"main": digest("c")},
            "body": digest(body),
            "_sd_alg": "sha-256",
            "_sd": [digest("leaf")],
        }
        if before is not None:
            claims["prv"] = digest(before.rpartition(".")[0])
        env = self.school.jws("meldeweg-message+sd-jwt", claims)
        wraps = jcs([{"kid": digest("r"), "wrap": wrap}])
        keys: list[Any] = [{"kid": digest("r"), "wrap": wrap}]
        request = digest(jcs({"env": env, "body": json.loads(body), "keys": keys}))
        due = {"taken": NOW + 120, "acknowledged": NOW + 600, "overdue": NOW + 601}
        with self.engine.begin() as connection:
            if before is None:
                insert(connection, "conversation", (message, PROTOCOL, SCHOOL, UNIT, None))
            row = (
                *(message, conversation, position, PROTOCOL, "mitteilung", SCHOOL, UNIT, "sofort"),
                *(request, SCHOOL, "accepted", NOW, NOW + 14 * 86_400, *due.values(), event_id),
                *(env, wraps if is_kept else None, body if is_kept else None),
            )
            insert(connection, "message", row)
            self._receipt(
                connection, env, "accepted", {"request": request, "due": due}, event_id=event_id
            )
            self.log.close_group(connection)
        self.log.commit_group()
        return env

    def say(self, env: str, word: str, signer: Key | None = None, **members: Any) -> None:
        """Enter a receipt of the hub, or of the unit whose key is given."""
        with self.engine.begin() as connection:
            self._receipt(connection, env, word, members, signer=signer)
            self.log.close_group(connection)
        self.log.commit_group()

    def add_reader(self, env: str, kid: str, wrap: str | None) -> None:
        """Let the sender add a reader; without a wrap it is one of erased content."""
        said, message = claims_of(env), claims_of(env)["jti"]
        reader = {"classes": ["main"], "kid": kid, "rel": "now", "wrap": digest(wrap or "gone")}
        claims: dict[str, Any] = {
            "suite": "SL1",
            "iss": said["iss"],
            "aud": said["aud"],
            "sub": message,
            "jti": self.next_id(),
            "iat": NOW,
            "env": digest(env.rpartition(".")[0]),
            "reader": reader,
        }
        statement = self.school.jws("meldeweg-reader+jwt", claims)
        with self.engine.begin() as connection:
            number = self.additions.get(message, 0)
            insert(connection, "addition", (message, kid, number, statement, wrap))
            members = {"statement": digest(statement.rpartition(".")[0])}
            self._receipt(connection, env, "reader-added", members)
            self.log.close_group(connection)
        self.log.commit_group()
        self.additions[message] = number + 1

    def _receipt(
        self,
        connection: Connection,
        env: str,
        word: str,
        members: dict[str, Any],
        *,
        signer: Key | None = None,
        event_id: str | None = None,
    ) -> None:
        message, chain = (
            claims_of(env)["jti"],
            "hidden" if word in {"opened", "escalated"} else "visible",
        )
        number, before = self.ends.get((message, chain), (0, None))
        event: dict[str, Any] = {"env": digest(env.rpartition(".")[0]), **members}
        if before is not None:
            event["prv"] = before
        iss = HUB if signer is None else UNIT
        receipt_id = self.next_id()
        claims: dict[str, Any] = {
            "iss": iss,
            "aud": SCHOOL if chain == "visible" else HUB,
            "jti": receipt_id,
            "iat": NOW,
            "txn": message,
            "events": {f"urn:meldeweg:receipt:{word}": event},
        }
        jws = (signer or self.receipt_key).jws("secevent+jwt", claims)
        kind = "content.erased" if word == "erased" else f"message.{word}"
        obj = {"ty": "message", "id": message, "d": digest(jws), "ct": f"{PROTOCOL}/mitteilung"}
        accepted = message if word == "accepted" else None
        event_id = self.enter(
            connection, kind, obj, org=iss, message_id=accepted, entry_id=event_id
        )
        row = (receipt_id, message, word, chain, number + 1, iss, NOW, jws, digest(jws), event_id)
        insert(connection, "receipt", row)
        if word in {"taken", "acknowledged", "expired", "rejected", "withdrawn"}:
            connection.exec_driver_sql("UPDATE message SET state = ? WHERE id = ?", (word, message))
        self.ends[message, chain] = (number + 1, digest(jws))


def claims_of(jws: str) -> dict[str, Any]:
    claims: dict[str, Any] = json.loads(unb64(jws.split(".")[1]))
    return claims


def insert(connection: Connection, table: str, row: tuple[Any, ...]) -> None:
    marks = ", ".join("?" * len(row))
    connection.exec_driver_sql(f"INSERT INTO {table} VALUES ({marks})", row)


def a_small_hub(path: Path) -> SmallHub:
    """Return a hub at which two messages have come to their end."""
    hub = SmallHub(prepared(path, TABLES), a_log())
    with hub.engine.begin() as connection:
        insert(connection, "hub", (HUB, NOW))
        log_key = Key(a_private_key())
        for key, use in ((log_key, "log"), (hub.receipt_key, "receipt"), (ed25519("t"), "token")):
            insert(connection, "hub_key", (key.kid, use, key.alg, json.dumps(key.jwk)))
    genesis = Draft(
        kind="log.genesis", entry_id=hub.next_id(), at=START, act={"org": HUB}, obj={"ty": "log"}
    )
    append_all(hub.engine, hub.log, [genesis])
    hub.join(SCHOOL, hub.school_root, SCHOOL, [hub.school])
    hub.join(OFFICE, hub.office_root, UNIT, [])
    hub.join(OFFICE, hub.office_root, UNIT, [hub.office], version=2)
    hub.adopt(SCHOOL, hub.school_root)
    first = hub.accept(1, None)
    hub.say(first, "escalated")
    hub.say(first, "opened", hub.office, kid=digest("r"), classes=["main"])
    hub.say(first, "taken", hub.office)
    hub.add_reader(first, digest("new reader"), "new wrap")
    hub.add_reader(first, digest("newer reader"), "newer wrap")
    hub.say(first, "acknowledged", hub.office, role=digest("role"))
    second = hub.accept(2, first, is_kept=False)
    hub.say(second, "overdue")
    hub.add_reader(second, digest("late reader"), None)
    hub.say(second, "expired")
    hub.say(second, "erased")
    return hub
