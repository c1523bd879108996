# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which messages does a reader refuse that a hub could not, and with which code? (SL1 § 7)"""

from dataclasses import replace
from typing import Any, Final

from hub.model.json import JsonObject
from hub.sealing.canonical import b64, digest, jcs
from specs.vectors.sl1.actors import BEREITSCHAFT, CLERK, DESK, DUTY, OUTSIDER, SCHULE
from specs.vectors.sl1.cases import LISTS, PARTIAL, PLAIN
from specs.vectors.sl1.forge import Parts, Spoiled
from specs.vectors.sl1.messages import REPLY
from specs.vectors.sl1.schemas import around, text
from specs.vectors.sl1.spoil import (
    Refused,
    claims,
    flipped,
    leaf,
    members,
    says,
    segment,
    states,
    swap,
)

WORDS: Final = replace(LISTS, schema=around(text(pattern="^[^x]*$")), content={"feld": "Muster"})
CLERKS: Final[JsonObject] = {"seed": b64(CLERK.seed)}


def _another_key(keys: Parts) -> None:
    keys["main"] = bytes(32)


def _wrap_flipped(wraps: Parts) -> None:
    wraps[DESK.kid] = flipped(wraps[DESK.kid])


def _a_digest_replaced(signed: Parts) -> None:
    signed["_sd"] = sorted([*signed["_sd"][1:], digest("x")])


def _salt_twice(plaintexts: Parts) -> None:
    salt = plaintexts["/name"][:26]
    plaintexts["/ort"] = salt + plaintexts["/ort"][26:]


def _item_after_a_vacant_one(plaintexts: Parts) -> None:
    for index, value in enumerate((None, True)):
        place = f"/feld/{index}"
        salt = plaintexts[place][2:24].decode("ascii")
        plaintexts[place] = jcs([salt, place, value]).ljust(len(plaintexts[place]))


def _malformed(change: Any) -> Refused:
    return Refused("leaf-malformed", PLAIN, says("/taetig", change))


ON_ARRIVAL: Final[dict[str, Refused]] = {
    "an honest message": Refused(None, PLAIN),
    "an honest message for a partial reader": Refused(None, PARTIAL, about=CLERKS),
    "an unknown member": Refused("not-a-message", PLAIN, members(zusatz=1)),
    "another suite": Refused("suite-unsupported", PLAIN, claims(suite="SL2")),
    "addressed to another unit": Refused("not-addressed", PLAIN, about={"parties": [BEREITSCHAFT]}),
    "sent over another hub": Refused("not-addressed", PLAIN, about={"hub": "hub.other.example"}),
    "no wrap for this key": Refused("not-addressed", PLAIN, about={"seed": b64(OUTSIDER.seed)}),
    "past its end": Refused("expired", PLAIN, about={"now": REPLY.end + 1}),
    "in its last second": Refused(None, PLAIN, about={"now": REPLY.end}),
    "an id seen with another envelope": Refused(
        "id-reused",
        PLAIN,
        about={"seen": [{"iss": SCHULE, "jti": REPLY.jti, "env": digest("x")}]},
    ),
    "an id seen from another sender": Refused(
        None,
        PLAIN,
        about={"seen": [{"iss": "schule:999002", "jti": REPLY.jti, "env": digest("x")}]},
    ),
    "a place too many": Refused(
        "scope-exceeded", PLAIN, Spoiled(body=lambda sealed: sealed.update(name="Muster"))
    ),
    "a leaf changed by the hub": Refused(
        "body-mismatch",
        PLAIN,
        Spoiled(
            members=lambda message: message["body"].update(
                taetig=segment(4, flipped)(message["body"]["taetig"])
            )
        ),
    ),
    "a decoy": Refused(
        "commitments-invalid",
        PLAIN,
        Spoiled(claims=lambda it: it.update(_sd=sorted([*it["_sd"], digest("x")]))),
    ),
    "a wrap withheld by the hub": Refused("readers-invalid", PLAIN, members(keys=[])),
    "a wrap changed by the hub": Refused(
        "readers-invalid",
        PLAIN,
        Spoiled(
            members=lambda message: message["keys"][0].update(
                wrap=flipped(message["keys"][0]["wrap"])
            )
        ),
    ),
    "a wrap for another key": Refused(
        "readers-invalid",
        PLAIN,
        Spoiled(members=lambda message: message["keys"][0].update(kid=DUTY.kid)),
    ),
}

