# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who works at an office with the inbox, as what and until when; and how does that change?

Each change is entered, with whoever made it, and everybody who manages people finds it. Somebody
always manages them without an end, so that nobody has to be let in from outside.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from hub.errors import NotFound, NotPermitted
from hub.people.acts import enter_act
from hub.people.books.people import (
    StoredGrant,
    codes_at,
    end_grant,
    grants_at,
    has_identity,
    passkeys_of,
    read_person,
)
from hub.people.change import Change, Rules
from hub.people.grants import Naming, give_roles, let_go
from hub.people.invitations import Code, make_code
from hub.people.roles import check_roles

CHANGED: Final = "rollen"
LINKED: Final = "link-neu"
LET_GO: Final = "entlassen"


class NobodyManages(NotPermitted):
    """After the change nobody would be left who manages people without an end."""


class NotOneself(NotPermitted):
    """Nobody gives themself a role or a way in; somebody else has to."""


@dataclass(frozen=True)
class Held:
    """A role, and the last second for which it was given."""

    role: str
    until: int | None


@dataclass(frozen=True)
class Member:
    """Somebody of an office."""

    person: str
    name: str
    held: tuple[Held, ...]
    has_way_in: bool
    """Whether they have come in already: with a passkey, or an account at the provider."""
    invited_until: int | None
    """Until when their one-time link counts, where they have one."""

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(each.role for each in self.held)

    @property
    def until(self) -> int | None:
        """The end that all of the roles have in common; None where there is none."""
        ends = {each.until for each in self.held}
        return ends.pop() if len(ends) == 1 else None


def staff(connection: Connection, rules: Rules, unit: str, second: int) -> tuple[Member, ...]:
    """Return everybody who holds a role at an office now, by name."""
    held: dict[str, list[StoredGrant]] = {}
    for grant in grants_at(connection, unit, second):
        held.setdefault(grant.person, []).append(grant)
    invited = {each.person: each.expires_at for each in codes_at(connection, unit, second)}
    found = [
        _member(connection, rules, person, grants, invited.get(person))
        for person, grants in held.items()
    ]
    return tuple(sorted(found, key=lambda each: (each.name.casefold(), each.person)))


def member(connection: Connection, rules: Rules, unit: str, person: str, second: int) -> Member:
    """Return somebody of an office; raises ``NotFound`` for anybody else."""
    found = (each for each in staff(connection, rules, unit, second) if each.person == person)
    known = next(found, None)
    if known is None:
        raise NotFound
    return known


def change_roles(
    change: Change, unit: str, person: str, roles: Sequence[str], until: int | None
) -> None:
    """Let somebody hold exactly these roles until then, from the next request on."""
    known = member(change.connection, change.rules, unit, person, change.second)
    wanted = tuple(Held(role, until) for role in check_roles(change.rules, roles))
    if known.held == wanted:
        return
    _check_managed(change, unit, person, stays=Held(change.rules.manages, None) in wanted)
    if person == change.by and any(_is_more(each, known) for each in wanted):
        raise NotOneself
    for grant in grants_at(change.connection, unit, change.second):
        if grant.person == person and Held(grant.role, grant.until) not in wanted:
            end_grant(change.connection, grant.id, change.second)
    give_roles(change, person, Naming("", tuple(roles), unit, until=until))
    enter_act(change, CHANGED, person, unit)


def dismiss(change: Change, unit: str, person: str) -> None:
    """Take every role at an office back; what somebody did stays under their name."""
    member(change.connection, change.rules, unit, person, change.second)
    _check_managed(change, unit, person, stays=False)
    let_go(change, unit, person)
    enter_act(change, LET_GO, person, unit)


def link_anew(change: Change, unit: str, person: str) -> Code:
    """Make another one-time link for somebody who has not come in yet; the one before ends."""
    known = member(change.connection, change.rules, unit, person, change.second)
    if person == change.by:
        raise NotOneself
    if known.has_way_in:
        # A link for somebody who is in already would be a second key to their account.
        raise NotPermitted("This person has come in already; they can be let begin anew.")
    enter_act(change, LINKED, person, unit)
    return make_code(change, person, unit)


def _is_more(wanted: Held, known: Member) -> bool:
    """Tell whether a role is one that is not held yet, or is to last longer than it does."""
    before = {each.role: each.until for each in known.held}
    if wanted.role not in before:
        return True
    ends = before[wanted.role]
    return ends is not None and (wanted.until is None or wanted.until > ends)


def _check_managed(change: Change, unit: str, person: str, *, stays: bool) -> None:
    """Refuse where nobody would be left who manages people here without an end."""
    held = grants_at(change.connection, unit, change.second)
    managing = {
        each.person for each in held if each.role == change.rules.manages and each.until is None
    }
    if not stays and not managing - {person}:
        raise NobodyManages(allowed=(change.rules.manages,))


def _member(
    connection: Connection,
    rules: Rules,
    person: str,
    grants: Sequence[StoredGrant],
    invited_until: int | None,
) -> Member:
    known = read_person(connection, person)
    until = {each.role: each.until for each in grants}
    return Member(
        person=person,
        name=known.name if known else "",
        held=tuple(Held(role, until[role]) for role in rules.roles if role in until),
        has_way_in=has_identity(connection, person) or bool(passkeys_of(connection, person)),
        invited_until=invited_until,
    )
