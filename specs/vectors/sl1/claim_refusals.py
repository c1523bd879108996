# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which signed claims are refused? (SL1 § 6 and § 7, step 4)"""

from typing import Final

from hub.sealing.canonical import digest, jcs
from specs.vectors.sl1.actors import (
    MESSAGE_ID,
    NOW,
)
from specs.vectors.sl1.cases import (
    FIRST,
    PLAIN,
)
from specs.vectors.sl1.forge import Spoiled
from specs.vectors.sl1.schemas import SMALL
from specs.vectors.sl1.spoil import (
    LEFT_OUT,
    Refused,
    claims,
    first_reader,
)

CLAIM_REFUSALS: Final[dict[str, Refused]] = (
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
            (
                "an attribute instead of its claim",
                False,
                claims(schema=LEFT_OUT, schema_digest=digest(jcs(SMALL))),
            ),
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
