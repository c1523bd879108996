# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A receipt says exactly what its word needs, signed by whom it names."""

import json

import pytest

from hub.errors import EnvelopeInvalid, SignatureInvalid
from hub.model.json import Json, JsonObject
from hub.model.participant import SigningKey
from hub.model.receipt import HIDDEN, Word
from hub.sealing.canonical import unb64
from hub.trust.kinds import RECEIPT
from hub.trust.receipts import REJECTIONS, WORDS, make_receipt, verify_receipt
from tests.unit.trust.builders import (
    HUB,
    MESSAGE,
    NOW,
    OFFICE,
    RECEIPT_ID,
    SCHOOL,
    a_digest,
    a_key,
    a_token,
    public,
    receipt_token,
)

ENV: JsonObject = {"env": a_digest("env")}
PRV: JsonObject = {"prv": a_digest("prv")}
A_PROBLEM: JsonObject = {"code": "content-invalid", "pointers": ["/kind/vorname", "/telefon/0"]}
MEMBERS: dict[Word, JsonObject] = {
    "accepted": {"request": a_digest(), "due": {"acknowledged": 2, "overdue": 3, "taken": 1}},
    "opened": PRV | {"kid": a_digest(), "classes": ["identitaet", "main"]},
    "taken": PRV,
    "acknowledged": PRV | {"role": a_digest()},
    "rejected": PRV | {"problems": [A_PROBLEM]},
    "withdrawn": PRV,
    "expired": PRV,
    "overdue": PRV,
    "escalated": PRV,
    "held": PRV,
    "passed-on": PRV | {"to": "jugendamt:05978020.asd"},
    "reader-added": PRV | {"statement": a_digest()},
    "erased": PRV,
}
WRONG: list[tuple[Word, str, Json]] = [
    ("taken", "env", "kein Digest"),
    ("taken", "env", None),
    ("taken", "prv", None),
    ("taken", "prv", 7),
    ("accepted", "request", ""),
    ("accepted", "due", {}),
    ("accepted", "due", NOW),
    ("accepted", "due", {"taken": "morgen"}),
    ("accepted", "due", {"taken": True}),
    ("accepted", "due", {"taken": -1}),
    ("accepted", "due", {"vielleicht": 1}),
    ("opened", "kid", ["x"]),
    ("opened", "classes", []),
    ("opened", "classes", "main"),
    ("opened", "classes", ["main", "identitaet"]),
    ("opened", "classes", ["main", "main"]),
    ("opened", "classes", ["Main"]),
    ("opened", "classes", [["main"]]),
    ("opened", "classes", [f"c{number}" for number in range(9)]),
    ("acknowledged", "role", "fachkraft"),
    ("rejected", "problems", []),
    ("rejected", "problems", A_PROBLEM),
    ("rejected", "problems", [A_PROBLEM] * 17),
    ("rejected", "problems", [{"code": "content-invalid"}]),
    ("rejected", "problems", [A_PROBLEM | {"code": "gefaellt-mir-nicht"}]),
    ("rejected", "problems", [A_PROBLEM | {"code": ["content-invalid"]}]),
    ("rejected", "problems", [A_PROBLEM | {"pointers": "/kind"}]),
    ("rejected", "problems", [A_PROBLEM | {"pointers": ["Kevin Beispiel"]}]),
    ("rejected", "problems", [A_PROBLEM | {"pointers": ["/kind/Kevin Beispiel"]}]),
    ("rejected", "problems", [A_PROBLEM | {"pointers": ["/a"] * 161}]),
    ("rejected", "problems", [A_PROBLEM | {"detail": "Kevin Beispiel"}]),
    ("passed-on", "to", "das Amt nebenan"),
    ("reader-added", "statement", {}),
]


def a_receipt(word: Word, **changes: Json) -> str:
    return make_receipt(
        a_key("amt"),
        word,
        iss=OFFICE,
        aud=SCHOOL,
        message_id=MESSAGE,
        receipt_id=RECEIPT_ID,
        iat=NOW,
        members=ENV | MEMBERS[word] | changes,
    )


def key_of(issuer: str, kid: str) -> SigningKey | None:
    key = public(a_key("amt"))
    return key if (issuer, kid) in {(OFFICE, key.kid), (HUB, key.kid)} else None


@pytest.mark.parametrize("word", WORDS)
def test_each_word_comes_back_as_it_was_said(word: Word) -> None:
    jws = a_receipt(word)

    receipt = verify_receipt(jws, key_of)

    said = ENV | MEMBERS[word]
    assert (receipt.word, receipt.env, receipt.prv) == (word, said["env"], said.get("prv"))
    assert receipt.members == {k: v for k, v in said.items() if k not in {"env", "prv"}}
    assert (receipt.iss, receipt.aud, receipt.iat, receipt.jws) == (OFFICE, SCHOOL, NOW, jws)
    assert (receipt.id, receipt.message_id) == (RECEIPT_ID, MESSAGE)


