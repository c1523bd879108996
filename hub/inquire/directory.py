# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who takes part, with which keys, and who is responsible where?

The table is published whole: whoever asked for one place would tell the hub where a child lives.
"""

import json

from sqlalchemy import Connection

from hub.errors import NotFound
from hub.model.json import Json, JsonObject
from hub.model.participant import Participant
from hub.node import Node
from hub.sealing.canonical import digest
from hub.store.participants import read_adoptions, read_entry, read_participant
from hub.trust.jose import sign_token
from hub.trust.kinds import DIRECTORY_LIST


async def directory_list(node: Node) -> JsonObject:
    """Return the signed list: participants with the digest of their entry, and the table.

    Its time of issue is its freshness; the entries themselves are fetched one by one and held
    against the digests in it.
    """
    participants: list[Json] = [_listed(known) for known in node.directory.organisations]
    networks: list[Json] = [json.loads(each.model_dump_json()) for each in node.networks]
    adoptions = await node.readers.run(_adoptions)
    claims: JsonObject = {
        "hub": node.hub_id,
        "iat": int(node.clock()),
        "participants": participants,
        "adoptions": adoptions,
        "networks": networks,
    }
    return {"list": sign_token(node.keys.receipt, DIRECTORY_LIST.typ, claims)}


async def directory_entry(organisation: str, node: Node) -> JsonObject:
    """Return a signed entry with its log entry and proof.

    Before an organisation has joined, what a network file proposed for it takes the entry's
    place: that is what it fills with keys when it enrols.
    """

    def look(connection: Connection) -> JsonObject:
        stored = read_participant(connection, organisation)
        if stored is None:
            raise NotFound
        answer: JsonObject = {
            "organisation": organisation,
            "status": stored.status,
            "proposal": json.loads(stored.proposal),
            "entry": None,
        }
        current = read_entry(connection, organisation)
        if current is not None:
            proven = node.log.prove(connection, current.audit_id)
            logged = None if proven.extra is None else json.loads(proven.extra)
            answer |= {"entry": current.jws, "logged": logged, "proof": proven.text}
        return answer

    return await node.readers.run(look)


def _listed(known: Participant) -> JsonObject:
    return {
        "organisation": known.organisation,
        "name": known.name,
        "status": known.status,
        "entry": digest(known.entry_jws) if known.entry_jws else None,
    }


def _adoptions(connection: Connection) -> list[Json]:
    return [
        {"organisation": each.organisation, "protocol": each.protocol, "digest": each.digest}
        for each in read_adoptions(connection)
    ]
