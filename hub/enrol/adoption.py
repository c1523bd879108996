# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Controllers adopt protocols: the operator never sets the rules (Art. 26, 28 DSGVO)."""

import asyncio
from functools import partial

from sqlalchemy import Connection

from hub.enrol.notes import Subject, note
from hub.enrol.snapshot import refresh
from hub.errors import NotPermitted, SchemaUnknown
from hub.model.json import JsonObject
from hub.node import Node
from hub.record import Answer, proven_answer
from hub.sealing.canonical import digest
from hub.store.participants import StoredAdoption, add_adoption, read_adoptions
from hub.trust.jose import verify_token
from hub.trust.kinds import ADOPTION


async def adopt(organisation: str, jws: str, node: Node) -> Answer:
    """Take a controller's signed adoption of a protocol version."""
    # A root key never changes, so the signature needs no transaction, and the writer not to wait.
    root = node.directory.root_key(organisation)
    claims = await asyncio.to_thread(verify_token, jws, kind=ADOPTION, key_for=lambda _: root)
    answer: Answer = await node.writer.commit(
        partial(_adopt, organisation, jws, claims, node), partial(proven_answer, node)
    )
    await node.readers.run(partial(refresh, node))
    return answer


def _adopt(
    organisation: str, jws: str, claims: JsonObject, node: Node, connection: Connection
) -> str:
    name = str(claims["proto"])
    protocol = node.catalogue.get(name)
    if protocol is None or protocol.digest != claims["digest"]:
        raise SchemaUnknown(pointers=("/digest",))
    if (claims["iss"], claims["hub"]) != (organisation, node.hub_id):
        raise NotPermitted("The adoption is another organisation's, or for another hub.")
    if protocol.status == "entwurf" and "draft" not in claims:
        # Whoever takes over a draft answers for law that nobody has read, so nobody does by chance.
        raise NotPermitted("The version is a draft; its adoption says so.", pointers=("/draft",))
    known = (
        stored.audit_id
        for stored in read_adoptions(connection)
        if (stored.organisation, stored.protocol, stored.digest)
        == (organisation, name, protocol.digest)
    )
    if (event_id := next(known, None)) is not None:
        return event_id
    event_id = note("protocol.adopted", Subject(organisation, digest(jws), name), node, connection)
    add_adoption(connection, StoredAdoption(organisation, name, protocol.digest, jws, event_id))
    return event_id
