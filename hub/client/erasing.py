# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Erasing the own copy: first it is gone, then this unit signs that it is.

A crisis service keeps nothing of a night that another office answers for: once a person of the desk
by day has taken over (``uebernahme``), its copies of the notice and of its own handover go by
themselves.
"""

from pathlib import Path
from typing import Any, Final

from hub.client.agency import Agency
from hub.client.answers import Refused
from hub.client.copies import Copies, Copy
from hub.client.handing import HANDOVER
from hub.client.proofs import ProvenReceipt
from hub.client.receiving import Message
from hub.client.saying import Subject, say_unseen
from hub.client.side import Side
from hub.errors import NotFound, StepNotAllowed
from hub.model.receipt import FINAL

TAKEN_OVER: Final = "uebernahme"
_DONE: Final = FINAL | {"acknowledged"}
"""States in which the addressee's copy may go (``erased``)."""


async def erase(hub: Side, message_id: str, folder: Path | None = None) -> ProvenReceipt | None:
    """Delete every copy of a message in this house, and only then sign ``erased``.

    ``folder`` is where contents are put down, for copies of before they were remembered. Of an own
    message its addressee says that it is gone, so there is no receipt of it here. Raises
    ``StepNotAllowed`` where no person has taken note yet, and ``NotFound`` for what never was here.
    """
    copy = await _erasable(hub, message_id)
    Copies(hub.agency).delete(copy, *copies_in(folder, message_id))
    return await sign_erased(hub, copy)


def copies_in(folder: Path | None, message_id: str) -> tuple[Path, ...]:
    """Return the file in which ``receive`` puts down the content of a message."""
    return () if folder is None else (folder / f"{message_id}.json",)


async def sign_erased(hub: Side, copy: Copy) -> ProvenReceipt | None:
    """Say that a copy is gone; nothing is said of what this unit sent itself."""
    said = None
    if copy.subject is not None:
        said = await say_unseen(hub, copy.subject, "erased", {})
    Copies(hub.agency).forget(copy.message)
    return said


def let_go(agency: Agency, message: Message) -> tuple[str, ...]:
    """Delete what is done with because of a message; returns the ids of what is gone.

    That is the own handover, and the notice it was about, when the desk that it went to has taken
    over. Done before the message is taken, it is not forgotten where this program ends in between.
    """
    handover = _taken_over(agency, message)
    if handover is None:
        return ()
    kept, going = Copies(agency), _copies_of(agency, message, handover)
    for copy in going:
        kept.delete(copy)
    done = {copy.conversation for copy in going}
    for name in ("handovers", "reply-keys"):
        agency.revise(name, lambda known: {k: v for k, v in known.items() if k not in done})
    return tuple(copy.message for copy in going)


async def sign_all(hub: Side) -> tuple[str, ...]:
    """Sign ``erased`` of all that is gone; what the hub does not take now is said again later."""
    gone = [copy for copy in Copies(hub.agency) if copy.is_gone]
    return tuple([copy.message for copy in gone if await _is_signed(hub, copy)])


async def settle(hub: Side, message: Message) -> tuple[str, ...]:
    """Let go of what a message ends, and sign it; returns the ids of what is gone and signed."""
    let_go(hub.agency, message)
    return await sign_all(hub)


def _taken_over(agency: Agency, message: Message) -> dict[str, Any] | None:
    """Return the own handover that a message closes, if it does."""
    envelope = message.envelope
    if (envelope.proto.partition("/")[0], envelope.step) != (HANDOVER, TAKEN_OVER):
        return None
    handover: dict[str, Any] | None = agency.recall("handovers").get(envelope.cnv)
    return handover if handover is not None and handover["to"] == envelope.iss else None


def _copies_of(agency: Agency, message: Message, handover: dict[str, Any]) -> list[Copy]:
    """Return the copies of both conversations; of the last word only that it is there remains."""
    known = tuple(Copies(agency))
    own = message.envelope.cnv
    about = next((each.conversation for each in known if each.message == handover["of"]), None)
    found = {
        each.message: each
        for each in known
        if each.conversation in {own, about} and each.message != message.id
    }
    return [*found.values(), *([] if own in found else [Copy(own, own)])]


async def _is_signed(hub: Side, copy: Copy) -> bool:
    try:
        await sign_erased(hub, copy)
    except Refused:
        return False
    return True


async def _erasable(hub: Side, message_id: str) -> Copy:
    known = Copies(hub.agency).find(message_id)
    try:
        state = await hub.state(message_id)
    except Refused as refused:
        # A service whose turn is over is shown nothing any more, and still says that it is gone.
        if refused.code != NotFound.code or known is None:
            raise
        return known
    if state["sender"] == hub.agency.id:
        return known or Copy(message_id, state["conversation"])
    if state["state"] not in _DONE:
        raise StepNotAllowed("Erst wenn ein Mensch Kenntnis genommen hat, darf die Kopie gehen.")
    files = known.files if known else ()
    return Copy(message_id, state["conversation"], files, Subject.of(state))
