# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What did the operator do about an organisation, and which of its people did it?

Each act is one row and one entry of the log in the same transaction. The row holds the words, among
them the name of the person and the reason; the entry holds the digest of these words alone, which a
salt keeps from being guessed.
"""

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import Connection

from hub.audit.entry import Draft
from hub.errors import NotPermitted
from hub.model.json import Json
from hub.model.participant import Revocation, Succession
from hub.node import Node
from hub.record import new_id
from hub.sealing.canonical import b64, digest, jcs
from hub.store.participants import StoredAct, add_act, read_acts, read_participants

KINDS: Final = {
    "invited": "participant.invited",
    "confirmed": "participant.joined",
    "suspended": "participant.suspended",
    "resumed": "participant.resumed",
    "succeeded": "participant.succeeded",
    "contracted": "participant.contracted",
    "doubted": "key.doubted",
    "revoked": "key.revoked",
}
"""Which entry stands for which act."""


@dataclass(frozen=True)
class Operator:
    """One of the people who run the hub, by name, and why they act alone if they do."""

    name: str = ""
    alone: str = ""

    @property
    def facts(self) -> dict[str, Json]:
        return {"alone": self.alone} if self.alone else {}


@dataclass(frozen=True)
class Statement:
    """An act in words."""

    organisation: str
    act: str
    by: str
    facts: Mapping[str, Json] = field(default_factory=dict)
    at: int = 0


def enter_act(statement: Statement, node: Node, connection: Connection) -> str:
    """Enter an act with its entry; returns the id of the entry."""
    at, event_id = node.clock(), new_id()
    said: dict[str, Json] = {
        **statement.facts,
        "organisation": statement.organisation,
        "act": statement.act,
        "by": statement.by,
        "at": int(at),
        "salt": b64(secrets.token_bytes(16)),
    }
    text = jcs(said).decode()
    kid = said.get("kid")
    about = {"ty": "organisation", "id": statement.organisation}
    if isinstance(kid, str):
        about = {"ty": "key", "id": kid}
    node.log.append(
        connection,
        Draft(
            kind=KINDS[statement.act],
            entry_id=event_id,
            at=at,
            act={"org": node.hub_id, "role": "betrieb"},
            rcp=(statement.organisation,),
            obj={**about, "d": digest(text.encode())},
        ),
    )
    add_act(connection, StoredAct(event_id, statement.organisation, statement.act, text))
    return event_id


def read_statement(stored: StoredAct) -> Statement:
    """Read an act from its row."""
    said = json.loads(stored.statement)
    known = {name: said.pop(name) for name in ("organisation", "act", "by", "at")}
    return Statement(**known, facts=said)


def statements(connection: Connection, organisation: str) -> tuple[Statement, ...]:
    """Return what was done about an organisation, the oldest first."""
    return tuple(read_statement(act) for act in read_acts(connection, organisation))


def first_person(
    connection: Connection, organisation: str, act: str, kid: str | None = None
) -> str | None:
    """Return who did an act last, as far as that is known."""
    done = [
        each.by
        for each in statements(connection, organisation)
        if each.act == act and each.facts.get("kid") == kid
    ]
    return done[-1] if done else None


def check_second(operator: Operator, first: str | None, node: Node) -> None:
    """Refuse the same person twice, unless nothing is at stake or the reason stands in the log."""
    if first is None or not is_same(operator.name, first) or may_be_alone(operator, node):
        return
    raise NotPermitted(
        "Das braucht eine zweite Person: den ersten Schritt hat schon diese getan. Allein geht es "
        "nur mit „--alone“ und einem Grund, der im Protokoll steht."
    )


def may_be_alone(operator: Operator, node: Node) -> bool:
    """Tell whether one person is enough: in a demonstration, or with a reason."""
    is_demo = bool(node.networks) and all(network.demo for network in node.networks)
    return is_demo or bool(operator.alone)


def is_same(name: str, other: str) -> bool:
    """Tell whether two names are one person's, however they are spelt."""
    return name.strip().casefold() == other.strip().casefold()


def succession_of(acts: Sequence[Statement]) -> Succession | None:
    """Return who takes an organisation's place; what was said last counts."""
    said = [each.facts for each in acts if each.act == "succeeded"]
    if not said:
        return None
    newest = said[-1]
    return Succession.model_validate(
        {name: newest[name] for name in ("on", "since")} | {"by": newest["successor"]}
    )


def revocations_of(acts: Sequence[Statement]) -> tuple[Revocation, ...]:
    """Return the keys that the operator ended."""
    return tuple(
        Revocation.model_validate(
            {"kid": each.facts["kid"], "at": each.at, "reason": each.facts["reason"]}
        )
        for each in acts
        if each.act == "revoked"
    )


def contract_of(acts: Sequence[Statement]) -> Mapping[str, Json] | None:
    """Return the processing contract that was recorded last (Art. 28 DSGVO, § 80 SGB X)."""
    said = [each.facts for each in acts if each.act == "contracted"]
    return said[-1] if said else None


def missing_contracts(connection: Connection) -> tuple[str, ...]:
    """Return the organisations that take part while no contract is recorded for them."""
    recorded = {act.organisation for act in read_acts(connection) if act.act == "contracted"}
    return tuple(
        each.organisation
        for each in read_participants(connection)
        if each.status == "valid" and each.organisation not in recorded
    )
