# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""No claim can be changed: not without signing anew, and not against what is sealed."""

import json
from typing import Any, Final

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hub.errors import Refusal
from hub.sealing.canonical import b64, digest, jcs, unb64
from hub.sealing.jws import READER_TYP, write_jws
from specs.vectors.sl1.actors import CLERK, STRANGER
from tests.tamper.examples import thoroughly
from tests.tamper.exchange import Exchange
from tests.tamper.subjects import ES256, REPLY, SUBJECTS, Members, Subject, claims_in

every_subject: Final = pytest.mark.parametrize("subject", SUBJECTS.values(), ids=SUBJECTS)
OTHER_ID: Final = "0193504f-7c2a-7d41-8e5b-0000000000aa"
PLAUSIBLE: Final[tuple[Any, ...]] = (
    *(None, True, False, "", [], {}, 0, 1, 2, 2**53 - 1, -1, "SL1", "SL2", "now", "escalation"),
    *(OTHER_ID, digest("another"), [digest("another")], {"main": digest("another")}, "sofort"),
    *("schule:999002", "jugendamt:05170000.asd", "hub.elsewhere.example", "rueckfrage", "sha-512"),
    *("schule-mitteilung/1.0.1", "polizei-mitteilung/1.0.0", "kkg-4-4", "sgb8-8a-1", "planbar"),
)
"""Values that stand in one claim or another, or look as if."""
BOUND: Final = frozenset(
    {"_sd", "_sd_alg", "aud", "body", "commit", "hub", "iss", "jti", "readers", "schema", "suite"}
)
"""Claims that speak of what is sealed, by whom, to whom and over which hub."""
OWN_WORDS: Final = {
    "cau": "which message was the cause: the hub asks whether it is one of the conversation",
    "cnv": "which conversation: the hub asks whether it is one of these two parties",
    "end": "until when it may be opened: the hub asks the protocol for the latest end",
    "iat": "when it was signed: the hub asks its clock",
    "lb": "the legal basis: the hub asks the protocol",
    "pos": "the position: the hub asks the conversation",
    "proto": "the protocol: the hub asks which schema its step has",
    "prv": "the message seen last: the hub asks the conversation",
    "step": "the step: the hub asks which schema it has",
    "urg": "the urgency: the hub asks the protocol",
}
"""Without effect on seal and form: what a sender says in its own words, and who asks about it."""


def draw_other_claims(data: st.DataObject, claims: Members, names: list[str]) -> Members:
    """Change, leave out or add a claim."""
    name = data.draw(st.sampled_from(names))
    others = [st.sampled_from(PLAUSIBLE), drawn_from(claims.get(name))]
    other = data.draw(st.one_of(*others, *([st.just(...)] if name in claims else [])))
    changed = {known: value for known, value in claims.items() if known != name}
    if other is not ...:
        changed[name] = other
    assume(jcs(changed) != jcs(claims))
    return changed


def drawn_from(value: Any) -> st.SearchStrategy[Any]:
    """Draw something that differs from a value in one place."""
    match value:
        case bool():
            return st.just(not value)
        case int():
            return st.sampled_from((value + 1, value - 1, str(value)))
        case str():
            return st.integers(0, len(value) - 1).flatmap(lambda at: changed_at(value, at))
        case list():
            inner = [(at, drawn_from(item)) for at, item in enumerate(value)]
            return st.one_of(
                st.sampled_from((value[::-1], value[1:], [*value, *value[:1]])),
                *(each.map(_put(value, at)) for at, each in inner),
            )
        case dict():
            return st.one_of(
                st.just(value | {"mehr": 1}),
                *(drawn_from(item).map(_put(value, name)) for name, item in value.items()),
                *(st.just(_without(value, name)) for name in value),
            )
        case _:
            return st.sampled_from(PLAUSIBLE)


def changed_at(text: str, at: int) -> st.SearchStrategy[str]:
    letters = st.sampled_from("ABab019-_.:/~ \n\u00e4")
    return letters.map(lambda letter: f"{text[:at]}{letter}{text[at + 1 :]}")


def _put(value: Any, at: Any) -> Any:
    def put(item: Any) -> Any:
        other = json.loads(json.dumps(value))
        other[at] = item
        return other

    return put


def _without(value: Any, name: str) -> Any:
    return {known: item for known, item in value.items() if known != name}


def test_every_claim_is_bound_to_the_seal_or_is_the_senders_own_word() -> None:
    assert set(REPLY.claims) == BOUND | OWN_WORDS.keys()


