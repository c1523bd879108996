# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""No bit of a wrap, a leaf or a disclosure can be changed, even if the sender signs the change.

So a reader's rejection is about what was signed; and a single field that is shown to a third party
is the one that was sent.
"""

import json
from typing import Any, Final

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hub.errors import Refusal
from hub.model.participant import SigningKey
from hub.sealing.canonical import b64, digest, jcs, unb64
from hub.sealing.disclosure import Presentation, parse_presentation, present
from hub.sealing.tree import expand, grow
from hub.trust.jose import verify_token
from hub.trust.kinds import ENVELOPE
from tests.tamper.bits import draw_flipped, draw_flipped_text
from tests.tamper.examples import thoroughly
from tests.tamper.subjects import SUBJECTS, Members, Subject

every_subject: Final = pytest.mark.parametrize("subject", SUBJECTS.values(), ids=SUBJECTS)


def check_read_as(subject: Subject, raw: bytes, code: str) -> None:
    """The hub carries it, and the reader refuses it."""
    subject.decide(raw)
    with pytest.raises(Refusal) as refused:
        subject.read(raw)
    assert refused.value.code == code


@every_subject
@thoroughly
@given(st.data())
def test_a_wrap_with_another_bit_does_not_open(subject: Subject, data: st.DataObject) -> None:
    """Neither in what is encapsulated, nor in the ciphertext, nor in the tag (RFC 9180)."""

    def change(claims: Members, members: Members) -> None:
        own = [each["kid"] for each in members["keys"]].index(subject.reader.kid)
        wrapped = b64(draw_flipped(data, unb64(members["keys"][own]["wrap"])))
        members["keys"][own]["wrap"] = wrapped
        claims["readers"][own]["wrap"] = digest(wrapped)

    check_read_as(subject, subject.signed_anew(change), "wrap-unopenable")


@every_subject
@thoroughly
@given(st.data())
def test_a_leaf_with_another_bit_does_not_open(subject: Subject, data: st.DataObject) -> None:
    """Neither in its initialisation vector, nor in the ciphertext, nor in the tag."""
    tree = {place: str(leaf) for place, leaf in expand(subject.schema, _body(subject)).items()}
    place = data.draw(st.sampled_from(sorted(tree)))
    segments = tree[place].split(".")
    part = data.draw(st.sampled_from((2, 3, 4)))
    segments[part] = b64(draw_flipped(data, unb64(segments[part])))
    tree[place] = ".".join(segments)

    check_read_as(subject, subject.with_body(grow(subject.schema, tree)), "leaf-unopenable")


@every_subject
@thoroughly
@given(st.data())
def test_a_commitment_with_another_bit_is_not_that_of_the_key(
    subject: Subject, data: st.DataObject
) -> None:
    def change(claims: Members, _: Members) -> None:
        name = data.draw(st.sampled_from(sorted(claims["commit"])))
        claims["commit"][name] = b64(draw_flipped(data, unb64(claims["commit"][name])))

    check_read_as(subject, subject.signed_anew(change), "secret-mismatch")


@every_subject
@thoroughly
@given(st.data())
def test_a_digest_with_another_bit_is_not_that_of_a_leaf(
    subject: Subject, data: st.DataObject
) -> None:
    def change(claims: Members, _: Members) -> None:
        at = data.draw(st.integers(0, len(claims["_sd"]) - 1))
        claims["_sd"][at] = b64(draw_flipped(data, unb64(claims["_sd"][at])))
        claims["_sd"].sort()

    check_read_as(subject, subject.signed_anew(change), "leaf-mismatch")


def _body(subject: Subject) -> Any:
    return subject.members["body"]


def shown(text: str, key: SigningKey) -> Presentation:
    """Do what somebody does who is shown a single field (SL1 § 9)."""
    presentation = parse_presentation(text)
    verify_token(presentation.env, kind=ENVELOPE, key_for=lambda _: key)
    return presentation


def a_presentation(data: st.DataObject, subject: Subject) -> str:
    disclosures = subject.read(subject.delivered).disclosures
    places = data.draw(st.lists(st.sampled_from(sorted(disclosures)), max_size=3, unique=True))
    return present(subject.members["env"], [disclosures[place] for place in places])


@every_subject
@thoroughly
@given(st.data())
def test_a_presentation_with_another_bit_proves_nothing(
    subject: Subject, data: st.DataObject
) -> None:
    text = a_presentation(data, subject)
    assert len(shown(text, subject.key).values) == text.count("~") - 1
    changed = draw_flipped_text(data, text)

    with pytest.raises(Refusal):
        shown(changed, subject.key)


@thoroughly
@given(st.data())
def test_a_disclosure_of_one_message_proves_nothing_in_another(data: st.DataObject) -> None:
    one, other = data.draw(st.permutations(list(SUBJECTS.values())))[:2]
    disclosures = one.read(one.delivered).disclosures
    place = data.draw(st.sampled_from(sorted(disclosures)))

    with pytest.raises(Refusal) as refused:
        shown(present(other.members["env"], [disclosures[place]]), other.key)
    assert refused.value.code == "leaf-mismatch"


@thoroughly
@given(st.data())
def test_a_disclosure_says_nothing_else_at_another_place(data: st.DataObject) -> None:
    """Whoever writes another value or place into a disclosure has another digest."""
    subject = data.draw(st.sampled_from(list(SUBJECTS.values())))
    disclosures = subject.read(subject.delivered).disclosures
    place = data.draw(st.sampled_from(sorted(disclosures)))
    plaintext = unb64(disclosures[place])
    said = Members(zip(("salt", "place", "value"), _said(plaintext), strict=True))
    name = data.draw(st.sampled_from(sorted(said)))
    other = data.draw(st.sampled_from([*disclosures, True, False, None, "Muster", 7]))
    assume(said[name] != other or type(said[name]) is not type(other))
    forged = jcs([*(said | {name: other}).values()]).ljust(len(plaintext))

    with pytest.raises(Refusal) as refused:
        shown(present(subject.members["env"], [b64(forged)]), subject.key)
    assert refused.value.code == "leaf-mismatch"


def _said(plaintext: bytes) -> list[Any]:
    said: list[Any] = json.loads(plaintext)
    return said
