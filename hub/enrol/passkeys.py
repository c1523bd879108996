# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""People and their passkeys: the first by a one-time code, every session by showing one."""

from functools import partial

from sqlalchemy import Connection

from hub.audit.entry import Draft
from hub.enrol.people import digest_of
from hub.enrol.sessions import Opened, open_session, whose_code
from hub.errors import TokenInvalid
from hub.model.json import JsonObject
from hub.node import Node
from hub.record import new_id
from hub.sealing.canonical import digest
from hub.store.people import (
    StoredPasskey,
    add_passkey,
    count_passkey,
    passkeys_of,
    read_passkey,
    use_code,
)
from hub.store.replay import add_used
from hub.trust.passkeys import Answered, Questions, credential_of

_ISSUER = "anmeldung"


async def begin_passkey(code: str, questions: Questions, node: Node) -> JsonObject:
    """Return what a browser needs to make a passkey; the code stays unused until it is made."""
    person, name = await _whose(code, node)
    known = await node.readers.run(lambda connection: passkeys_of(connection, person))
    return questions.to_make(person, name, known, int(node.clock()))


async def keep_passkey(
    code: str, credential: JsonObject, questions: Questions, node: Node
) -> Opened:
    """Keep a new passkey and open the first session; the code is used up by it."""
    person, _ = await _whose(code, node)
    answered = questions.made(credential, person, int(node.clock()))
    return _opened(await node.writer.commit(partial(_keep, code, person, answered, node)))


async def enter_by_passkey(credential: JsonObject, questions: Questions, node: Node) -> Opened:
    """Open a session for whoever shows a passkey that is known here."""
    named = credential_of(credential)
    known = await node.readers.run(lambda connection: read_passkey(connection, named))
    if known is None:
        raise TokenInvalid
    answered = questions.shown(credential, known.public_key, known.count, int(node.clock()))
    return _opened(await node.writer.commit(partial(_enter, known, answered, node)))


async def _whose(code: str, node: Node) -> tuple[str, str]:
    whose = await whose_code(code, node)
    if whose is None:
        raise TokenInvalid
    return whose


def _keep(
    code: str, person: str, answered: Answered, node: Node, connection: Connection
) -> Opened | None:
    now = int(node.clock())
    _use(answered, connection)
    if use_code(connection, digest_of(code), now) != person:
        raise TokenInvalid
    if read_passkey(connection, answered.credential) is not None:
        raise TokenInvalid
    add_passkey(
        connection,
        StoredPasskey(answered.credential, person, answered.public_key, answered.count, now),
    )
    _note(person, answered, node, connection)
    return open_session(person, "passkey", node, connection)


def _enter(
    known: StoredPasskey, answered: Answered, node: Node, connection: Connection
) -> Opened | None:
    _use(answered, connection)
    count_passkey(connection, known.id, answered.count)
    return open_session(known.person, "passkey", node, connection)


def _use(answered: Answered, connection: Connection) -> None:
    add_used(connection, _ISSUER, digest_of(answered.challenge), answered.expires_at)


def _opened(opened: Opened | None) -> Opened:
    """Return the session; somebody without any role is told no more than a stranger."""
    if opened is None:
        raise TokenInvalid
    return opened


def _note(person: str, answered: Answered, node: Node, connection: Connection) -> None:
    node.log.append(
        connection,
        Draft(
            kind="key.enrolled",
            entry_id=new_id(),
            at=node.clock(),
            act={"org": node.hub_id, "auth": "code"},
            obj={"ty": "key", "id": person, "d": digest(answered.public_key)},
        ),
    )
