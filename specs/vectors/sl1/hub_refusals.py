# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which messages does the hub refuse, and with which code? (SL1 § 7, hub)

Where something else than the message decides, ``about`` says it: under which address it was put,
by which client, when, and what the directory and the hub know.
"""

from typing import Final

from hub.model.json import JsonObject
from hub.sealing.canonical import b64, digest
from specs.vectors.sl1.actors import (
    MESSAGE_ID,
    NOW,
    SCHOOL,
    SCHOOL_P256,
    SCHULE,
    STRANGER,
)
from specs.vectors.sl1.cases import (
    FIRST,
    PARTIAL,
    PLAIN,
)
from specs.vectors.sl1.claim_refusals import CLAIM_REFUSALS
from specs.vectors.sl1.form_refusals import FORM_REFUSALS
from specs.vectors.sl1.messages import DAY
from specs.vectors.sl1.spoil import (
    LEFT_OUT,
    Refused,
    claims,
    envelope,
    first_key,
    flipped,
    header,
    loosely,
    members,
    segment,
    trailing_bits,
)

OTHER_ID: Final = "0193504f-7c2a-7d41-8e5b-00000000000f"


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
    "true as time of issue, signed by a stranger": Refused(
        "envelope-invalid", PLAIN, claims(iat=True), signer=STRANGER
    ),
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

HUB_REFUSALS: Final = BEFORE_THE_SIGNATURE | SIGNATURES | CLAIM_REFUSALS | TRANSPORT | FORM_REFUSALS
