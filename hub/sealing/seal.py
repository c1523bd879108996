# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How does a content become a message? (SL1 § 5)"""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from hub.errors import ReadersInvalid
from hub.model.json import Json, JsonObject
from hub.model.message import WrappedKey
from hub.sealing.canonical import b64, digest, jcs
from hub.sealing.content import check_content
from hub.sealing.envelope import env_digest, parse_claims, parse_message, write_message
from hub.sealing.form import check_form
from hub.sealing.jws import MESSAGE_TYP, Signer, write_jws
from hub.sealing.keys import KEY_BYTES, class_key, commitment, leaf_key
from hub.sealing.leaf import IV_BYTES, SALT_BYTES, disclose, seal_leaf
from hub.sealing.reader import ReaderPublicKey
from hub.sealing.sealable import SealableSchema
from hub.sealing.tree import Tree, grow
from hub.sealing.wrap import WrapContext, wrap

SUITE: Final = "SL1"

Entropy: TypeAlias = Callable[[int], bytes]
Wrap: TypeAlias = Callable[[ReaderPublicKey, bytes, bytes], bytes]


@dataclass(frozen=True)
class ReaderChoice:
    """Who may open which classes, and when."""

    public: ReaderPublicKey
    classes: tuple[str, ...]
    rel: Literal["now", "escalation"] = "now"


@dataclass(frozen=True)
class Claims:
    """What the sender says in the open; the rest of the envelope follows from the sealing."""

    hub: str
    iss: str
    aud: str
    jti: str
    iat: int
    end: int
    proto: str
    step: str
    cnv: str
    pos: int
    urg: str
    lb: str
    prv: str | None = None
    cau: str | None = None

    def as_json(self) -> JsonObject:
        return {name: value for name, value in vars(self).items() if value is not None}


@dataclass(frozen=True)
class Sealed:
    """A message ready to be sent, and what its sender keeps."""

    raw: bytes
    env: str
    secret: bytes = field(repr=False)
    """Opens everything; destroy it once the message is acknowledged or past its end."""
    disclosures: Mapping[str, str] = field(repr=False)
    """By pointer; with one of them a single field can be proven (SL1 § 9)."""

    @property
    def env_digest(self) -> str:
        return env_digest(self.env)

    @property
    def request(self) -> str:
        """Digest of the message bytes, as the receipt of acceptance carries it."""
        return digest(self.raw)


def seal(
    schema: SealableSchema,
    content: Json,
    claims: Claims,
    signer: Signer,
    readers: Sequence[ReaderChoice],
    *,
    entropy: Entropy = os.urandom,
    wrap_keys: Wrap = wrap,
) -> Sealed:
    """Seal a content, or refuse it as the reader and the hub would.

    Whoever repeats an attempt with changed bytes seals anew: secret, salts and IVs must never
    serve twice. ``entropy`` and ``wrap_keys`` are replaced by those who publish examples only.
    """
    tree = check_content(schema, content)
    secret = entropy(KEY_BYTES)
    keys = {name: class_key(secret, claims.jti, name) for name in schema.classes}
    leaves = _seal_leaves(schema, tree, claims.jti, keys, entropy)
    body = jcs(grow(schema, {pointer: leaf.sealed for pointer, leaf in leaves.items()}))
    context = WrapContext(claims.jti, claims.iss, claims.aud)
    wrapped = [wrap_for(reader, context, keys, wrap_keys) for reader in _ascending(readers)]
    digests: list[Json] = [*sorted(digest(leaf.disclosure) for leaf in leaves.values())]
    derived: JsonObject = {
        "suite": SUITE,
        "schema": schema.digest,
        "readers": [reader for reader, _ in wrapped],
        "commit": {name: b64(commitment(key, claims.jti, name)) for name, key in keys.items()},
        "body": digest(body),
        "_sd_alg": "sha-256",
        "_sd": digests,
    }
    env = write_jws(MESSAGE_TYP, claims.as_json() | derived, signer)
    raw = write_message(env, body, tuple(key for _, key in wrapped))
    _check_own(raw, schema)
    return Sealed(raw, env, secret, {place: leaf.disclosure for place, leaf in leaves.items()})


@dataclass(frozen=True)
class _SealedLeaf:
    disclosure: str
    sealed: str


def _seal_leaves(
    schema: SealableSchema,
    tree: Tree,
    message_id: str,
    keys: Mapping[str, bytes],
    entropy: Entropy,
) -> dict[str, _SealedLeaf]:
    leaves = {}
    for leaf in schema.leaves:
        plaintext = disclose(leaf, entropy(SALT_BYTES), tree[leaf.pointer])
        key = leaf_key(keys[leaf.class_name], message_id, leaf.pointer)
        sealed = seal_leaf(key, entropy(IV_BYTES), plaintext)
        leaves[leaf.pointer] = _SealedLeaf(b64(plaintext), sealed)
    return leaves


def _ascending(readers: Sequence[ReaderChoice]) -> list[ReaderChoice]:
    return sorted(readers, key=lambda reader: reader.public.kid)


def wrap_for(
    reader: ReaderChoice, context: WrapContext, keys: Mapping[str, bytes], wrap_keys: Wrap
) -> tuple[JsonObject, WrappedKey]:
    """Return the claim about a reader and the wrap itself."""
    kid, classes = reader.public.kid, sorted(reader.classes)
    if not keys.keys() >= set(classes):
        raise ReadersInvalid("A reader is to have a class that the schema does not know.")
    own = b"".join(keys[name] for name in classes)
    wrapped = b64(wrap_keys(reader.public, own, context.info(kid)))
    claim: JsonObject = {
        "classes": list(classes),
        "kid": kid,
        "rel": reader.rel,
        "wrap": digest(wrapped),
    }
    return claim, WrappedKey(kid, wrapped)


def _check_own(raw: bytes, schema: SealableSchema) -> None:
    """Never hand out what the hub would refuse: too long, a claim out of form, no full reader."""
    parsed = parse_message(raw)
    check_form(parse_claims(parsed), parsed, schema)
