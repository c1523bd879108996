# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What does a greedy sender try, and who has to stop it? Row by row, as ``specs/over-sharing.md``.

A row can be tried in several ways. Each is one message that is wrong in one respect; digests, order
and signature are made over the fault, so that the refusal has one reason only.
"""

import copy
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final, Literal

from hub.model.json import Json
from hub.sealing.canonical import b64, jcs, unb64
from hub.sealing.keys import KEY_BYTES
from hub.sealing.reader import ReaderPrivateKey
from hub.sealing.sealable import SealableSchema, parse_sealable
from hub.sealing.wrap import WrapContext, wrap
from specs.vectors.sl1.forge import Parts, Spoiled
from specs.vectors.sl1.spoil import (
    HONEST,
    body,
    claims,
    envelope,
    leaf,
    loosely,
    says,
    segment,
    states,
    trailing_bits,
    unchanged,
)
from tests.greedy import Wish, seal_anyway
from tests.journeys.books import CANARY
from tests.journeys.test_bad_messages import (
    BODIES,
    BYTES,
    CLAIMS,
    HEADERS,
    LARGEST,
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


@dataclass(frozen=True)
class Row:
    """Who says no to every way of one attempt, and with which code."""

    who: Literal["hub", "reader"]
    code: str
    ways: dict[str, Attempt]
    status: int = 422
    """Of the hub's answer; without meaning where the reader says no."""


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


def _version(name: str, value: Json) -> Callable[[Wish], tuple[Wish, Spoiled]]:
    return partial(as_if_of_the_step, partial(with_one_leaf_more, name, value))


