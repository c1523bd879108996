# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What do the data protection officers of both sides get to read of a misdirected message?

Ids and times, and nothing of what the message says: the draft of an incident must not spread what
it reports. It lies in the folder of the unit that found out, as JSON and as a text.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from uuid_utils.compat import uuid7

from hub.client.agency import Agency, write_json
from hub.client.saying import subject_of
from hub.model.ids import organisation_of
from hub.model.json import JsonObject
from hub.sealing.canonical import digest, jcs, unb64

HOURS: Final = 72
"""Art. 33 Abs. 1 DSGVO: within these the supervisory authority is told, if it has to be."""
BASES: Final = ("Art. 33 DSGVO", "§ 83a SGB X")
_BERLIN: Final = ZoneInfo("Europe/Berlin")
_TEXT: Final = """\
ENTWURF: Nachricht an die falsche Stelle

Für die Datenschutzbeauftragten von {sender} und {recipient}.
Dieser Entwurf enthält keinen Inhalt der Nachricht, nur Kennungen und Zeiten.

Was geschah
  Nachricht {message} ({protocol}, {step}) ging von {sender_unit} an {recipient_unit}.
  {reason}
  Angenommen vom Hub: {accepted}
  Geöffnet bei {recipient}: {opened}
  Bemerkt und festgehalten: {noticed}

Was zu entscheiden ist
  Ob es eine Verletzung des Schutzes personenbezogener Daten ist und ob sie zu melden ist,
  entscheiden die Verantwortlichen, jede Stelle für sich (Art. 33 DSGVO, § 83a SGB X).
  Frist, falls zu melden ist: {until} (72 Stunden nach dem Bemerken).

Was zu tun ist
  1. Diesen Entwurf an beide Datenschutzbeauftragte geben.
  2. Die eigene Kopie des Inhalts nicht weiter verwenden und löschen, soweit sie nicht für den
     Schutz des Kindes gebraucht wird.
  3. Ist dies ein Jugendamt, bleibt der Schutzauftrag: dem zuständigen Jugendamt mitteilen, was es
     wissen muss (§ 8a Abs. 6 SGB VIII, Verfahren jugendamt-mitteilung), und anrufen, wenn es eilt.

Kennung dieses Entwurfs: {id}
"""


@dataclass(frozen=True)
class Dossier:
    """The draft of one incident in the folder of a unit; one for each message."""

    path: Path
    said: JsonObject

    @classmethod
    def make(cls, agency: Agency, state: Mapping[str, Any], reason: str, now: int) -> "Dossier":
        """Write the draft about a message as the hub tells it, or return the one that is there."""
        folder = agency.path / "incidents"
        folder.mkdir(mode=0o700, exist_ok=True)
        path = folder / f"{state['id']}.json"
        if path.exists():
            return cls(path, json.loads(path.read_bytes()))
        dossier = cls(path, _facts(state, reason, now))
        path.with_suffix(".txt").write_text(dossier.text, "utf-8")
        write_json(path, dossier.said)
        return dossier

    @property
    def id(self) -> str:
        return str(self.said["id"])

    @property
    def digest(self) -> str:
        """What the log commits to: the draft without its own place in the log."""
        return digest(jcs({name: part for name, part in self.said.items() if name != "entry"}))

    @property
    def index(self) -> int | None:
        """Number of its entry in the log of the hub; None as long as there is no answer."""
        index = self.said.get("entry")
        return index if isinstance(index, int) else None

    @property
    def text(self) -> str:
        """The draft as the two officers read it."""
        said = self.said
        opened = said["opened"]
        return _TEXT.format(
            **{name: said[name] for name in ("id", "message", "protocol", "step", "reason")},
            sender=organisation_of(str(said["sender"])),
            recipient=organisation_of(str(said["recipient"])),
            sender_unit=said["sender"],
            recipient_unit=said["recipient"],
            accepted=_local(said["accepted"]),
            opened=_local(opened) if opened is not None else "ohne Quittung, aber übernommen",
            noticed=_local(said["noticed"]),
            until=_local(said["report_until"]),
        )

    def entered(self, index: int) -> "Dossier":
        """Return the draft with the number of its entry in the log, kept durably."""
        entered = Dossier(self.path, {**self.said, "entry": index})
        write_json(self.path, entered.said)
        return entered


def _facts(state: Mapping[str, Any], reason: str, now: int) -> JsonObject:
    times = {subject_of(jws)[1]: _signed_at(jws) for jws in reversed(state["receipts"])}
    return {
        "v": 1,
        "draft": True,
        "id": str(uuid7()),
        "bases": list(BASES),
        "message": state["id"],
        "env": state["env"],
        "protocol": state["protocol"],
        "step": state["step"],
        "sender": state["sender"],
        "recipient": state["recipient"],
        "reason": reason,
        "accepted": times["accepted"],
        "opened": times.get("opened"),
        "taken": times.get("taken"),
        "noticed": _written(now),
        "report_until": _written(now + HOURS * 3600),
    }


def _signed_at(jws: str) -> str:
    return _written(int(json.loads(unb64(jws.split(".")[1]))["iat"]))


def _written(second: int) -> str:
    return datetime.fromtimestamp(second, UTC).isoformat()


def _local(written: object) -> str:
    moment = datetime.fromisoformat(str(written)).astimezone(_BERLIN)
    return f"{moment:%d.%m.%Y, %H:%M} Uhr"
