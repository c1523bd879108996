# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who takes part, with which units, and which key is whose?"""

from collections.abc import Iterable, Iterator
from typing import Final, TypeVar

from hub.model.agreement import Concluded
from hub.model.ids import organisation_of
from hub.model.network import ListedOrganisation
from hub.model.participant import (
    DirectoryEntry,
    Participant,
    ReadingKey,
    Revocation,
    SigningKey,
    Status,
    Succession,
    Unit,
)

_CONFIRMED: Final = frozenset({"valid", "suspended"})
"""Only then has a person compared the fingerprint of the root key that signed the entry."""

Adoption = tuple[str, str, str]
"""Organisation, protocol with version, digest of the protocol."""
K = TypeVar("K", SigningKey, ReadingKey)
CLOCKS: Final = 60
"""Seconds that the clocks of a sender and of the hub may differ."""


class Directory:
    """All participants at one moment; it never changes, the next moment has its own.

    Keys and units count only once the organisation's entry is confirmed. Those of a suspended
    organisation stay known, because what it signed before is still to be verified; so do keys that
    the operator revoked, each with its end.
    """

    def __init__(
        self,
        participants: Iterable[Participant] = (),
        adoptions: frozenset[Adoption] = frozenset(),
        agreements: tuple[Concluded, ...] = (),
    ) -> None:
        self.adoptions = adoptions
        self.agreements = agreements
        self._agreed = _by_party(agreements)
        self._organisations = {known.organisation: known for known in participants}
        self._units = {unit.id: unit for unit in self._confirmed_units()}
        self._roles = {unit.id: frozenset(unit.roles) for unit in self._units.values()}
        self._signing = _by_kid((unit.id, unit.signing) for unit in self._units.values())
        self._token = _by_kid((unit.id, unit.token) for unit in self._units.values())
        self._reading = {
            (unit.id, key.kid): key for unit in self._units.values() for key in unit.reading
        }

    @property
    def organisations(self) -> tuple[Participant, ...]:
        return tuple(self._organisations.values())

    @property
    def units(self) -> tuple[Unit, ...]:
        return tuple(self._units.values())

    def organisation(self, party: str) -> Participant | None:
        """Return the organisation with this id, or the one that this unit belongs to."""
        return self._organisations.get(organisation_of(party))

    def status(self, party: str) -> Status | None:
        known = self.organisation(party)
        return known.status if known else None

    def unit(self, party: str) -> Unit | None:
        """Return the unit with exactly this id.

        An organisation with named units has none of its own id, so it is addressed only through
        them; one without is its own unit.
        """
        return self._units.get(party)

    def is_active(self, unit: str) -> bool:
        return unit in self._units and self.status(unit) == "valid"

    def roles(self, unit: str) -> frozenset[str]:
        return self._roles.get(unit, frozenset())

    def root_key(self, party: str) -> SigningKey | None:
        """Return the organisation's root key, which signs entries and adoptions, never messages."""
        known = self.organisation(party)
        if known is None or known.status not in _CONFIRMED or known.entry is None:
            return None
        return known.entry.root

    def succession(self, party: str, now: int) -> Succession | None:
        """Return who has taken the place of an organisation, once that day has come."""
        known = self.organisation(party)
        succession = known.succession if known else None
        return succession if succession is not None and succession.since <= now else None

    def signing_key(self, unit: str, kid: str) -> SigningKey | None:
        """Return a key to verify what was signed; whether it held at that time is to be asked."""
        return self._signing.get((unit, kid))

    def trusted_signing_key(self, unit: str, kid: str) -> SigningKey | None:
        """Return a key under which something new is taken.

        What a rotated key signed a moment ago is taken. What a revoked one signed is not, whatever
        time it names: whoever has stolen the key chooses the time.
        """
        return _unless_revoked(self.signing_key(unit, kid))

    def token_key(self, unit: str, kid: str) -> SigningKey | None:
        return _unless_revoked(self._token.get((unit, kid)))

    def reading_key(self, unit: str, kid: str) -> ReadingKey | None:
        return self._reading.get((unit, kid))

    def desk_keys(self, unit: str, now: int) -> tuple[ReadingKey, ...]:
        """Return the keys that a sender seals to now: duty and head, never a person's."""
        known = self._units.get(unit)
        keys = known.reading if known else ()
        return surely_valid([key for key in keys if key.use == "desk"], now)

    def has_adopted(self, party: str, proto: str, digest: str) -> bool:
        return (organisation_of(party), proto, digest) in self.adoptions

    def agreements_between(self, one: str, other: str) -> tuple[Concluded, ...]:
        """Return the agreements that name both organisations, with all their versions."""
        ids = self._agreed.get(organisation_of(one), frozenset())
        ids &= self._agreed.get(organisation_of(other), frozenset())
        if not ids:
            return ()
        return tuple(each for each in self.agreements if each.agreement.id in ids)

    def listed(self) -> tuple[ListedOrganisation, ...]:
        """Return the organisations without their keys, as the table of offices names them."""
        return tuple(
            listed(known.entry)
            for known in self._organisations.values()
            if known.entry is not None and known.status == "valid"
        )

    def _confirmed_units(self) -> Iterator[Unit]:
        for known in self._organisations.values():
            if known.entry is not None and known.status in _CONFIRMED:
                ends = {each.kid: each for each in known.revoked}
                yield from (_with_ends(unit, ends) for unit in known.entry.units)


