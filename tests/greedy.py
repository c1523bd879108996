# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A client without scruples: the parts of the SDK, and none of its checks.

It has real keys and speaks real HTTP. What it sends is honest unless a test spoils one step of it
(``specs.vectors.sl1.spoil``), so that a refusal can have one reason only. It goes by the clock of
the hub, which the SDK does not: a clock put ahead must not be what a request fails for.
"""

import json
import os
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Self

import httpx2
from uuid_utils.compat import uuid7

from hub.client import Agency
from hub.client.drafts import REPLY_KEY
from hub.model.json import JsonObject
from hub.model.receipt import HIDDEN, Word
from hub.protocols.deadlines import latest_end
from hub.sealing.canonical import b64, digest, jcs, unb64
from hub.sealing.envelope import env_digest
from hub.sealing.jws import MESSAGE_TYP, Signer
from hub.sealing.keys import KEY_BYTES, class_key, commitment, leaf_key
from hub.sealing.leaf import IV_BYTES, SALT_BYTES, disclose, seal_leaf
from hub.sealing.reader import ReaderPublicKey
from hub.sealing.seal import SUITE, Claims
from hub.sealing.sealable import SealableSchema
from hub.sealing.tree import expand, grow
from hub.sealing.wrap import WrapContext, wrap
from hub.trust.keys import PrivateSigningKey
from hub.trust.receipts import make_receipt
from hub.trust.tokens import Request, make_client_assertion, make_dpop_proof
from specs.vectors.sl1.forge import Parts, Spoiled
from specs.vectors.sl1.spoil import HONEST
from tests.world import World, example

JSON: Final = "application/json"
FORM: Final = "application/x-www-form-urlencoded"
RECEIPT: Final = "application/secevent+jwt"
ASSERTION: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
NOTICE: Final = "schule-mitteilung/1.0.0"
EARLY: Final = 30
"""Seconds before its end at which a token is renewed."""


@dataclass(frozen=True)
class Talk:
    """A conversation as its two sides know it."""

    id: str
    position: int
    last: str
    """``env`` digest of the last message."""

    @classmethod
    def after(cls, raw: bytes) -> Self:
        """Return what a message leaves behind once it was accepted."""
        said = claims_of(raw)
        return cls(said["cnv"], said["pos"], env_digest(json.loads(raw)["env"]))


@dataclass(frozen=True)
class Wish:
    """What a greedy client wants to have accepted."""

    claims: Claims
    schema: SealableSchema
    content: JsonObject
    readers: tuple[ReaderPublicKey, ...]
    signer: Signer

    def saying(self, **changes: Any) -> "Wish":
        """Return the same wish with other claims."""
        return replace(self, claims=replace(self.claims, **changes))

    def sealed_to(self, *readers: ReaderPublicKey) -> "Wish":
        return replace(self, readers=readers)

    def signed_by(self, signer: Signer) -> "Wish":
        return replace(self, signer=signer)


def seal_anyway(wish: Wish, spoiled: Spoiled = HONEST) -> bytes:
    """Make the bytes of a message, spoiled in the given steps, and look at none of them."""
    schema, own = wish.schema, wish.claims
    secret = os.urandom(KEY_BYTES)
    keys = {name: class_key(secret, own.jti, name) for name in schema.classes}
    plaintexts, body = _body(wish, keys, spoiled)
    wraps = _wraps(wish, keys, spoiled)
    commitments = {name: b64(commitment(key, own.jti, name)) for name, key in keys.items()}
    claims: Parts = own.as_json() | {
        "suite": SUITE,
        "schema": schema.digest,
        "readers": [_named(kid, wraps[kid], schema) for kid in sorted(wraps)],
        "commit": commitments,
        "body": digest(jcs(body)),
        "_sd_alg": "sha-256",
        "_sd": sorted(digest(b64(plaintext)) for plaintext in plaintexts.values()),
    }
    spoiled.claims(claims)
    members: Parts = {
        "body": body,
        "env": _signed(claims, wish.signer, spoiled),
        "keys": [{"kid": kid, "wrap": wraps[kid]} for kid in sorted(wraps)],
    }
    spoiled.members(members)
    return jcs(members)


def claims_of(raw: bytes) -> dict[str, Any]:
    """Return what the envelope of a message says."""
    said: dict[str, Any] = json.loads(unb64(json.loads(raw)["env"].split(".")[1]))
    return said


class Greedy:
    """One unit with its keys, on one connection; every header and byte is as a test wants it."""

    def __init__(self, world: World, unit: str) -> None:
        self.world = world
        self.agency: Agency = world.agency(unit)
        self.binding = PrivateSigningKey.generate()
        self.http = httpx2.Client(base_url=world.url, timeout=30)
        self._token, self._given, self._ends = "", 0, 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    @property
    def now(self) -> int:
        return int(self.world.clock())

    def wish(
        self,
        to: str,
        step: str = "mitteilung",
        *,
        protocol: str = NOTICE,
        talk: Talk | None = None,
        content: Mapping[str, Any] | None = None,
        urgency: str = "planbar",
    ) -> Wish:
        """Return an honest message of this unit, ready to be spoiled."""
        rules = self.world.catalogue.known(protocol)
        rule = rules.step(step)
        assert rule is not None
        other = self.world.agency(to)
        name, now = str(uuid7()), self.now
        claims = Claims(
            hub=self.agency.hub.id,
            iss=self.agency.id,
            aud=to,
            jti=name,
            iat=now,
            end=latest_end(rule, now, self.world.node.directory.roles(to)),
            proto=protocol,
            step=step,
            cnv=talk.id if talk else name,
            pos=talk.position + 1 if talk else 1,
            prv=talk.last if talk else None,
            urg=urgency,
            lb=rule.basis_sender[0],
        )
        said = dict(example(rules.id, step) if content is None else content)
        schema = self.world.catalogue.schemas.by_digest(rule.schema_digest)
        if f"/{REPLY_KEY}" in schema.pointers and self.agency.person is not None:
            said[REPLY_KEY] = self.agency.person.kid
        person = (other.person,) if other.person else ()
        readers = person if rule.person_only else other.desk
        return Wish(claims, schema, said, tuple(key.public for key in readers), self.agency.signing)

    def submit(
        self, raw: bytes, address: str | None = None, media_type: str | None = JSON
    ) -> httpx2.Response:
        """Put a message where its envelope says, or elsewhere."""
        name = claims_of(raw)["jti"] if address is None else address
        return self.send("PUT", f"/v1/messages/{name}", raw, media_type)

    def say(self, to: str, step: str = "mitteilung", **wish: Any) -> Talk:
        """Have an honest message accepted."""
        raw = seal_anyway(self.wish(to, step, **wish))
        answer = self.submit(raw)
        assert answer.status_code == httpx2.codes.CREATED, answer.text
        return Talk.after(raw)

    def lease(self, *, ttl: int = 3600, most: int = 20) -> list[dict[str, Any]]:
        body = {"kids": [key.kid for key in self.agency.readers], "max": most, "ttl": ttl}
        answer = self.send("POST", "/v1/leases", json.dumps(body).encode())
        assert answer.status_code == httpx2.codes.OK, answer.text
        leases: list[dict[str, Any]] = answer.json()["leases"]
        return leases

    def lease_one(self, message_id: str, *, ttl: int = 3600) -> str:
        """Lease what waits, and return the lease of one message."""
        found = {claims_of(each["message"].encode())["jti"]: each for each in self.lease(ttl=ttl)}
        return str(found[message_id]["lease"])

    def state(self, message_id: str) -> dict[str, Any]:
        said: dict[str, Any] = self.send("GET", f"/v1/messages/{message_id}").json()
        return said

    def members(self, message_id: str, word: str) -> JsonObject:
        """Return what a receipt says at the least: which envelope, and which receipt before."""
        said = self.state(message_id)
        chain = [jws for jws in said["receipts"] if (_word(jws) in HIDDEN) == (word in HIDDEN)]
        last: JsonObject = {"prv": digest(chain[-1])} if chain else {}
        return {"env": said["env"], **last}

    def receipt(
        self, message_id: str, word: Word, members: JsonObject | None = None, **changes: Any
    ) -> str:
        """Sign a word about a message, honest but for ``changes``."""
        sender = self.state(message_id)["sender"]
        about: dict[str, Any] = {
            "iss": self.agency.id,
            "aud": self.agency.hub.id if word in HIDDEN else sender,
            "message_id": message_id,
            "receipt_id": str(uuid7()),
            "iat": self.now,
            "members": self.members(message_id, word) | self._extra(word) | (members or {}),
        }
        return make_receipt(changes.pop("key", self.agency.signing), word, **(about | changes))

    def _extra(self, word: Word) -> JsonObject:
        if word != "opened":
            return _EXTRA.get(word, {})
        kid = self.agency.desk[0].kid if self.agency.desk else digest("a key")
        return {"kid": kid, "classes": ["main"]}

    def hand_in(self, message_id: str, jws: str, address: str | None = None) -> httpx2.Response:
        """Put a receipt under its own id, or under another."""
        name = address or json.loads(unb64(jws.split(".")[1]))["jti"]
        path = f"/v1/messages/{message_id}/receipts/{name}"
        return self.send("PUT", path, jws.encode(), RECEIPT)

    def utter(self, message_id: str, word: Word, **changes: Any) -> httpx2.Response:
        """Sign a word about a message and hand it in."""
        return self.hand_in(message_id, self.receipt(message_id, word, **changes))

    def send(
        self,
        method: str,
        path: str,
        content: bytes | None = None,
        media_type: str | None = JSON,
        **headers: str,
    ) -> httpx2.Response:
        """Send one request with a token and a fresh proof; ``headers`` replace either."""
        token = self.token()
        shown = {"authorization": f"DPoP {token}", "dpop": self.proof(method, path, token)}
        if content is not None and media_type is not None:
            shown["content-type"] = media_type
        return self.http.request(method, path, content=content, headers=shown | headers)

    def token(self) -> str:
        # A token from before a clock was put back is one of the future.
        if not self._given <= self.now <= self._ends - EARLY:
            self._given = self.now
            answer = self.ask_for_token()
            assert answer.status_code == httpx2.codes.OK, answer.text
            self._token = answer.json()["access_token"]
            self._ends = self._given + answer.json()["expires_in"]
        return self._token

    def ask_for_token(
        self,
        *,
        assertion: str | None = None,
        proofs: Sequence[str] | None = None,
        **form: str,
    ) -> httpx2.Response:
        shown = [self.proof("POST", "/oauth/token", None)] if proofs is None else proofs
        fields = {
            "grant_type": "client_credentials",
            "client_assertion_type": ASSERTION,
            "client_assertion": self.assertion() if assertion is None else assertion,
        }
        content = str(httpx2.QueryParams(fields | form)).encode()
        headers = [("content-type", FORM), *(("dpop", proof) for proof in shown)]
        return self.http.post("/oauth/token", content=content, headers=headers)

    def assertion(self) -> str:
        hub = self.agency.hub
        return make_client_assertion(self.agency.token, self.agency.id, hub.issuer, self.now)

    def proof(self, method: str, path: str, token: str | None) -> str:
        asked = Request(method, self.agency.hub.issuer + path.partition("?")[0])
        return make_dpop_proof(self.binding, asked, self.now, access_token=token)


_EXTRA: Final[dict[str, JsonObject]] = {
    "acknowledged": {"role": digest("a role")},
    "rejected": {"problems": [{"code": "content-invalid", "pointers": ["/kind"]}]},
}
"""What some words say beyond the envelope and the receipt before."""


def _body(
    wish: Wish, keys: Mapping[str, bytes], spoiled: Spoiled
) -> tuple[dict[str, bytes], Parts]:
    schema, message_id = wish.schema, wish.claims.jti
    tree = expand(schema, wish.content)
    plaintexts: Parts = {
        leaf.pointer: disclose(leaf, secrets.token_bytes(SALT_BYTES), tree[leaf.pointer])
        for leaf in schema.leaves
    }
    spoiled.plaintexts(plaintexts)
    leaves: Parts = {
        leaf.pointer: seal_leaf(
            leaf_key(keys[leaf.class_name], message_id, leaf.pointer),
            secrets.token_bytes(IV_BYTES),
            plaintexts[leaf.pointer],
        )
        for leaf in schema.leaves
    }
    spoiled.leaves(leaves)
    body: Parts = dict(grow(schema, leaves))
    spoiled.body(body)
    return plaintexts, body


def _wraps(wish: Wish, keys: Mapping[str, bytes], spoiled: Spoiled) -> dict[str, str]:
    wrapped: Parts = dict(keys)
    spoiled.class_keys(wrapped)
    own = wish.claims
    bound: Parts = {"message_id": own.jti, "iss": own.iss, "aud": own.aud}
    spoiled.info(bound)
    context, secret = WrapContext(**bound), b"".join(wrapped[name] for name in sorted(wrapped))
    wraps: Parts = {key.kid: b64(wrap(key, secret, context.info(key.kid))) for key in wish.readers}
    spoiled.wraps(wraps)
    return wraps


def _named(kid: str, wrapped: str, schema: SealableSchema) -> JsonObject:
    return {"classes": list(schema.classes), "kid": kid, "rel": "now", "wrap": digest(wrapped)}


def _signed(claims: Parts, signer: Signer, spoiled: Spoiled) -> str:
    header: Parts = {"alg": signer.alg, "kid": signer.kid, "typ": MESSAGE_TYP}
    spoiled.header(header)
    signing_input = f"{b64(jcs(header))}.{b64(jcs(claims))}"
    return f"{signing_input}.{b64(signer.sign(signing_input.encode('ascii')))}"


def _word(jws: str) -> str:
    events = json.loads(unb64(jws.split(".")[1]))["events"]
    return str(next(iter(events))).rpartition(":")[2]
