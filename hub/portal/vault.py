# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What does the portal keep of keys that open? Public halves, and boxes that only a browser opens.

A vault belongs to a person, and every lock of it to one passkey or one device. In it lies, sealed,
one reading key for each house: no hub lets a key stand in two entries. What a house shares with
its people are its desk keys, sealed to theirs.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection
from uuid_utils.compat import uuid7

from hub.directory.entry import kid_of_reading
from hub.errors import IdReused, NotFound, NotPermitted, TooManyRequests
from hub.people.acts import enter_act
from hub.people.change import Change
from hub.people.sessions import SignedIn
from hub.portal.books.people_keys import (
    StoredHouseKey,
    StoredLock,
    StoredPersonKey,
    StoredShare,
    Use,
    add_house_key,
    add_lock,
    add_person_key,
    end_house_keys,
    house_keys,
    is_known_key,
    locks_of,
    person_keys_at,
    put_share,
    read_person_key,
    shares_for,
)
from hub.portal.holders import Holder, holders
from hub.portal.leaving import forget_keys
from hub.portal.roles import MANAGES, NEEDS_DESK_KEY
from hub.portal.room import check_room
from hub.sealing.reader import ReaderPublicKey

MOST_LOCKS = 12
KEY_CHANGED = "schluessel-neu"
MOST_RENEWED = 5
"""Keys of one person at one house that may have ended within ``OFTEN``."""
OFTEN = 30 * 86_400


@dataclass(frozen=True)
class Lock:
    """A new lock, as a browser made it."""

    kind: str
    name: str
    wrapped: str


@dataclass(frozen=True)
class DeskKey:
    """A new desk key of a house; ``share`` is sealed to whoever made it."""

    use: Use
    pub: str
    share: str
    vouch: str = ""
    """By it, whoever has the key before knows that a colleague made this one."""


@dataclass(frozen=True)
class SetUp:
    """What a browser made when somebody began at a house."""

    person_pub: str
    sealed_seed: str
    lock: Lock | None = None
    house_keys: tuple[DeskKey, ...] = ()


def set_up(connection: Connection, known: SignedIn, made: SetUp, second: int) -> str:
    """Keep what a browser made, and return the key id of the person's new key.

    The same again changes nothing. Raises ``IdReused`` where there is another key already.
    """
    unit, person = known.session.unit, known.person.id
    kid = _kid(made.person_pub)
    there = read_person_key(connection, unit, person)
    if there is not None:
        if there.kid != kid:
            raise IdReused
        return kid
    _check_new(connection, kid)
    _check_not_often(connection, known, second)
    check_room(connection, unit, second)
    if made.lock is not None:
        put_lock(connection, person, made.lock, second)
    elif not locks_of(connection, person):
        raise NotPermitted("A vault has a lock.", pointers=("/lock",))
    stored = StoredPersonKey(kid, unit, person, made.person_pub, made.sealed_seed, second)
    add_person_key(connection, stored)
    _set_up_desk(connection, known, made.house_keys, kid, second)
    return kid


def begin_anew(connection: Connection, known: SignedIn, made: SetUp, second: int) -> str:
    """Put a new vault in the place of one that nothing opens any more."""
    if made.lock is None:
        raise NotPermitted("A vault has a lock.", pointers=("/lock",))
    forget_keys(connection, known.person.id, second)
    return set_up(connection, known, made, second)


def put_lock(connection: Connection, person: str, lock: Lock, second: int) -> None:
    """Keep one more lock of somebody's vault; the vault key under it is the same."""
    there = locks_of(connection, person)
    if any((each.kind, each.wrapped) == (lock.kind, lock.wrapped) for each in there):
        return
    if len(there) >= MOST_LOCKS:
        raise NotPermitted("The vault has as many locks as it can have.")
    stored = StoredLock(str(uuid7()), person, lock.kind, lock.name, lock.wrapped, second)
    add_lock(connection, stored)


@dataclass(frozen=True)
class Passed:
    """A desk key, sealed by a colleague to another one."""

    kid: str
    person: str
    share: str


