# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How does a message look that an honest sealer would never make?

The same steps as ``hub.sealing.seal``, written out so that each can be spoiled before the next one
is taken. So a spoiled message is wrong in one respect only, and properly signed otherwise.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from hub.sealing.canonical import b64, digest, jcs
from hub.sealing.content import check_content
from hub.sealing.keys import class_key, commitment, leaf_key
from hub.sealing.leaf import disclose, seal_leaf
from hub.sealing.sealable import SealableSchema, parse_sealable
from hub.sealing.tree import grow
from hub.sealing.wrap import WrapContext
from specs.vectors.sl1.actors import Signing, Stream, wrapping_with
from specs.vectors.sl1.messages import Case

Parts: TypeAlias = dict[str, Any]
Spoil: TypeAlias = Callable[[Parts], object]


def keep(_: Parts) -> None:
    """Spoil nothing."""


@dataclass(frozen=True)
class Spoiled:
    """In which step a message is spoiled; each function changes its parts in place."""

    plaintexts: Spoil = keep
    """Padded disclosures by pointer, before they are sealed and hashed."""
    leaves: Spoil = keep
    """Sealed leaves by pointer, before the body is hashed."""
    body: Spoil = keep
    """The body, before it is hashed."""
    class_keys: Spoil = keep
    """Keys by class, before they are wrapped; leaves and commitments keep the right ones."""
    info: Spoil = keep
    """What the wraps are bound to: ``id``, ``iss``, ``aud``."""
    wraps: Spoil = keep
    """Wraps by kid, before they are hashed."""
    claims: Spoil = keep
    header: Spoil = keep
    members: Spoil = keep
    """The message, after everything was signed."""


STREAM_LABEL: Final = "forge"


def forge(case: Case, spoiled: Spoiled, signer: Signing | None = None) -> bytes:
    """Make a message, spoiled in the given steps."""
    schema = parse_sealable(case.schema)
    stream = Stream(STREAM_LABEL)
    secret = stream(32)
    message_id = case.claims.jti
    keys = {name: class_key(secret, message_id, name) for name in schema.classes}
    plaintexts, leaves = _leaves(case, schema, keys, spoiled, stream)
    body: Parts = dict(grow(schema, leaves))
    spoiled.body(body)
    wraps = _wraps(case, keys, spoiled)
    claims: Parts = case.claims.as_json() | {
        "suite": "SL1",
        "schema": schema.digest,
        "readers": [
            {
                "classes": sorted(reader.classes),
                "kid": reader.private.kid,
                "rel": reader.rel,
                "wrap": digest(wraps[reader.private.kid]),
            }
            for reader in sorted(case.readers, key=lambda reader: reader.private.kid)
        ],
        "commit": {name: b64(commitment(key, message_id, name)) for name, key in keys.items()},
        "body": digest(jcs(body)),
        "_sd_alg": "sha-256",
        "_sd": sorted(digest(b64(plaintext)) for plaintext in plaintexts.values()),
    }
    spoiled.claims(claims)
    members: Parts = {
        "body": body,
        "env": _signed(claims, signer or case.signer, spoiled),
        "keys": [{"kid": kid, "wrap": wraps[kid]} for kid in sorted(wraps)],
    }
    spoiled.members(members)
    return jcs(members)


def _leaves(
    case: Case, schema: SealableSchema, keys: dict[str, bytes], spoiled: Spoiled, stream: Stream
) -> tuple[Parts, Parts]:
    tree = check_content(schema, case.content)
    plaintexts: Parts = {
        leaf.pointer: disclose(leaf, stream(16), tree[leaf.pointer]) for leaf in schema.leaves
    }
    spoiled.plaintexts(plaintexts)
    leaves: Parts = {
        leaf.pointer: seal_leaf(
            leaf_key(keys[leaf.class_name], case.claims.jti, leaf.pointer),
            stream(12),
            plaintexts[leaf.pointer],
        )
        for leaf in schema.leaves
    }
    spoiled.leaves(leaves)
    return plaintexts, leaves


def _wraps(case: Case, keys: dict[str, bytes], spoiled: Spoiled) -> dict[str, str]:
    wrapped: Parts = dict(keys)
    spoiled.class_keys(wrapped)
    bound: Parts = {"message_id": case.claims.jti, "iss": case.claims.iss, "aud": case.claims.aud}
    spoiled.info(bound)
    wrap = wrapping_with(Stream(f"{STREAM_LABEL}/wrap"))
    wraps: Parts = {}
    for reader in case.readers:
        own = b"".join(wrapped[name] for name in sorted(reader.classes))
        public = reader.private.public
        wraps[public.kid] = b64(wrap(public, own, WrapContext(**bound).info(public.kid)))
    spoiled.wraps(wraps)
    return wraps


def _signed(claims: Parts, signer: Signing, spoiled: Spoiled) -> str:
    header: Parts = {"alg": signer.alg, "kid": signer.kid, "typ": "meldeweg-message+sd-jwt"}
    spoiled.header(header)
    signing_input = f"{b64(jcs(header))}.{b64(jcs(claims))}"
    return f"{signing_input}.{b64(signer.sign(signing_input.encode('ascii')))}"
