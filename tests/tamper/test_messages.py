# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""No bit of a message can be changed without the hub and the reader refusing it."""

import json
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.errors import Refusal
from hub.sealing.canonical import b64, digest, jcs, unb64
from hub.sealing.envelope import env_digest
from tests.tamper.bits import draw_flipped
from tests.tamper.examples import thoroughly
from tests.tamper.exchange import Exchange
from tests.tamper.subjects import ES256, SUBJECTS, Subject
from tests.world import FEEDBACK

ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Of the group of P-256."""
every_subject: Final = pytest.mark.parametrize("subject", SUBJECTS.values(), ids=SUBJECTS)


@every_subject
def test_the_message_holds_as_it_is(subject: Subject) -> None:
    """Otherwise everything below would hold for a reason of its own."""
    assert subject.decide(subject.raw).iss == subject.claims["iss"]
    assert subject.read(subject.delivered).content is not None
    assert subject.with_claims(subject.claims)[:100] == subject.raw[:100]
    assert subject.read(subject.with_body(subject.members["body"])).content is not None


def test_the_delivery_holds_as_it_is(exchange: Exchange) -> None:
    notice, feedback = exchange.deliveries.values()

    assert notice.read(notice.raw).content == exchange.wish.content
    assert feedback.read(feedback.raw).content == FEEDBACK
    assert b'"added":' in feedback.raw


@every_subject
@thoroughly
@given(st.data())
def test_the_hub_refuses_a_message_with_another_bit(subject: Subject, data: st.DataObject) -> None:
    raw = draw_flipped(data, subject.raw)

    with pytest.raises(Refusal):
        subject.decide(raw)


@every_subject
@thoroughly
@given(st.data())
def test_the_reader_refuses_a_delivery_with_another_bit(
    subject: Subject, data: st.DataObject
) -> None:
    """A delivery has the reader's own wrap alone; so there is no bit that it cannot judge."""
    raw = draw_flipped(data, subject.delivered)

    with pytest.raises(Refusal):
        subject.read(raw)


@pytest.mark.parametrize("name", ["a notice", "with an added reader"])
@thoroughly
@given(st.data())
def test_the_sdk_reads_no_delivery_with_another_bit(
    exchange: Exchange, name: str, data: st.DataObject
) -> None:
    """Neither in the message, nor in the statement by which a reader was added (SL1 § 8)."""
    delivery = exchange.deliveries[name]
    raw = draw_flipped(data, delivery.raw)

    with pytest.raises(Refusal):
        delivery.read(raw)


@thoroughly
@given(st.data())
def test_the_hub_refuses_a_message_with_a_piece_left_out_or_said_twice(data: st.DataObject) -> None:
    subject = data.draw(st.sampled_from(list(SUBJECTS.values())))
    start = data.draw(st.integers(0, len(subject.raw) - 1))
    end = data.draw(st.integers(start + 1, len(subject.raw)))
    times = data.draw(st.sampled_from((0, 2)))
    raw = subject.raw[:start] + times * subject.raw[start:end] + subject.raw[end:]

    with pytest.raises(Refusal):
        subject.decide(raw)


@thoroughly
@given(st.data())
def test_without_effect_is_the_wrap_of_another_reader(
    exchange: Exchange, data: st.DataObject
) -> None:
    """Where a unit leases with two keys, it opens with the first and does not look at the other.

    The hub does: it held each wrap against the signed claims before it accepted the message.
    """
    delivery, members = exchange.deliveries["a notice"], exchange.notice.members
    own = exchange.notice.reader.kid
    others = [entry for entry in members["keys"] if entry["kid"] != own]
    other = data.draw(st.sampled_from(others))
    other["wrap"] = b64(draw_flipped(data, unb64(other["wrap"])))
    raw = jcs(members)

    assert delivery.read(raw).content == exchange.wish.content
    with pytest.raises(Refusal):
        exchange.notice.decide(raw)


def test_without_effect_is_the_second_signature_that_es256_has() -> None:
    """With r and s also r and n - s is a signature, and anybody can make the one of the other.

    No single bit does it. It is the same envelope by the same sender, so receipts carry a digest
    without the signature (SL1 § 9); the hub knows the bytes by another digest (``request``) and
    refuses the second as ``id-reused``.
    """
    env = ES256.members["env"]
    head, _, signature = env.rpartition(".")
    r, s = unb64(signature)[:32], int.from_bytes(unb64(signature)[32:])
    other = f"{head}.{b64(r + (ORDER - s).to_bytes(32))}"
    raw = jcs(json.loads(ES256.raw) | {"env": other})

    assert ES256.decide(raw) == ES256.decide(ES256.raw)
    assert env_digest(other) == env_digest(env)
    assert digest(raw) != digest(ES256.raw)
