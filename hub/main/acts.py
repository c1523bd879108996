# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What can the operator do in a hub? Each act runs in one transaction of the writer."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from sqlalchemy import Connection

from hub.deliver.releasing import release_message
from hub.enrol.acts import Operator, Statement, enter_act
from hub.enrol.approvers import speak
from hub.enrol.entries import confirm
from hub.enrol.invitation import invite, propose
from hub.enrol.life import Case, contract, resume, revoke_key, succeed, suspend
from hub.enrol.log_keys import rotate
from hub.errors import NotPermitted
from hub.main.export_act import EXPORT
from hub.main.forget_act import FORGETTING
from hub.main.keeping import KEEPING
from hub.main.naming import NAMING
from hub.main.overseeing import OVERSEEING
from hub.model.network import Network
from hub.node import Node

Answer = dict[str, Any]
Request = Mapping[str, str]
Act = Callable[[Node, Request, Connection], Answer]


def _release(node: Node, request: Request, connection: Connection) -> Answer:
    message = request["message"]
    release_message(message, node, connection)
    return {"message": message}


def _invite(node: Node, request: Request, connection: Connection) -> Answer:
    organisation, operator = request["organisation"], _operator(request)
    made = invite(organisation, int(node.clock()), connection)
    enter_act(Statement(organisation, "invited", operator.name), node, connection)
    return {"organisation": made.organisation, "code": made.code, "until": made.expires_at}


def _confirm(node: Node, request: Request, connection: Connection) -> Answer:
    organisation = request["organisation"]
    confirm(organisation, request["fingerprint"], node, connection, _operator(request))
    return {"organisation": organisation, "status": "valid"}


def _suspend(node: Node, request: Request, connection: Connection) -> Answer:
    suspend(_case(request), request["reason"], node, connection)
    return {"organisation": request["organisation"], "status": "suspended"}


def _resume(node: Node, request: Request, connection: Connection) -> Answer:
    resume(_case(request), request["reason"], node, connection)
    return {"organisation": request["organisation"], "status": "valid"}


def _succeed(node: Node, request: Request, connection: Connection) -> Answer:
    succeed(_case(request), request["successor"], request["on"], node, connection)
    return {name: request[name] for name in ("organisation", "successor", "on")}


def _contract(node: Node, request: Request, connection: Connection) -> Answer:
    contract(_case(request), request["dated"], request["reference"], node, connection)
    return {name: request[name] for name in ("organisation", "dated", "reference")}


def _revoke_key(node: Node, request: Request, connection: Connection) -> Answer:
    ended = revoke_key(_case(request), request["kid"], request["reason"], node, connection)
    return {
        "organisation": request["organisation"],
        "kid": request["kid"],
        "status": "revoked" if ended else "doubted",
    }


def _import(_: Node, request: Request, connection: Connection) -> Answer:
    try:
        network = Network.model_validate_json(request["network"])
    except ValueError:
        raise NotPermitted("Die Tabelle ist nicht lesbar.") from None
    return {"new": propose(network, connection)}


def _approver(node: Node, request: Request, connection: Connection) -> Answer:
    act: Any = request["word"]
    if act not in {"added", "removed"}:
        raise NotPermitted("There is no such word.")
    return {"key": speak(act, request["vkey"], request.get("approval", ""), node, connection)}


def _rotate_key(node: Node, request: Request, connection: Connection) -> Answer:
    return {"key": rotate(request["vkey"], request.get("approval", ""), node, connection)}


def _operator(request: Request) -> Operator:
    return Operator(request.get("by", ""), request.get("alone", ""))


def _case(request: Request) -> Case:
    return Case(request["organisation"], _operator(request))


ACTS: Final[Mapping[str, Act]] = {
    "release": _release,
    "invite": _invite,
    "confirm": _confirm,
    "suspend": _suspend,
    "resume": _resume,
    "succeed": _succeed,
    "contract": _contract,
    "revoke-key": _revoke_key,
    "import": _import,
    "approver": _approver,
    "rotate-key": _rotate_key,
    **EXPORT,
    **KEEPING,
    **FORGETTING,
    **NAMING,
    **OVERSEEING,
}
"""By the word of a request."""