SCOPE: Final = "scope-exceeded"
MALFORMED: Final = "leaf-malformed"
CONTENT: Final = "content-invalid"
TABLE: Final[dict[str, Row]] = {
    "G01": Row(
        "hub",
        SCOPE,
        known(BODIES, "an extra leaf", "an extra leaf deep inside")
        | {"an extra leaf, sealed": Attempt(("/body",), _version("religion", CANARY))},
    ),
    "G02": Row("hub", SCOPE, known(BODIES, "a missing leaf")),
    "G03": Row("hub", SCOPE, known(BODIES, "a renamed leaf")),
    "G04": Row("hub", SCOPE, known(BODIES, "a leaf that is too long")),
    "G05": Row("hub", SCOPE, known(BODIES, "a leaf that is too short")),
    "G06": Row("reader", "leaf-unopenable", spoiled_seals("two leaves exchanged")),
    "G07": Row(
        "reader",
        "leaf-unopenable",
        {"the name from another notice": Attempt((NAME,), with_a_leaf_of_another_message)},
    ),
    "G08": Row(
        "hub",
        SCOPE,
        {
            "an object at the root": made(("/body",), body(haustiere={"name": CANARY})),
            "an object in place of a leaf": made(
                (f"/body{NAME}",), leaf(NAME, lambda it: {CANARY: it})
            ),
        },
    ),
    "G09": Row("hub", SCOPE, known(BODIES, "a slot too many")),
    "G10": Row(
        "hub",
        SCOPE,
        known(BODIES, "a leaf in the open", "a leaf in the open, as long as a sealed one"),
    ),
    "G11": Row(
        "hub",
        SCOPE,
        known(BODIES, "a leaf under another header")
        | {
            "a member more in the header of a leaf": made(
                ("/body/hinweise/waffen",), leaf("/hinweise/waffen", header_with(kid=CANARY))
            )
        },
    ),
    "G12": Row(
        "hub",
        "envelope-invalid",
        known(HEADERS, "an unknown member", "crit", "compression", "a key in the header"),
    ),
    "G13": Row(
        "reader",
        MALFORMED,
        {
            "a text behind spaces": made(
                (NAME,), says(NAME, lambda it: jcs(it) + b" " * 8 + CANARY.encode())
            ),
            "a second disclosure": made((NAME,), says(NAME, lambda it: jcs(it) + b" " + jcs(it))),
            "another white space": made((NAME,), says(NAME, lambda it: jcs(it) + b"\t")),
            "a zero": made((NAME,), says(NAME, lambda it: jcs(it) + b"\0")),
        },
    ),
    "G14": Row(
        "reader",
        MALFORMED,
        {
            f"{length} bytes": made(
                (NAME,),
                says(NAME, lambda it, length=length: jcs([b64(bytes(length)), *it[1:]])),  # type: ignore[misc]
            )
            for length in (17, 32)
        },
    ),
    "G15": Row("reader", MALFORMED, spoiled_seals("a disclosure of four")),
    "G16": Row(
        "hub",
        "readers-invalid",
        {"a stranger": Attempt(("/keys",), with_a_stranger_in_keys)},
    ),
    "G17": Row(
        "hub",
        "readers-invalid",
        {"32 bytes more": made(("/keys/0/wrap",), Spoiled(wraps=with_more_in_each))},
    ),
    "G18": Row("hub", "envelope-invalid", known(CLAIMS, "an unknown claim")),
    "G19": Row(
        "reader",
        CONTENT,
        spoiled_seals("a word that no list knows")
        | {"all that there is room for": made((SEX,), states(SEX, "Kanarienvogel"))},
    ),
    "G20": Row(
        "hub",
        SCOPE,
        {
            "a measure": Attempt(
                ("/body",), _version("massnahme", "Inobhutnahme"), step="rueckmeldung"
            ),
            "a measure in the open": made(("/body",), body(massnahme=CANARY), step="rueckmeldung"),
        },
    ),
    "G21": Row("hub", SCOPE, {"religion": Attempt(("/body",), _version("religion", CANARY))}),
    "G22": Row(
        "reader",
        "secret-mismatch",
        {"two keys": Attempt(("/commit/main",), with_a_key_of_its_own_for_one_reader)},
    ),
    "G23": Row(
        "hub",
        "schema-unknown",
        {
            "religion": Attempt(
                ("/schema",), lambda wish: (with_one_leaf_more("religion", CANARY, wish), HONEST)
            )
        },
    ),
    "G24": Row(
        "reader",
        CONTENT,
        {"a fifth code": Attempt((SEX,), partial(as_if_of_the_step, with_one_code_more))},
    ),
    "G25": Row(
        "hub",
        "reader-key-stale",
        {
            "a stranger": Attempt(
                None, lambda wish: (wish.sealed_to(*wish.readers, STRANGER.public), HONEST)
            )
        },
        409,
    ),
    "G26": Row("hub", "commitments-invalid", known(BODIES, "a decoy")),
    "G27": Row("hub", "commitments-invalid", known(BODIES, "a commitment to an unknown class")),
    "G28": Row("hub", "not-a-message", known(BYTES, "an unknown member"), 400),
    "G29": Row("hub", "not-a-message", known(BYTES, "a key with an unknown member"), 400),
    "G30": Row("hub", "not-a-message", known(BYTES, "white space"), 400),
    "G31": Row("hub", "envelope-invalid", {"white space": Attempt((), with_loose_claims)}),
    "G32": Row(
        "hub",
        SCOPE,
        {
            part: made((f"/body{NAME}",), leaf(NAME, segment(number, trailing_bits)))
            for number, part in ((3, "the ciphertext"), (4, "the tag"))
        },
    ),
    "G33": Row(
        "reader",
        MALFORMED,
        spoiled_seals("a list as value")
        | {"an object as value": made((NAME,), states(NAME, {CANARY: CANARY}))},
    ),
    "G34": Row(
        "reader",
        CONTENT,
        {"61 letters": made(("/hinweise/sprache",), states("/hinweise/sprache", "a" * 61))},
    ),
    "G35": Row("reader", CONTENT, spoiled_seals("an invisible character")),
    "G36": Row(
        "reader",
        MALFORMED,
        {"another name": made((NAME,), says(NAME, lambda it: jcs([it[0], CALLED_NAME, it[2]])))},
    ),
    "G37": Row("reader", CONTENT, spoiled_seals("an observation after none")),
    "G38": Row("reader", "leaf-mismatch", spoiled_seals("a leaf that was not signed")),
    "G39": Row(
        "hub",
        "too-large",
        {"spaces": made((), HONEST, raw=lambda raw: raw.ljust(LARGEST + 1))},
        413,
    ),
    "G40": Row("hub", "reader-key-stale", {}, 409),
    "G41": Row("hub", "envelope-invalid", {}),
}
NO_MESSAGES: Final = frozenset({"G40", "G41"})
"""What is tried with another request than that of a message."""
UNSEEN: Final = frozenset({"G16", "G25"})
"""What only the hub can see: the true reader gets its own wrap alone, and opens."""
UNREAD: Final = frozenset({"G39"})
"""What is refused before it is read, and leaves no entry."""
