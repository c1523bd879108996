# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which forms are refused? (SL1 § 7, steps 6 and 7)"""

from typing import Any, Final

from hub.sealing.canonical import b64, digest, jcs, unb64
from specs.vectors.sl1.actors import (
    BEREITSCHAFT,
    CLERK,
    DESK,
    DUTY,
    JUGENDAMT,
)
from specs.vectors.sl1.cases import (
    DEPUTY_ALONE,
    LISTS,
    NOBODY_READS_ALL,
    PARTIAL,
    PLAIN,
    TWO,
)
from specs.vectors.sl1.forge import Parts, Spoiled
from specs.vectors.sl1.schemas import SMALL
from specs.vectors.sl1.spoil import (
    LEFT_OUT,
    Refused,
    body,
    claims,
    first_key,
    flipped,
    leaf,
    members,
    segment,
    trailing_bits,
)

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


FORM_REFUSALS: Final[dict[str, Refused]] = {
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
