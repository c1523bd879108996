# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every word from every state by every side: what it leads to, or why it may not be said."""

from itertools import product
from typing import get_args

import pytest

from hub.errors import AlreadyTaken, NotPermitted, Refusal, StepNotAllowed
from hub.mailbox.states import OPEN, RULES, Side, fold, follow, needs_lease, words_after
from hub.model.receipt import FINAL, Word

SIDES: tuple[Side, ...] = get_args(Side)
WORDS: tuple[Word, ...] = get_args(Word)
STATES = ("accepted", "taken", "acknowledged", "rejected", "withdrawn", "expired")

# The table of the specification, written down a second time: word, who says it, and what follows
# from which state. What is not in it must be refused.
ALLOWED: dict[tuple[str, str], dict[str, str]] = {
    ("opened", "recipient"): {state: state for state in ("accepted", "taken", "acknowledged")},
    ("taken", "recipient"): {"accepted": "taken"},
    ("acknowledged", "recipient"): dict.fromkeys(("taken", "acknowledged"), "acknowledged"),
    ("rejected", "recipient"): {"accepted": "rejected", "taken": "rejected"},
    ("withdrawn", "sender"): {"accepted": "withdrawn"},
    ("expired", "hub"): {"accepted": "expired"},
    ("overdue", "hub"): {"accepted": "accepted", "taken": "taken"},
    ("escalated", "hub"): {"accepted": "accepted", "taken": "taken"},
    ("held", "hub"): {"accepted": "accepted"},
    ("erased", "recipient"): {
        state: state for state in ("acknowledged", "rejected", "withdrawn", "expired")
    },
    ("erased", "hub"): {
        state: state for state in ("taken", "acknowledged", "rejected", "withdrawn", "expired")
    },
}
SPEAKERS = {word: {side for said, side in ALLOWED if said == word} for word in WORDS}


def outcome(state: str, word: Word, side: Side) -> str | type[Refusal]:
    try:
        return follow(state, word, side)
    except Refusal as refusal:
        return type(refusal)


def expected(state: str, word: Word, side: Side) -> str | type[Refusal]:
    if side not in SPEAKERS[word]:
        return NotPermitted
    if state in ALLOWED[word, side]:
        return ALLOWED[word, side][state]
    if word == "withdrawn" and state in {"taken", "acknowledged"}:
        return AlreadyTaken
    return StepNotAllowed


@pytest.mark.parametrize(("word", "side"), list(product(WORDS, SIDES)))
def test_a_word_leads_where_the_table_says(word: Word, side: Side) -> None:
    found = {state: outcome(state, word, side) for state in STATES}

    assert found == {state: expected(state, word, side) for state in STATES}


def test_what_the_hub_acknowledges_by_other_means_is_no_word_of_a_unit() -> None:
    """Acceptance, passing on and a reader added later are said by the hub as it acts."""
    assert set(WORDS) - RULES.keys() == {"accepted", "passed-on", "reader-added"}


@pytest.mark.parametrize("state", sorted(FINAL))
def test_after_a_final_state_only_erasing_is_said(state: str) -> None:
    assert words_after(state, "sender") == ()
    assert words_after(state, "recipient") == ("erased",)
    assert words_after(state, "hub") == ()


@pytest.mark.parametrize(("state", "side"), list(product(STATES, SIDES)))
def test_a_refusal_tells_what_could_be_said_instead(state: str, side: Side) -> None:
    """And it tells the truth: each word that it names is one that would be taken."""
    told = words_after(state, side)
    assert all(isinstance(outcome(state, word, side), str) for word in WORDS if word in told)

    for word in WORDS:
        if outcome(state, word, side) is not StepNotAllowed:
            continue
        with pytest.raises(StepNotAllowed) as refused:
            follow(state, word, side)
        assert refused.value.allowed == told


def test_what_was_taken_is_corrected_and_not_withdrawn() -> None:
    """Somebody may have acted on it; then it has to be told, not taken away."""
    with pytest.raises(AlreadyTaken):
        follow("taken", "withdrawn", "sender")


@pytest.mark.parametrize(
    ("words", "state"),
    [
        ((), "accepted"),
        (("accepted",), "accepted"),
        (("accepted", "overdue", "held"), "accepted"),
        (("accepted", "taken"), "taken"),
        (("accepted", "overdue", "taken", "acknowledged", "erased"), "acknowledged"),
        (("accepted", "taken", "rejected"), "rejected"),
        (("accepted", "withdrawn", "erased"), "withdrawn"),
        (("accepted", "overdue", "expired", "erased"), "expired"),
        (("accepted", "taken", "passed-on", "reader-added"), "taken"),
    ],
)
def test_the_state_is_the_fold_of_the_receipts(words: tuple[str, ...], state: str) -> None:
    assert fold(words) == state


@pytest.mark.parametrize(("word", "state"), list(product(RULES, STATES)))
def test_whoever_takes_or_rejects_what_nobody_took_yet_must_hold_it(word: str, state: str) -> None:
    """Once it was taken there is no lease any more, and none is asked for."""
    must_hold = word in {"opened", "taken", "rejected"} and state == "accepted"

    assert needs_lease(word, state) is must_hold


def test_the_table_names_no_state_that_does_not_exist() -> None:
    named = set().union(*(rule.states for rule in RULES.values()))
    given = {rule.gives for rule in RULES.values()} - {None}

    assert named | given == set(STATES)
    assert set(STATES) == OPEN | FINAL
