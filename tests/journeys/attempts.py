# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How does a greedy sender make a message that says too much?

Each way is wrong in one respect; digests, order and signature are made over the fault, so that the
refusal has one reason only.
"""

import copy
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

from hub.model.json import Json
from hub.sealing.canonical import b64, jcs, unb64
from hub.sealing.keys import KEY_BYTES
from hub.sealing.reader import ReaderPrivateKey
from hub.sealing.sealable import SealableSchema, parse_sealable
from hub.sealing.wrap import WrapContext, wrap
from specs.vectors.sl1.forge import Parts, Spoiled
from specs.vectors.sl1.spoil import (
    claims,
    envelope,
    loosely,
    segment,
    unchanged,
)
from tests.greedy import Wish, seal_anyway
from tests.journeys.test_bad_messages import (
    Bad,
    after_signing,
)
from tests.journeys.test_spoiled_seals import NAME, SPOILED

Places = tuple[str, ...] | None
"""Where a refusal points; None where that depends on the order of random keys or digests."""
CALLED_NAME: Final = "/kind/name/rufname"
SEX: Final = "/kind/geschlecht"
STRANGER: Final = ReaderPrivateKey.generate()
"""Somebody whom no directory knows."""


@dataclass(frozen=True)
class Attempt:
    """One way to say too much."""

    places: Places
    spoil: Callable[[Wish], tuple[Wish, Spoiled]]
    raw: Callable[[bytes], bytes] = unchanged
    step: str = "mitteilung"

    def message(self, wish: Wish) -> bytes:
        return self.raw(seal_anyway(*self.spoil(wish)))


def made(places: Places, spoiled: Spoiled, **more: Any) -> Attempt:
    return Attempt(places, lambda wish: (wish, spoiled), **more)


def known(rows: dict[str, Bad], *names: str) -> dict[str, Attempt]:
    """Take ways from the table of bad messages."""
    found = ((name, rows[name]) for name in names)
    return {name: made(bad.no.pointers, bad.spoiled, raw=bad.raw) for name, bad in found}


def spoiled_seals(*names: str) -> dict[str, Attempt]:
    """Take ways from the table of spoiled seals."""
    found = ((name, SPOILED[name]) for name in names)
    return {name: made(places or None, spoiled) for name, (_, places, spoiled) in found}


def changed(schema: SealableSchema, change: Callable[[Any], object]) -> SealableSchema:
    """Return another version of a schema."""
    plain: Any = copy.deepcopy(schema.plain)
    change(plain["properties"])
    return parse_sealable(plain)


def with_one_leaf_more(name: str, value: Json, wish: Wish) -> Wish:
    """Seal by a version of the schema that has one leaf more."""
    wider = changed(wish.schema, lambda it: it.update({name: {"type": "string", "maxLength": 40}}))
    return replace(wish, schema=wider, content=wish.content | {name: value})


def as_if_of_the_step(change: Callable[[Wish], Wish], wish: Wish) -> tuple[Wish, Spoiled]:
    """Seal by another version of the schema, and sign the name of the right one."""
    return change(wish), claims(schema=wish.schema.digest)


def with_one_code_more(wish: Wish) -> Wish:
    """Seal by a version of the schema that lists one code more, no longer than the others."""
    codes: Json = {"type": "string", "enum": ["m", "w", "d", "x", "k"]}
    wider = changed(wish.schema, lambda it: it["kind"]["properties"].update(geschlecht=codes))
    assert wider.body_bytes == wish.schema.body_bytes
    content: Any = copy.deepcopy(wish.content)
    content["kind"]["geschlecht"] = "k"
    return replace(wish, schema=wider, content=content)


def with_a_leaf_of_another_message(wish: Wish) -> tuple[Wish, Spoiled]:
    """Move the sealed name of a child here, with the disclosure that belongs to it."""
    plaintexts: Parts = {}
    leaves: Parts = {}
    other = wish.saying(jti="0193504f-7c2a-7d41-8e5b-0000000000aa")
    seal_anyway(other, Spoiled(plaintexts=plaintexts.update, leaves=leaves.update))
    moved = Spoiled(
        plaintexts=lambda it: it.update({NAME: plaintexts[NAME]}),
        leaves=lambda it: it.update({NAME: leaves[NAME]}),
    )
    return wish, moved


def with_a_key_of_its_own_for_one_reader(wish: Wish) -> tuple[Wish, Spoiled]:
    """Wrap another key for the first reader than for all others."""
    own, first = wish.claims, wish.readers[0]
    info = WrapContext(own.jti, own.iss, own.aud).info(first.kid)
    other = b64(wrap(first, os.urandom(KEY_BYTES), info))
    return wish, Spoiled(wraps=lambda wraps: wraps.update({first.kid: other}))


def with_a_stranger_in_keys(wish: Wish) -> tuple[Wish, Spoiled]:
    """Send a wrap for somebody whom the signed claims do not name."""
    own = wish.claims
    info = WrapContext(own.jti, own.iss, own.aud).info(STRANGER.kid)
    entry = {"kid": STRANGER.kid, "wrap": b64(wrap(STRANGER.public, bytes(KEY_BYTES), info))}
    return wish, after_signing(lambda it: it["keys"].append(entry))


def with_more_in_each(wraps: Parts) -> None:
    wraps.update({kid: b64(unb64(wrapped) + bytes(32)) for kid, wrapped in wraps.items()})


def with_loose_claims(wish: Wish) -> tuple[Wish, Spoiled]:
    """Sign claims with white space between them."""

    def signed_anew(env: str) -> str:
        signing_input = segment(1, loosely)(env).rpartition(".")[0]
        return f"{signing_input}.{b64(wish.signer.sign(signing_input.encode()))}"

    return wish, envelope(signed_anew)


def header_with(**more: Json) -> Callable[[str], str]:
    """Write another header over a sealed leaf."""
    header: dict[str, Json] = {"alg": "dir", "enc": "A256GCM", **more}
    return segment(0, lambda _: b64(jcs(header)))


def by_another_version(name: str, value: Json) -> Callable[[Wish], tuple[Wish, Spoiled]]:
    return partial(as_if_of_the_step, partial(with_one_leaf_more, name, value))
