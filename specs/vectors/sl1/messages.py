# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which bytes does a message have, given its content and its randomness?"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from hub.model.json import Json, JsonObject
from hub.sealing.added import Original, add_reader, delivery_of
from hub.sealing.canonical import b64, digest, unb64
from hub.sealing.disclosure import present
from hub.sealing.envelope import parse_claims, parse_message
from hub.sealing.form import cut
from hub.sealing.keys import class_key, commitment, leaf_key
from hub.sealing.opening import open_message
from hub.sealing.reader import ReaderPrivateKey
from hub.sealing.seal import Claims, Entropy, ReaderChoice, Sealed, seal
from hub.sealing.sealable import SealableSchema, parse_sealable
from specs.vectors.sl1.actors import (
    CLERK,
    DESK,
    DUTY,
    HUB,
    JUGENDAMT,
    MESSAGE_ID,
    NOW,
    OPENER_ID,
    SCHOOL,
    SCHOOL_P256,
    SCHULE,
    Signing,
    Stream,
    wrapping_with,
)
from specs.vectors.sl1.contents import CONFIRMED, FULL, SMALLEST
from specs.vectors.sl1.schemas import LARGE, SMALL

DAY: Final = 86_400
EXAMPLE_SECRET: Final = "0tcmO-haJC49nFEJ9dQWeI4p85ZwSecBkCGnozhOKtQ"  # noqa: S105  published
EXAMPLE_SALT: Final = "zaGTuNTl4mVvrADbhFBs_w"
EXAMPLE_IV: Final = "hAHPwK96b5L4xVT_"

OPENER: Final = Claims(
    hub=HUB,
    iss=SCHULE,
    aud=JUGENDAMT,
    jti=OPENER_ID,
    iat=NOW - 5,
    end=NOW + 30 * DAY,
    proto="schule-mitteilung/1.0.0",
    step="mitteilung",
    cnv=OPENER_ID,
    pos=1,
    urg="sofort",
    lb="kkg-4-3",
)
REPLY: Final = replace(
    OPENER,
    jti=MESSAGE_ID,
    step="rueckmeldung",
    pos=2,
    prv=digest("an earlier envelope"),
    cau=OPENER_ID,
)


@dataclass(frozen=True)
class Reader:
    private: ReaderPrivateKey
    classes: tuple[str, ...]
    rel: Literal["now", "escalation"] = "now"

    def choice(self) -> ReaderChoice:
        return ReaderChoice(self.private.public, self.classes, self.rel)


@dataclass(frozen=True)
class Case:
    """All that goes into one message."""

    schema: JsonObject
    content: JsonObject
    claims: Claims
    signer: Signing
    readers: tuple[Reader, ...]


BOTH: Final = ("akte", "main")
CASES: Final[dict[str, Case]] = {
    "two classes, a partial reader and a deputy": Case(
        LARGE,
        FULL,
        OPENER,
        SCHOOL,
        (Reader(DESK, BOTH), Reader(CLERK, ("main",)), Reader(DUTY, BOTH, "escalation")),
    ),
    "nothing optional, signed with ES256": Case(
        LARGE, SMALLEST, OPENER, SCHOOL_P256, (Reader(DESK, BOTH),)
    ),
    "a reply with one class": Case(SMALL, CONFIRMED, REPLY, SCHOOL, (Reader(DUTY, ("main",)),)),
}


def example() -> JsonObject:
    """Return the worked example of the specification, with all that it leaves open."""
    published = iter(
        (unb64(EXAMPLE_SECRET), *_unpublished(), unb64(EXAMPLE_SALT), unb64(EXAMPLE_IV))
    )
    case = Case(SMALL, CONFIRMED, REPLY, SCHOOL, (Reader(DESK, ("main",)),))
    vector = vector_of("worked example", case, entropy=lambda _: next(published))
    schema = parse_sealable(SMALL)
    key = class_key(unb64(EXAMPLE_SECRET), MESSAGE_ID, "main")
    leaf = schema.pointers["/taetig"]
    steps: JsonObject = {
        "class_key": b64(key),
        "commitment": b64(commitment(key, MESSAGE_ID, "main")),
        "pointer": leaf.pointer,
        "max": leaf.max_bytes,
        "L": leaf.padded,
        "N": leaf.sealed_length,
        "salt": EXAMPLE_SALT,
        "iv": EXAMPLE_IV,
        "leaf_key": b64(leaf_key(key, MESSAGE_ID, leaf.pointer)),
    }
    return vector | {"steps": steps}


