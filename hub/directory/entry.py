# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""May this directory entry take the place of the one before?

The signature of the root key is verified elsewhere. Here stands what even the rightful owner of
that key may not publish.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, Literal, NamedTuple

from pydantic import ValidationError

from hub.directory.kinds import may_issue_to, roles_of_kind
from hub.directory.participants import listed
from hub.directory.roster import MOST_READERS, check_rosters
from hub.errors import (
    EnvelopeInvalid,
    HubMismatch,
    IssuedOutsideWindow,
    NotPermitted,
    ParticipantSuspended,
)
from hub.model.ids import kind_of, organisation_of
from hub.model.json import Json
from hub.model.participant import DirectoryEntry, Participant, PublicJwk, ReadingKey, SigningKey
from hub.sealing.canonical import digest, jcs, unb64

Purpose = Literal["root", "signing", "token", "desk", "person"]
Key = SigningKey | ReadingKey

MAX_AHEAD: Final = 60
"""Seconds that the clock of an organisation may be ahead of the hub's."""

KEPT: Final = 60 * 24 * 3600
"""Seconds that a signing key stays listed after its end: what it signed is still to be read."""


class KeyUse(NamedTuple):
    """Whose key it is, and what for; a public key belongs to one organisation and one purpose."""

    organisation: str
    purpose: Purpose


class _Placed(NamedTuple):
    """A key and where it stands in the entry."""

    pointer: str
    purpose: Purpose
    key: Key


def check_entry(
    entry: DirectoryEntry,
    participant: Participant,
    hub_id: str,
    known: Mapping[str, KeyUse],
    now: int,
) -> None:
    """Refuse an entry that this organisation may not publish now.

    ``known`` are the keys of all organisations, this one's earlier versions among them. The first
    failure ends it; pointers, never values.
    """
    if participant.status == "suspended":
        raise ParticipantSuspended
    _check_succession(entry, participant, hub_id, now)
    _check_units(entry)
    _check_listing(entry)
    keys = tuple(_keys(entry))
    _check_names_of_keys(keys)
    _check_key_owners(entry.organisation, keys, known)
    _check_keyrings(entry, now)
    check_rosters(entry)
    if participant.entry is not None:
        _check_signing_kept(entry, participant.entry, now)


def check_stays_revoked(
    entry: DirectoryEntry, by_itself: Mapping[str, int], by_operator: Mapping[str, int]
) -> None:
    """Refuse to list a key as sound that was revoked once; both say until when a key held.

    Where the operator was first, the organisation's own word may name a later second: it speaks
    after, and what counts is the earlier end (``Directory``). Not listing a key at all is refused
    elsewhere, as long as what it signed is still to be read.
    """
    for pointer, _, key in _keys(entry):
        ends = [by_itself.get(key.kid)]
        if key.revoked is None:
            ends.append(by_operator.get(key.kid))
        known = [end for end in ends if end is not None]
        if known and (key.not_after is None or key.not_after > min(known)):
            raise NotPermitted("a revoked key does not come back", pointers=(pointer,))


def revoked_keys(entry: DirectoryEntry) -> dict[str, int]:
    """Return the keys that an entry lists as revoked, each with its end."""
    return {
        placed.key.kid: placed.key.not_after
        for placed in _keys(entry)
        if placed.key.revoked is not None and placed.key.not_after is not None
    }


class KeyChanges(NamedTuple):
    """What became of keys between two versions of an entry, by kid."""

    enrolled: tuple[str, ...]
    rotated: tuple[str, ...]
    revoked: tuple[str, ...]


def key_changes(before: DirectoryEntry, entry: DirectoryEntry) -> KeyChanges:
    """Say which keys are new, which got their end, and which are revoked."""
    old = {placed.key.kid: placed.key for placed in _keys(before)}
    new = {placed.key.kid: placed.key for placed in _keys(entry)}
    revoked = revoked_keys(entry).keys() - revoked_keys(before).keys()
    ended = {
        kid
        for kid, key in old.items()
        if key.not_after is None and (kid not in new or new[kid].not_after is not None)
    }
    return KeyChanges(
        enrolled=tuple(sorted(new.keys() - old.keys())),
        rotated=tuple(sorted(ended - revoked)),
        revoked=tuple(sorted(revoked)),
    )


