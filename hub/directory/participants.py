# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who takes part, with which units, and which key is whose?"""

from collections.abc import Iterable, Iterator
from typing import Final

from hub.model.ids import organisation_of
from hub.model.network import ListedOrganisation
from hub.model.participant import DirectoryEntry, Participant, ReadingKey, SigningKey, Status, Unit

_CONFIRMED: Final = frozenset({"valid", "suspended"})
"""Only then has a person compared the fingerprint of the root key that signed the entry."""

Adoption = tuple[str, str, str]
"""Organisation, protocol with version, digest of the protocol."""


class Directory:
    """All participants at one moment; it never changes, the next moment has its own.

    Keys and units count only once the organisation's entry is confirmed. Those of a suspended
    organisation stay known, because what it signed before is still to be verified.
    """

    def __init__(
        self,
        participants: Iterable[Participant] = (),
        adoptions: frozenset[Adoption] = frozenset(),
    ) -> None:
        self.adoptions = adoptions
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

    def signing_key(self, unit: str, kid: str) -> SigningKey | None:
        return self._signing.get((unit, kid))

    def token_key(self, unit: str, kid: str) -> SigningKey | None:
        return self._token.get((unit, kid))

    def reading_key(self, unit: str, kid: str) -> ReadingKey | None:
        return self._reading.get((unit, kid))

    def desk_keys(self, unit: str, now: int) -> tuple[ReadingKey, ...]:
        """Return the keys that a sender seals to now: duty and head, never a person's."""
        known = self._units.get(unit)
        keys = known.reading if known else ()
        return tuple(key for key in keys if key.use == "desk" and key.valid_at(now))

    def has_adopted(self, party: str, proto: str, digest: str) -> bool:
        return (organisation_of(party), proto, digest) in self.adoptions

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
                yield from known.entry.units


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


def _by_kid(
    keys: Iterable[tuple[str, tuple[SigningKey, ...]]],
) -> dict[tuple[str, str], SigningKey]:
    return {(unit, key.kid): key for unit, keyring in keys for key in keyring}