def _unpublished() -> list[bytes]:
    """Return salts and IVs of the two leaves of which the example says nothing."""
    stream = Stream("worked example")
    return [stream(length) for length in (16, 12, 16, 12)]


def messages() -> list[Json]:
    return [vector_of(name, case) for name, case in CASES.items()]


def vector_of(name: str, case: Case, entropy: Entropy | None = None) -> JsonObject:
    schema = parse_sealable(case.schema)
    sealed = seal_case(name, case, schema, entropy)
    disclosures: JsonObject = dict(sealed.disclosures)
    return {
        "name": name,
        "schema": case.schema,
        "content": case.content,
        "claims": case.claims.as_json(),
        "signer": {"alg": case.signer.alg, "jwk": case.signer.jwk, "kid": case.signer.kid},
        "secret": b64(sealed.secret),
        "disclosures": disclosures,
        "message": sealed.raw.decode("utf-8"),
        "env_digest": sealed.env_digest,
        "request": sealed.request,
        "readers": _opened(sealed, schema, case.readers),
        "presentation": present(sealed.env, list(sealed.disclosures.values())[:1]),
    }


def seal_case(
    name: str, case: Case, schema: SealableSchema, entropy: Entropy | None = None
) -> Sealed:
    return seal(
        schema,
        case.content,
        case.claims,
        case.signer,
        [reader.choice() for reader in case.readers],
        entropy=entropy or Stream(f"{name}/seal"),
        wrap_keys=wrapping_with(Stream(f"{name}/wrap")),
    )


def _opened(sealed: Sealed, schema: SealableSchema, readers: Sequence[Reader]) -> list[Json]:
    parsed = parse_message(sealed.raw)
    envelope = parse_claims(parsed)
    vectors: list[Json] = []
    for reader in readers:
        opened = open_message(parsed, envelope, schema, reader.private)
        delivered = cut(parsed, {reader.private.kid})
        vector: JsonObject = {
            "seed": b64(reader.private.seed),
            "kid": reader.private.kid,
            "classes": list(reader.classes),
            "rel": reader.rel,
            "delivered": digest(delivered),
            "content": opened.content,
            "values": dict(opened.values),
        }
        vectors.append(vector)
    return vectors


def addition() -> JsonObject:
    """Return a statement by which one more reader is added (SL1 § 8)."""
    name, case = next(iter(CASES.items()))
    schema = parse_sealable(case.schema)
    sealed = seal_case(name, case, schema)
    parsed = parse_message(sealed.raw)
    added = add_reader(
        Original(parse_claims(parsed), sealed.env, sealed.secret),
        ReaderChoice(NEW_COLLEAGUE.public, ("main",)),
        case.signer,
        statement_id="0193504f-7c2a-7d41-8e5b-000000000009",
        iat=NOW,
        wrap_keys=wrapping_with(Stream("addition/wrap")),
    )
    delivered = parse_message(delivery_of(parsed, added), delivered=True)
    statement = added.statement.claims
    opened = open_message(
        delivered, parse_claims(delivered), schema, NEW_COLLEAGUE, statement.reader
    )
    return {
        "message": sealed.raw.decode("utf-8"),
        "schema": case.schema,
        "seed": b64(NEW_COLLEAGUE.seed),
        "kid": NEW_COLLEAGUE.kid,
        "request": added.raw.decode("ascii"),
        "delivered": delivery_of(parsed, added).decode("utf-8"),
        "values": dict(opened.values),
        "statement_digest": added.statement_digest,
    }


NEW_COLLEAGUE: Final = ReaderPrivateKey(Stream("reader/vertretung")(32))