def surely_valid(keys: Iterable[K], now: int) -> tuple[K, ...]:
    """Return the keys that are valid by our clock and by one that is a little off.

    Where keys change, old and new are valid together for a while; whoever leaves out what ends in
    this minute, and what has just begun, meets no refusal. Where nothing else is valid, these are
    taken.
    """
    valid = [key for key in keys if key.valid_at(now) and key.revoked is None]
    staying = [key for key in valid if key.valid_at(now + CLOCKS)] or valid
    return tuple([key for key in staying if key.valid_at(now - CLOCKS)] or staying)


def listed(entry: DirectoryEntry) -> ListedOrganisation:
    """Return an organisation without its keys.

    The names and numbers of an entry come from outside; ``check_entry`` has refused those that do
    not fit here.
    """
    return ListedOrganisation.model_validate(
        {
            "id": entry.organisation,
            "name": entry.name,
            "units": tuple(
                {"id": unit.id, "name": unit.name, "roles": unit.roles, "telephone": unit.telephone}
                for unit in entry.units
            ),
        }
    )


def _unless_revoked(key: SigningKey | None) -> SigningKey | None:
    return None if key is None or key.revoked is not None else key


def _with_ends(unit: Unit, ends: dict[str, Revocation]) -> Unit:
    """Return a unit whose keys end where the operator ended them."""
    if not ends:
        return unit
    rings = {
        "signing": tuple(_ended(key, ends.get(key.kid)) for key in unit.signing),
        "token": tuple(_ended(key, ends.get(key.kid)) for key in unit.token),
        "reading": tuple(_ended(key, ends.get(key.kid)) for key in unit.reading),
    }
    return unit.model_copy(update=rings)


def _ended(key: K, revocation: Revocation | None) -> K:
    if revocation is None:
        return key
    end = revocation.at if key.not_after is None else min(key.not_after, revocation.at)
    return key.model_copy(update={"not_after": end, "revoked": key.revoked or revocation.reason})


def _by_party(agreements: Iterable[Concluded]) -> dict[str, frozenset[str]]:
    """Return the ids of the agreements that each organisation is a party to."""
    found: dict[str, frozenset[str]] = {}
    for concluded in agreements:
        for party in concluded.agreement.parties:
            found[party] = found.get(party, frozenset()) | {concluded.agreement.id}
    return found


def _by_kid(
    keys: Iterable[tuple[str, tuple[SigningKey, ...]]],
) -> dict[tuple[str, str], SigningKey]:
    return {(unit, key.kid): key for unit, keyring in keys for key in keyring}
