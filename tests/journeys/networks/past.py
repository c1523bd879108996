# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Half a year of a network that lies behind us, as rows: what happened to each notice, and when.

A school or a police station each few hours, as many as a town of this size has. Nothing is random,
so that it can be said what the evaluation has to show.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, cycle
from typing import Final

from sqlalchemy import Connection, insert

from hub.inquire.halves import Half
from hub.model.receipt import Word
from hub.model.stored import StoredMessage, StoredReceipt
from hub.sealing.canonical import digest
from hub.store.evaluation import passing
from hub.store.messages import close_conversation
from hub.store.receipts import add_receipt, chain_of, last_of_chain
from tests.unit.store.builders import a_message, an_id, enter_entry, enter_message

HOUR: Final = 3600
DAY: Final = 24 * HOUR
TOWN: Final = "jugendamt:05114000.asd"
SERVICE: Final = "krisendienst:rufbereitschaft-krefeld-demo.05114000"
SENDERS: Final = (
    ("schule:999030", "schule-mitteilung/1.1.0", 88),
    ("polizei:pp-krefeld", "polizei-mitteilung/1.2.0", 70),
    ("gesundheit:praxis-erfunden", "gesundheit-mitteilung/1.0.0", 26),
    ("ordnungsamt:05114000", "ordnungsamt-mitteilung/1.0.0", 11),
    ("traeger:erfunden", "traeger-mitteilung/1.1.0", 14),
    ("gericht:R1402.familiengericht", "familiengericht/1.0.0", 2),
    ("zoll:erfunden", "zoll-mitteilung/1.0.0", 1),
)
LIMIT: Final = {"sofort": 600, "unverzueglich": 4 * HOUR, "planbar": DAY}
SOON: Final = {"sofort": 120, "unverzueglich": 900, "planbar": 4 * HOUR}
NOTICES: Final = sum(each for _, _, each in SENDERS)
PASSED: Final = 9
WITHOUT_ANSWER: Final = 31
"""School notices to which there was no feedback at all."""
CALLS: Final = 26
HANDOVERS: Final = 38


@dataclass
class Past:
    """Enters what happened; each message has a number of its own."""

    connection: Connection
    half: Half
    first: int = 1

    def __post_init__(self) -> None:
        self._numbers = count(self.first)
        self._notices: list[str] = []
        self._receipts = count(self.first)

    def enter(self) -> None:
        """Enter everything in this transaction."""
        urgencies = cycle(("sofort", "unverzueglich", "planbar", "sofort"))
        for (sender, protocol, place), urgency in zip(_each(), urgencies, strict=False):
            self._notice(sender, protocol, place, urgency)
        for place in range(HANDOVERS):
            self._handover(place)

    def say(self, message: StoredMessage, word: Word, at: int, signer: str = "") -> None:
        """Enter a receipt at the end of its chain."""
        number, chain = next(self._receipts), chain_of(word)
        last = last_of_chain(self.connection, message.id, chain)
        enter_entry(self.connection, an_id(number + 0x20000000), f"message.{word}")
        receipt = StoredReceipt(
            id=an_id(number + 0x10000000),
            message_id=message.id,
            word=word,
            chain=chain,
            seq=1 if last is None else last.seq + 1,
            signer=signer or message.recipient,
            issued_at=at,
            jws=f"jws {number}",
            digest=digest(f"past {number}"),
            audit_id=an_id(number + 0x20000000),
        )
        add_receipt(self.connection, receipt, at)

    def opening(self, sender: str, protocol: str, at: int, urgency: str) -> StoredMessage:
        """Enter a message that begins something."""
        number = next(self._numbers)
        message = a_message(
            number + 0x30000000,
            sender=sender,
            recipient=TOWN,
            client=sender,
            protocol=protocol,
            urgency=urgency,
            state="acknowledged",
            accepted_at=at,
            ends_at=at + 14 * DAY,
            due_taken=at + SOON[urgency],
            due_acknowledged=at + LIMIT[urgency],
            due_overdue=at + LIMIT[urgency],
            due_next=None,
        )
        enter_message(self.connection, message)
        return message

    def answer(self, message: StoredMessage, step: str, at: int) -> None:
        """Enter what closes its conversation."""
        number = next(self._numbers)
        after = a_message(
            number + 0x30000000,
            conversation=message.id,
            position=2,
            step=step,
            protocol=message.protocol,
            sender=TOWN,
            recipient=message.sender,
            client=TOWN,
            state="acknowledged",
            accepted_at=at,
            ends_at=at + 14 * DAY,
            due_next=None,
        )
        enter_message(self.connection, after)
        close_conversation(self.connection, message.id, at)

    def _notice(self, sender: str, protocol: str, place: int, urgency: str) -> None:
        # 13 and 5 have no factor in common with the hours of a week: every hour has its turn.
        at = self.half.begins + place * 20 * HOUR + place % 13 * HOUR
        message = self.opening(sender, protocol, at, urgency)
        is_late = place % 16 == 0
        taken = at + (30 if place % 5 else SOON[urgency] - 1)
        by = SERVICE if urgency != "planbar" and place % 4 == 0 else TOWN
        self.say(message, "taken", taken, by)
        known = at + LIMIT[urgency] + (HOUR if is_late else -60)
        self.say(message, "acknowledged", known, by)
        self._notices.append(message.id)
        if len(self._notices) <= PASSED:
            self.say(message, "passed-on", known + 60, message.recipient)
        if protocol.startswith("schule") and place >= WITHOUT_ANSWER:
            self.answer(message, "rueckmeldung", at + (place % 10 + 3) * DAY)
        if protocol.startswith(("gesundheit", "traeger")):
            self.answer(message, "rueckmeldung", at + 20 * DAY)

    def _handover(self, place: int) -> None:
        at = self.half.begins + place * 4 * DAY + 22 * HOUR
        message = self.opening(SERVICE, "krisendienst-uebergabe/1.0.0", at, "unverzueglich")
        self.say(message, "taken", at + 60)
        self.answer(message, "uebernahme", at + (10 if place % 5 else 20) * HOUR)
        if place >= CALLS:
            enter_entry(self.connection, an_id(place + 0x40000000), "message.passing")
            self.connection.execute(
                insert(passing).values(
                    message_id=self._notices[place],
                    by_message=message.id,
                    jws="jws",
                    audit_id=an_id(place + 0x40000000),
                )
            )


def _each() -> Iterator[tuple[str, str, int]]:
    """Yield who says something, one after the other, with the number of each among its own."""
    for sender, protocol, many in SENDERS:
        yield from ((sender, protocol, place) for place in range(many))
