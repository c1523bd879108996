# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the sender signed is what the transport says, or the message is refused."""

import pytest

from hub.errors import (
    HubMismatch,
    IdMismatch,
    IdReused,
    IssuedOutsideWindow,
    Refusal,
    SenderMismatch,
)
from hub.model.evidence import AuthenticatedClient, SoundEnvelope
from hub.model.json import JsonObject
from hub.model.message import ParsedMessage
from hub.sealing.canonical import jcs
from hub.trust.envelope import Transport, check_envelope
from hub.trust.jose import sign_token
from hub.trust.kinds import ENVELOPE
from hub.trust.signatures import verify_signature
from tests.unit.trust.builders import (
    HUB,
    MESSAGE,
    NOW,
    OFFICE,
    RECEIPT_ID,
    SCHOOL,
    Change,
    a_digest,
    a_key,
    changed,
    header_of,
    public,
)

CLAIMS: JsonObject = {
    "suite": "SL1",
    "hub": HUB,
    "iss": SCHOOL,
    "aud": OFFICE,
    "jti": MESSAGE,
    "iat": NOW,
    "end": NOW + 1_209_600,
    "proto": "schule-mitteilung/1.0.0",
    "step": "mitteilung",
    "schema": a_digest("schema"),
    "cnv": MESSAGE,
    "pos": 1,
    "urg": "planbar",
    "lb": "kkg-4-3",
    "readers": [
        {"classes": ["main"], "kid": a_digest("kid"), "rel": "now", "wrap": a_digest("wrap")}
    ],
    "commit": {"main": a_digest("commit")},
    "body": a_digest("body"),
    "_sd_alg": "sha-256",
    "_sd": [a_digest("leaf")],
}


def a_transport(
    *, address: str = MESSAGE, unit: str = SCHOOL, now: int = NOW, is_taken: bool = False
) -> Transport:
    client = AuthenticatedClient(unit, unit, "proof-00001", NOW + 70)
    return Transport(address, client, HUB, is_taken, now)


def check(transport: Transport, **changes: Change) -> SoundEnvelope:
    key, claims = a_key(), changed(CLAIMS, changes)
    iat = claims["iat"]
    assert isinstance(iat, int)
    message = ParsedMessage(
        raw=b"",
        env=sign_token(key, ENVELOPE.typ, claims),
        header=header_of(ENVELOPE, key),
        payload=jcs(claims),
        iss=SCHOOL,
        iat=iat,
        body={},
        body_bytes=b"{}",
        keys=(),
    )
    return check_envelope(verify_signature(message, public(key)), transport)


def test_an_envelope_that_says_what_the_transport_says_is_sound() -> None:
    assert check(a_transport()).envelope.jti == MESSAGE


@pytest.mark.parametrize(
    ("transport", "refusal", "pointer"),
    [
        (a_transport(address=RECEIPT_ID), IdMismatch, "/jti"),
        (a_transport(unit=OFFICE), SenderMismatch, "/iss"),
        (a_transport(is_taken=True), IdReused, "/jti"),
        (a_transport(now=NOW + 301), IssuedOutsideWindow, "/iat"),
        (a_transport(now=NOW - 61), IssuedOutsideWindow, "/iat"),
    ],
)
def test_each_difference_has_its_own_name(
    transport: Transport, refusal: type[Refusal], pointer: str
) -> None:
    with pytest.raises(refusal) as refused:
        check(transport)

    assert refused.value.pointers == (pointer,)


def test_a_message_for_another_hub_is_not_for_this_one() -> None:
    with pytest.raises(HubMismatch):
        check(a_transport(), hub="anderer.meldeweg.invalid")


def test_a_message_that_is_over_already_is_refused() -> None:
    with pytest.raises(IssuedOutsideWindow) as refused:
        check(a_transport(), end=NOW)

    assert refused.value.pointers == ("/end",)


@pytest.mark.parametrize("moment", [NOW - 60, NOW, NOW + 300])
def test_the_window_is_five_minutes_and_one_minute_wide(moment: int) -> None:
    assert check(a_transport(now=moment)).envelope.iat == NOW
