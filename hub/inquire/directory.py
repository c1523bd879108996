# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who takes part, with which keys, and who is responsible where?

The table is published whole: whoever asked for one place would tell the hub where a child lives.
"""

import json
from typing import Final

from sqlalchemy import Connection

from hub.errors import NotFound
from hub.model.json import Json, JsonObject
from hub.model.network import Network
from hub.model.participant import Participant
from hub.node import Node
from hub.sealing.canonical import digest, jcs
from hub.store.participants import (
    StoredEntry,
    read_adoptions,
    read_entry,
    read_participant,
    read_versions,
)
from hub.trust.jose import sign_token
from hub.trust.kinds import DIRECTORY_LIST

RENEWED: Final = 300
"""Seconds after which a list that says the same counts as another one."""
MOST: Final = 100
"""Versions that one request gets."""


async def directory_list(node: Node) -> JsonObject:
    """Return the signed list: participants with the digest of their entry, and the table.

    Its time of issue is its freshness; the entries themselves are fetched one by one and held
    against the digests in it.
    """
    participants: list[Json] = [_listed(known) for known in node.directory.organisations]
    networks: list[Json] = [_shown(each) for each in node.networks]
    adoptions = await node.readers.run(_adoptions)
    claims: JsonObject = {
        "hub": node.hub_id,
        "iat": int(node.clock()),
        "participants": participants,
        "adoptions": adoptions,
        "networks": networks,
    }
    return {"list": sign_token(node.keys.receipt, DIRECTORY_LIST.typ, claims)}


def _shown(network: Network) -> Json:
    """Return a network as everybody may fetch it.

    What its members agreed among themselves stays with them, and who is rung at night stands in
    the signed entries alone.
    """
    units = {"__all__": {"roster", "serves", "callback"}}
    participants = {"__all__": {"units": units}}
    shown: Json = json.loads(
        network.model_dump_json(exclude={"rules": True, "participants": participants})
    )
    return shown


def list_mark(node: Node) -> str:
    """Return a mark that changes with whatever the list says, and with its age.

    The time of issue is not in it, so that whoever has the list of a moment ago is told that
    nothing is new; after a few minutes it counts as new, because its freshness is what it says.
    """
    known = node.directory
    said: JsonObject = {
        "participants": [_listed(each) for each in known.organisations],
        "adoptions": [list(each) for each in sorted(known.adoptions)],
        "age": int(node.clock()) // RENEWED,
    }
    return digest(jcs(said))


async def directory_versions(organisation: str, after: int, node: Node) -> JsonObject:
    """Return every version of an entry that stands in the log, each with its proof.

    An organisation holds them against what it signed itself.
    """

    def look(connection: Connection) -> JsonObject:
        if read_participant(connection, organisation) is None:
            raise NotFound
        kept = [each for each in read_versions(connection, organisation) if each.version > after]
        return {"versions": [_proven(each, node, connection) for each in kept[:MOST]]}

    return await node.readers.run(look)


def _proven(stored: StoredEntry, node: Node, connection: Connection) -> JsonObject:
    proven = node.log.prove(connection, stored.audit_id)
    logged = None if proven.extra is None else json.loads(proven.extra)
    return {
        "version": stored.version,
        "digest": stored.digest,
        "logged": logged,
        "proof": proven.text,
    }


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
    said: JsonObject = {
        "organisation": known.organisation,
        "name": known.name,
        "status": known.status,
        "entry": digest(known.entry_jws) if known.entry_jws else None,
    }
    if known.succession is not None:
        said["succession"] = known.succession.model_dump(mode="json")
    if known.revoked:
        said["revoked"] = [each.model_dump(mode="json") for each in known.revoked]
    return said


def _adoptions(connection: Connection) -> list[Json]:
    return [
        {"organisation": each.organisation, "protocol": each.protocol, "digest": each.digest}
        for each in read_adoptions(connection)
    ]