def test_a_receipt_is_a_security_event_token() -> None:
    """RFC 8417: ``typ``, one event, ``txn`` for what it is about; no ``sub``, no ``exp``."""
    header, payload = map(unb64, a_receipt("taken").split(".")[:2])

    assert json.loads(header) == {
        "alg": "EdDSA",
        "kid": a_key("amt").kid,
        "typ": "secevent+jwt",
    }
    assert json.loads(payload) == {
        "iss": OFFICE,
        "aud": SCHOOL,
        "jti": RECEIPT_ID,
        "iat": NOW,
        "txn": MESSAGE,
        "events": {"urn:meldeweg:receipt:taken": ENV | PRV},
    }


def test_the_hub_may_be_the_issuer_or_the_audience() -> None:
    jws = make_receipt(
        a_key("amt"),
        "escalated",
        iss=HUB,
        aud=HUB,
        message_id=MESSAGE,
        receipt_id=RECEIPT_ID,
        iat=NOW,
        members=dict(ENV),
    )

    assert verify_receipt(jws, key_of).iss == HUB


@pytest.mark.parametrize(("word", "member", "value"), WRONG)
def test_a_member_of_another_form_is_refused(word: Word, member: str, value: Json) -> None:
    members = ENV | MEMBERS[word] | {member: value}
    jws = receipt_token(a_key("amt"), word, **members)

    with pytest.raises(EnvelopeInvalid) as refused:
        verify_receipt(jws, key_of)

    assert refused.value.pointers == (f"/events/urn:meldeweg:receipt:{word}/{member}",)
    assert "Kevin" not in str(refused.value)


@pytest.mark.parametrize("word", WORDS)
def test_a_member_too_many_is_refused_and_not_named(word: Word) -> None:
    jws = receipt_token(a_key("amt"), word, **ENV, **MEMBERS[word], kevin="Beispiel")

    with pytest.raises(EnvelopeInvalid) as refused:
        verify_receipt(jws, key_of)

    assert refused.value.pointers == (f"/events/urn:meldeweg:receipt:{word}",)


@pytest.mark.parametrize(
    ("word", "member"), [(word, member) for word in WORDS for member in ENV | MEMBERS[word]]
)
def test_a_member_too_few_is_refused(word: Word, member: str) -> None:
    members = {name: value for name, value in (ENV | MEMBERS[word]).items() if name != member}
    jws = receipt_token(a_key("amt"), word, **members)

    if word in HIDDEN and member == "prv":
        assert verify_receipt(jws, key_of).prv is None
    else:
        with pytest.raises(EnvelopeInvalid):
            verify_receipt(jws, key_of)


def test_the_first_receipt_has_nothing_before_it() -> None:
    with pytest.raises(EnvelopeInvalid):
        a_receipt("accepted", prv=a_digest())


@pytest.mark.parametrize(
    "events",
    [
        None,
        [],
        {},
        {"urn:meldeweg:receipt:gelesen": ENV | PRV},
        {"urn:meldeweg:receipt:TAKEN": ENV | PRV},
        {"taken": ENV | PRV},
        {"urn:meldeweg:receipt:taken": "ja"},
        {"urn:meldeweg:receipt:taken": ENV | PRV, "urn:meldeweg:receipt:erased": ENV | PRV},
    ],
    ids=str,
)
def test_there_is_one_event_and_it_is_one_of_ours(events: Json) -> None:
    jws = a_token(RECEIPT, a_key("amt"), events=events)

    with pytest.raises(EnvelopeInvalid):
        verify_receipt(jws, key_of)


def test_a_receipt_in_anothers_name_is_refused() -> None:
    """The key is real, but it is not one of the unit that the receipt names."""
    jws = make_receipt(
        a_key("amt"),
        "taken",
        iss="jugendamt:05978020.asd",
        aud=SCHOOL,
        message_id=MESSAGE,
        receipt_id=RECEIPT_ID,
        iat=NOW,
        members=ENV | PRV,
    )

    with pytest.raises(SignatureInvalid):
        verify_receipt(jws, key_of)


def test_a_changed_receipt_is_refused() -> None:
    header, _, signature = a_receipt("taken").split(".")
    _, other, _ = a_receipt("taken", prv=a_digest("anders")).split(".")

    with pytest.raises(SignatureInvalid):
        verify_receipt(f"{header}.{other}.{signature}", key_of)


def test_whoever_signs_cannot_say_more_than_the_word_has() -> None:
    with pytest.raises(EnvelopeInvalid):
        a_receipt("taken", notiz="Kevin Beispiel")


def test_every_reason_of_a_reader_can_be_given() -> None:
    for code in REJECTIONS:
        problems: Json = [{"code": code, "pointers": []}]
        assert verify_receipt(a_receipt("rejected", problems=problems), key_of).members
