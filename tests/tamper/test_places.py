# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""No leaf, slot or wrap can stand at another place or in another message.

Not after signing, which the hub sees; and not even if the sender itself signs the exchange, which
the reader sees.
"""

import copy
from typing import Any, Final

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hub.errors import LeafUnopenable, Refusal, ScopeExceeded
from hub.model.json import JsonObject
from hub.sealing.canonical import jcs
from hub.sealing.tree import expand, grow
from specs.vectors.sl1.forge import Spoiled
from specs.vectors.sl1.spoil import swap
from tests.greedy import seal_anyway
from tests.tamper.examples import thoroughly
from tests.tamper.exchange import Exchange
from tests.tamper.subjects import Members, Subject

Tree = dict[str, str]


def leaves_of(subject: Subject) -> Tree:
    return {place: str(leaf) for place, leaf in expand(subject.schema, _body(subject)).items()}


def _body(subject: Subject) -> JsonObject:
    body: JsonObject = subject.members["body"]
    return body


def draw_two_places(data: st.DataObject, subject: Subject, *, alike: bool) -> tuple[str, str]:
    """Draw two leaves of one length, or of different ones."""
    leaves = subject.schema.leaves
    one = data.draw(st.sampled_from(leaves))
    others = [each for each in leaves if each is not one and (each.padded == one.padded) == alike]
    assume(others)
    return one.pointer, data.draw(st.sampled_from(others)).pointer


@thoroughly
@given(st.data())
def test_two_leaves_exchanged_after_signing_are_refused_by_both(
    exchange: Exchange, data: st.DataObject
) -> None:
    notice, tree = exchange.notice, leaves_of(exchange.notice)
    swap(*draw_two_places(data, notice, alike=data.draw(st.booleans())))(tree)
    raw = jcs(notice.members | {"body": grow(notice.schema, tree)})

    for judge in (notice.decide, notice.read):
        with pytest.raises(Refusal) as refused:
            judge(raw)
        assert refused.value.code in {"body-mismatch", "scope-exceeded"}


@thoroughly
@given(st.data())
def test_two_leaves_exchanged_by_the_sender_do_not_open(
    exchange: Exchange, data: st.DataObject
) -> None:
    notice, tree = exchange.notice, leaves_of(exchange.notice)
    one, other = draw_two_places(data, notice, alike=True)
    swap(one, other)(tree)
    raw = notice.with_body(grow(notice.schema, tree))

    notice.decide(raw)
    with pytest.raises(LeafUnopenable) as refused:
        notice.read(raw)
    assert refused.value.pointers[0] in {one, other}


@thoroughly
@given(st.data())
def test_two_leaves_of_different_lengths_exchanged_by_the_sender_leave_the_form(
    exchange: Exchange, data: st.DataObject
) -> None:
    notice, tree = exchange.notice, leaves_of(exchange.notice)
    one, other = draw_two_places(data, notice, alike=False)
    swap(one, other)(tree)
    raw = notice.with_body(grow(notice.schema, tree))

    with pytest.raises(ScopeExceeded) as refused:
        notice.decide(raw)
    assert set(refused.value.pointers) == {f"/body{one}", f"/body{other}"}


@thoroughly
@given(st.data())
def test_two_disclosures_exchanged_before_sealing_are_malformed(
    exchange: Exchange, data: st.DataObject
) -> None:
    """Each opens, and states the place of the other."""
    notice = exchange.notice
    one, other = draw_two_places(data, notice, alike=True)
    raw = seal_anyway(exchange.wish, Spoiled(plaintexts=swap(one, other)))

    notice.decide(raw)
    with pytest.raises(Refusal) as refused:
        notice.read(raw)
    assert refused.value.code == "leaf-malformed"
    assert refused.value.pointers[0] in {one, other}


LISTS: Final = (
    ("sorgeberechtigte",),
    ("haushalt", "minderjaehrige"),
    ("anzeichen", "arten"),
    ("anzeichen", "akut"),
    ("beobachtungen",),
)


@thoroughly
@given(st.data())
def test_two_slots_exchanged_by_the_sender_do_not_open(
    exchange: Exchange, data: st.DataObject
) -> None:
    notice = exchange.notice
    place = data.draw(st.sampled_from(LISTS))
    body: Any = copy.deepcopy(_body(notice))
    slots = body
    for name in place:
        slots = slots[name]
    one = data.draw(st.integers(0, len(slots) - 1))
    other = data.draw(st.integers(0, len(slots) - 1).filter(lambda index: index != one))
    slots[one], slots[other] = slots[other], slots[one]

    raw = notice.with_body(body)

    notice.decide(raw)
    with pytest.raises(LeafUnopenable) as refused:
        notice.read(raw)
    assert refused.value.pointers[0].startswith("/" + "/".join(place))


@thoroughly
@given(st.data())
def test_a_leaf_of_another_message_does_not_open(exchange: Exchange, data: st.DataObject) -> None:
    """The other has the same sender, addressee, schema, readers and content."""
    notice, tree, others = exchange.notice, leaves_of(exchange.notice), leaves_of(exchange.other)
    place = data.draw(st.sampled_from(sorted(tree)))
    alike = [known for known in sorted(tree) if len(tree[known]) == len(tree[place])]
    tree[place] = others[data.draw(st.sampled_from(alike))]
    raw = notice.with_body(grow(notice.schema, tree))

    notice.decide(raw)
    with pytest.raises(LeafUnopenable) as refused:
        notice.read(raw)
    assert refused.value.pointers == (place,)


PARTS: Final = {
    "id": ("jti", "cnv"),
    "readers": ("readers",),
    "commitments": ("commit",),
    "digests": ("_sd",),
    "digest of the body": ("body",),
}
"""Signed claims that speak of what is sealed."""


@thoroughly
@given(st.data())
def test_parts_of_two_messages_do_not_make_one(exchange: Exchange, data: st.DataObject) -> None:
    """Not even if their sender signs the mixture of claims, body and wraps."""
    one, other = exchange.notice, exchange.other
    names = [*PARTS, "sealed body", "wraps"]
    taken = data.draw(st.sets(st.sampled_from(names), min_size=1, max_size=len(names) - 1))

    def mix(claims: Members, members: Members) -> None:
        for part in taken & PARTS.keys():
            claims.update({name: other.claims[name] for name in PARTS[part]})
        if "sealed body" in taken:
            members["body"] = other.members["body"]
        if "wraps" in taken:
            members["keys"] = other.members["keys"]

    raw = one.signed_anew(mix)

    with pytest.raises(Refusal):
        one.read(raw)


@thoroughly
@given(st.data())
def test_members_of_two_messages_do_not_make_one(exchange: Exchange, data: st.DataObject) -> None:
    """This is what a hub could try, which can sign nothing."""
    one, other = exchange.notice.members, exchange.other.members
    taken = data.draw(st.sets(st.sampled_from(sorted(one)), min_size=1, max_size=len(one) - 1))
    raw = jcs({name: (other if name in taken else one)[name] for name in one})

    for judge in (exchange.notice.decide, exchange.notice.read):
        with pytest.raises(Refusal):
            judge(raw)