def known_keys(participants: Iterable[Participant]) -> dict[str, KeyUse]:
    """Return every key that stands in an entry, be it confirmed or not, by its kid."""
    return {
        placed.key.kid: KeyUse(entry.organisation, placed.purpose)
        for participant in participants
        if (entry := participant.entry) is not None
        for placed in _keys(entry)
    }


def kid_of_signing(jwk: PublicJwk) -> str:
    """Return the name of a signature key: the digest of its JWK (SL1 § 2)."""
    return digest(jcs(jwk.model_dump(exclude_none=True)))


def kid_of_reading(pub: str) -> str:
    """Return the name of an X-Wing key: the digest of its JWK (SL1 § 2)."""
    jwk: dict[str, Json] = {"alg": "X-Wing", "kty": "AKP", "pub": pub}
    return digest(jcs(jwk))


def _check_succession(
    entry: DirectoryEntry, participant: Participant, hub_id: str, now: int
) -> None:
    """Each version names the one before, so that nobody can take a version back unseen."""
    if entry.hub != hub_id:
        raise HubMismatch("the entry was signed for another hub", pointers=("/hub",))
    if entry.organisation != participant.organisation:
        raise NotPermitted("the entry is another organisation's", pointers=("/organisation",))
    before = participant.entry
    if before is not None and entry.root != before.root:
        raise NotPermitted("the root key cannot change", pointers=("/root",))
    if entry.version != (before.version + 1 if before else 1):
        raise EnvelopeInvalid("the version does not follow", pointers=("/version",))
    if entry.prv != (digest(participant.entry_jws) if participant.entry_jws else None):
        raise EnvelopeInvalid("the entry does not name the one before", pointers=("/prv",))
    if entry.iat > now + MAX_AHEAD or (before is not None and entry.iat < before.iat):
        raise IssuedOutsideWindow(pointers=("/iat",))


def _check_units(entry: DirectoryEntry) -> None:
    ids = Counter(unit.id for unit in entry.units)
    roles = roles_of_kind(entry.organisation)
    for place, unit in enumerate(entry.units):
        pointer = f"/units/{place}"
        if organisation_of(unit.id) != entry.organisation:
            raise NotPermitted("the unit is another organisation's", pointers=(f"{pointer}/id",))
        # Two addresses for the same desk, or a second way past the named units.
        if ids[unit.id] > 1 or (unit.id == entry.organisation and len(entry.units) > 1):
            raise EnvelopeInvalid("the id of the unit is taken", pointers=(f"{pointer}/id",))
        for number, role in enumerate(unit.roles):
            if role not in roles:
                raise NotPermitted(
                    "an organisation of this kind may not hold the role",
                    pointers=(f"{pointer}/roles/{number}",),
                )
        for number, key in enumerate(unit.signing):
            if not may_issue_to(entry.organisation, key.office):
                raise NotPermitted(
                    "an organisation of this kind has no holders of the office",
                    pointers=(f"{pointer}/signing/{number}/office",),
                )


def _check_listing(entry: DirectoryEntry) -> None:
    """Refuse what the table of offices could not show: a name without end, a number with a line."""
    try:
        listed(entry)
    except ValidationError as unfit:
        place = "".join(f"/{step}" for step in unfit.errors()[0]["loc"])
        raise EnvelopeInvalid(
            "a name or a telephone number cannot be shown", pointers=(place,)
        ) from None


def _keys(entry: DirectoryEntry) -> Iterator[_Placed]:
    yield _Placed("/root", "root", entry.root)
    for place, unit in enumerate(entry.units):
        pointer = f"/units/{place}"
        for number, key in enumerate(unit.signing):
            yield _Placed(f"{pointer}/signing/{number}", "signing", key)
        for number, key in enumerate(unit.token):
            yield _Placed(f"{pointer}/token/{number}", "token", key)
        for number, reading in enumerate(unit.reading):
            yield _Placed(f"{pointer}/reading/{number}", reading.use, reading)


def _check_names_of_keys(keys: tuple[_Placed, ...]) -> None:
    """Refuse a kid that is not the digest of its key.

    So two names are two keys and one name is one, and counting keys is counting names.
    """
    for pointer, _, key in keys:
        if not _is_well_formed(key):
            raise EnvelopeInvalid("the key is not well formed", pointers=(pointer,))
        name = kid_of_reading(key.pub) if isinstance(key, ReadingKey) else kid_of_signing(key.jwk)
        if key.kid != name:
            raise EnvelopeInvalid("the kid is not that of the key", pointers=(f"{pointer}/kid",))
        if key.not_after is not None and key.not_after < key.not_before:
            raise EnvelopeInvalid(
                "the key ends before it begins", pointers=(f"{pointer}/not_after",)
            )
        if key.revoked is not None and (key.not_after is None or pointer == "/root"):
            # A root key is not revoked by what it signs itself; then the operator suspends.
            raise EnvelopeInvalid("a revoked key has its end", pointers=(f"{pointer}/revoked",))


