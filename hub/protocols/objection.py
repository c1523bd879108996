# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What speaks against saying a step now?

A message that was withdrawn, rejected or has expired did not come through. It keeps its position,
counts towards no cap and answers nothing, and may be said again as often as the protocol's
``repeats`` allows. Where it was the opener, the exchange has no object and only corrections may
follow; a new notice opens a new conversation.

Corrections follow rules of their own: whoever wrote a message that was taken may correct it or
take it back at any position, also after the close, by a step that corrects messages of its kind.

A conversation that was passed on goes on between the same two sides, one of them with another
unit. What the first one said there counts for its side, with every cap and every answer; only what
is to be corrected stays a matter of who wrote it.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from hub.model.conversation import Conversation, Utterance
from hub.model.protocol import AbsentCorrection, Protocol, Step
from hub.model.receipt import FINAL

# One text for "there is none" and "there is none of yours": whether two other units talk to each
# other is itself confidential.
NO_SUCH_CONVERSATION: Final = (
    "Zwischen diesen beiden Stellen gibt es keinen solchen Vorgang in diesem Verfahren; "
    "dieser Schritt eröffnet keinen."
)
_FELL_THROUGH: Final = {
    "withdrawn": "zurückgezogen",
    "rejected": "als nicht verwertbar abgelehnt",
    "expired": "nicht zugestellt",
}


def objection(
    step: Step, unit: str, conversation: Conversation, protocol: Protocol, cau: str | None = None
) -> str | None:
    """Return why ``unit`` may not say ``step`` now, in German, or None if it may.

    Without ``cau`` it answers for the best choice that the unit could make.
    """
    if not _has_a_say(step, unit, conversation):
        return NO_SUCH_CONVERSATION
    if step.opens:
        return "Dieser Schritt eröffnet einen Vorgang; dieser ist schon eröffnet."
    rules = _CORRECTION if step.corrects else _REGULAR
    wish = _Wish(step, unit, conversation, protocol, cau)
    return next((reason for rule in rules if (reason := rule(wish)) is not None), None)


def absent_correction(
    step: Step, unit: str, conversation: Conversation, cau: str | None
) -> AbsentCorrection | None:
    """Return why a step does not correct the message named, where the protocol says why.

    Asks about own messages alone: of others there is nothing to explain.
    """
    own = [each for each in conversation.utterances if each.author == unit]
    named = next((each for each in own if each.message == cau), None)
    return step.absent_correction(named.step) if named else None


def stands(utterance: Utterance) -> bool:
    """Return whether a message came through, or still may."""
    return utterance.state not in FINAL


def is_closed(conversation: Conversation, protocol: Protocol) -> bool:
    """Return whether the exchange has ended: a closing step came through, or its time ran out.

    A closing step that did not come through leaves the conversation open: else a Rückmeldung that
    never arrived could not be said again.
    """
    closing = (each for each in conversation.utterances if _step_of(each, protocol).closes)
    return conversation.closed or any(map(stands, closing))


def units_of(conversation: Conversation) -> set[str]:
    return {conversation.opener, conversation.partner}


def authors_of(conversation: Conversation) -> set[str]:
    """Return who has said something, also before the conversation was passed on."""
    return {each.author for each in conversation.utterances}


def are_between(step: Step, conversation: Conversation, units: set[str], cau: str | None) -> bool:
    """Return whether a step may go between these two units in a conversation.

    A correction also goes between those between whom the message went that it corrects: whoever
    has it must hear of it, though the matter has been passed on since.
    """
    if units == units_of(conversation):
        return True
    named = (each for each in conversation.utterances if each.message == cau and step.corrects)
    return any(units == {each.author, each.recipient} for each in named)


def are_apart(needed: Collection[str], held: Collection[str]) -> bool:
    """Return whether none of the roles held is one of those needed."""
    return set(needed).isdisjoint(held)


def _has_a_say(step: Step, unit: str, conversation: Conversation) -> bool:
    """Whoever passed a conversation on corrects what it has said itself, and says nothing more."""
    if unit in units_of(conversation):
        return True
    return bool(step.corrects) and unit in authors_of(conversation)


@dataclass(frozen=True)
class _Wish:
    """A step that a unit wants to say."""

    step: Step
    unit: str
    conversation: Conversation
    protocol: Protocol
    cau: str | None

    @cached_property
    def said(self) -> list[Utterance]:
        """What the unit's side has said of this step, and came through."""
        return [each for each in self._tried if stands(each)]

    @property
    def fell_through(self) -> int:
        return len(self._tried) - len(self.said)

    @cached_property
    def _tried(self) -> list[Utterance]:
        said = self.conversation.utterances
        return [each for each in said if each.step == self.step.id and self.is_own(each)]

    def is_own(self, utterance: Utterance) -> bool:
        """Return whether the unit's side said it, whichever unit spoke for that side then."""
        opener = self.conversation.opener
        return (utterance.author == opener) == (self.unit == opener)