SECRETS: Final[dict[str, Refused]] = {
    "a wrap that does not open": Refused("wrap-unopenable", PLAIN, Spoiled(wraps=_wrap_flipped)),
    "a wrap from another sender": Refused(
        "wrap-unopenable", PLAIN, Spoiled(info=lambda bound: bound.update(iss="schule:999002"))
    ),
    "a wrap for another addressee": Refused(
        "wrap-unopenable", PLAIN, Spoiled(info=lambda bound: bound.update(aud=BEREITSCHAFT))
    ),
    "a wrap of another message": Refused(
        "wrap-unopenable",
        PLAIN,
        Spoiled(info=lambda bound: bound.update(message_id="0193504f-7c2a-7d41-8e5b-00000000000f")),
    ),
    "another key than committed to": Refused(
        "secret-mismatch", PLAIN, Spoiled(class_keys=_another_key)
    ),
    "the keys of two classes exchanged": Refused(
        "secret-mismatch", PARTIAL, Spoiled(class_keys=swap("akte", "main"))
    ),
    "another commitment": Refused(
        "secret-mismatch", PLAIN, Spoiled(claims=lambda it: it.update(commit={"main": digest("x")}))
    ),
}

LEAVES: Final[dict[str, Refused]] = {
    "a leaf that does not open": Refused(
        "leaf-unopenable", PLAIN, leaf("/taetig", segment(4, flipped))
    ),
    "another initialisation vector": Refused(
        "leaf-unopenable", PLAIN, leaf("/taetig", segment(2, lambda _: "A" * 16))
    ),
    "two leaves exchanged": Refused(
        "leaf-unopenable", PARTIAL, Spoiled(leaves=swap("/name", "/ort")), CLERKS
    ),
    "a leaf that was not signed": Refused(
        "leaf-mismatch", PLAIN, Spoiled(claims=_a_digest_replaced)
    ),
    "the disclosure of another place": _malformed(lambda it: jcs([it[0], "/bestaetigt", it[2]])),
    "two disclosures exchanged": Refused(
        "leaf-malformed", PARTIAL, Spoiled(plaintexts=swap("/name", "/ort")), CLERKS
    ),
    "a disclosure of two members": _malformed(lambda it: jcs(it[:2])),
    "a disclosure of four members": _malformed(lambda it: jcs([*it, 1])),
    "a disclosure that is an object": _malformed(lambda it: jcs({"salt": it[0]})),
    "a disclosure that is not JSON": _malformed(lambda _: b"Muster"),
    "a disclosure with white space": _malformed(lambda it: jcs(it).replace(b",", b", ")),
    "a disclosure after a space": _malformed(lambda it: b" " + jcs(it)),
    "a disclosure padded with a tab": _malformed(lambda it: jcs(it) + b"\t"),
    "a disclosure that is not UTF-8": _malformed(lambda it: jcs(it[:2])[:-1] + b',"\xff"]'),
    "a salt of 15 bytes": _malformed(lambda it: jcs([b64(bytes(15)), *it[1:]])),
    "a salt with trailing bits": _malformed(lambda it: jcs([it[0][:-1] + "B", *it[1:]])),
    "a salt that is a number": _malformed(lambda it: jcs([1, *it[1:]])),
    "a salt twice": Refused("leaf-malformed", PARTIAL, Spoiled(plaintexts=_salt_twice), CLERKS),
    "a list as value": Refused("leaf-malformed", PLAIN, states("/taetig", [])),
    "an object as value": Refused("leaf-malformed", PLAIN, states("/taetig", {})),
    "a float as value": _malformed(lambda it: jcs(it[:2])[:-1] + b",1.0]"),
    "an integer too large as value": _malformed(lambda it: jcs(it[:2])[:-1] + b",%d]" % 2**53),
}

CONTENTS: Final[dict[str, Refused]] = {
    "a value of another type": Refused("content-invalid", PLAIN, states("/taetig", "ja")),
    "a constant that differs": Refused(
        "content-invalid", PLAIN, states("/eingegangen", value=False)
    ),
    "nothing where something is required": Refused(
        "content-invalid", PLAIN, states("/taetig", None)
    ),
    "a string that is not NFC": Refused("content-invalid", WORDS, states("/feld", "a\u0308")),
    "a forbidden character": Refused("content-invalid", WORDS, states("/feld", "a\u202eb")),
    "a string outside its pattern": Refused("content-invalid", WORDS, states("/feld", "x")),
    "a string that is too long": Refused("content-invalid", WORDS, states("/feld", "a" * 11)),
    "a string of too many bytes": Refused("content-invalid", PARTIAL, states("/name", "äö")),
    "an item after a vacant one": Refused(
        "content-invalid", LISTS, Spoiled(plaintexts=_item_after_a_vacant_one)
    ),
    "a string of too many bytes, for a partial reader": Refused(
        "content-invalid", PARTIAL, states("/name", "äö"), CLERKS
    ),
    "a fault in a class that a partial reader cannot see": Refused(
        None, PARTIAL, states("/akte", "ja"), CLERKS
    ),
    "nothing where a partial reader might expect something": Refused(
        None, PARTIAL, states("/name", None), CLERKS
    ),
    "a letter, a line feed and a sign beyond ASCII": Refused(
        None, WORDS, states("/feld", "ä\n\U0001f392")
    ),
}

READER_REFUSALS: Final = ON_ARRIVAL | SECRETS | LEAVES | CONTENTS
