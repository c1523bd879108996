# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What can the operator do about people who sign in? Each act runs in one transaction."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from sqlalchemy import Connection

from hub.enrol.people import (
    Code,
    Role,
    grant_role,
    lock_out,
    make_code,
    name_person,
    revoke_role,
)
from hub.node import Node

Answer = dict[str, Any]
Request = Mapping[str, str]
Act = Callable[[Node, Request, Connection], Answer]


def _add(node: Node, request: Request, connection: Connection) -> Answer:
    return _link(name_person(request["name"], _role(request), node, connection), node)


def _grant(node: Node, request: Request, connection: Connection) -> Answer:
    grant_role(request["person"], _role(request), node, connection)
    return {"person": request["person"], "role": request["role"]}


def _revoke(node: Node, request: Request, connection: Connection) -> Answer:
    revoke_role(request["person"], _role(request), node, connection)
    return {"person": request["person"], "role": request["role"]}


def _new_link(node: Node, request: Request, connection: Connection) -> Answer:
    return _link(make_code(request["person"], node, connection), node)


def _lock_out(node: Node, request: Request, connection: Connection) -> Answer:
    return _link(lock_out(request["person"], node, connection), node)


def _role(request: Request) -> Role:
    until = request.get("until", "")
    return Role(request["role"], request.get("organisation", ""), int(until) if until else None)


def _link(made: Code, node: Node) -> Answer:
    link = f"{node.public_url}/anmeldung/einmal?code={made.code}"
    return {"person": made.person, "link": link, "until": made.expires_at}


NAMING: Final[Mapping[str, Act]] = {
    "people-add": _add,
    "people-grant": _grant,
    "people-revoke": _revoke,
    "people-link": _new_link,
    "people-lock-out": _lock_out,
}
"""By the word of a request."""