def _other_side(wish: _Wish) -> str | None:
    opening = _step_of(wish.conversation.utterances[0], wish.protocol)
    own, other, side = opening.sender, opening.recipient, "opener"
    if wish.unit != wish.conversation.opener:
        own, other, side = other, own, "partner"
    is_foreign = are_apart(wish.step.sender, own) or are_apart(wish.step.recipient, other)
    if is_foreign or wish.step.speaker not in {None, side}:
        return "Diesen Schritt spricht in diesem Vorgang die andere Seite."
    return None


def _opener_fell_through(wish: _Wish) -> str | None:
    word = _FELL_THROUGH.get(wish.conversation.utterances[0].state)
    if word is None:
        return None
    return (
        f"Die eröffnende Nachricht wurde {word}; in diesem Vorgang folgt nichts mehr. "
        "Eine neue Nachricht eröffnet einen neuen Vorgang."
    )


def _closed(wish: _Wish) -> str | None:
    if is_closed(wish.conversation, wish.protocol):
        return "Der Vorgang ist abgeschlossen; es folgen höchstens Berichtigung und Rücknahme."
    return None


def _too_early(wish: _Wish) -> str | None:
    after = wish.step.after
    heard = {each.step for each in wish.conversation.utterances if stands(each)}
    if after and heard.isdisjoint(after):
        return f"Dieser Schritt folgt erst auf: {', '.join(after)}."
    missing = [each for each in wish.step.after_each if each not in heard]
    if missing:
        return f"Vor diesem Schritt fehlt noch: {', '.join(missing)}."
    return None


def _nothing_to_answer(wish: _Wish) -> str | None:
    if wish.step.answers is None:
        return None
    asked = {
        each.message
        for each in wish.conversation.utterances
        if each.step == wish.step.answers and not wish.is_own(each) and stands(each)
    }
    open_still = asked - {each.cau for each in wish.said}
    if len(asked) > len(wish.said) and (wish.cau is None or wish.cau in open_still):
        return None
    return f"Es ist keine Nachricht unbeantwortet, auf die das antwortet: {wish.step.answers}."


def _too_often(wish: _Wish) -> str | None:
    cap = wish.step.at_most
    if cap is not None and len(wish.said) >= cap:
        return f"Dieser Schritt ist in einem Vorgang höchstens {cap}-mal vorgesehen."
    if wish.fell_through > wish.protocol.repeats:
        return "Dieser Schritt kam zu oft nicht an; bitte telefonisch klären."
    return None


def _corrected_otherwise(wish: _Wish) -> str | None:
    absent = absent_correction(wish.step, wish.unit, wish.conversation, wish.cau)
    return absent.reason if absent else None


def _nothing_to_correct(wish: _Wish) -> str | None:
    said = wish.conversation.utterances
    own = [each for each in said if each.author == wish.unit and each.was_taken]
    named = [each for each in own if wish.cau in {None, each.message}]
    if not named:
        return (
            "Berichtigen oder zurücknehmen kann nur, wer die Nachricht verfasst hat, "
            "und nur, wenn sie zugestellt wurde; vorher wird sie zurückgezogen."
        )
    fitting = [each for each in named if each.step in wish.step.corrects]
    if not fitting:
        kinds = ", ".join(wish.step.corrects)
        return f"Dieser Schritt betrifft nur eigene Nachrichten dieser Schritte: {kinds}."
    if all(_is_taken_back(each, wish) for each in fitting):
        return "Diese Nachricht ist zurückgenommen; daran ist nichts mehr zu ändern."
    return None


def _is_taken_back(own: Utterance, wish: _Wish) -> bool:
    """Return whether everybody was told who has it: the addressee, and who took its place."""
    told = {
        each.recipient
        for each in wish.conversation.utterances
        if each.cau == own.message and _step_of(each, wish.protocol).withdraws and stands(each)
    }
    is_opener = own.author == wish.conversation.opener
    return told >= {own.recipient, *([wish.conversation.partner] if is_opener else [])}


_Rule = Callable[[_Wish], str | None]
_REGULAR: Final[tuple[_Rule, ...]] = (
    _other_side,
    _opener_fell_through,
    _closed,
    _too_early,
    _nothing_to_answer,
    _too_often,
)
_CORRECTION: Final[tuple[_Rule, ...]] = (
    # First, because its basis goes with its reason (``order.check_order``).
    _corrected_otherwise,
    _other_side,
    _nothing_to_correct,
    _too_often,
)


def _step_of(utterance: Utterance, protocol: Protocol) -> Step:
    step = protocol.step(utterance.step)
    if step is None:
        raise LookupError(f"{protocol.name} has lost a step that was said under it")
    return step
