# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What happened in a matter so far: what came, what this house said and did, and what became of it?

States, names and times; what was written stands in the message that it belongs to.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from hub.adapters.inbox.acts import REFUSED, WAITS, Act
from hub.adapters.inbox.acts_said import Matter
from hub.adapters.inbox.roles import NAMES
from hub.client.shown import WORDS
from hub.model.protocol import Protocol

Kind = Literal["came", "done", "waits", "refused"]
_DONE: Final = {
    "kenntnis": "Zur Kenntnis genommen",
    "uebernahme": "Übernommen",
    "rueckmeldung": "Rückmeldung gegeben",
    "rueckfrage": "Rückfrage gestellt",
    "weitergabe": "Weitergegeben",
    "unverwertbar": "Als nicht verwertbar zurückgewiesen",
    "benennung": "Für Anvertrautes benannt",
    "entlassung": "Aus der Quarantäne entlassen: auf anderem Weg weitergegeben",
}
_HEARD: Final = ("taken", "acknowledged", "rejected", "expired", "overdue", "held", "passed-on")


@dataclass(frozen=True)
class Event:
    """One thing that happened."""

    at: int
    kind: Kind
    title: str
    who: str
    message: str = ""
    """Where it can be read; empty where there is nothing to read."""
    trouble: str = ""
    """Why it did not come through, and what helps."""
    later: tuple[tuple[str, int], ...] = ()
    """What was heard of it afterwards."""
    is_written: bool = False
    """Something was written here that is still kept."""
    act: str = ""
    about: str = ""
    """Message on which somebody of this house acted."""


def course(matter: Matter, protocol: Protocol, names: dict[str, str]) -> tuple[Event, ...]:
    """Return what happened, in its order; ``names`` are those of senders, by message."""
    events = (*_came(matter, protocol, names), *_done(matter, protocol))
    return tuple(sorted(events, key=lambda each: each.at))


def _came(matter: Matter, protocol: Protocol, names: dict[str, str]) -> Iterator[Event]:
    for row in matter.rows:
        step = protocol.step(row.step)
        title = step.title if step else row.step
        where = row.id if row.has_content else ""
        yield Event(row.received_at, "came", title, names.get(row.id) or row.sender, where)


def _done(matter: Matter, protocol: Protocol) -> Iterator[Event]:
    for act in matter.acts:
        trouble = " ".join(filter(None, (act.reason, act.advice))) if act.state == REFUSED else ""
        heard = matter.heard.get(act.own or "", ())
        yield Event(
            act.at,
            "refused" if act.state == REFUSED else "waits" if act.state == WAITS else "done",
            _title(act, protocol),
            f"{act.name} ({NAMES.get(act.role, act.role)})",
            trouble=trouble,
            later=tuple((WORDS[each.word], each.at) for each in heard if each.word in _HEARD),
            is_written=act.has_content,
            act=act.id,
            about=act.message,
        )


def _title(act: Act, protocol: Protocol) -> str:
    step = protocol.step(act.step) if act.kind == "schritt" else None
    title = step.title if step else _DONE.get(act.kind, act.kind)
    beside = act.recipient_name if act.kind == "weitergabe" else act.for_name
    return f"{title}: {beside}" if beside else title
