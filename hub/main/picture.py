# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""All that is known of one organisation, for whoever runs the hub."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from hub.enrol.acts import Statement, contract_of, statements, succession_of
from hub.enrol.snapshot import participant_of
from hub.main.folder import DataDir
from hub.model.participant import DirectoryEntry, Participant, ReadingKey, SigningKey, Unit
from hub.store.engine import open_database
from hub.store.participants import StoredParticipant, read_entry, read_participant

BERLIN: Final = ZoneInfo("Europe/Berlin")
STATUS: Final = {
    "proposed": "vorgeschlagen",
    "invited": "eingeladen",
    "enrolled": "wartet auf Bestätigung",
    "valid": "nimmt teil",
    "suspended": "gesperrt",
}
DONE: Final = {
    "invited": "eingeladen",
    "confirmed": "bestätigt",
    "suspended": "gesperrt",
    "resumed": "wieder zugelassen",
    "succeeded": "Nachfolge eingetragen",
    "contracted": "Vertrag eingetragen",
    "doubted": "Widerruf eines Schlüssels verlangt",
    "revoked": "Schlüssel widerrufen",
}
USES: Final = {
    "signing": "Signatur",
    "token": "Anmeldung",
    "desk": "Lesen",
    "person": "Rückmeldung",
}
OFFICES: Final = {"richter": "Richteramt", "staatsanwalt": "Staatsanwaltschaft"}
DOUBTS: Final = {
    "compromised": "in fremder Hand",
    "lost": "verloren",
    "holder-left": "Inhaber ausgeschieden",
}


@dataclass(frozen=True)
class Picture:
    """An organisation as stored, with what it published and what was done about it."""

    stored: StoredParticipant
    known: Participant
    acts: tuple[Statement, ...]

    def as_json(self) -> dict[str, Any]:
        entry = self.known.entry
        return {
            **brief(self.stored),
            "version": entry.version if entry else None,
            "keys": [_key_json(*each) for each in keys_of(entry)] if entry else [],
            "contract": _without_salt(contract_of(self.acts)),
            "succession": self.known.succession.model_dump() if self.known.succession else None,
            "revoked": [each.model_dump() for each in self.known.revoked],
            "acts": [
                {"act": each.act, "by": each.by, "at": each.at, **_without_salt(each.facts)}
                for each in self.acts
            ],
        }

    def lines(self) -> Iterator[str]:
        stored = self.stored
        yield f"{stored.organisation}: {stored.name} ({STATUS[stored.status]})"
        for unit in json.loads(stored.proposal)["units"]:
            yield f"  {unit['id']}: {unit['name']}, {unit['telephone']}"
        for unit, use, key in keys_of(self.known.entry) if self.known.entry else ():
            yield f"  {key_line(unit, use, key)}"
        revoked = {each.kid for each in self.known.revoked}
        yield from (f"  Vom Betreiber widerrufen: {kid}" for kid in sorted(revoked))
        yield f"  {contract_line(self.acts)}"
        if (gone := succession_of(self.acts)) is not None:
            yield f"  Nachfolge ab {gone.on}: {gone.by}"
        for each in self.acts:
            yield f"  {moment(each.at)} {DONE[each.act]} von {each.by or 'unbekannt'}{_why(each)}"


def read_picture(data: DataDir, organisation: str) -> Picture | None:
    """Read all that is known of an organisation; None where no network file proposes it."""
    database = open_database(data.place)
    try:
        with database.reading.connect() as connection:
            return _picture(connection, organisation)
    finally:
        database.dispose()


def _picture(connection: Connection, organisation: str) -> Picture | None:
    stored = read_participant(connection, organisation)
    if stored is None:
        return None
    acts = statements(connection, organisation)
    return Picture(stored, participant_of(stored, read_entry(connection, organisation), acts), acts)


def brief(known: StoredParticipant) -> dict[str, Any]:
    """Return what a list says of an organisation."""
    return {
        "organisation": known.organisation,
        "name": known.name,
        "status": known.status,
        "units": json.loads(known.proposal)["units"],
    }


def keys_of(entry: DirectoryEntry) -> Iterator[tuple[str, str, SigningKey | ReadingKey]]:
    """Return every key of an entry with the unit and the use that it is for."""
    for unit in entry.units:
        yield from _keys_of_unit(unit)


def _keys_of_unit(unit: Unit) -> Iterator[tuple[str, str, SigningKey | ReadingKey]]:
    yield from ((unit.id, "signing", key) for key in unit.signing)
    yield from ((unit.id, "token", key) for key in unit.token)
    yield from ((unit.id, key.use, key) for key in unit.reading)


def key_line(unit: str, use: str, key: SigningKey | ReadingKey) -> str:
    """Say of a key whose it is, what for, its fingerprint and from when to when it counts."""
    office = OFFICES.get(getattr(key, "office", None) or "", "")
    until = f" bis {moment(key.not_after)}" if key.not_after is not None else ""
    doubt = f", widerrufen: {DOUBTS[key.revoked]}" if key.revoked else ""
    extra = f" ({office})" if office else ""
    return f"{unit} {USES[use]}{extra} {key.kid} ab {moment(key.not_before)}{until}{doubt}"


def contract_line(acts: tuple[Statement, ...]) -> str:
    """Say which contract allows this hub to process for the organisation."""
    said = contract_of(acts)
    if said is None:
        return "Vertrag zur Auftragsverarbeitung: keiner eingetragen"
    day = datetime.fromisoformat(str(said["dated"]))
    return f"Vertrag zur Auftragsverarbeitung vom {day:%d.%m.%Y}: {said['reference']}"


def moment(second: int) -> str:
    """Return an instant as people here read it."""
    return f"{datetime.fromtimestamp(second, UTC).astimezone(BERLIN):%d.%m.%Y %H:%M}"


def _why(each: Statement) -> str:
    reasons = [each.facts.get("reason"), each.facts.get("alone")]
    said = "; ".join(DOUBTS.get(str(reason), str(reason)) for reason in reasons if reason)
    return f" ({said})" if said else ""


def _key_json(unit: str, use: str, key: SigningKey | ReadingKey) -> dict[str, Any]:
    members = key.model_dump(exclude_none=True, exclude={"jwk", "pub", "use"})
    return {"unit": unit, "use": use, **members}


def _without_salt(facts: Any) -> Any:
    if facts is None:
        return None
    return {name: value for name, value in facts.items() if name != "salt"}
