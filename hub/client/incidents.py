# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is to be done about a message that is not for this office?

As long as nobody has opened it, it is refused and nothing has happened. Once it was opened,
somebody knows what was not meant for them: then a draft for the data protection officers of both
sides is written, of ids and times only (Art. 33 DSGVO, § 83a SGB X). Whether it is reported is for
those who are responsible to decide, and a draft lets them do so within their 72 hours.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from hub import clock
from hub.client.answers import read_json
from hub.client.dossier import Dossier
from hub.client.hub import Hub
from hub.client.proofs import check_logged
from hub.client.receiving import Message
from hub.client.saying import Subject, say, subject_of
from hub.errors import LeaseLost, NotPermitted
from hub.model.json import JsonObject
from hub.sealing.canonical import jcs

REASONS: Final = {
    "andere-stelle-zustaendig": "Für das Kind ist eine andere Stelle zuständig.",
    "nicht-unsere-aufgabe": "Das Anliegen gehört nicht zu den Aufgaben der Stelle.",
    "verwechslung": "Die Stelle wurde beim Absenden verwechselt.",
}
"""Why a message is not for the office that it came to."""
_KNOWN: Final = frozenset({"opened", "taken"})
_OPEN: Final = frozenset({"accepted", "taken"})
"""States in which a message can still be refused."""
AT_A_TIME: Final = 20


@dataclass(frozen=True)
class Outcome:
    """What was done about a message that is not for this office."""

    refused: bool
    dossier: Dossier | None
    """The draft of an incident, where content had been opened."""


async def not_for_us(hub: Hub, message_id: str, reason: str) -> Outcome:
    """Refuse a message, and write a draft of an incident where it had been opened.

    Said again, it leaves the same one draft. Raises ``ValueError`` for a reason that is none of
    ``REASONS``, ``NotPermitted`` for an own message, and ``LeaseLost`` where somebody else of this
    unit holds the message just now.
    """
    if reason not in REASONS:
        raise ValueError("not one of the reasons")
    state = await hub.state(message_id)
    if state["recipient"] != hub.agency.id:
        raise NotPermitted("Das ist eine eigene Nachricht; sie lässt sich zurücknehmen.")
    dossier = await _opened_for(hub, state, reason) if _was_opened(state) else None
    if state["state"] in _OPEN:
        await _refuse(hub, state)
        return Outcome(refused=True, dossier=dossier)
    return Outcome(refused=False, dossier=dossier)


def _was_opened(state: Mapping[str, Any]) -> bool:
    return any(subject_of(jws)[1] in _KNOWN for jws in state["receipts"])


async def _opened_for(hub: Hub, state: Mapping[str, Any], reason: str) -> Dossier:
    """Write the draft first: the log then says of a draft that is there that it was made."""
    dossier = Dossier.make(hub.agency, state, REASONS[reason], int(clock.now()))
    if dossier.index is not None:
        return dossier
    path = f"/v1/messages/{state['id']}/incidents/{dossier.id}"
    body: JsonObject = {"v": 1, "draft": dossier.digest}
    raw = await hub.line.send("PUT", path, jcs(body))
    return dossier.entered(check_logged(read_json(raw), dossier.digest, hub.agency.hub))


async def _refuse(hub: Hub, state: Mapping[str, Any]) -> None:
    if state["state"] == "accepted":
        await _hold(hub, state["id"])
    await say(
        hub,
        Subject.of(state),
        "rejected",
        {"problems": [{"code": "not-addressed", "pointers": []}]},
    )


async def _hold(hub: Hub, message_id: str) -> None:
    """Lease the one message, and give back all that has to be leased before it."""
    before: list[Message] = []
    try:
        while leased := await hub.lease(limit=AT_A_TIME):
            before += [message for message in leased if message.id != message_id]
            if any(message.id == message_id for message in leased):
                return
        raise LeaseLost
    finally:
        for message in before:
            await message.give_back()
