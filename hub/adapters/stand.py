# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What does the contract need of whoever has written an adapter? A target that can be spoiled.

A stand is a real counterpart (a server on loopback, a folder) with a way to make an adapter for it,
to see what arrived, and to let it behave as targets do on bad days.
"""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from pathlib import Path
from typing import Final, Literal, Protocol, TypeAlias

from hub.adapters.base import Adapter, Surroundings
from hub.adapters.delivery import Delivery
from hub.model.json import JsonObject
from hub.protocols.catalogue import Catalogue

Spoiling: TypeAlias = Literal["slow", "failing", "cut", "full", "lying", "away"]
SPOILINGS: Final[tuple[Spoiling, ...]] = ("slow", "failing", "cut", "full", "lying", "away")
"""Does not answer in time; answers that something failed; ends the line in the middle; has no room;
says yes and keeps nothing, or something else; is not there."""
UNIT: Final = "jugendamt:05170032.asd"
MARKED: Final = ("Erfunden-Merkmal", "Merkmalsatz")
"""Words of the content that may stand in no name, no header and no error."""
CONTENT: Final[JsonObject] = {
    "anruf": {"erfolgt": False},
    "vorgangsnummer": "ERFUNDEN-000009/2026",
    "einsatz": {"zeitpunkt": "2026-03-13T22:40:00+01:00", "anlass": ["haeusliche-gewalt"]},
    "kind": {
        "name": {"familienname": "Erfunden-Merkmal", "vorname": "Mia"},
        "geburt": {"jahr": 2020, "monat": 11, "tag": 3},
        "aufenthalt": {"art": "zuhause"},
    },
    "sachverhalt": "=Merkmalsatz über einen erfundenen Streit.",
    "massnahmen": ["keine"],
    "information": {"betroffene_informiert": "ja"},
    "hinweise": {"auskunftssperre": False, "gewalt": True},
    "absender": {
        "name": {"familienname": "Beamtin-Erfunden"},
        "kontakt": {"kanal": "02", "kennung": "0221 4710456"},
    },
}


class Stand(Protocol):
    """A counterpart, ready."""

    spoilings: frozenset[Spoiling]
    """What this one can be made to do; what makes no sense for it is left out."""

    def adapter(self) -> Adapter:
        """Make the adapter as a new process would: same settings, same folder of state."""
        ...

    def effects(self, message_id: str) -> int:
        """Count how often a message has taken effect, also where it was fetched since."""
        ...

    def fetch(self) -> None:
        """Let the reader take everything away; nothing to do where nobody does."""
        ...

    def visible(self) -> str:
        """Return what anybody sees beside the content: names, addresses, heads of requests."""
        ...

    def spoiled(self, how: Spoiling) -> AbstractContextManager[object]:
        """Let the target behave badly for as long as the block lasts."""
        ...


MakeStand: TypeAlias = Callable[[Path, Surroundings], AbstractAsyncContextManager[Stand]]
"""A factory gets an empty folder and the surroundings for its adapters."""


def surroundings_in(folder: Path, catalogue: Catalogue) -> Surroundings:
    """Return the surroundings of an adapter that is tried."""
    return Surroundings(UNIT, catalogue, folder, folder / "state")


def a_delivery(number: int = 1, **said: object) -> Delivery:
    """Return an invented notice; the same number is the same message."""
    mine = f"0193504f-7c2a-7d41-8e5b-{number:012x}"
    facts = {
        "id": mine,
        "conversation": mine,
        "protocol": "polizei-mitteilung/1.2.0",
        "step": "mitteilung",
        "urgency": "sofort",
        "sender": "polizei:kpb-wesel",
        "sender_name": "Kreispolizeibehörde Wesel",
        "recipient": UNIT,
        "basis": "polgnrw-27",
        "issued": 1_773_439_200,
        "ends": 4_102_444_800,
        "received": 1_773_439_230,
        "env": "x" * 43,
        "position": 1,
        "is_demo": True,
        "content": CONTENT,
    }
    return Delivery.of({**facts, **said})
