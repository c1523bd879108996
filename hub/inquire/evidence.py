# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Everything that proves what became of a message, in one file that needs nobody to be believed.

What a party is given is what it may see: the sender's evidence holds the visible chain alone. It
holds no content, so it proves as much after the erasure as before.
"""

import asyncio
import json
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from itertools import pairwise
from typing import Final

from sqlalchemy import Connection

from hub.audit.entry import Draft
from hub.audit.openings.key import CONVERSATION, ConversationKey
from hub.audit.openings.store import NoSuchKey
from hub.audit.programs import read_programs
from hub.errors import ContentErased, Failure
from hub.inquire.messages import MessageView, view_of
from hub.inquire.package import Package
from hub.keyed import key_about
from hub.model.evidence import AuthenticatedClient
from hub.model.ids import organisation_of
from hub.node import Node
from hub.record import new_id, raised, refusable
from hub.sealing.canonical import b64, digest
from hub.store.messages import read_key_id
from hub.store.participants import read_entries, read_hub_keys

PATIENCE: Final = 5.0
"""Seconds for the authority that stamps; the evidence is good without it."""
README: Final = """\
Beweispaket zu einer Nachricht

Dieses Paket enthält keinen Inhalt der Nachricht. Es beweist, wer sie wann an wen gegeben hat, auf
welcher Rechtsgrundlage, und was daraus wurde. Es lässt sich ohne Netz und ohne unsere Software
prüfen; nötig ist nur Python ab 3.11:

    python3 verify.py evidence beweispaket-….zip [--policy policy]

Ohne Python geht es im Browser: pruefen.html öffnen, auch ohne Netz, und das Paket wählen.

    entries      die Einträge des Protokolls dazu
    proofs       Beweise bis zum ersten Prüfpunkt hinter jedem Eintrag (C2SP tlog-proof)
    witnessed    dieselben bis zum ersten, den genug Zeugen gesehen haben; policy sagt, wie viele
    stamped      dieselben bis zu einem Prüfpunkt mit Zeitstempel (RFC 3161):
                 openssl ts -verify -data stamps/N.note -in stamps/N.tsr -CAfile STAMM.pem
    openings.json  was die Zusagen (com) in den Einträgen öffnet, nur auf Wunsch
Was es nicht gibt, fehlt; das Paket beweist dann das Übrige.

Den Schlüssel des Protokolls (vkey) in hub-keys.json vergleichen Sie bitte mit dem, den der
Betreiber veröffentlicht hat; mit --vkey geben Sie ihn selbst an.
"""


async def evidence(
    client: AuthenticatedClient, message_id: str, node: Node, *, with_openings: bool = False
) -> bytes:
    """Return the evidence of a message as a zip file; that it was given out is logged first.

    Where an authority stamps checkpoints, the newest one is stamped before, if it answers in time.
    """
    note = partial(_note, client, message_id, node)
    raised(await node.writer.commit(lambda c: refusable(node, c, client, partial(note, c))))
    await _stamp(node)
    pack = partial(_pack, client.unit, message_id, node, with_openings=with_openings)
    return await node.readers.run(pack)


async def _stamp(node: Node) -> None:
    if node.stamping is None:
        return
    with suppress(ValueError, TimeoutError, Failure):
        async with asyncio.timeout(PATIENCE):
            await node.stamping()


def _note(client: AuthenticatedClient, message_id: str, node: Node, connection: Connection) -> None:
    view_of(client.unit, message_id, connection)
    node.log.append(
        connection,
        Draft(
            kind="evidence.issued",
            entry_id=new_id(),
            at=node.clock(),
            act={"org": client.unit, "auth": "dpop"},
            rcp=(client.unit,),
            obj={"ty": "evidence", "id": message_id},
            conversations=_keys(message_id, node, connection),
        ),
    )


def _keys(message_id: str, node: Node, connection: Connection) -> tuple[ConversationKey, ...]:
    """Return the key of the conversation, unless it is forgotten."""
    with suppress(ContentErased):
        return (key_about(node, connection, message_id),)
    return ()


def _pack(
    unit: str, message_id: str, node: Node, connection: Connection, *, with_openings: bool
) -> bytes:
    view = view_of(unit, message_id, connection)
    package = Package(node, connection)
    package.put("LIESMICH.txt", README)
    made_at = datetime.fromtimestamp(int(node.clock()), UTC).isoformat()
    package.put(
        "evidence.json", {"v": 1, "message": message_id, "hub": node.hub_id, "made_at": made_at}
    )
    if view.message.env:
        package.put("env.txt", view.message.env)
    _put_receipts(package, view)
    _put_directory(package, view)
    _put_rules(package, view, node)
    if node.policy.least:
        package.put("policy", node.policy.text)
    if with_openings:
        _put_openings(package, view)
    for name, program in read_programs().items():
        package.put(name, program)
    return package.zipped()


def _put_receipts(package: Package, view: MessageView) -> None:
    for number, receipt in enumerate(view.receipts, start=1):
        package.put(f"receipts/{number:02}-{receipt.word}.jws", receipt.jws)
        package.put_entry(receipt.audit_id)


def _put_directory(package: Package, view: MessageView) -> None:
    """Put in what all said of their keys who signed, every version, each with its proof.

    The addressed one's entry names also who may stand in for it.
    """
    node, connection = package.node, package.connection
    signers = {receipt.signer for receipt in view.receipts} - {node.hub_id}
    parties = {*map(organisation_of, signers)}
    parties |= {organisation_of(view.message.sender), organisation_of(view.message.recipient)}
    for stored in read_entries(connection):
        if stored.organisation in parties:
            package.put(f"directory/{digest(stored.jws)}.jws", stored.jws)
            package.put_entry(stored.audit_id)
    keys: list[dict[str, object]] = [
        {**key, "jwk": json.loads(key["jwk"])} for key in read_hub_keys(connection)
    ]
    log_keys = node.log.keyring.keys
    vkeys = [key.verifier.vkey for key in log_keys]
    package.put("hub-keys.json", {"keys": keys, "vkey": node.log.vkey, "vkeys": vkeys})
    # Whoever has one key of the log goes over to the others by the entries that rotated them.
    for before, key in pairwise(log_keys):
        if key.verifier.name == before.verifier.name:
            package.put_entry(key.audit_id)


def _put_openings(package: Package, view: MessageView) -> None:
    """Put in what shows that the entries are about this conversation: its id, and the salts."""
    node, message = package.node, view.message
    key_id = read_key_id(package.connection, message.conversation)
    try:
        key = None if key_id is None else node.openings.key(key_id, message.conversation)
    except NoSuchKey:
        key = None
    if key is None:
        return
    openings = [
        {
            "entry": receipt.audit_id,
            "field": CONVERSATION,
            "salt": b64(key.salt(receipt.audit_id, CONVERSATION)),
            "value": message.conversation,
        }
        for receipt in view.receipts
    ]
    package.put("openings.json", openings)


def _put_rules(package: Package, view: MessageView, node: Node) -> None:
    protocol = node.catalogue.get(view.message.protocol)
    if protocol is None:
        return
    package.put("protocol.json", json.loads(protocol.model_dump_json()))
    step = protocol.step(view.message.step)
    if step is not None:
        schema = node.catalogue.schemas.by_digest(step.schema_digest)
        package.put("schema.json", schema.plain)