def _is_well_formed(key: Key) -> bool:
    """Tell whether the key has one spelling, and the form that its algorithm asks for."""
    if isinstance(key, ReadingKey):
        return _is_canonical(key.pub)
    jwk = key.jwk
    if key.alg == "EdDSA":
        fits = (jwk.kty, jwk.crv) == ("OKP", "Ed25519") and jwk.y is None
    else:
        fits = (jwk.kty, jwk.crv) == ("EC", "P-256") and jwk.y is not None
    return fits and _is_canonical(jwk.x) and (jwk.y is None or _is_canonical(jwk.y))


def _is_canonical(text: str) -> bool:
    try:
        unb64(text)
    except ValueError:
        return False
    return True


def _check_key_owners(
    organisation: str, keys: tuple[_Placed, ...], known: Mapping[str, KeyUse]
) -> None:
    """Refuse a key twice in the entry, and one that is another's or has another purpose.

    One key under two names lets a seal or a signature made for one be used for the other.
    """
    seen: set[str] = set()
    for pointer, purpose, key in keys:
        if key.kid in seen:
            raise EnvelopeInvalid("the key stands in the entry twice", pointers=(pointer,))
        seen.add(key.kid)
        use = known.get(key.kid)
        if use is not None and use != KeyUse(organisation, purpose):
            raise NotPermitted("the key is in use elsewhere", pointers=(pointer,))


def _check_signing_kept(entry: DirectoryEntry, before: DirectoryEntry, now: int) -> None:
    """Refuse to forget a signing key while messages that it signed are still read.

    A reader knows the current version alone. So a key is not taken out but ended, and stays
    listed for a while with its end; nor does that end lie before what it has signed already.
    """
    places = {unit.id: place for place, unit in enumerate(entry.units)}
    for unit in before.units:
        owed = [key for key in unit.signing if key.not_after is None or key.not_after + KEPT >= now]
        place = places.get(unit.id)
        if place is None and owed:
            raise EnvelopeInvalid("a unit with signing keys is missing", pointers=("/units",))
        listed_now = (
            {key.kid: key for key in entry.units[place].signing} if place is not None else {}
        )
        for key in owed:
            if not _still_verifies(key, listed_now.get(key.kid), entry.iat):
                raise EnvelopeInvalid(
                    "a signing key of the version before is not kept",
                    pointers=(f"/units/{place}/signing",),
                )


def _still_verifies(key: SigningKey, kept: SigningKey | None, iat: int) -> bool:
    """Tell whether what the key signed until now holds by what is listed of it now."""
    if kept is None or kept.alg != key.alg or kept.not_before > key.not_before:
        return False
    if kept.not_after is None:
        return True
    earliest = iat - MAX_AHEAD
    return kept.not_after >= (earliest if key.not_after is None else min(key.not_after, earliest))


def _check_keyrings(entry: DirectoryEntry, now: int) -> None:
    """Refuse a unit that could not be written to, could not sign or could not sign in.

    A Jugendamt has two desk keys, one of them kept offline by its head: with one key alone, one
    lost disk makes every notice unreadable that is still on its way.
    """
    if not entry.root.valid_at(now):
        raise EnvelopeInvalid("the root key is not valid now", pointers=("/root",))
    desks = 2 if kind_of(entry.organisation) == "jugendamt" else 1
    for place, unit in enumerate(entry.units):
        desk_keys = tuple(key for key in unit.reading if key.use == "desk")
        if sum(key.not_after is None or key.not_after >= now for key in desk_keys) > MOST_READERS:
            raise EnvelopeInvalid(
                "the unit has more desk keys than a message has readers",
                pointers=(f"/units/{place}/reading",),
            )
        for member, keys, least in (
            ("signing", unit.signing, 1),
            ("token", unit.token, 1),
            ("reading", desk_keys, desks),
        ):
            if sum(key.valid_at(now) for key in keys) < least:
                raise EnvelopeInvalid(
                    "the unit has too few keys that are valid now",
                    pointers=(f"/units/{place}/{member}",),
                )
