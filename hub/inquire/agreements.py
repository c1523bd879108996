# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who has agreed with whom on what? Anybody may ask: § 9 LKiSchG NRW wants these ways known."""

import json
from functools import partial

from sqlalchemy import Connection

from hub.audit.proof import Proof
from hub.errors import NotFound
from hub.model.agreement import Concluded
from hub.model.json import Json, JsonObject
from hub.node import Node
from hub.protocols.agreements import standing, today
from hub.store.agreements import StoredSignature, read_expiries, read_signatures


def agreement_list(node: Node, agreement_id: str | None = None) -> JsonObject:
    """Return every version of every agreement, or of one, with how it stands today."""
    known = node.directory.agreements
    found: list[Json] = [
        _head(each, node) for each in known if agreement_id in {None, each.agreement.id}
    ]
    if agreement_id is not None and not found:
        raise NotFound
    return {"agreements": found}


async def agreement_whole(agreement_id: str, version: int, node: Node) -> JsonObject:
    """Return one version with what each party signed, each with its entry and proof."""
    concluded = next(
        (
            each
            for each in node.directory.agreements
            if (each.agreement.id, each.agreement.version) == (agreement_id, version)
        ),
        None,
    )
    if concluded is None:
        raise NotFound
    said: JsonObject = await node.readers.run(partial(_whole, concluded, node))
    return said


def _whole(concluded: Concluded, node: Node, connection: Connection) -> JsonObject:
    signatures: list[Json] = [
        _signature(each, node, connection) for each in read_signatures(connection, concluded.digest)
    ]
    noticed = read_expiries(connection).get(concluded.digest)
    return {
        **_head(concluded, node),
        "agreement": concluded.agreement.as_json(),
        "signatures": signatures,
        "expired": _proven(node.log.prove(connection, noticed)) if noticed else None,
    }


def _signature(stored: StoredSignature, node: Node, connection: Connection) -> JsonObject:
    return {
        "organisation": stored.organisation,
        "act": stored.act,
        "signature": stored.jws,
        **_proven(node.log.prove(connection, stored.audit_id)),
    }


def _proven(proof: Proof) -> JsonObject:
    logged = None if proof.extra is None else json.loads(proof.extra)
    return {"logged": logged, "proof": proof.text}


def _head(concluded: Concluded, node: Node) -> JsonObject:
    agreement = concluded.agreement
    return {
        "id": agreement.id,
        "version": agreement.version,
        "title": agreement.title,
        "demo": agreement.demo,
        "digest": concluded.digest,
        "standing": standing(concluded, today(node.clock()), node.directory.agreements),
        "valid_from": agreement.valid_from.isoformat(),
        "last_day": concluded.last_day.isoformat(),
        "parties": [*agreement.parties],
        "signed": [*sorted(concluded.signed)],
        "protocols": [each.protocol for each in agreement.protocols],
    }
