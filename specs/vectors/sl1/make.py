# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Make the vectors of SL1: ``python -m specs.vectors.sl1.make``.

The randomness is fixed, so every run writes the same bytes; a test holds that. Whoever implements
SL1 elsewhere reproduces ``example.json`` and ``messages.json`` from their inputs and gives every
other vector the answer that stands beside it.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from hub.errors import SchemaNotSealable
from hub.model.json import Json, JsonObject
from hub.sealing.canonical import b64
from hub.sealing.reader import ReaderPrivateKey, ReaderPublicKey
from hub.sealing.sealable import parse_sealable
from hub.sealing.tree import expand
from specs.vectors.sl1 import actors, contents, messages, schemas, spellings
from specs.vectors.sl1.cases import CLASSES, LISTS
from specs.vectors.sl1.hub_refusals import HUB_REFUSALS
from specs.vectors.sl1.not_sealable import NOT_SEALABLE
from specs.vectors.sl1.reader_refusals import READER_REFUSALS, WORDS
from specs.vectors.sl1.spoil import Refused

HERE: Final = Path(__file__).parent
TOO_LARGE: Final = 200_000
"""Messages beyond this are written without the spaces they are padded with."""


def build() -> dict[str, Json]:
    """Return all vectors by the name of their file."""
    return {
        "canonical.json": _canonical(),
        "sealable.json": _sealable(),
        "contents.json": _contents(),
        "text.json": {"forbidden": [*contents.FORBIDDEN], "allowed": [*contents.ALLOWED]},
        "reader-keys.json": _reader_keys(),
        "example.json": messages.example(),
        "messages.json": messages.messages(),
        "addition.json": messages.addition(),
        "refusals.json": _refusals(),
    }


def write(value: Json) -> str:
    """Write a vector file; characters that nobody sees are escaped."""
    text = json.dumps(value, ensure_ascii=False, indent=1)
    return "".join(c if c.isprintable() or c == "\n" else _escaped(c) for c in text) + "\n"


def _escaped(character: str) -> str:
    return json.dumps(character)[1:-1]


def _canonical() -> Json:
    return {
        "canonical": [
            {"name": name, "value": value, "jcs": text}
            for name, (value, text) in spellings.CANONICAL.items()
        ],
        "strict": [{"name": n, "text": text} for n, text in spellings.STRICT.items()],
        "not_strict": [{"name": n, "text": text} for n, text in spellings.NOT_STRICT.items()],
        "not_base64url": [{"name": n, "text": t} for n, t in spellings.NOT_BASE64URL.items()],
    }


def _sealable() -> Json:
    return {
        "sealable": [_derived(name, schema) for name, schema in schemas.SEALABLE.items()],
        "not_sealable": [
            {"name": name, "schema": schema, "code": SchemaNotSealable.code, "pointer": pointer}
            for name, (schema, pointer) in NOT_SEALABLE.items()
        ],
    }


def _derived(name: str, schema: JsonObject) -> JsonObject:
    sealable = parse_sealable(schema)
    leaves: list[Json] = [
        {
            "pointer": leaf.pointer,
            "class": leaf.class_name,
            "max": leaf.max_bytes,
            "L": leaf.padded,
            "N": leaf.sealed_length,
        }
        for leaf in sealable.leaves
    ]
    return {
        "name": name,
        "schema": schema,
        "digest": sealable.digest,
        "leaves": leaves,
        "body": sealable.body_bytes,
        "sealed": sealable.sealed,
    }


def _contents() -> Json:
    return [_content(name, case) for name, case in contents.CONTENTS.items()]


def _content(name: str, case: contents.Case) -> JsonObject:
    vector: JsonObject = {"name": name, "schema": case.schema, "content": case.content}
    if case.pointers is not None:
        return vector | {"code": "content-invalid", "pointers": [*case.pointers]}
    return vector | {"tree": dict(expand(parse_sealable(case.schema), case.content))}


def _reader_keys() -> Json:
    public = actors.DESK.public
    return {
        "keys": [{"seed": b64(k.seed), "kid": k.kid, "pub": k.public.b64} for k in _readers()],
        "invalid": [
            {"name": name, "pub": b64(raw), "code": "reader-key-invalid"}
            for name, raw in _invalid_keys(public).items()
        ],
    }


def _readers() -> tuple[ReaderPrivateKey, ...]:
    return (actors.DESK, actors.DUTY, actors.CLERK)


def _invalid_keys(public: ReaderPublicKey) -> dict[str, bytes]:
    lattice, curve = public.raw[:1184], public.raw[1184:]
    # 3329 is the modulus, so as a coefficient it is the first that is not reduced.
    return {
        "a byte too few": public.raw[:-1],
        "a byte too many": public.raw + b"\x00",
        "nothing": b"",
        "a first coefficient of 3329": b"\x01" + bytes([lattice[1] & 0xF0 | 0x0D]) + public.raw[2:],
        "a last coefficient of 4095": lattice[:1150]
        + bytes([lattice[1150] | 0xF0, 0xFF])
        + lattice[1152:]
        + curve,
        "a point of zero": lattice + bytes(32),
        "a point of order 1": lattice + b"\x01" + bytes(31),
        "a point of order 8": lattice + bytes.fromhex(ORDER_8),
    }


ORDER_8: Final = "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"


def _refusals() -> Json:
    known = (schemas.SMALL, CLASSES, LISTS.schema, WORDS.schema)
    signing: list[Json] = [
        {"iss": actors.SCHULE, "alg": key.alg, "kid": key.kid, "jwk": key.jwk}
        for key in (actors.SCHOOL, actors.SCHOOL_P256)
    ]
    return {
        "hub_id": actors.HUB,
        "now": actors.NOW,
        "schemas": [*known],
        "signing": signing,
        "reading": {
            actors.JUGENDAMT: [key.kid for key in _readers()],
            actors.BEREITSCHAFT: [actors.DUTY.kid],
        },
        "reader": {"seed": b64(actors.DESK.seed), "parties": [actors.JUGENDAMT]},
        "at_the_hub": _refused(HUB_REFUSALS),
        "at_the_reader": _refused(READER_REFUSALS),
    }


def _refused(vectors: Mapping[str, Refused]) -> list[Json]:
    return [
        {"name": name, "code": vector.code, **_message(vector.message), "about": vector.about}
        for name, vector in vectors.items()
    ]


def _message(raw: bytes) -> JsonObject:
    if len(raw) > TOO_LARGE:
        return {"message": raw.rstrip(b" ").decode("utf-8"), "padded_with_spaces_to": len(raw)}
    try:
        return {"message": raw.decode("utf-8")}
    except UnicodeDecodeError:
        return {"message_b64": b64(raw)}


def main() -> None:
    for name, value in build().items():
        (HERE / name).write_text(write(value), "utf-8")
        print(name)


if __name__ == "__main__":
    main()
