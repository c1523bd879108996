# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is a sender shown of its own message, and whom does it ring where nobody took note?

The words are those that a sender may learn (§ 64 Abs. 4 SGB VIII bounds them). Who is on duty is
worked out here from the signed roster, as of now and not as of when the receipt was written.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from hub import clock
from hub.client.answers import Untrustworthy
from hub.client.directory import DirectoryView
from hub.client.hearing import check_speaker, issuer_of, verify_heard
from hub.client.side import Side
from hub.directory.duty import on_duty
from hub.errors import NotPermitted
from hub.model.receipt import Receipt
from hub.sealing.canonical import unb64
from hub.sealing.envelope import env_digest, parse_payload

WORDS: Final = {
    "accepted": "Angenommen",
    "taken": "Zugestellt",
    "acknowledged": "Eingang bestätigt",
    "rejected": "Nicht verwertbar",
    "withdrawn": "Zurückgezogen",
    "expired": "Nicht zugestellt",
    "overdue": "Frist überschritten",
    "held": "Zustellung gestört",
    "passed-on": "Weitergegeben",
    "reader-added": "Weiterer Leseschlüssel zugelassen",
    "erased": "Inhalt gelöscht",
}
"""What a person reads for each word that a sender sees."""
RING: Final = frozenset({"expired", "overdue", "held"})
"""Words after which somebody is to be rung."""


@dataclass(frozen=True)
class Shown:
    """One thing that a sender is shown."""

    word: str
    text: str
    at: int
    """Second at which it was signed."""
    name: str | None = None
    """Who is to be rung, or has taken over."""
    telephone: str | None = None
    then: tuple[str, ...] = ()
    """Name and number of those who are asked after that one, where somebody is to be rung."""

    @property
    def line(self) -> str:
        """The sentence as people read it."""
        if self.name is None:
            return self.text
        joined = " an " if self.word == "passed-on" else ": "
        return "; dann ".join((f"{self.text}{joined}{self.name}, {self.telephone}", *self.then))


async def sender_view(hub: Side, message_id: str) -> tuple[Shown, ...]:
    """Return what became of an own message, each word verified, in the order it was said.

    Raises ``NotPermitted`` for a message of others, ``Untrustworthy`` where a receipt does not
    hold or is signed by somebody who may not speak about this message.
    """
    state = await hub.state(message_id)
    envelope = parse_payload(unb64(str(state["envelope"]).split(".")[1]))
    if (envelope.iss, envelope.jti) != (hub.agency.id, message_id):
        raise NotPermitted("Das ist keine eigene Nachricht.")
    said = list(state["receipts"])
    signers = {issuer_of(jws) for jws in said} - {hub.agency.hub.id}
    view = await hub.directory_with(envelope.aud, *signers, *_offices(said))
    receipts = [verify_heard(jws, hub.agency, view) for jws in said]
    for receipt in receipts:
        check_speaker(receipt, envelope, hub.agency, view)
        if receipt.env != env_digest(str(state["envelope"])):
            raise Untrustworthy("a receipt is not about the message that was sent")
    return tuple(shown_of(receipts, envelope.aud, view))


def _offices(said: list[str]) -> set[str]:
    """Return to which offices it was passed on; nothing about it is verified yet."""
    events = (json.loads(unb64(jws.split(".")[1]))["events"] for jws in said)
    members = (next(iter(each.values())) for each in events)
    return {str(each["to"]) for each in members if "to" in each}


def shown_of(receipts: list[Receipt], addressed: str, view: DirectoryView) -> Iterator[Shown]:
    """Say each word once; of ``acknowledged`` a second one is no news to the sender."""
    office, said = addressed, set[str]()
    for receipt in receipts:
        if receipt.word == "passed-on":
            office = str(receipt.members["to"])
        elif receipt.word in said:
            continue
        said.add(receipt.word)
        yield Shown(
            receipt.word, WORDS[receipt.word], receipt.iat, **_reached(receipt.word, office, view)
        )


def _reached(word: str, office: str, view: DirectoryView) -> Mapping[str, Any]:
    if word == "passed-on":
        unit = view.unit(office)
        return {"name": unit.name, "telephone": unit.telephone}
    if word not in RING:
        return {}
    first, *others = on_duty(office, view.participants, int(clock.now())).turns
    then = tuple(f"{each.name}, {each.telephone}" for each in others)
    return {"name": first.name, "telephone": first.telephone, "then": then}
