# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What was said in a conversation, as far as this house knows, and what may it say next?

The hub knows the order of a conversation; here it is put together from what was taken in and what
people of this house have said, so that a page can offer the next step while the hub is away. What
case software has sent is not known here; then the hub says what is not possible any more.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from sqlalchemy import Connection, select

from hub.adapters.connector.rows import OVER, UNOPENED, Row
from hub.adapters.connector.tables import delivery
from hub.adapters.inbox.acts import Act, acts_in, opening_act
from hub.adapters.inbox.acts_heard import Heard, heard_of
from hub.client.passing import OPENING
from hub.model.conversation import Conversation, Utterance
from hub.model.protocol import Protocol, Step
from hub.model.receipt import FINAL
from hub.protocols.order import allowed_next

_ENDED: Final = frozenset({OVER, UNOPENED})


@dataclass(frozen=True)
class Matter:
    """A conversation as this house knows it."""

    id: str
    unit: str
    """The own one."""
    rows: tuple[Row, ...]
    acts: tuple[Act, ...]
    """What people of this house did in it, and the act that began it, if one did."""
    heard: Mapping[str, tuple[Heard, ...]]
    """By own message: what was said of it."""

    @cached_property
    def own(self) -> tuple[Act, ...]:
        """What this house has said in it, or is about to say."""
        return tuple(each for each in self.acts if each.counts and self._is_said_here(each))

    @property
    def seen(self) -> int:
        """How many messages of the other side are here."""
        return sum(row.sender != self.unit for row in self.rows)

    def words_of(self, act: Act) -> frozenset[str]:
        return frozenset(each.word for each in self.heard.get(act.own or "", ()))

    def allowed(self, protocol: Protocol) -> tuple[Step, ...]:
        """Return the steps that this house may say now, as far as is known here."""
        so_far = self.conversation(protocol)
        if so_far is None:
            return ()
        names = allowed_next(protocol, so_far, self.unit)
        return tuple(step for step in protocol.steps if step.id in names)

    def left(self, step: Step) -> int | None:
        """Return how often a step may still be said; None where nothing caps it."""
        if step.at_most is None:
            return None
        said = [each for each in self.own if each.step == step.id and not self._fell_through(each)]
        return max(0, step.at_most - len(said))

    def conversation(self, protocol: Protocol) -> Conversation | None:
        """Return what was said; None where how it began is not known here."""
        said = sorted(self._utterances(), key=lambda each: each[0])
        first = next((each for _, each in said if self._opens(each, protocol)), None)
        if first is None:
            return None
        rest = tuple(each for _, each in said if each is not first)
        return Conversation(
            self.id, protocol.name, first.author, first.recipient, (first, *rest), closed=False
        )

    def _utterances(self) -> Iterator[tuple[tuple[int, int], Utterance]]:
        for row in self.rows:
            yield (row.received_at, 0), _of_row(row)
        for each in self.own:
            yield (each.at, 1), self._of_act(each)

    def _of_act(self, act: Act) -> Utterance:
        words = self.words_of(act)
        state = next(iter(words & FINAL), "acknowledged" if "acknowledged" in words else "accepted")
        partner = act.recipient or next((row.sender for row in self.rows), "")
        step = act.step if act.conversation == self.id else OPENING
        was_taken = not words.isdisjoint({"taken", "acknowledged"})
        return Utterance(act.own or act.id, 0, step, self.unit, partner, "", state, was_taken)

    def _fell_through(self, act: Act) -> bool:
        return not self.words_of(act).isdisjoint(FINAL)

    def _is_said_here(self, act: Act) -> bool:
        if act.own == self.id:
            return True
        return act.conversation == self.id and bool(act.step) and act.kind != "weitergabe"

    def _opens(self, said: Utterance, protocol: Protocol) -> bool:
        step = protocol.step(said.step)
        return step is not None and step.opens


def matter_of(connection: Connection, conversation: str, unit: str) -> Matter:
    """Read all that is known here of a conversation."""
    query = select(delivery).where(delivery.c.conversation == conversation)
    found = connection.execute(query.order_by(delivery.c.received_at, delivery.c.id))
    acts = acts_in(connection, conversation)
    began = opening_act(connection, conversation)
    known = acts if began is None else (began, *acts)
    own = [each.own for each in known if each.own is not None]
    return Matter(
        conversation,
        unit,
        tuple(Row(**each._asdict()) for each in found),
        known,
        {name: heard_of(connection, name) for name in own},
    )


def _of_row(row: Row) -> Utterance:
    state = "taken"
    if row.state in _ENDED:
        state = row.code if row.code in FINAL else "rejected" if row.state == UNOPENED else "taken"
    return Utterance(
        row.id, 0, row.step, row.sender, row.recipient, row.env, state, state == "taken"
    )
