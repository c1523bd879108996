# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The states of a message: the fold of its receipts, and who may write the next one."""

from dataclasses import dataclass
from typing import Final, Literal

from hub.errors import AlreadyTaken, NotPermitted, StepNotAllowed
from hub.model.receipt import FINAL, Word

Side = Literal["sender", "recipient", "hub"]
OPEN: Final = frozenset({"accepted", "taken", "acknowledged"})


@dataclass(frozen=True)
class Rule:
    """Who may say a word, from which states, and which state follows (None: a mark)."""

    by: Side
    states: frozenset[str]
    gives: str | None
    needs_lease: bool = False


RULES: Final[dict[str, Rule]] = {
    "opened": Rule("recipient", OPEN, None, needs_lease=True),
    "taken": Rule("recipient", frozenset({"accepted"}), "taken", needs_lease=True),
    "acknowledged": Rule("recipient", frozenset({"taken", "acknowledged"}), "acknowledged"),
    "rejected": Rule("recipient", frozenset({"accepted", "taken"}), "rejected", needs_lease=True),
    "withdrawn": Rule("sender", frozenset({"accepted"}), "withdrawn"),
    "expired": Rule("hub", frozenset({"accepted"}), "expired"),
    "overdue": Rule("hub", OPEN - {"acknowledged"}, None),
    "escalated": Rule("hub", OPEN - {"acknowledged"}, None),
    "held": Rule("hub", frozenset({"accepted"}), None),
    "erased": Rule("recipient", frozenset({"acknowledged"}) | FINAL, None),
}
"""``erased`` is also said by the hub, of its own copy, and then of what was only taken too.

``opened`` may follow ``acknowledged``, and that itself: what somebody who stood in has taken note
of comes back to the desk it was addressed to, and a person there takes note of it as well.
"""


def follow(state: str, word: Word, side: Side) -> str:
    """Return the state after ``word``; refuses what the table does not name.

    Raises ``AlreadyTaken`` for a withdrawal that comes too late, ``NotPermitted`` for a word of
    the other side, ``StepNotAllowed`` for a word that does not fit the state.
    """
    rule = RULES.get(word)
    if rule is None or side not in {rule.by, "hub" if word == "erased" else rule.by}:
        raise NotPermitted(f"A receipt of this kind is not said by the {side}.")
    if state not in rule.states and (word, state, side) != ("erased", "taken", "hub"):
        if word == "withdrawn" and state in {"taken", "acknowledged"}:
            raise AlreadyTaken
        raise StepNotAllowed(
            "This receipt does not fit the state of the message.", allowed=words_after(state, side)
        )
    return rule.gives or state


def fold(words: tuple[str, ...]) -> str:
    """Return the state that receipts lead to, in the order of their chain."""
    state = "accepted"
    for word in words:
        rule = RULES.get(word)
        if rule is not None and rule.gives is not None:
            state = rule.gives
    return state


def words_after(state: str, side: Side) -> tuple[str, ...]:
    """Return what ``side`` may say of a message in ``state``."""
    return tuple(word for word, rule in RULES.items() if rule.by == side and state in rule.states)


def needs_lease(word: str, state: str) -> bool:
    """Return whether the one who says ``word`` must hold the message just now."""
    return RULES[word].needs_lease and state == "accepted"
