# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who may sign in at the hub, and in which role? The operator says so, and the log keeps it.

There is no account to begin with and no password. Whoever was named gets a one-time code; it is
short-lived, counts once, and leads to a passkey.
"""

import hashlib
import secrets
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from hub.audit.entry import Draft
from hub.directory.kinds import is_well_named
from hub.errors import NotFound, NotPermitted
from hub.model.ids import kind_of
from hub.node import Node
from hub.record import new_id
from hub.store.people import (
    StoredGrant,
    StoredPerson,
    add_grant,
    add_person,
    end_grant,
    put_code,
    read_grants,
    read_person,
    remove_passkeys,
)
from hub.store.sessions import end_sessions

ROLES: Final = ("koordination", "betrieb", "datenschutz", "aufsicht")
"""Roles of people at the hub itself; those of portal and inbox are held there."""
OPERATORS: Final = ("betrieb", "datenschutz")
"""Roles that people of the operator have; its data protection officer reads the hub's log."""
CODE_LASTS: Final = 600
"""Seconds in which a one-time code can be used; shorter than it takes to forget one."""
LONGEST_NAME: Final = 120


@dataclass(frozen=True)
class Role:
    """What somebody is to be, for whom, and until when."""

    name: str
    organisation: str
    until: int | None = None


@dataclass(frozen=True)
class Code:
    """A one-time code; it is shown once and kept as a digest."""

    person: str
    code: str
    expires_at: int


def name_person(name: str, role: Role, node: Node, connection: Connection) -> Code:
    """Let somebody in for the first time: a name, a role and a one-time code."""
    person = StoredPerson(new_id(), check_name(name), int(node.clock()))
    add_person(connection, person)
    grant_role(person.id, role, node, connection)
    return make_code(person.id, node, connection)


def check_name(name: str) -> str:
    """Return a name as it is kept; refuses what is no line of text."""
    if not name.strip() or len(name) > LONGEST_NAME or not name.isprintable():
        raise NotPermitted("A name is a line of text.", pointers=("/name",))
    return name.strip()


def grant_role(person: str, role: Role, node: Node, connection: Connection) -> str:
    """Give somebody a role, once; returns the id of the grant."""
    _known(person, connection)
    now = int(node.clock())
    organisation = _checked(role, now, node)
    for held in read_grants(connection, person):
        if (held.role, held.organisation) == (role.name, organisation) and held.counts_at(now):
            return held.id
    grant = new_id()
    event_id = _note("role.granted", person, Role(role.name, organisation), node, connection)
    stored = StoredGrant(grant, person, role.name, organisation, now, role.until, event_id)
    add_grant(connection, stored)
    return grant


def revoke_role(person: str, role: Role, node: Node, connection: Connection) -> int:
    """Take a role back, from the next request on; returns how many grants that were."""
    _known(person, connection)
    now = int(node.clock())
    organisation = role.organisation or node.hub_id
    ended = 0
    for held in read_grants(connection, person):
        if (held.role, held.organisation) == (role.name, organisation) and held.counts_at(now):
            event_id = _note("role.revoked", person, role, node, connection)
            end_grant(connection, held.id, now, event_id)
            ended += 1
    if not ended:
        raise NotFound("This role is not held.")
    return ended


def make_code(person: str, node: Node, connection: Connection) -> Code:
    """Make a one-time code; an older one ends with it."""
    _known(person, connection)
    made = Code(person, secrets.token_urlsafe(32), int(node.clock()) + CODE_LASTS)
    put_code(connection, digest_of(made.code), person, made.expires_at)
    return made


def lock_out(person: str, node: Node, connection: Connection) -> Code:
    """Forget somebody's passkeys and end their sessions, as when a device is lost."""
    _known(person, connection)
    remove_passkeys(connection, person)
    end_sessions(connection, person)
    return make_code(person, node, connection)


def digest_of(secret: str) -> str:
    """Return as what a code, or the id of a session, is kept."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _known(person: str, connection: Connection) -> StoredPerson:
    found = read_person(connection, person)
    if found is None:
        raise NotFound("Nobody has this id.")
    return found


def _checked(role: Role, now: int, node: Node) -> str:
    """Return for whom the role is; refuses one that nobody of that organisation can have."""
    if role.name not in ROLES:
        raise NotPermitted("There is no such role at a hub.", allowed=ROLES)
    if role.until is not None and role.until <= now:
        raise NotPermitted("The role would have ended already.", pointers=("/until",))
    if role.name in OPERATORS and role.organisation in {"", node.hub_id}:
        return node.hub_id
    if role.name == "betrieb":
        raise NotPermitted("The operator is the hub's own.", pointers=("/organisation",))
    if not is_well_named(role.organisation):
        raise NotPermitted("That is no organisation.", pointers=("/organisation",))
    if (role.name == "koordination") != (kind_of(role.organisation) == "koordination"):
        raise NotPermitted("The role belongs to another kind.", pointers=("/organisation",))
    if role.name == "aufsicht" and role.until is None:
        raise NotPermitted("A supervisor's role has an end.", pointers=("/until",))
    return role.organisation


def _note(kind: str, person: str, role: Role, node: Node, connection: Connection) -> str:
    event_id = new_id()
    whose = "" if role.organisation in {"", node.hub_id} else role.organisation
    node.log.append(
        connection,
        Draft(
            kind=kind,
            entry_id=event_id,
            at=node.clock(),
            act={"org": node.hub_id, "role": "betrieb"},
            obj={"ty": "role", "id": person},
            rcp=(whose,) if whose else (),
            rule=role.name,
        ),
    )
    return event_id