def pass_on(connection: Connection, known: SignedIn, passed: Passed, second: int) -> None:
    """Keep a desk key that somebody of the house passes on.

    Only whoever has the key can have sealed it, and only somebody who reads for the house, or
    manages it, is given it. Whether it opens shows in the browser that gets it.
    """
    unit = known.session.unit
    mine = read_person_key(connection, unit, known.person.id)
    theirs = read_person_key(connection, unit, passed.person)
    is_here = any(each.kid == passed.kid for each in house_keys(connection, unit))
    if theirs is None or not is_here or passed.person not in _readers(connection, unit, second):
        raise NotFound
    has_it = mine is not None and passed.kid in shares_for(connection, mine.kid)
    # Out of the file of the head, whoever manages the house opens what nobody else can.
    from_file = passed.person == known.person.id and MANAGES in known.roles
    if not has_it and not from_file:
        raise NotPermitted("Only whoever has this key can pass it on.")
    # Of two who pass it on, the first counts: nobody takes from a colleague what they can open.
    if passed.person != known.person.id and passed.kid in shares_for(connection, theirs.kid):
        return
    stored = StoredShare(passed.kid, theirs.kid, passed.share, known.person.id, second)
    put_share(connection, stored)


def change_desk_key(change: Change, known: SignedIn, new: DeskKey) -> str:
    """Put a new everyday key in the place of the one before: somebody has left, or nobody has it.

    What was sealed to the old one is still to be opened by whoever has it, and by the head's.
    """
    connection, second = change.connection, change.second
    unit, person = known.session.unit, known.person.id
    mine = read_person_key(connection, unit, person)
    if mine is None or not house_keys(connection, unit) or new.use != "dienst":
        raise NotPermitted("Only an everyday key can be changed here.", pointers=("/use",))
    kid = _kid(new.pub)
    _check_new(connection, kid)
    end_house_keys(connection, unit, "dienst", second)
    stored = StoredHouseKey(kid, unit, "dienst", new.pub, second, person, vouch=new.vouch)
    add_house_key(connection, stored)
    put_share(connection, StoredShare(kid, mine.kid, new.share, person, second))
    enter_act(change, KEY_CHANGED, "", unit)
    return kid


def waiting(connection: Connection, unit: str, second: int) -> tuple[tuple[Holder, str], ...]:
    """Return who is to have a desk key and does not, each with the key that is missing."""
    keys = [each.kid for each in house_keys(connection, unit) if _is_shared(each)]
    found: list[tuple[Holder, str]] = []
    for colleague in holders(connection, unit, second):
        if colleague.kid is None or not NEEDS_DESK_KEY & set(colleague.roles):
            continue
        has = shares_for(connection, colleague.kid)
        found += [(colleague, kid) for kid in keys if kid not in has]
    return tuple(found)


def _set_up_desk(
    connection: Connection, known: SignedIn, made: Sequence[DeskKey], kid: str, second: int
) -> None:
    """Keep the desk keys of a house that has none; the first who manages it makes them."""
    if not made:
        return
    unit, person = known.session.unit, known.person.id
    if MANAGES not in known.roles:
        raise NotPermitted("Whoever manages the house makes its keys.", allowed=(MANAGES,))
    if house_keys(connection, unit):
        raise IdReused
    if sorted(each.use for each in made) != ["dienst", "leitung"]:
        raise NotPermitted("A desk has two keys to begin with.", pointers=("/house_keys",))
    for each in made:
        name = _kid(each.pub)
        _check_new(connection, name)
        add_house_key(connection, StoredHouseKey(name, unit, each.use, each.pub, second, person))
        if each.share:
            put_share(connection, StoredShare(name, kid, each.share, person, second))


def _check_new(connection: Connection, kid: str) -> None:
    """Refuse a key that has a place already: no hub takes an entry in which it stands twice."""
    if is_known_key(connection, kid):
        raise IdReused


def _check_not_often(connection: Connection, known: SignedIn, second: int) -> None:
    """Refuse one new key too many; those that ended stand in the entry for a while, and fill it."""
    keys = person_keys_at(connection, known.session.unit)
    ended = [each.ends for each in keys if each.person == known.person.id and each.ends is not None]
    if sum(each > second - OFTEN for each in ended) > MOST_RENEWED:
        raise TooManyRequests


def _is_shared(key: StoredHouseKey) -> bool:
    # That of the head is kept offline as a file, and nobody's browser has it.
    return key.use == "dienst" and key.ends is None


def _readers(connection: Connection, unit: str, second: int) -> frozenset[str]:
    return frozenset(
        each.person
        for each in holders(connection, unit, second)
        if NEEDS_DESK_KEY & set(each.roles)
    )


def _kid(pub: str) -> str:
    """Return the name of a public key; refuses what is none (SL1 § 2)."""
    ReaderPublicKey.from_b64(pub)
    return kid_of_reading(pub)
