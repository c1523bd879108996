# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Messages that the SDK would never make, so that the hub has something to refuse.

Each begins as a sound draft; what is wrong is put in by hand and, but for the wrong key, signed
properly. So the hub cannot refuse them for anything else.
"""

import json
import os
from dataclasses import dataclass, field
from typing import Any, Literal

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hub.client import Agency, Draft
from hub.model.message import WrappedKey
from hub.sealing.canonical import b64, digest, jcs, unb64
from hub.sealing.envelope import write_message
from hub.sealing.jws import MESSAGE_TYP, Signer, write_jws
from hub.sealing.keys import class_key, leaf_key
from hub.sealing.leaf import IV_BYTES, SALT_BYTES, disclose, seal_leaf
from hub.sealing.sealable import DEFAULT_CLASS, Leaf


@dataclass(frozen=True)
class Forgery:
    """What is to be wrong with a message."""

    greedy: dict[str, str] = field(default_factory=dict)
    """Values to say beyond the schema, by pointer."""
    claims: dict[str, Any] = field(default_factory=dict)
    """Claims of the envelope to be replaced."""
    stranger: bool = False
    """Signed with a key that nobody has published, under the name of the real one."""


@dataclass(frozen=True)
class Stranger:
    """Signs with a key of its own and says it was another."""

    kid: str
    alg: Literal["EdDSA", "ES256"] = "EdDSA"
    _key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)

    def sign(self, data: bytes) -> bytes:
        return self._key.sign(data)


def forge(draft: Draft, agency: Agency, forgery: Forgery) -> bytes:
    """Return the bytes of a draft with what is wrong put in."""
    message = json.loads(draft.body)
    claims = json.loads(unb64(message["env"].split(".")[1]))
    for pointer, value in forgery.greedy.items():
        _add_leaf(message["body"], claims, pointer, value, draft)
    claims |= {"body": digest(jcs(message["body"])), **forgery.claims}
    signer: Signer = Stranger(agency.signing.kid) if forgery.stranger else agency.signing
    keys = tuple(WrappedKey(each["kid"], each["wrap"]) for each in message["keys"])
    return write_message(write_jws(MESSAGE_TYP, claims, signer), jcs(message["body"]), keys)


def _add_leaf(body: Any, claims: dict[str, Any], pointer: str, value: str, draft: Draft) -> None:
    """Seal one value more, in every way as a leaf has to be; only its place does not exist."""
    leaf = Leaf(pointer, DEFAULT_CLASS, "string", 256, {"type": "string"})
    plaintext = disclose(leaf, os.urandom(SALT_BYTES), value)
    key = leaf_key(class_key(draft.sealed.secret, draft.id, DEFAULT_CLASS), draft.id, pointer)
    *parents, name = pointer.split("/")[1:]
    for each in parents:
        body = body[each]
    body[name] = seal_leaf(key, os.urandom(IV_BYTES), plaintext)
    claims["_sd"] = sorted([*claims["_sd"], digest(b64(plaintext))])
