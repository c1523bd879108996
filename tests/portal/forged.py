# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A hub whose keys the test holds, so that it can sign whatever must not be believed.

Honest, it says exactly what a real one says; a test proves that by asking a real one first.
"""

import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hub.audit.checkpoint import Checkpoint, sign_checkpoint
from hub.audit.entry import make_leaf
from hub.audit.merkle import inclusion_proof, inner_hash, leaf_hash, range_hash
from hub.audit.note import Signer
from hub.audit.proof import Proof
from hub.model.participant import ReadingKey, SigningKey
from hub.model.receipt import Word
from hub.sealing.canonical import digest
from hub.sealing.reader import ReaderPrivateKey
from hub.trust.jose import sign_token
from hub.trust.keys import PrivateSigningKey
from hub.trust.kinds import DIRECTORY_ENTRY, DIRECTORY_LIST
from hub.trust.receipts import make_receipt

Claims = dict[str, Any]
NOW: Final = 1_795_000_000
"""18 November 2026, in the morning."""
BEGUN: Final = NOW - 30 * 86_400
"""Since when keys hold."""
HUB: Final = "meldeweg.invalid/test"
OFFICE: Final = "jugendamt:05170032"
DESK: Final = f"{OFFICE}.asd"
NIGHT: Final = f"{OFFICE}.rufbereitschaft"
NEIGHBOUR: Final = "jugendamt:05170000"
STANDING_IN: Final = f"{NEIGHBOUR}.rufbereitschaft"
SCHOOL: Final = "schule:999001"
MESSAGE: Final = "0193504f-7c2a-7d41-8e5b-000000000002"
RECEIPT: Final = "0193504f-7c2a-7d41-8e5b-000000000003"
ENV: Final = digest("an envelope")
REQUEST: Final = digest("what was sent")
DAYS: Final = {"valid_from": "2026-01-01", "valid_until": "2026-12-31"}
_EVENT: Final = "01a1fd1e-8c00-7000-8000-00000000000"


def reading_key(use: str = "desk", **changed: Any) -> Claims:
    """Return the public half of a fresh key, as an entry lists it."""
    public = ReaderPrivateKey.generate().public
    key = {"kid": public.kid, "pub": public.b64, "use": use, "not_before": BEGUN, **changed}
    return json.loads(ReadingKey.model_validate(key).model_dump_json(exclude_none=True))  # type: ignore[no-any-return]


def public_half(key: PrivateSigningKey, **changed: Any) -> Claims:
    known = key.public(BEGUN)
    return {**json.loads(known.model_dump_json(exclude_none=True)), **changed}


def roster(*units: str, **changed: Any) -> Claims:
    """Return a roster whose lines name these units, at all times."""
    lines = [
        {
            "unit": unit,
            "name": "Bereitschaft",
            "telephone": "+49 221 4710 112",
            "order": order,
            "when": "always",
            "on_holidays": True,
            "reached": {},
            "basis": "sgb8-8a-1",
            **DAYS,
        }
        for order, unit in enumerate(units, 1)
    ]
    return {"land": "nw", "office_hours": [], "closed": [], "lines": lines, **DAYS, **changed}


@dataclass
class Forge:
    """A hub with three organisations; what it says can be changed before and after it signs."""

    receipt: PrivateSigningKey = field(default_factory=PrivateSigningKey.generate)
    log: Signer = field(default_factory=lambda: Signer(f"{HUB}/log", Ed25519PrivateKey.generate()))
    roots: dict[str, PrivateSigningKey] = field(default_factory=dict)
    units: dict[str, PrivateSigningKey] = field(default_factory=dict)
    """The signing key of each unit."""
    leaves: list[bytes] = field(default_factory=lambda: [leaf_hash(b"first")])
    """The log so far; whatever is proven makes it longer."""

    def __post_init__(self) -> None:
        for organisation in (OFFICE, NEIGHBOUR, SCHOOL):
            self.roots[organisation] = PrivateSigningKey.generate()
        for unit in (DESK, NIGHT, STANDING_IN, SCHOOL):
            self.units[unit] = PrivateSigningKey.generate()
        self.desk = reading_key()
        self.head = reading_key()
        self.clerk = reading_key("person")
        self.night = reading_key()
        self.standing_in = reading_key()
        self.teacher = reading_key("person")

    @cached_property
    def entries(self) -> dict[str, Claims]:
        """What each organisation says of itself; a test may change it."""
        night = {"roster": roster(NIGHT, STANDING_IN)}
        serves = {"serves": [{"organisation": OFFICE, **DAYS}]}
        desk = (self.desk, self.head, self.clerk)
        return {
            OFFICE: self._entry(
                OFFICE,
                self._unit(DESK, *desk, **night),
                self._unit(NIGHT, self.night),
            ),
            NEIGHBOUR: self._entry(NEIGHBOUR, self._unit(STANDING_IN, self.standing_in, **serves)),
            SCHOOL: self._entry(SCHOOL, self._unit(SCHOOL, self.teacher)),
        }

    @cached_property
    def listed(self) -> dict[str, Claims]:
        """What the list says of each beside the digest of its entry."""
        return {
            name: {"organisation": name, "name": entry["name"], "status": "valid"}
            for name, entry in self.entries.items()
        }

    @property
    def pinned(self) -> Claims:
        """What a browser knows of this hub."""
        return {
            "id": HUB,
            "url": "http://localhost",
            "log": self.log.verifier.vkey,
            "receipt_key": public_half(self.receipt),
        }

    def signed_entry(self, organisation: str, by: str | None = None) -> str:
        key = self.roots[by or organisation]
        return sign_token(key, DIRECTORY_ENTRY.typ, self.entries[organisation])

    def signed_list(self, entries: dict[str, str], **changed: Any) -> str:
        participants = [
            {**said, "entry": digest(entries[name])} for name, said in self.listed.items()
        ]
        claims = {
            "hub": HUB,
            "iat": NOW,
            "participants": participants,
            "adoptions": [],
            "networks": [],
            **changed,
        }
        return sign_token(self.receipt, DIRECTORY_LIST.typ, claims)

    def logged(self, about: str, kind: str, obj: Claims, **changed: Any) -> Claims:
        """Return an entry of the log with its proof; the first is the second of three."""
        leaf = make_leaf(
            kind,
            out="ok",
            act={"org": HUB},
            rcp=(),
            obj={"d": about, **obj},
            law=(),
            rule="",
            why="",
            at=NOW,
            node="hub-1",
            nseq=1,
            entry_id=f"{_EVENT}1",
            nonce=bytes(32),
            tags=[digit + "A" * 21 for digit in "0123"],
        )
        index = len(self.leaves)
        self.leaves += [leaf_hash(leaf), leaf_hash(b"another")]
        size = len(self.leaves)
        root = range_hash(0, size, self._node)
        checkpoint = Checkpoint(changed.get("origin", f"{HUB}/log"), size, root)
        signer = changed.get("signer", self.log)
        path = tuple(inclusion_proof(index, size, self._node))
        proof = Proof(index, path, sign_checkpoint(checkpoint, signer), leaf)
        return {"entry": json.loads(leaf), "proof": proof.text}

    def _node(self, height: int, index: int) -> bytes:
        if height == 0:
            return self.leaves[index]
        return inner_hash(*(self._node(height - 1, 2 * index + side) for side in (0, 1)))

    def organisations(self, entries: dict[str, str]) -> Claims:
        """Return what the hub answers about each."""
        answers = {}
        for name, jws in entries.items():
            about = {"ty": "organisation", "id": name}
            proven = self.logged(digest(jws), "directory.changed", about)
            answers[name] = {"entry": jws, "logged": proven["entry"], "proof": proven["proof"]}
        return answers

    def case(self, **changed: Any) -> Claims:
        """Return what a browser is asked to believe; ``changed`` goes into the list."""
        entries = {name: self.signed_entry(name) for name in self.entries}
        return {
            "hub": self.pinned,
            "list": self.signed_list(entries, **changed),
            "organisations": self.organisations(entries),
            "now": NOW,
        }

    def answer(self, word: Word = "accepted", **changed: Any) -> Claims:
        """Return the answer to a message that was handed in."""
        members = {"env": ENV, "request": REQUEST, "due": {"acknowledged": NOW + 86_400}}
        jws = make_receipt(
            changed.get("key", self.receipt),
            word,
            iss=changed.get("iss", HUB),
            aud=changed.get("aud", SCHOOL),
            message_id=changed.get("message", MESSAGE),
            receipt_id=RECEIPT,
            iat=changed.get("iat", NOW),
            members=changed.get("members", members),
        )
        about = {"ty": "message", "id": changed.get("message", MESSAGE)}
        kind = changed.get("kind", f"message.{word}")
        return {"receipt": jws, **self.logged(digest(jws), kind, about)}

    def _entry(self, organisation: str, *units: Claims) -> Claims:
        return {
            "hub": HUB,
            "organisation": organisation,
            "name": "Erfundene Stelle",
            "version": 3,
            "iat": NOW - 3600,
            "root": public_half(self.roots[organisation]),
            "units": [*units],
        }

    def _unit(self, unit: str, *reading: Claims, **duty: Any) -> Claims:
        return {
            "id": unit,
            "name": "Erfundene Einheit",
            "roles": [],
            "telephone": "+49 221 4710 100",
            "signing": [public_half(self.units[unit])],
            "token": [],
            "reading": [*reading],
            **duty,
        }


def unit_of(forge: Forge, unit: str) -> Claims:
    """Return what an organisation says of one of its units, to be changed."""
    entry = forge.entries[unit.partition(".")[0]]
    found: Claims = next(each for each in entry["units"] if each["id"] == unit)
    return found


def key_of(signer: PrivateSigningKey) -> SigningKey:
    return signer.public(BEGUN)