@every_subject
@thoroughly
@given(st.data())
def test_no_claim_changes_without_a_new_signature(subject: Subject, data: st.DataObject) -> None:
    names = [*BOUND, *OWN_WORDS, "exp", "mehr"]
    claims = draw_other_claims(data, subject.claims, sorted(names))
    members = subject.members
    head, _, signature = members["env"].split(".")
    members["env"] = f"{head}.{b64(jcs(claims))}.{signature}"
    raw = jcs(members)

    assert claims_in(members) == claims
    for judge in (subject.decide, subject.read):
        with pytest.raises(Refusal):
            judge(raw)


@pytest.mark.parametrize("subject", [ES256, REPLY], ids=["nothing optional", "a reply"])
@thoroughly
@given(st.data())
def test_no_claim_can_be_signed_that_is_not_of_this_seal(
    subject: Subject, data: st.DataObject
) -> None:
    """These have one reader; of several, who may open at once is the sender's own word."""
    claims = draw_other_claims(data, subject.claims, sorted({*BOUND, "exp", "mehr"}))
    raw = subject.with_claims(claims)

    with pytest.raises(Refusal):
        subject.read(raw)


@thoroughly
@given(st.data())
def test_the_form_is_refused_by_the_hub_where_claims_and_members_say_different_things(
    data: st.DataObject,
) -> None:
    """What the hub can see of the seal: schema, body, classes, readers and wraps."""
    subject = data.draw(st.sampled_from(list(SUBJECTS.values())))
    at_the_hub = ("_sd_alg", "body", "readers", "schema", "suite")
    claims = draw_other_claims(data, subject.claims, [*at_the_hub, "mehr"])
    assume(not is_another_release(claims, subject))
    raw = subject.with_claims(claims)

    with pytest.raises(Refusal):
        subject.decide(raw)


def is_another_release(claims: Members, subject: Subject) -> bool:
    """Say whether only when somebody may open differs, and somebody still opens everything now.

    Without effect on the form: that is the sender's own word.
    """
    own = subject.claims["readers"]
    try:
        rels = [reader["rel"] for reader in claims["readers"]]
        same = [reader | {"rel": rel} for reader, rel in zip(own, rels, strict=True)]
    except (KeyError, TypeError, ValueError):
        return False
    full = [reader["rel"] for reader in same if len(reader["classes"]) == len(claims["commit"])]
    is_other = claims["readers"] == same != own
    return is_other and {*rels} <= {"now", "escalation"} and "now" in full


STATED: Final = ("aud", "env", "exp", "iss", "mehr", "reader", "sub", "suite")
"""Of a statement; its own id and, within the life of the message, its time are its own words."""


@thoroughly
@given(st.data())
def test_no_statement_can_be_signed_that_is_not_of_this_message_and_reader(
    exchange: Exchange, data: st.DataObject
) -> None:
    """Whoever may let one more reader in, lets in this one, into this message (SL1 § 8)."""
    delivery = exchange.deliveries["with an added reader"]
    members = json.loads(delivery.raw)
    stated: Members = json.loads(unb64(members["added"].split(".")[1]))
    claims = draw_other_claims(data, stated, list(STATED))
    members["added"] = write_jws(READER_TYP, claims, exchange.office.signing)

    with pytest.raises(Refusal):
        delivery.read(jcs(members))


HEADERS: Final = st.sampled_from(
    [
        {"alg": "none"},
        {"alg": "HS256"},
        {"alg": "ES256"},
        {"alg": "EdDSA"},
        {"kid": STRANGER.kid},
        {"kid": CLERK.kid},
        {"typ": "secevent+jwt"},
        {"typ": "JWT"},
        {"crit": []},
        {"b64": False},
        {"jku": "https://elsewhere.invalid/keys"},
        {"cty": "json"},
    ]
)


@every_subject
@thoroughly
@given(HEADERS, st.booleans())
def test_no_header_but_the_right_one_counts(
    subject: Subject, change: dict[str, Any], signed: bool
) -> None:
    members = subject.members
    _, payload, signature = members["env"].split(".")
    right = {"alg": subject.key.alg, "kid": subject.key.kid, "typ": "meldeweg-message+sd-jwt"}
    assume(right | change != right)
    head = f"{b64(jcs(right | change))}.{payload}"
    if signed:
        signature = b64(subject.signer.sign(head.encode()))
    raw = jcs(members | {"env": f"{head}.{signature}"})

    for judge in (subject.decide, subject.read):
        with pytest.raises(Refusal):
            judge(raw)
