# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What does an organisation say of itself, by its folders and the version before?"""

import json
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeVar

from hub import clock
from hub.client.agency import Agency, PinnedHub
from hub.client.elsewhere import keys_elsewhere
from hub.client.keyring import SIGNATURES, NextKey
from hub.directory.duty_changes import MEMBERS
from hub.directory.roster import Duty
from hub.model.participant import DirectoryEntry, ReadingKey, SigningKey, Unit
from hub.sealing.canonical import digest
from hub.sealing.reader import ReaderPrivateKey
from hub.trust.jose import sign_token
from hub.trust.keys import PrivateSigningKey
from hub.trust.kinds import DIRECTORY_ENTRY

K = TypeVar("K", SigningKey, ReadingKey)
ENDED: Final = 61 * 24 * 3600
"""Seconds for which an ended key stays listed; by then nothing that it signed is on its way."""


def is_over(key: SigningKey | ReadingKey, now: int) -> bool:
    return key.not_after is not None and key.not_after <= now


@dataclass(frozen=True)
class Turn:
    """When one key takes the place of another: from when it counts, and until when the old one."""

    use: str
    begins: int
    ends: int
    replaced: frozenset[str] = frozenset()
    """Reading keys that it replaces; of signatures, all others of the unit."""


def with_next(key: NextKey, turn: Turn, unit: Unit) -> Unit:
    """Return a unit with one more key, and an end for those that it replaces."""
    if turn.use in SIGNATURES:
        ring: tuple[SigningKey, ...] = getattr(unit, turn.use)
        office = ring[0].office if ring else None
        public = key.signature.public(turn.begins).model_copy(update={"office": office})
        others = tuple(_until(each, turn.ends) for each in ring if each.kid != public.kid)
        return unit.model_copy(update={turn.use: (public, *others)})
    return _with_next_reading(key.reader, turn, unit)


def _with_next_reading(reader: ReaderPrivateKey, turn: Turn, unit: Unit) -> Unit:
    new = ReadingKey(kid=reader.kid, pub=reader.public.b64, use="desk", not_before=turn.begins)
    others = tuple(
        _until(each, turn.ends) if each.kid in turn.replaced else each
        for each in unit.reading
        if each.kid != new.kid
    )
    return unit.model_copy(update={"reading": (*others, new)})


def _until(key: K, end: int) -> K:
    """Return a key that ends then, unless it ends before."""
    last = max(end, key.not_before)
    if key.not_after is not None and key.not_after <= last:
        return key
    return key.model_copy(update={"not_after": last})


@dataclass(frozen=True)
class Before:
    """The version of an entry that the next one follows."""

    entry: DirectoryEntry
    jws: str

    def unit(self, unit_id: str) -> Unit | None:
        return next((unit for unit in self.entry.units if unit.id == unit_id), None)

    def ended(self, unit_id: str, kids: set[str], now: int) -> tuple[SigningKey, ...]:
        """Return the signing keys of a unit that are no longer in its folder, with their end."""
        unit = self.unit(unit_id)
        gone = [key for key in (unit.signing if unit else ()) if key.kid not in kids]
        ended = [_until(key, now) for key in gone]
        return tuple(key for key in ended if (key.not_after or now) >= now - ENDED)


def make_entry(
    proposal: dict[str, Any],
    agencies: list[Agency],
    root: PrivateSigningKey,
    hub: PinnedHub,
    before: Before | None = None,
) -> DirectoryEntry:
    now = int(clock.now())
    by_id = {agency.id: agency for agency in agencies}
    units = tuple(_unit(unit, by_id[unit["id"]], before, now) for unit in proposal["units"])
    return DirectoryEntry(
        hub=hub.id,
        organisation=proposal["id"],
        name=proposal["name"],
        version=before.entry.version + 1 if before else 1,
        iat=now,
        prv=digest(before.jws) if before else None,
        root=before.entry.root if before else root.public(now),
        units=units,
    )


def _unit(proposed: dict[str, Any], agency: Agency, before: Before | None, now: int) -> Unit:
    """Return a unit with the keys of its folder, each as it was published where it was."""
    known = before.unit(agency.id) if before else None
    signing = _signatures(agency, "signing", known, now)
    office = proposed.get("office")
    listed = {key.kid for key in known.signing} if known else set()
    signing = tuple(
        key if key.kid in listed else key.model_copy(update={"office": office}) for key in signing
    )
    kids = {key.kid for key in signing}
    duty = Duty.of(known) if known else _proposed_duty(proposed)
    return Unit(
        id=proposed["id"],
        name=proposed["name"],
        roles=tuple(proposed["roles"]),
        telephone=proposed["telephone"],
        signing=(*signing, *(before.ended(agency.id, kids, now) if before else ())),
        token=tuple(
            key for key in _signatures(agency, "token", known, now) if not is_over(key, now)
        ),
        reading=_readings(agency, known, now),
        roster=duty.roster,
        serves=duty.serves,
        callback=duty.callback,
    )


def _proposed_duty(proposed: dict[str, Any]) -> Duty:
    """Return what a network file proposes; from the first entry on the unit publishes its own."""
    said = {name: proposed[name] for name in MEMBERS if proposed.get(name)}
    return Duty.model_validate_json(json.dumps(said))


def _signatures(agency: Agency, use: str, known: Unit | None, now: int) -> tuple[SigningKey, ...]:
    ring: tuple[SigningKey, ...] = getattr(known, use) if known else ()
    listed = {key.kid: key for key in ring}
    return tuple(listed.get(key.kid) or key.public(now) for key in agency.keys.signatures(use))


def _readings(agency: Agency, known: Unit | None, now: int) -> tuple[ReadingKey, ...]:
    """Return the public halves as the directory entry lists them; no name beside any."""
    listed = {key.kid: key for key in (known.reading if known else ())}
    uses: list[tuple[ReaderPrivateKey, Literal["desk", "person"]]] = [
        *((key, "desk") for key in agency.desk),
        *((key, "person") for key in agency.persons),
    ]
    here = tuple(
        listed.get(key.kid) or ReadingKey(kid=key.kid, pub=key.public.b64, use=use, not_before=now)
        for key, use in uses
    )
    elsewhere = keys_elsewhere(agency.path)
    return (*here, *(key for key in elsewhere if not is_over(key, now - ENDED)))


def sign_entry(entry: DirectoryEntry, root: PrivateSigningKey) -> str:
    return sign_token(root, DIRECTORY_ENTRY.typ, entry.model_dump(mode="json", exclude_none=True))
