# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which messages does the hub refuse, and with which code? (SL1 § 7, hub)

Where something else than the message decides, ``about`` says it: under which address it was put,
by which client, when, and what the directory and the hub know.
"""

from dataclasses import replace
from typing import Any, Final

from hub.model.json import JsonObject
from hub.sealing.canonical import b64, digest, jcs, unb64
from specs.vectors.sl1.actors import (
    BEREITSCHAFT,
    CLERK,
    DESK,
    DUTY,
    JUGENDAMT,
    MESSAGE_ID,
    NOW,
    SCHOOL,
    SCHOOL_P256,
    SCHULE,
    STRANGER,
)
from specs.vectors.sl1.contents import CONFIRMED
from specs.vectors.sl1.forge import Parts, Spoiled
from specs.vectors.sl1.messages import DAY, OPENER, REPLY, Case, Reader
from specs.vectors.sl1.schemas import SMALL, around
from specs.vectors.sl1.spoil import (
    LEFT_OUT,
    Refused,
    body,
    claims,
    envelope,
    first_key,
    first_reader,
    flipped,
    header,
    leaf,
    loosely,
    members,
    segment,
    trailing_bits,
)

PLAIN: Final = Case(SMALL, CONFIRMED, REPLY, SCHOOL, (Reader(DESK, ("main",)),))
FIRST: Final = replace(PLAIN, claims=OPENER)
TWO: Final = replace(
    PLAIN, readers=(Reader(DESK, ("main",)), Reader(DUTY, ("main",), "escalation"))
)
DEPUTY_ALONE: Final = replace(PLAIN, readers=(Reader(DESK, ("main",), "escalation"),))
CLASSES: Final[JsonObject] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "akte": {"type": "boolean", "x-class": "akte"},
        "name": {"type": "string", "maxLength": 2, "x-bytes-per-char": 1},
        "ort": {"type": "string", "maxLength": 2, "x-bytes-per-char": 1},
    },
}
PARTIAL: Final = Case(
    CLASSES,
    {"akte": True, "name": "Ab"},
    OPENER,
    SCHOOL,
    (Reader(DESK, ("akte", "main")), Reader(CLERK, ("main",))),
)
NOBODY_READS_ALL: Final = replace(
    PARTIAL, readers=(Reader(DESK, ("akte",)), Reader(CLERK, ("main",)))
)
LISTS: Final = Case(
    around({"type": "array", "maxItems": 2, "items": {"type": "boolean"}}),
    {"feld": [True]},
    OPENER,
    SCHOOL,
    (Reader(DESK, ("main",)),),
)
OTHER_ID: Final = "0193504f-7c2a-7d41-8e5b-00000000000f"
OTHER_HEADER: Final = b64(b'{"alg":"dir","enc":"A128GCM"}')


def _readers_reversed(signed: Parts) -> None:
    signed["readers"].reverse()


def _twice(name: str) -> Spoiled:
    def spoil(signed: Parts) -> None:
        signed[name] = [signed[name][0], *signed[name]]

    return Spoiled(claims=spoil)


def _digests(change: Any) -> Spoiled:
    return Spoiled(claims=lambda signed: signed.update(_sd=change(signed["_sd"])))


def _keys(change: Any) -> Spoiled:
    return Spoiled(members=lambda message: message.update(keys=change(message["keys"])))


def _clerk(**changes: Any) -> Spoiled:
    """Sign something else about the reader of one class."""

    def spoil(signed: Parts) -> None:
        for reader in signed["readers"]:
            if reader["kid"] == CLERK.kid:
                reader.update(changes)

    return Spoiled(claims=spoil)


def _known(request: str, client: str = SCHULE) -> JsonObject:
    return {"known": [{"id": MESSAGE_ID, "client": client, "request": request}]}


BEFORE_THE_SIGNATURE: Final[dict[str, Refused]] = {
    "an honest message": Refused(None, PLAIN),
    "an opener": Refused(None, FIRST),
    "two classes": Refused(None, PARTIAL),
    "more than 262,144 bytes": Refused("too-large", PLAIN, raw=lambda raw: raw.ljust(262_145)),
    "exactly 262,144 bytes": Refused("not-a-message", PLAIN, raw=lambda raw: raw.ljust(262_144)),
    "white space": Refused("not-a-message", PLAIN, raw=lambda raw: b" " + raw),
    "not UTF-8": Refused("not-a-message", PLAIN, raw=lambda raw: raw[:-1] + b"\xff}"),
    "a list": Refused("not-a-message", PLAIN, raw=lambda raw: b"[%b]" % raw),
    "a member too many": Refused("not-a-message", PLAIN, members(zusatz=1)),
    "a member too few": Refused("not-a-message", PLAIN, members(keys=LEFT_OUT)),
    "a member that only deliveries have": Refused("not-a-message", PLAIN, members(added="x")),
    "keys that are an object": Refused("not-a-message", PLAIN, members(keys={})),
    "a key with a member too many": Refused("not-a-message", PLAIN, first_key(rel="now")),
    "a key with a member too few": Refused("not-a-message", PLAIN, first_key(kid=LEFT_OUT)),
    "a wrap that is a number": Refused("not-a-message", PLAIN, first_key(wrap=1)),
    "an envelope that is no string": Refused("envelope-invalid", PLAIN, members(env=1)),
    "two segments": Refused(
        "envelope-invalid", PLAIN, envelope(lambda env: env.rpartition(".")[0])
    ),
    "four segments": Refused("envelope-invalid", PLAIN, envelope(lambda env: f"{env}.AA")),
    "an empty segment": Refused("envelope-invalid", PLAIN, envelope(segment(2, lambda _: ""))),
    "padding": Refused("envelope-invalid", PLAIN, envelope(lambda env: f"{env}==")),
    "a second spelling of the signature": Refused(
        "envelope-invalid", PLAIN, envelope(segment(2, trailing_bits))
    ),
    "a header with white space": Refused("envelope-invalid", PLAIN, envelope(segment(0, loosely))),
    "a payload with white space": Refused("envelope-invalid", PLAIN, envelope(segment(1, loosely))),
    "a payload that is a list": Refused(
        "envelope-invalid", PLAIN, envelope(segment(1, lambda _: b64(b"[]")))
    ),
    "a header member too many": Refused("envelope-invalid", PLAIN, header(crit=["b64"])),
    "a header member too few": Refused("envelope-invalid", PLAIN, header(kid=LEFT_OUT)),
    "another kind of token": Refused("envelope-invalid", PLAIN, header(typ="secevent+jwt")),
    "a kid that is a number": Refused("envelope-invalid", PLAIN, header(kid=1)),
    "no sender": Refused("envelope-invalid", PLAIN, claims(iss=LEFT_OUT)),
    "a sender that is a number": Refused("envelope-invalid", PLAIN, claims(iss=1)),
    "a time of issue that is a string": Refused("envelope-invalid", PLAIN, claims(iat="1")),
    "true as time of issue": Refused("envelope-invalid", PLAIN, claims(iat=True)),
}

SIGNATURES: Final[dict[str, Refused]] = {
    "a flipped bit in the signature": Refused(
        "signature-invalid", PLAIN, envelope(segment(2, flipped))
    ),
    "a claim changed after signing": Refused(
        "signature-invalid",
        PLAIN,
        envelope(segment(1, lambda _: b64(b'{"iat":1790000000,"iss":"schule:999001"}'))),
    ),
    "a key that nobody knows": Refused("signature-invalid", PLAIN, signer=STRANGER),
    "the kid of the sender over a stranger's signature": Refused(
        "signature-invalid", PLAIN, header(kid=SCHOOL.kid), signer=STRANGER
    ),
    "another algorithm than the key's": Refused("signature-invalid", PLAIN, header(alg="ES256")),
    "no algorithm": Refused("signature-invalid", PLAIN, header(alg="none")),
    "a signature of no byte but one": Refused(
        "signature-invalid", PLAIN, envelope(segment(2, lambda _: "AA"))
    ),
    "the key of another sender": Refused(
        "signature-invalid", PLAIN, claims(iss="schule:999002"), {"client": "schule:999002"}
    ),
    "a key that is not valid yet": Refused(
        "signature-invalid", PLAIN, about={"not_before": NOW, "not_after": NOW + DAY}
    ),
    "a key that is not valid any more": Refused(
        "signature-invalid", PLAIN, about={"not_before": 0, "not_after": NOW - 6}
    ),
    "issued before any key": Refused("signature-invalid", PLAIN, claims(iat=-1)),
    "a key in its last second": Refused(None, PLAIN, about={"not_before": 0, "not_after": NOW - 5}),
    "ES256": Refused(None, PLAIN, signer=SCHOOL_P256),
    "ES256 with zeros": Refused(
        "signature-invalid",
        PLAIN,
        envelope(segment(2, lambda _: b64(bytes(64)))),
        signer=SCHOOL_P256,
    ),
    "ES256 with a byte too many": Refused(
        "signature-invalid",
        PLAIN,
        envelope(lambda env: f"{env}AA"),
        signer=SCHOOL_P256,
    ),
}

CLAIMS: Final[dict[str, Refused]] = (
    {
        "another suite": Refused("suite-unsupported", PLAIN, claims(suite="SL2")),
        "another suite beside another fault": Refused(
            "suite-unsupported", PLAIN, claims(suite="SL2", pos=0)
        ),
    }
    | {
        f"claims: {name}": Refused("envelope-invalid", FIRST if at_start else PLAIN, spoiled)
        for name, at_start, spoiled in (
            ("no suite", False, claims(suite=LEFT_OUT)),
            ("a suite that is a number", False, claims(suite=1)),
            ("an unknown claim", False, claims(exp=NOW + 60)),
            ("a claim named like an attribute", False, claims(schema_digest=digest("x"))),
            ("no hub", False, claims(hub=LEFT_OUT)),
            ("a hub in capitals", False, claims(hub="HUB.example")),
            ("a hub with a line feed", False, claims(hub="hub.meldeweg.example\n")),
            ("an addressee without key", False, claims(aud="jugendamt:")),
            ("an addressee with two dots", False, claims(aud="jugendamt:99.a.b")),
            ("an id in capitals", False, claims(jti=MESSAGE_ID.upper())),
            ("an id of version 1", False, claims(jti="0193504f-7c2a-1d41-8e5b-000000000002")),
            ("an id of another variant", False, claims(jti="0193504f-7c2a-7d41-ce5b-000000000002")),
            ("an end before the time of issue", False, claims(end=NOW - 6)),
            ("an end that is a string", False, claims(end="1")),
            ("true as end", False, claims(end=True)),
            ("a protocol without version", False, claims(proto="schule-mitteilung")),
            (
                "a protocol with a version of two parts",
                False,
                claims(proto="schule-mitteilung/1.0"),
            ),
            ("a protocol with a version of five digits", False, claims(proto="abc/1.0.10000")),
            ("a step of one letter", False, claims(step="a")),
            ("a step with an umlaut", False, claims(step="rückmeldung")),
            ("a digest of 42 characters", False, claims(schema="A" * 42)),
            ("a digest with trailing bits", False, claims(schema="A" * 42 + "B")),
            ("a conversation that is no UUID", False, claims(cnv="1")),
            ("position 0", False, claims(pos=0)),
            ("true as position", False, claims(pos=True)),
            ("an opener at position 2", True, claims(pos=2)),
            ("an opener that names an earlier message", True, claims(prv=digest("x"))),
            ("a later message that names none", False, claims(prv=LEFT_OUT)),
            ("null for the earlier message", True, claims(prv=None)),
            ("null for the cause", False, claims(cau=None)),
            ("a cause that is no UUID", False, claims(cau="x")),
            ("an urgency of three letters", False, claims(urg="jal")),
            ("a basis in capitals", False, claims(lb="KKG-4")),
            ("no reader", False, claims(readers=[])),
            ("readers that are an object", False, claims(readers={})),
            ("a reader with a member too many", False, first_reader(name="x")),
            ("a reader with a member too few", False, first_reader(rel=LEFT_OUT)),
            ("a reader of no class", False, first_reader(classes=[])),
            ("a reader with a class twice", False, first_reader(classes=["main", "main"])),
            ("a reader with classes out of order", False, first_reader(classes=["main", "akte"])),
            ("a reader with a class in capitals", False, first_reader(classes=["Main"])),
            ("a reader with a kid that is no digest", False, first_reader(kid="x")),
            ("a reader released at another time", False, first_reader(rel="later")),
            ("no commitment", False, claims(commit={})),
            ("commitments that are a list", False, claims(commit=[])),
            ("a commitment of 31 bytes", False, claims(commit={"main": "A" * 42})),
            ("a commitment to a class in capitals", False, claims(commit={"Main": digest("x")})),
            ("a body that is no digest", False, claims(body="x")),
            ("another algorithm for digests", False, claims(_sd_alg="sha-512")),
            ("no digests", False, claims(_sd=LEFT_OUT)),
            ("digests that are a string", False, claims(_sd="x")),
            ("a digest that is none", False, claims(_sd=["x"])),
        )
    }
    | {
        "claims: nine readers": Refused(
            "envelope-invalid",
            PLAIN,
            Spoiled(claims=lambda signed: signed.update(readers=signed["readers"] * 9)),
        ),
    }
)

TRANSPORT: Final[dict[str, Refused]] = {
    "another id in the address": Refused("id-mismatch", PLAIN, about={"address": OTHER_ID}),
    "another client": Refused("sender-mismatch", PLAIN, about={"client": "schule:999002"}),
    "another hub": Refused("hub-mismatch", PLAIN, claims(hub="hub.elsewhere.example")),
    "an id that other bytes have": Refused("id-reused", PLAIN, about=_known(digest("x"))),
    "an id that another client has": Refused(
        "id-reused", PLAIN, about=_known(digest("x"), "schule:999002")
    ),
    "issued 301 seconds ago": Refused("issued-outside-window", PLAIN, claims(iat=NOW - 301)),
    "issued 300 seconds ago": Refused(None, PLAIN, claims(iat=NOW - 300)),
    "issued 61 seconds ahead": Refused("issued-outside-window", PLAIN, claims(iat=NOW + 61)),
    "issued 60 seconds ahead": Refused(None, PLAIN, claims(iat=NOW + 60)),
    "ends now": Refused("issued-outside-window", PLAIN, claims(end=NOW)),
    "ends in a second": Refused(None, PLAIN, claims(end=NOW + 1)),
    "two faults: the first in order decides": Refused(
        "id-mismatch", PLAIN, claims(hub="hub.elsewhere.example"), {"address": OTHER_ID}
    ),
}

FORM: Final[dict[str, Refused]] = {
    "a schema that nobody knows": Refused("schema-unknown", PLAIN, claims(schema=digest("x"))),
    "the schema of another step": Refused(
        "scope-exceeded", PARTIAL, claims(schema=digest(jcs(SMALL)))
    ),
    "a place too many": Refused("scope-exceeded", PLAIN, body(name="Muster")),
    "a place too few": Refused("scope-exceeded", PLAIN, body(taetig=LEFT_OUT)),
    "a place in the open": Refused("scope-exceeded", PLAIN, body(taetig=True)),
    "a place that is null": Refused("scope-exceeded", PLAIN, body(taetig=None)),
    "a place that is a list": Refused("scope-exceeded", PLAIN, body(taetig=[])),
    "a slot too many": Refused(
        "scope-exceeded", LISTS, Spoiled(body=lambda it: it["feld"].append(it["feld"][0]))
    ),
    "a slot too few": Refused("scope-exceeded", LISTS, Spoiled(body=lambda it: it["feld"].pop())),
    "a body that is a string": Refused("scope-exceeded", PLAIN, members(body="x")),
    "a leaf that is too long": Refused(
        "scope-exceeded",
        PLAIN,
        Spoiled(plaintexts=lambda all_: all_.update({"/taetig": all_["/taetig"] + b" " * 32})),
    ),
    "a leaf that is too short": Refused(
        "scope-exceeded",
        PLAIN,
        Spoiled(plaintexts=lambda all_: all_.update({"/taetig": all_["/taetig"][:32]})),
    ),
    "a leaf with another header": Refused(
        "scope-exceeded", PLAIN, leaf("/taetig", segment(0, lambda _: OTHER_HEADER))
    ),
    "a leaf with a second spelling of its tag": Refused(
        "scope-exceeded", PLAIN, leaf("/taetig", segment(4, trailing_bits))
    ),
    "a leaf with a second spelling of its ciphertext": Refused(
        "scope-exceeded", PLAIN, leaf("/taetig", segment(3, trailing_bits))
    ),
    "a leaf with a letter beyond ASCII": Refused(
        "scope-exceeded", PLAIN, leaf("/taetig", lambda sealed: f"{sealed[:-1]}ä")
    ),
    "a leaf with a line feed at its end": Refused(
        "scope-exceeded", PLAIN, leaf("/taetig", lambda sealed: f"{sealed[:-1]}\n")
    ),
    "a leaf changed after signing": Refused(
        "body-mismatch",
        PLAIN,
        Spoiled(
            members=lambda message: message["body"].update(
                taetig=segment(4, flipped)(message["body"]["taetig"])
            )
        ),
    ),
    "two leaves exchanged after signing": Refused(
        "body-mismatch",
        PARTIAL,
        Spoiled(
            members=lambda message: message["body"].update(
                name=message["body"]["ort"], ort=message["body"]["name"]
            )
        ),
    ),
    "another digest of the body": Refused("body-mismatch", PLAIN, claims(body=digest("x"))),
    "a digest too few": Refused("commitments-invalid", PLAIN, _digests(lambda sd: sd[1:])),
    "a decoy": Refused(
        "commitments-invalid", PLAIN, _digests(lambda sd: sorted([*sd, digest("x")]))
    ),
    "digests out of order": Refused("commitments-invalid", PLAIN, _digests(lambda sd: sd[::-1])),
    "a digest twice": Refused(
        "commitments-invalid", PLAIN, _digests(lambda sd: sorted([*sd[1:], sd[1]]))
    ),
    "a commitment too few": Refused(
        "commitments-invalid", PARTIAL, Spoiled(claims=lambda it: it["commit"].pop("akte"))
    ),
    "a commitment too many": Refused(
        "commitments-invalid",
        PLAIN,
        Spoiled(claims=lambda it: it["commit"].update(akte=digest("x"))),
    ),
    "readers out of order": Refused(
        "readers-invalid",
        TWO,
        Spoiled(claims=_readers_reversed, members=lambda message: message["keys"].reverse()),
    ),
    "a reader twice": Refused("readers-invalid", PLAIN, _twice("readers")),
    "no reader but a deputy": Refused("readers-invalid", DEPUTY_ALONE),
    "no reader of all classes": Refused("readers-invalid", NOBODY_READS_ALL),
    "a reader of an unknown class": Refused(
        "readers-invalid",
        PARTIAL,
        _clerk(classes=["fremd"]),
    ),
    "a wrap too few": Refused("readers-invalid", TWO, _keys(lambda keys: keys[:1])),
    "a wrap too many": Refused("readers-invalid", PLAIN, _keys(lambda keys: [*keys, *keys])),
    "wraps in another order": Refused("readers-invalid", TWO, _keys(lambda keys: keys[::-1])),
    "a wrap with another kid": Refused("readers-invalid", PLAIN, first_key(kid=DUTY.kid)),
    "a wrap that is too short": Refused(
        "readers-invalid",
        PLAIN,
        Spoiled(wraps=lambda wraps: wraps.update({DESK.kid: b64(unb64(wraps[DESK.kid])[:-1])})),
    ),
    "a wrap for more classes than signed": Refused(
        "readers-invalid",
        PARTIAL,
        _clerk(classes=["akte", "main"]),
    ),
    "a wrap that is not base64url": Refused(
        "readers-invalid",
        PLAIN,
        Spoiled(wraps=lambda wraps: wraps.update({DESK.kid: "+" + wraps[DESK.kid][1:]})),
    ),
    "a wrap exchanged after signing": Refused(
        "readers-invalid",
        PLAIN,
        Spoiled(
            members=lambda message: message["keys"][0].update(
                wrap=flipped(message["keys"][0]["wrap"])
            )
        ),
    ),
    "a key that is not current": Refused(
        "reader-key-stale", PLAIN, about={"reading": {JUGENDAMT: [DUTY.kid]}}
    ),
    "a key of another unit": Refused("reader-key-stale", PLAIN, claims(aud=BEREITSCHAFT)),
}

HUB_REFUSALS: Final = BEFORE_THE_SIGNATURE | SIGNATURES | CLAIMS | TRANSPORT | FORM
